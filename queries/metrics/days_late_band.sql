-- grain: one row per as_of, currency, scope_key and band of days late
-- answers: how many of the bills paid in the period, and for how much, were early, on the day or late, and by how much
-- reads: cleared_bill
-- column: as_of date               the day asked for
-- column: from_on date             day before the period
-- column: currency string          currency of the amount
-- column: scope_key string         values of the dimensions asked for (--by), in order
-- column: band_no int              order of the band
-- column: band string              band of days from due to cleared
-- column: item_count bigint        bills in it
-- column: amount decimal(38,4)     amounts of these bills
-- column: item_rate double         item_count / all bills paid
-- column: amount_rate double       amount / the amount of all bills paid
-- caveat: bills cleared in the period at least in part by money, as in average_days_late; what credit notes or write-offs
--   alone cleared was not paid, and a bill without a due date is neither early nor late
-- caveat: bills still unpaid are not in it, however late: read days_late_median_censored and open_days_late beside it
-- caveat: without a split every band has a row, 0 where nothing falls in it; within a split only the bands that hold
--   something
with band as (
  select band_no, band, from_days, to_days
  from (
    values
      (1, '31+ early', -99999999, -31), (2, '8-30 early', -30, -8), (3, '1-7 early', -7, -1), (4, 'on the day', 0, 0),
      (5, '1-7 late', 1, 7), (6, '8-30 late', 8, 30), (7, '31-60 late', 31, 60), (8, '61-90 late', 61, 90),
      (9, '91+ late', 91, 99999999)
  ) as b (band_no, band, from_days, to_days)
),
paid as (
  select
    as_of, from_on, currency, scope_key, cast(cleared_on - due_on as int) as late_days, count(*) as item_count,
    sum(amount) as amount
  from cleared_bill
  where received_amount > 0 and due_on is not null
  group by as_of, from_on, currency, scope_key, cast(cleared_on - due_on as int)
),
cell as (
  select p.as_of, p.from_on, p.currency, p.scope_key, b.band_no, b.band, p.item_count, p.amount
  from paid p
  join band b on p.late_days between b.from_days and b.to_days
  union all
  select s.as_of, s.from_on, s.currency, s.scope_key, b.band_no, b.band, 0 as item_count, 0 as amount
  from (select distinct as_of, from_on, currency, scope_key from paid where scope_key = '') s
  cross join band b
),
summed as (
  select
    as_of, from_on, currency, scope_key, band_no, band, sum(item_count) as item_count, sum(amount) as amount
  from cell
  group by as_of, from_on, currency, scope_key, band_no, band
)
select
  as_of, from_on, currency, scope_key, band_no, band,
  cast(item_count as bigint) as item_count,
  cast(amount as decimal(38, 4)) as amount,
  cast(item_count as double) / cast(sum(item_count) over (partition by as_of, currency, scope_key) as double) as item_rate,
  cast(amount as double) / cast(sum(amount) over (partition by as_of, currency, scope_key) as double) as amount_rate
from summed
