-- grain: one row per as_of, metric, part and item
-- answers: which items stand behind each DSO
-- reads: observed_item, open_item, sale, run_setting
-- column: as_of date                the day asked for
-- column: currency string           currency of the amount
-- column: scope_key string          values of the dimensions asked for (--by), in order
-- column: metric string             which figure the row stands behind
-- column: detail string             which line of it, where it has several
-- column: part string               numerator or denominator
-- column: row_id string             item, receipt, dispute, promise, customer or group, as the figure counts
-- column: customer_id string        customer
-- column: on_date date              the day that puts the row in the figure
-- column: amount decimal(38,4)      what the row adds to the part
-- caveat: the numerator is what is owed, the denominator what was sold; dso_days is made from the two as each method
--   says; half of an open amount is cut to four decimals, and a row 'rounding' holds what that leaves over
with window_row as (
  select s.as_of, s.currency, s.scope_key, s.item_id, s.customer_id, s.posted_on, s.sales_amount
  from sale s cross join run_setting r
  where s.posted_on > s.as_of - r.window_days
),
half as (
  select
    as_of, currency, scope_key, item_id, customer_id, observed_on as on_date, open_amount,
    cast(open_amount * cast(0.5 as decimal(2, 1)) as decimal(38, 4)) as half_amount
  from observed_item
  where observation in ('end', 'window_start')
),
balance_row as (
  select
    o.as_of, o.currency, o.scope_key, m.metric, o.item_id, o.customer_id, o.due_on as on_date,
    o.open_amount as amount
  from open_item o
  cross join (values ('dso_simple'), ('dso_count_back')) as m (metric)
  union all
  select
    as_of, currency, scope_key, 'dso_best_possible' as metric, item_id, customer_id, due_on as on_date,
    open_amount as amount
  from open_item
  where not is_credit and past_due_days <= 0
  union all
  select
    as_of, currency, scope_key, 'dso_delinquent' as metric, item_id, customer_id, due_on as on_date,
    open_amount as amount
  from open_item
  where is_credit or past_due_days is null or past_due_days > 0
  union all
  select
    as_of, currency, scope_key, 'dso_average_balance' as metric, item_id, customer_id, on_date, half_amount as amount
  from half
  union all
  select
    as_of, currency, scope_key, 'dso_average_balance' as metric, 'rounding' as item_id, '' as customer_id,
    as_of as on_date, cast(sum(open_amount) * cast(0.5 as decimal(2, 1)) as decimal(38, 4)) - sum(half_amount) as amount
  from half
  group by as_of, currency, scope_key
  having cast(sum(open_amount) * cast(0.5 as decimal(2, 1)) as decimal(38, 4)) <> sum(half_amount)
  union all
  select
    as_of, currency, scope_key, 'dso_sales_weighted' as metric, item_id, customer_id, posted_on as on_date,
    open_amount as amount
  from open_item
  where kind in ('invoice', 'debit_note', 'credit_note')
  union all
  select
    as_of, currency, scope_key, 'dso_true' as metric, item_id, customer_id, posted_on as on_date, open_amount as amount
  from open_item
  where kind in ('invoice', 'debit_note')
),
month_open as (
  select distinct as_of, currency, scope_key, metric, cast(date_trunc('month', on_date) as date) as month_start
  from balance_row
  where metric in ('dso_sales_weighted', 'dso_true')
),
sale_row as (
  select
    s.as_of, s.currency, s.scope_key, m.metric, s.item_id, s.customer_id, s.posted_on as on_date,
    s.sales_amount as amount
  from window_row s
  cross join (
    values ('dso_simple'), ('dso_best_possible'), ('dso_delinquent'), ('dso_average_balance')
  ) as m (metric)
  union all
  select
    as_of, currency, scope_key, 'dso_count_back' as metric, item_id, customer_id, posted_on as on_date,
    sales_amount as amount
  from sale
  union all
  select
    s.as_of, s.currency, s.scope_key, m.metric, s.item_id, s.customer_id, s.posted_on as on_date,
    s.sales_amount as amount
  from sale s
  join month_open m
    on m.as_of = s.as_of and m.currency = s.currency and m.scope_key = s.scope_key
   and m.month_start = cast(date_trunc('month', s.posted_on) as date)
)
select
  as_of, currency, scope_key, metric, '' as detail, 'numerator' as part, item_id as row_id, customer_id, on_date,
  cast(amount as decimal(38, 4)) as amount
from balance_row
union all
select
  as_of, currency, scope_key, metric, '' as detail, 'denominator' as part, item_id as row_id, customer_id, on_date,
  cast(amount as decimal(38, 4)) as amount
from sale_row
