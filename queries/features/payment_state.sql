-- grain: one row per as_of and dispute, promise, plan instalment, placement or standing of a customer
-- answers: what is known beside the due date of when a customer or an item will pay, and since when
-- reads: dispute, promise, payment_plan, placement, customer, item, run_date
-- column: as_of date           the day asked for
-- column: state string         dispute, promise, plan, or the stage or standing: level_2, legal, agency, insolvent, hold, closed
-- column: row_id string        dispute, promise or plan with its instalment; what orders rows that are else alike
-- column: item_no bigint       number of the item; empty where the customer as a whole is meant
-- column: customer_id string   customer
-- column: currency string      currency of the amount; empty where none is given
-- column: from_day int         day it began, in days since 1970-01-01
-- column: to_day int           day it ended, as known on the day; empty while it lasts
-- column: on_day int           day promised, or day the instalment is due
-- column: amount double        amount disputed, promised or due
-- column: outcome string       how a dispute ended: valid, invalid or partly
-- caveat: nothing tells when these were keyed: each counts as known from its own day
with raw as (
  select
    'dispute' as state, dispute_id as row_id, item_id, customer_id, cast(null as string) as currency, opened_on as from_on,
    resolved_on as to_on, cast(null as date) as on_on, amount, outcome
  from dispute
  union all
  select
    'promise' as state, promise_id as row_id, item_id, customer_id, currency, created_on as from_on, cancelled_on as to_on,
    promised_on as on_on, amount, cast(null as string) as outcome
  from promise
  union all
  select
    'plan' as state, plan_id || ' ' || cast(instalment_no as string) as row_id, cast(null as string) as item_id,
    customer_id, currency, coalesce(agreed_on, due_on) as from_on, cast(null as date) as to_on, due_on as on_on, amount,
    cast(null as string) as outcome
  from payment_plan
  union all
  select
    stage as state, item_id as row_id, item_id, cast(null as string) as customer_id, cast(null as string) as currency,
    placed_on as from_on, returned_on as to_on, cast(null as date) as on_on, cast(null as decimal(18, 4)) as amount,
    cast(null as string) as outcome
  from placement
  union all
  select
    status as state, customer_id as row_id, cast(null as string) as item_id, customer_id, cast(null as string) as currency,
    coalesce(valid_from, date '1970-01-01') as from_on,
    lead(valid_from) over (partition by customer_id order by valid_from nulls first) as to_on,
    cast(null as date) as on_on, cast(null as decimal(18, 4)) as amount, cast(null as string) as outcome
  from customer
)
select
  d.as_of, r.state, r.row_id, i.item_no, coalesce(r.customer_id, i.customer_id) as customer_id,
  coalesce(r.currency, i.currency) as currency,
  cast(r.from_on - date '1970-01-01' as int) as from_day,
  cast(
    case when r.to_on <= d.as_of and cast(r.to_on as timestamp) <= d.run_known_at then r.to_on end - date '1970-01-01' as int
  ) as to_day,
  cast(r.on_on - date '1970-01-01' as int) as on_day,
  cast(r.amount as double) as amount,
  case when r.to_on <= d.as_of and cast(r.to_on as timestamp) <= d.run_known_at then r.outcome end as outcome
from raw r
cross join run_date d
left join item i on i.item_id = r.item_id
where r.from_on <= d.as_of
  and cast(r.from_on as timestamp) <= d.run_known_at
  and r.state in ('dispute', 'promise', 'plan', 'level_2', 'legal', 'agency', 'insolvent', 'hold', 'closed')
  and (r.item_id is null or i.item_no is not null)
