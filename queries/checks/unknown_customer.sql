-- grain: one row per table and customer
-- answers: which customers are named and neither have items nor are in the customer table
-- reads: assignment, promise, dispute, credit_limit, payment_plan, activity, item, customer
-- severity: warning
-- fix: correct the id; until then the rows count for nobody
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: a customer that has no item yet is known by its customer row alone
with named as (
  select 'assignment' as table_name, customer_id, load_no, line_no from assignment
  union all
  select 'promise' as table_name, customer_id, load_no, line_no from promise
  union all
  select 'dispute' as table_name, customer_id, load_no, line_no from dispute
  union all
  select 'credit_limit' as table_name, customer_id, load_no, line_no from credit_limit
  union all
  select 'payment_plan' as table_name, customer_id, load_no, line_no from payment_plan
  union all
  select 'activity' as table_name, customer_id, load_no, line_no from activity
),
first_named as (
  select n.table_name, n.customer_id, n.load_no, n.line_no,
    count(*) over (partition by n.table_name, n.customer_id) as row_count,
    row_number() over (partition by n.table_name, n.customer_id order by n.load_no nulls last, n.line_no nulls last) as rn
  from named n
  where n.customer_id is not null
    and not exists (select 1 from customer c where c.customer_id = n.customer_id)
    and not exists (select 1 from item i where i.customer_id = n.customer_id)
)
select
  'customer ' || customer_id || ' of ' || cast(row_count as string) || ' rows of ' || table_name
    || ' has no item and is not in the customer table' as finding,
  table_name, load_no, line_no
from first_named
where rn = 1
