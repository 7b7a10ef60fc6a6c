-- grain: one row per promise
-- answers: which promises on a whole customer do not say in which of its currencies
-- reads: promise, item
-- severity: warning
-- fix: give the promise its currency; until then it is kept by nothing
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
with several as (
  select customer_id, min(currency) as first_currency, max(currency) as last_currency
  from item
  where customer_id in (select customer_id from promise where item_id is null and currency is null)
  group by customer_id
  having min(currency) <> max(currency)
)
select
  'promise ' || p.promise_id || ': no currency, and customer ' || p.customer_id || ' has items in ' || s.first_currency
    || ' and ' || s.last_currency as finding,
  'promise' as table_name, p.load_no, p.line_no
from promise p
join several s on s.customer_id = p.customer_id
where p.item_id is null and p.currency is null and p.amount is not null
