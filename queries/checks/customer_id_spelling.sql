-- grain: one row per spelling that is not the most used one
-- answers: which customers are written in two ways
-- reads: item
-- severity: warning
-- fix: have the mapping write the id in one way (pad, strip_zeros, upper); until then their balances stand apart
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: two ids are one when they are equal without leading zeros, spaces and capitals
with spelling as (
  select
    customer_id, count(*) as item_count, min(item_no) as first_item_no,
    trim(leading '0' from replace(lower(customer_id), ' ', '')) as plain_id
  from item
  group by customer_id
),
ranked as (
  select customer_id, item_count, first_item_no,
    row_number() over (partition by plain_id order by item_count desc nulls last, customer_id nulls last) as rn,
    first_value(customer_id) over (partition by plain_id order by item_count desc nulls last, customer_id nulls last)
      as usual_id
  from spelling
)
select
  'customer ' || r.customer_id || ' of ' || cast(r.item_count as string) || ' items, first ' || i.item_id
    || ', is also written ' || r.usual_id as finding,
  'item' as table_name, i.load_no, i.line_no
from ranked r
join item i on i.item_no = r.first_item_no
where r.rn > 1
