-- grain: one row per as_of, currency and scope_key
-- answers: how many days of sales are owed, each item set against the sales of its own 30 days
-- reads: dso_row, run_setting
-- metric: dso_sales_weighted days  sum over periods of 30 days of what is open of the period / its sales x 30
-- source: sum over periods of open amount / sales of that period x days of the period [METRICS 8, CRF style]
-- column: as_of date                         the day asked for
-- column: currency string                    currency of the amounts
-- column: scope_key string                   values of the dimensions asked for (--by), in order
-- column: method string                      how it is worked out; the name of the figure
-- column: window_days int                    days of sales looked at
-- column: receivable_amount decimal(38,4)    what is owed, as the method counts it
-- column: sales_amount decimal(38,4)         what was sold, as the method counts it
-- column: dso_days double                    days of sales outstanding; empty where undefined
-- column: note string                        why it is undefined or unusual
-- caveat: periods are 30 days counted back from the day, by the day posted, as far back as something is open; only sales kinds
--   are in it, so neither unapplied receipts nor opening items; window_days does not bear on it
with period as (
  select
    as_of, currency, scope_key, cast(floor(cast(as_of - on_date as int) / 30.0) as int) as period_no,
    coalesce(sum(case when part = 'numerator' then amount end), 0) as receivable_amount,
    coalesce(sum(case when part = 'denominator' then amount end), 0) as sales_amount
  from dso_row
  where metric = 'dso_sales_weighted'
  group by as_of, currency, scope_key, cast(floor(cast(as_of - on_date as int) / 30.0) as int)
),
total as (
  select
    as_of, currency, scope_key, sum(receivable_amount) as receivable_amount, sum(sales_amount) as sales_amount,
    sum(case when sales_amount > 0 then cast(receivable_amount as double) / cast(sales_amount as double) * 30 end) as dso_days,
    sum(case when sales_amount > 0 then 0 else 1 end) as undefined_count
  from period
  group by as_of, currency, scope_key
)
select
  t.as_of, t.currency, t.scope_key, 'dso_sales_weighted' as method, s.window_days,
  cast(t.receivable_amount as decimal(38, 4)) as receivable_amount,
  cast(t.sales_amount as decimal(38, 4)) as sales_amount,
  case when t.undefined_count = 0 then t.dso_days end as dso_days,
  case when t.undefined_count = 0 then '' else 'a period with open items has no sales left after its credit notes' end as note
from total t cross join run_setting s
