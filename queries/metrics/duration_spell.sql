-- grain: one row per as_of, metric and bill or dispute that could end in the period
-- answers: how long each thing lasted, or has lasted so far
-- reads: cleared_bill, open_item, raised_dispute, run_date
-- column: as_of date                the day asked for
-- column: currency string           currency of the item
-- column: scope_key string          values of the dimensions asked for (--by), in order
-- column: metric string             days_late (from the due date to cleared) or dispute_cycle (from raised to resolved)
-- column: row_id string             item or dispute
-- column: customer_id string        customer
-- column: on_date date              day it ended or was last seen
-- column: entry_days int            days it had lasted when the period began; -100000000 if it began in the period
-- column: exit_days int             days it lasted, or has lasted so far
-- column: is_ended boolean          it ended by being paid or resolved; else it is still open, or was cleared without money
-- caveat: what was already open when the period began counts only from the age it had then: otherwise the old that
--   remain would be counted and the old that ended before would not
select c.as_of, c.currency, c.scope_key, 'days_late' as metric, c.item_id as row_id, c.customer_id, c.cleared_on
  as on_date,
  case when c.posted_on <= c.from_on then cast(c.from_on - c.due_on as int) else -100000000 end as entry_days,
  cast(c.cleared_on - c.due_on as int) as exit_days,
  c.received_amount > 0 as is_ended
from cleared_bill c
where c.due_on is not null
union all
select o.as_of, o.currency, o.scope_key, 'days_late' as metric, o.item_id as row_id, o.customer_id, o.as_of as on_date,
  case when o.posted_on <= d.from_on then cast(d.from_on - o.due_on as int) else -100000000 end as entry_days,
  o.past_due_days as exit_days,
  false as is_ended
from open_item o
join run_date d on d.as_of = o.as_of
where d.from_on is not null
  and o.due_on is not null
  and o.kind in ('invoice', 'debit_note', 'chargeback', 'interest', 'opening')
  and o.amount > 0
union all
select r.as_of, r.currency, r.scope_key, 'dispute_cycle' as metric, r.dispute_id as row_id, r.customer_id,
  coalesce(r.resolved_on, r.as_of) as on_date,
  case when r.opened_on <= r.from_on then cast(r.from_on - r.opened_on as int) else -100000000 end as entry_days,
  cast(coalesce(r.resolved_on, r.as_of) - r.opened_on as int) as exit_days,
  r.resolved_on is not null as is_ended
from raised_dispute r
where r.from_on is not null
  and coalesce(r.resolved_on > r.from_on, true)
