-- grain: one row per customer
-- answers: which customers with items are not in the customer table
-- reads: item, customer
-- severity: warning
-- fix: load the customer, or correct the id; until then the items have no name, group or segment
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: nothing is said where no customer table was loaded
with billed as (
  select customer_id, count(*) as item_count, min(item_no) as first_item_no
  from item
  group by customer_id
)
select
  'customer ' || b.customer_id || ' of ' || cast(b.item_count as string) || ' items, first ' || i.item_id
    || ', is not in the customer table' as finding,
  'item' as table_name, i.load_no, i.line_no
from billed b
join item i on i.item_no = b.first_item_no
where exists (select 1 from customer)
  and not exists (select 1 from customer c where c.customer_id = b.customer_id)
