-- grain: one row per as_of, metric, part and promise
-- answers: which promises stand behind the rates of promises kept
-- reads: promise_due
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
with due as (
  select as_of, currency, scope_key, promise_id, customer_id, promised_on, is_kept, credited_amount, clock,
    case when clock = 'grace' then 'promise_kept_grace' else 'promise_kept' end as stem,
    cast(amount as decimal(38, 4)) as amount
  from promise_due
)
select
  as_of, currency, scope_key, stem || '_rate' as metric, '' as detail, 'numerator' as part, promise_id as row_id,
  customer_id, promised_on as on_date, cast(1 as decimal(38, 4)) as amount
from due
where is_kept
union all
select
  as_of, currency, scope_key, stem || '_rate' as metric, '' as detail, 'denominator' as part, promise_id as row_id,
  customer_id, promised_on as on_date, cast(1 as decimal(38, 4)) as amount
from due
union all
select
  as_of, currency, scope_key, stem || '_amount_rate' as metric, '' as detail, 'numerator' as part, promise_id as row_id,
  customer_id, promised_on as on_date, amount
from due
where is_kept
union all
select
  as_of, currency, scope_key, stem || '_amount_rate' as metric, '' as detail, 'denominator' as part,
  promise_id as row_id, customer_id, promised_on as on_date, amount
from due
union all
select
  as_of, currency, scope_key, 'promise_partial_amount_rate' as metric, '' as detail, 'numerator' as part,
  promise_id as row_id, customer_id, promised_on as on_date, credited_amount as amount
from due
where clock = 'grace'
union all
select
  as_of, currency, scope_key, 'promise_partial_amount_rate' as metric, '' as detail, 'denominator' as part,
  promise_id as row_id, customer_id, promised_on as on_date, amount
from due
where clock = 'grace'
