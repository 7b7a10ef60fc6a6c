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
  select
    debit_item_no as item_no,
    sum(case when is_implied then 1 else 0 end) as implied_count,
    sum(case when is_implied then 0 else 1 end) as read_count
  from application
  where debit_item_no is not null
  group by debit_item_no
)
select
  'item ' || i.item_id || ': settled by its clearing date and by ' || cast(c.read_count as string)
    || ' applications as well' as finding,
  'item' as table_name, i.load_no, i.line_no
from cleared c
join item i on i.item_no = c.item_no
where c.implied_count > 0 and c.read_count > 0
