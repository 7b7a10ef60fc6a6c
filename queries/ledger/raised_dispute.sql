-- grain: one row per as_of and dispute raised by then on an item in scope
-- answers: what is disputed, since when, and how it ended as far as the day knows
-- reads: dispute, item_in_scope
-- column: as_of date                the day asked for
-- column: from_on date              day before the period; empty without a period
-- column: currency string           currency of the item
-- column: scope_key string          values of the dimensions asked for (--by), in order
-- column: dispute_id string         dispute
-- column: item_id string            item disputed
-- column: customer_id string        customer
-- column: reason string             reason
-- column: opened_on date            day it was raised
-- column: resolved_on date          day it was resolved; empty while open on the day
-- column: outcome string            valid, invalid or partly; empty while open on the day
-- column: amount decimal(18,4)      amount disputed; the item's amount where the dispute gives none
-- caveat: a dispute that names no item, or one that is not in the ledger, has no currency and is left out; check names
--   it
select
  i.as_of, i.from_on, i.currency, i.scope_key, d.dispute_id, d.item_id, coalesce(d.customer_id, i.customer_id)
    as customer_id,
  d.reason, d.opened_on,
  case when d.resolved_on <= i.as_of and cast(d.resolved_on as timestamp) <= i.run_known_at then d.resolved_on end
    as resolved_on,
  case when d.resolved_on <= i.as_of and cast(d.resolved_on as timestamp) <= i.run_known_at then d.outcome end as outcome,
  cast(coalesce(d.amount, i.amount) as decimal(18, 4)) as amount
from dispute d
join item_in_scope i on i.item_id = d.item_id
where d.opened_on <= i.as_of
  and cast(d.opened_on as timestamp) <= i.run_known_at
  and i.posted_on <= i.as_of
  and i.known_at <= i.run_known_at
