-- grain: one row per as_of and application
-- answers: which applications count on the day
-- reads: application, run_date
-- column: as_of date                     the day asked for
-- column: application_id string          application
-- column: credit_item_no bigint          number of the credit item
-- column: debit_item_no bigint           number of the debit item
-- column: amount decimal(18,4)           amount in the debit item's currency; negative undoes an earlier one
-- column: credit_amount decimal(18,4)    amount in the credit item's currency
-- column: applied_on date                day the application was made
-- column: effective_on date              first day on which it and both its items are posted
-- column: is_implied boolean             made from a clearing date
-- caveat: an application to an item that is not in the ledger is not in force; check names it
select
  d.as_of, a.application_id, a.credit_item_no, a.debit_item_no, a.amount, a.credit_amount, a.applied_on,
  a.effective_on, a.is_implied
from application a cross join run_date d
where a.effective_on <= d.as_of and a.known_at <= d.run_known_at
