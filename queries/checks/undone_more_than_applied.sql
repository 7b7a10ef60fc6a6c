-- grain: one row per item
-- answers: of which items was more undone than had been applied by then
-- reads: item, application
-- severity: error
-- fix: find the application that is undone twice or is missing, or the day that is wrong; until then more of the item is open
--   than its amount
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: what is undone is looked at item by item, whichever application it undoes
with side as (
  select debit_item_no as item_no, effective_on, amount as applied_amount
  from application
  where effective_on is not null
  union all
  select credit_item_no as item_no, effective_on, credit_amount as applied_amount
  from application
  where effective_on is not null
),
undone as (
  select distinct item_no from side where applied_amount < 0
),
touched_day as (
  select s.item_no, s.effective_on, sum(s.applied_amount) as applied_amount
  from side s
  join undone u on u.item_no = s.item_no
  group by s.item_no, s.effective_on
),
running as (
  select item_no, sum(applied_amount) over (
    partition by item_no order by effective_on rows between unbounded preceding and current row
  ) as applied_amount
  from touched_day
),
lowest as (
  select item_no, min(applied_amount) as applied_amount from running group by item_no
)
select
  'item ' || i.item_id || ': ' || cast(cast(-w.applied_amount as decimal(18, 4)) as string) || ' ' || i.currency
    || ' more was undone than applied' as finding,
  'item' as table_name, i.load_no, i.line_no
from lowest w
join item i on i.item_no = w.item_no
where w.applied_amount < 0
