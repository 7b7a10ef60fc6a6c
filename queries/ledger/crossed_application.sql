-- grain: one row per application whose two items differ in customer, company or currency, or in what it moves, or stand
--   on the wrong side
-- answers: which applications join two items that do not belong together
-- reads: application, item
-- keep: checks
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
  a.application_id, a.credit_item_no, a.debit_item_no,
  c.customer_id <> d.customer_id as is_other_customer,
  coalesce(c.company <> d.company, false) as is_other_company,
  c.amount > 0 or d.amount < 0 as is_wrong_side,
  coalesce(a.is_exchange, false) as is_exchange,
  a.effective_on, a.amount, a.credit_amount, a.load_no, a.line_no
from application a
join item c on c.item_no = a.credit_item_no
join item d on d.item_no = a.debit_item_no
where c.customer_id <> d.customer_id or c.company <> d.company or c.amount > 0 or d.amount < 0 or a.is_exchange
