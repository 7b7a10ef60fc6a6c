-- grain: one row per as_of, metric, part and bill cleared in the period with money
-- answers: which bills stand behind the days late and the days to pay
-- reads: cleared_bill
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
with paid as (
  select
    as_of, currency, scope_key, item_id, customer_id, cleared_on, amount, 'late' as clock,
    cast(cleared_on - due_on as int) as clock_days
  from cleared_bill
  where received_amount > 0 and due_on is not null
  union all
  select
    as_of, currency, scope_key, item_id, customer_id, cleared_on, amount, 'to_pay' as clock,
    cast(cleared_on - issued_on as int) as clock_days
  from cleared_bill
  where received_amount > 0
)
select
  as_of, currency, scope_key, 'average_days_' || clock as metric, '' as detail, 'numerator' as part, item_id as row_id,
  customer_id, cleared_on as on_date, cast(clock_days as decimal(38, 4)) as amount
from paid
union all
select
  as_of, currency, scope_key, 'average_days_' || clock as metric, '' as detail, 'denominator' as part,
  item_id as row_id, customer_id, cleared_on as on_date, cast(1 as decimal(38, 4)) as amount
from paid
union all
select
  as_of, currency, scope_key, 'weighted_days_' || clock as metric, '' as detail, 'numerator' as part, item_id as row_id,
  customer_id, cleared_on as on_date, cast(cast(amount as decimal(38, 4)) * clock_days as decimal(38, 4)) as amount
from paid
union all
select
  as_of, currency, scope_key, 'weighted_days_' || clock as metric, '' as detail, 'denominator' as part,
  item_id as row_id, customer_id, cleared_on as on_date, cast(amount as decimal(38, 4)) as amount
from paid
