-- grain: one row per item
-- answers: which debit items have no due date
-- reads: item
-- severity: warning
-- fix: give due_on, or terms_days from which it follows; until then they stand in the bucket no_due_date
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'item ' || item_id || ' of customer ' || customer_id || ': ' || kind || ' of ' || cast(amount as string) || ' '
    || currency
    || ' has no due date' as finding,
  'item' as table_name, load_no, line_no
from item
where due_on is null and amount > 0 and kind in ('invoice', 'debit_note', 'chargeback', 'interest')
