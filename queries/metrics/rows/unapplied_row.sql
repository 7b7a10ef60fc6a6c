-- grain: one row per as_of, metric and open credit item, or customer for phantom_past_due
-- answers: which credits wait to be applied, and which customers only look overdue
-- reads: open_item
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
with customer_side as (
  select
    as_of, currency, scope_key, customer_id, sum(case when is_overdue then open_amount else 0 end) as overdue_amount,
    sum(case when is_credit then -open_amount else 0 end) as credit_amount
  from open_item
  group by as_of, currency, scope_key, customer_id
)
select
  as_of, currency, scope_key, case when kind = 'receipt' then 'unapplied_amount' else 'on_account_amount' end as metric,
  '' as detail, 'numerator' as part, item_id as row_id, customer_id, posted_on as on_date,
  cast(-open_amount as decimal(38, 4)) as amount
from open_item
where is_credit
union all
select
  as_of, currency, scope_key, 'phantom_past_due' as metric, '' as detail, 'numerator' as part, customer_id as row_id,
  customer_id, as_of as on_date, cast(least(overdue_amount, credit_amount) as decimal(38, 4)) as amount
from customer_side
where overdue_amount > 0 and credit_amount > 0
