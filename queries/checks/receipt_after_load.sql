-- grain: one row per receipt
-- answers: which receipts are posted after the day their file was loaded
-- reads: item, load
-- severity: warning
-- fix: correct posted_on; read the date format of the source again if there are many
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'receipt ' || i.item_id || ' of customer ' || i.customer_id || ': posted on ' || cast(i.posted_on as string)
    || ', loaded on ' || cast(cast(l.loaded_at as date) as string) as finding,
  'item' as table_name, i.load_no, i.line_no
from item i
join load l on l.load_no = i.load_no
where i.kind = 'receipt' and i.posted_on > cast(l.loaded_at as date)
