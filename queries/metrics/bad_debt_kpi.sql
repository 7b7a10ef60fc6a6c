-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much of the sales of the period was lost
-- reads: item_in_scope, item, sale_day, run_date
-- rows: bad_debt_row
-- metric: bad_debt_rate rate  share of the sales of the period lost to write-offs
-- title: Bad debt to sales
-- formula: (write-offs - write-offs taken back) / sales, all of the period
-- source: Oracle JD Edwards, bad debt / total sales of the period
--   (docs.oracle.com/en/applications/jd-edwards/financials/9.2/eoaar/calculations-1.html); what is taken back is
--   deducted here
-- caveat: all write-offs, small differences too: the ledger has no reason for them; the sales are of the period, not
--   those written off
-- caveat: a recovery is an item that reverses a write-off (reversal_of); a receipt for a written-off item is not
--   recognised
-- column: as_of date                   the day asked for
-- column: from_on date                 day before the period; empty where the figure looks at the day alone
-- column: currency string              currency of the amounts
-- column: scope_key string             values of the dimensions asked for (--by), in order
-- column: metric string                name of the figure
-- column: detail string                which line of it, where it has several
-- column: value double                 the figure; empty where undefined
-- column: unit string                  percent, rate, days, amount, count, ratio or index
-- column: numerator decimal(38,4)      sum of its numerator rows
-- column: denominator decimal(38,4)    sum of its denominator rows; empty for a plain amount
-- column: note string                  why it is undefined, or what to know beside it
with part as (
  select i.as_of, i.currency, i.scope_key, -i.amount as lost_amount, 0 as sales_amount
  from item_in_scope i
  where i.posted_on > i.from_on
    and i.posted_on <= i.as_of
    and i.known_at <= i.run_known_at
    and (i.kind = 'write_off' or i.reversed_item_no in (select item_no from item where kind = 'write_off'))
  union all
  select s.as_of, s.currency, s.scope_key, 0 as lost_amount, s.sales_amount
  from sale_day s
  join run_date d on d.as_of = s.as_of and s.posted_on > d.from_on
),
total as (
  select as_of, currency, scope_key, sum(lost_amount) as numerator, sum(sales_amount) as denominator
  from part
  group by as_of, currency, scope_key
)
select
  t.as_of, d.from_on as from_on, t.currency, t.scope_key, 'bad_debt_rate' as metric, '' as detail,
  case when t.denominator > 0 then cast(t.numerator as double) / cast(t.denominator as double) end as value,
  'rate' as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case
    when t.denominator > 0 then ''
    when t.denominator < 0 then 'credit notes exceed sales in the period'
    else 'no sales in the period'
  end as note
from total t
join run_date d on d.as_of = t.as_of
