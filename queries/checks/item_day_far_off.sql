-- grain: one row per item
-- answers: which items have a day that no ledger reaches
-- reads: item, load
-- severity: warning
-- fix: correct the year; until then the item is overdue for centuries, or never due
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: far off is before 1950, issued or posted more than ten years after the load, or due more than thirty after it
select
  'item ' || i.item_id || ': issued on ' || cast(i.issued_on as string) || ', posted on ' || cast(i.posted_on as string)
    || coalesce(', due on ' || cast(i.due_on as string), '') as finding,
  'item' as table_name, i.load_no, i.line_no
from item i
join load l on l.load_no = i.load_no
where i.issued_on < date '1950-01-01' or i.posted_on < date '1950-01-01' or i.due_on < date '1950-01-01'
   or i.issued_on > cast(l.loaded_at as date) + 3653 or i.posted_on > cast(l.loaded_at as date) + 3653
   or i.due_on > cast(l.loaded_at as date) + 10958
