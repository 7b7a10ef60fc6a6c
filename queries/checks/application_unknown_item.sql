-- grain: one row per application
-- answers: which applications name an item that is not in the ledger
-- reads: application
-- severity: error
-- fix: load the missing item or drop the application; until then it does not count
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'application ' || application_id || ': '
    || case
      when credit_item_no is null and debit_item_no is null then 'neither ' || credit_item_id || ' nor '
        || debit_item_id || ' is'
      when credit_item_no is null then 'credit item ' || credit_item_id || ' is not'
      else 'debit item ' || debit_item_id || ' is not'
    end || ' in the ledger' as finding,
  'application' as table_name, load_no, line_no
from application
where credit_item_no is null or debit_item_no is null
