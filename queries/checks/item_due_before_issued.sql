-- grain: one row per item
-- answers: which items fall due before their document date
-- reads: item
-- severity: warning
-- fix: correct due_on or issued_on; read the date format of the source again if there are many
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'item ' || item_id || ': due on ' || cast(due_on as string) || ', issued on ' || cast(issued_on as string) as finding,
  'item' as table_name, load_no, line_no
from item
where due_on < issued_on and amount > 0
