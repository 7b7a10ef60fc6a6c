-- grain: one row per item
-- answers: which items reverse an item that is not in the ledger
-- reads: item
-- severity: warning
-- fix: load the item reversed, or correct reversal_of
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'item ' || r.item_id || ': reverses ' || r.reversal_of || ', which is not in the ledger' as finding,
  'item' as table_name, r.load_no, r.line_no
from item r
where r.reversal_of is not null and r.reversed_item_no is null
