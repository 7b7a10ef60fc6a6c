-- grain: one row per application
-- answers: which applications use the credit of one customer for the debt of another, outside one group
-- reads: crossed_application, item, customer
-- severity: warning
-- fix: right where one pays for the other: give both one parent_id; else the money went to the wrong account
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: customers with one parent_id, in any version of the master, are one group
with family as (
  select customer_id, parent_id from customer where parent_id is not null
  union
  select customer_id, customer_id as parent_id from customer
  union
  select parent_id as customer_id, parent_id from customer where parent_id is not null
),
crossed as (
  select
    x.application_id, x.load_no, x.line_no, c.item_id as credit_item_id, c.customer_id as credit_customer_id,
    d.item_id as debit_item_id, d.customer_id as debit_customer_id
  from crossed_application x
  join item c on c.item_no = x.credit_item_no
  join item d on d.item_no = x.debit_item_no
  where x.is_other_customer
),
related as (
  select distinct x.credit_customer_id, x.debit_customer_id
  from crossed x
  join family f on f.customer_id = x.credit_customer_id
  join family g on g.customer_id = x.debit_customer_id and g.parent_id = f.parent_id
)
select
  'application ' || x.application_id || ': ' || x.credit_item_id || ' of customer ' || x.credit_customer_id
    || ' settles ' || x.debit_item_id || ' of customer ' || x.debit_customer_id as finding,
  'application' as table_name, x.load_no, x.line_no
from crossed x
left join related r on r.credit_customer_id = x.credit_customer_id and r.debit_customer_id = x.debit_customer_id
where r.credit_customer_id is null
