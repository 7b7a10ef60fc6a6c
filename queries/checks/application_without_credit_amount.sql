-- grain: one row per application
-- answers: which applications join two currencies without saying what the credit item gave
-- reads: application, item
-- severity: error
-- fix: give credit_amount, in the currency of the credit item; until then the application does not count
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'application ' || a.application_id || ': ' || c.item_id || ' is in ' || c.currency || ', ' || d.item_id || ' in '
    || d.currency
    || ', and credit_amount is empty' as finding,
  'application' as table_name, a.load_no, a.line_no
from application a
join item c on c.item_no = a.credit_item_no
join item d on d.item_no = a.debit_item_no
where c.currency <> d.currency and a.credit_amount is null
