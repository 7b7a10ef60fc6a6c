-- grain: one row per promise or dispute
-- answers: which promises and disputes name an item of another customer than their own
-- reads: promise, dispute, item
-- severity: warning
-- fix: correct the item or the customer
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
with named as (
  select 'promise' as table_name, promise_id as row_id, customer_id, item_id, load_no, line_no from promise
  union all
  select 'dispute' as table_name, dispute_id as row_id, customer_id, item_id, load_no, line_no from dispute
)
select
  n.table_name || ' ' || n.row_id || ' of customer ' || n.customer_id || ': item ' || n.item_id || ' is of customer '
    || i.customer_id as finding,
  n.table_name, n.load_no, n.line_no
from named n
join item i on i.item_id = n.item_id
where n.customer_id <> i.customer_id
