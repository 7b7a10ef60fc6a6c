-- grain: one row per as_of, metric, part and item
-- answers: which items stand behind the turnover of receivables
-- reads: observed_item, sale, run_date
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
-- caveat: an item open on both days stands twice, each time with half of what was open
with half as (
  select
    as_of, currency, scope_key, item_id, customer_id, observed_on as on_date,
    open_amount * cast(0.5 as decimal(2, 1)) as amount
  from observed_item
  where observation in ('start', 'end')
    and as_of in (select as_of from run_date where from_on is not null)
),
sold as (
  select as_of, currency, scope_key, item_id, customer_id, posted_on as on_date, sales_amount as amount
  from sale
  where posted_on > from_on
)
select
  as_of, currency, scope_key, 'turnover' as metric, '' as detail, 'numerator' as part, item_id as row_id, customer_id,
  on_date, cast(amount as decimal(38, 4)) as amount
from sold
union all
select
  as_of, currency, scope_key, 'turnover' as metric, '' as detail, 'denominator' as part, item_id as row_id, customer_id,
  on_date, cast(amount as decimal(38, 4)) as amount
from half
union all
select
  as_of, currency, scope_key, 'turnover_days' as metric, '' as detail, 'numerator' as part, item_id as row_id,
  customer_id, on_date, cast(amount as decimal(38, 4)) as amount
from half
union all
select
  as_of, currency, scope_key, 'turnover_days' as metric, '' as detail, 'denominator' as part, item_id as row_id,
  customer_id, on_date, cast(amount as decimal(38, 4)) as amount
from sold
