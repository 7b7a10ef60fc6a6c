-- grain: one row per as_of, period and application to an item of its collectable set; frozen and remaining, one per item
-- answers: what became of the items to be collected, and who was in charge on the day
-- reads: target_item, application, item, collector_span, collector
-- column: as_of date              the day asked for
-- column: period_start date       first day of the period
-- column: period_end date         last day of the period
-- column: is_later boolean        the item was posted later in the period than the day asked for stands in its own
-- column: item_no bigint          number of the item
-- column: customer_id string      customer
-- column: company string          legal entity
-- column: business_unit string    business unit of the item, else of its customer
-- column: team string             team of the collector
-- column: collector_id string     collector in charge of the customer on the day of the row
-- column: currency string         currency of the amount
-- column: on_date date            day of the row
-- column: part string             frozen (open the day before the period, as known then), collected, credited, written_off, or
--   remaining (open on the day asked for, or at the end of the period)
-- column: amount decimal(38,4)    amount; collected, credited and written_off are negative where something was undone
-- caveat: collected is what was taken off by receipts and down payments, on the day it was applied; frozen and remaining are
--   given for the periods asked for alone
with moved as (
  select
    t.as_of, t.period_start, t.period_end, t.is_later, t.item_no, t.customer_id, t.company, t.business_unit, t.currency,
    a.effective_on as on_date,
    case
      when c.kind in ('receipt', 'down_payment') then 'collected'
      when c.kind = 'write_off' then 'written_off'
      else 'credited'
    end as part,
    cast(a.amount as decimal(38, 4)) as amount
  from target_item t
  join application a on a.debit_item_no = t.item_no
  join item c on c.item_no = a.credit_item_no
  where a.effective_on >= t.period_start and a.effective_on <= t.observed_on and a.known_at <= t.run_known_at
),
open_now as (
  select
    t.as_of, t.period_start, t.period_end, t.is_later, t.item_no, t.customer_id, t.company, t.business_unit, t.currency,
    t.observed_on as on_date, 'remaining' as part,
    cast(t.amount - coalesce(sum(a.amount), 0) as decimal(38, 4)) as amount
  from target_item t
  left join application a
    on a.debit_item_no = t.item_no and a.effective_on <= t.observed_on and a.known_at <= t.run_known_at
  where t.is_asked
  group by
    t.as_of, t.period_start, t.period_end, t.is_later, t.item_no, t.customer_id, t.company, t.business_unit, t.currency,
    t.observed_on, t.amount
),
open_before as (
  select
    t.as_of, t.period_start, t.period_end, t.is_later, t.item_no, t.customer_id, t.company, t.business_unit, t.currency,
    t.period_start - 1 as on_date, 'frozen' as part,
    cast(t.amount - coalesce(sum(a.amount), 0) as decimal(38, 4)) as amount
  from target_item t
  left join application a
    on a.debit_item_no = t.item_no
   and a.effective_on < t.period_start
   and a.known_at < cast(t.period_start as timestamp)
   and a.known_at <= t.run_known_at
  where t.is_asked and t.posted_on < t.period_start and t.known_at < cast(t.period_start as timestamp)
  group by
    t.as_of, t.period_start, t.period_end, t.is_later, t.item_no, t.customer_id, t.company, t.business_unit, t.currency, t.amount
),
part as (
  select * from moved
  union all
  select * from open_now
  union all
  select * from open_before
)
select
  p.as_of, p.period_start, p.period_end, p.is_later, p.item_no, p.customer_id, p.company, p.business_unit, k.team, s.collector_id,
  p.currency, p.on_date, p.part, p.amount
from part p
left join collector_span s
  on s.as_of = p.as_of and s.customer_id = p.customer_id and s.from_on <= p.on_date and s.to_on >= p.on_date
left join collector k on k.collector_id = s.collector_id
where p.amount <> 0
