-- grain: one row per item and way it is exceeded
-- answers: to which items was more applied than they are worth
-- reads: item, application, crossed_application
-- severity: error
-- fix: find the application that is there twice, or the item whose amount is too small; the open amount is wrong until
--   then
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: an application on the wrong side adds to what was applied to its item, though it moves what is open the other
--   way; application_wrong_side names it
-- caveat: between days only items with an application undone are looked at: without one the last day is the worst
with side as (
  select debit_item_no as item_no, effective_on, amount as applied_amount
  from application
  where effective_on is not null
  union all
  select credit_item_no as item_no, effective_on, credit_amount as applied_amount
  from application
  where effective_on is not null
),
-- An item settled for good, from one side and with nothing undone, was given exactly what it is worth.
suspect as (
  select item_no from item where settled_on is null or amount = 0
  union
  select item_no from side where applied_amount < 0
  union
  select case when s.is_credit then x.credit_item_no else x.debit_item_no end as item_no
  from crossed_application x cross join (values (true), (false)) as s (is_credit)
  where x.is_wrong_side
),
suspect_side as (
  select s.item_no, s.effective_on, s.applied_amount
  from side s
  join suspect u on u.item_no = s.item_no
),
total as (
  select item_no, sum(applied_amount) as applied_amount, min(applied_amount) < 0 as has_undone
  from suspect_side
  group by item_no
),
touched_day as (
  select s.item_no, s.effective_on, sum(s.applied_amount) as applied_amount
  from suspect_side s
  join total t on t.item_no = s.item_no
  where t.has_undone
  group by s.item_no, s.effective_on
),
running as (
  select item_no, sum(applied_amount) over (
    partition by item_no order by effective_on nulls last rows between unbounded preceding and current row
  ) as applied_amount
  from touched_day
),
highest as (
  select item_no, max(applied_amount) as applied_amount from running group by item_no
  union all
  select item_no, applied_amount from total where not has_undone
)
select
  'item ' || i.item_id || ': ' || cast(cast(h.applied_amount as decimal(18, 4)) as string) || ' ' || i.currency
    || ' was applied to ' || cast(abs(i.amount) as string) as finding,
  'item' as table_name, i.load_no, i.line_no
from highest h
join item i on i.item_no = h.item_no
where h.applied_amount > abs(i.amount)
