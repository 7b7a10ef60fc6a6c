-- grain: one row per item
-- answers: which items have both a clearing date and applications of their own
-- reads: application, item
-- severity: warning
-- fix: load either the clearing date or the applications of a source, not both
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
with cleared as (
  select distinct debit_item_no as item_no
  from application
  where is_implied and debit_item_no is not null
),
applied as (
  select a.debit_item_no as item_no, count(*) as read_count
  from application a
  join cleared c on c.item_no = a.debit_item_no
  where not a.is_implied
  group by a.debit_item_no
)
select
  'item ' || i.item_id || ': settled by its clearing date and by ' || cast(a.read_count as string)
    || ' applications as well' as finding,
  'item' as table_name, i.load_no, i.line_no
from applied a
join item i on i.item_no = a.item_no
