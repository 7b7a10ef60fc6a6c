-- grain: one row per item to which something was applied
-- answers: the days between which the item was paid in parts, and what all its applications come to
-- reads: loaded_item, linked_application, item_movement
-- column: item_no bigint               number of the item
-- column: moved_amount decimal(38,4)   what its applications add to its open amount
-- column: first_applied_on date        first day on which something was applied to it
-- column: last_applied_on date         last day on which its open amount changed; empty where it never did
-- column: settled_known_at timestamp   when the last of its applications was keyed
-- caveat: between days only items with an application undone, or used from both sides, are looked at: what moves an item
--   one way on a day changes its open amount that day
with total as (
  select
    item_no,
    sum(moved_amount) as moved_amount,
    min(effective_on) as first_applied_on,
    max(case when moved_amount <> 0 then effective_on end) as last_applied_on,
    max(known_at) as settled_known_at
  from item_movement
  group by item_no
),
-- An item used from both sides stands on the wrong one once, unless it is of no amount.
two_way as (
  select debit_item_no as item_no from linked_application where amount < 0 or credit_amount < 0 or is_wrong_side
  union
  select credit_item_no as item_no from linked_application where amount < 0 or credit_amount < 0 or is_wrong_side
  union
  select item_no from loaded_item where amount = 0
),
two_way_day as (
  select m.item_no, m.effective_on, sum(m.moved_amount) as moved_amount
  from item_movement m
  join two_way w on w.item_no = m.item_no
  group by m.item_no, m.effective_on
),
two_way_total as (
  select item_no, max(case when moved_amount <> 0 then effective_on end) as last_applied_on
  from two_way_day
  group by item_no
)
select
  t.item_no, t.moved_amount, t.first_applied_on,
  case when w.item_no is null then t.last_applied_on else w.last_applied_on end as last_applied_on,
  t.settled_known_at
from total t
left join two_way_total w on w.item_no = t.item_no
