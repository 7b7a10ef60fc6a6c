-- grain: one row per item to which something was applied
-- answers: the days between which the item was paid in parts, and from which it is settled for good, as far as the ledger goes
-- reads: loaded_item, linked_application
-- column: item_no bigint               number of the item
-- column: first_applied_on date         first day on which something was applied to it
-- column: settled_on date              day from which its open amount stays 0; empty where it does not
-- column: settled_known_at timestamp   when the last of its applications was keyed
-- caveat: an item still open at the end of the ledger has no settled_on
with movement as (
  select debit_item_no as item_no, effective_on, known_at, -amount as moved_amount
  from linked_application
  where effective_on is not null
  union all
  select credit_item_no as item_no, effective_on, known_at, credit_amount as moved_amount
  from linked_application
  where effective_on is not null
),
total as (
  select
    item_no,
    sum(moved_amount) as moved_amount,
    min(effective_on) as first_applied_on,
    max(case when moved_amount <> 0 then effective_on end) as last_applied_on,
    max(known_at) as settled_known_at,
    min(moved_amount) < 0 and max(moved_amount) > 0 as has_reversal
  from movement
  group by item_no
),
reversed_day as (
  select m.item_no, m.effective_on, sum(m.moved_amount) as moved_amount
  from movement m
  join total t on t.item_no = m.item_no
  where t.has_reversal
  group by m.item_no, m.effective_on
),
reversed as (
  select item_no, max(effective_on) as last_applied_on
  from reversed_day
  where moved_amount <> 0
  group by item_no
)
select
  t.item_no,
  t.first_applied_on,
  case
    when i.amount + t.moved_amount <> 0 then null
    else coalesce(case when t.has_reversal then r.last_applied_on else t.last_applied_on end, i.posted_on)
  end as settled_on,
  t.settled_known_at
from total t
join loaded_item i on i.item_no = t.item_no
left join reversed r on r.item_no = t.item_no
