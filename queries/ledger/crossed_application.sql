-- grain: one row per application whose two items differ in customer, company or currency, or in what it moves, or stand
--   on the wrong side
-- answers: which applications join two items that do not belong together
-- reads: application
-- column: application_id string        application
-- column: credit_item_no bigint        number of the credit item
-- column: debit_item_no bigint         number of the debit item
-- column: is_other_customer boolean    its items are of two customers
-- column: is_other_company boolean     its items are of two companies
-- column: is_wrong_side boolean        its credit item is a debit, or its debit item a credit
-- column: is_exchange boolean          what the credit item gives is not what the debit item gets
-- column: effective_on date            first day on which it and both its items are posted; empty where it never counts
-- column: amount decimal(18,4)         amount in the debit item's currency
-- column: credit_amount decimal(18,4)  amount in the credit item's currency
-- column: load_no int                  load the row came from
-- column: line_no bigint               line of its file
-- caveat: nothing is wrong with a row as such: one customer may pay for another, one company for its group
select
  application_id, credit_item_no, debit_item_no, is_other_customer, is_other_company, is_wrong_side, is_exchange,
  effective_on, amount, credit_amount, load_no, line_no
from application
where credit_item_no is not null and debit_item_no is not null
  and (is_other_customer or is_other_company or is_wrong_side or is_exchange)
