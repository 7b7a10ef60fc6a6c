-- grain: one row per rejected row whose first telling has left the ledger
-- answers: which rows were refused as duplicates of rows that another file has replaced since
-- reads: rejected_row, load, item
-- severity: error
-- fix: load the file of the refused row again; it is read anew
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: an item that a later file gave again is not among them
select
  r.table_name || ' ' || coalesce(r.value, '')
    || ' was refused as a duplicate of a row of ' || d.file || ', which is replaced' as finding,
  r.table_name, r.load_no, r.line_no
from rejected_row r
join load l on l.load_no = r.load_no
join load d on d.load_no = r.duplicate_of
where l.status = 'current'
  and d.status = 'replaced'
  and not (r.table_name = 'item' and exists (select 1 from item i where i.item_id = r.value))
