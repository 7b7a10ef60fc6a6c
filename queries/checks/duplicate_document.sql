-- grain: one row per item after the first of its kind
-- answers: which items look like one document entered twice
-- reads: item
-- severity: warning
-- fix: drop or reverse the second one; right where the customer is billed the same more than once a day
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: one customer, kind, document date, currency, amount and reference under several ids; items without a
--   reference are not compared
-- Numbers first: few items share day and amount, and only theirs are compared by text, or looked at for one.
with same_number as (
  select issued_on, amount
  from item
  where amount <> 0
  group by issued_on, amount
  having count(*) > 1
),
alike as (
  select i.customer_id, i.kind, i.issued_on, i.currency, i.amount, i.reference, min(i.item_no) as first_item_no
  from item i
  join same_number n on n.issued_on = i.issued_on and n.amount = i.amount
  where i.reference is not null
  group by i.customer_id, i.kind, i.issued_on, i.currency, i.amount, i.reference
  having count(*) > 1
)
select
  'item ' || i.item_id || ' of customer ' || i.customer_id || ': ' || i.kind || ' of ' || cast(i.amount as string)
    || ' ' || i.currency || ' with reference ' || i.reference || ' on ' || cast(i.issued_on as string) || ', as '
    || f.item_id as finding,
  'item' as table_name, i.load_no, i.line_no
from alike a
join item i
  on i.customer_id = a.customer_id and i.kind = a.kind and i.issued_on = a.issued_on and i.currency = a.currency
 and i.amount = a.amount and i.reference = a.reference and i.item_no <> a.first_item_no
join item f on f.item_no = a.first_item_no
