-- grain: one row per application
-- answers: which applications take another amount from the credit item than they give to the debit item, in one
--   currency
-- reads: application, item
-- severity: warning
-- fix: enter the difference as an item of its own (discount, write-off); until then it shows in the roll-forward as
--   unequal_application
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'application ' || a.application_id || ': ' || cast(a.credit_amount as string) || ' taken from ' || c.item_id || ', '
    || cast(a.amount as string) || ' given to ' || d.item_id || ', both in ' || d.currency as finding,
  'application' as table_name, a.load_no, a.line_no
from application a
join item c on c.item_no = a.credit_item_no
join item d on d.item_no = a.debit_item_no
where a.is_exchange and a.credit_currency = a.debit_currency
