-- grain: one row per as_of and application in force
-- answers: what was taken off which item when
-- reads: application, run_date
-- column: as_of date              the day asked for
-- column: debit_item_no bigint    number of the item settled
-- column: credit_item_no bigint   number of the item that settled it
-- column: effective_day int       first day on which the application and both its items are posted, in days since 1970-01-01
-- column: known_day int           day on which all three had been keyed
-- column: amount double           amount in the debit item's currency; negative undoes an earlier one
-- column: credit_amount double    amount in the credit item's currency
-- caveat: money counts on the day its receipt was posted (credit_item), so that weeks of cash tie to the receipts of the roll-forward
select
  d.as_of, a.debit_item_no, a.credit_item_no,
  cast(a.effective_on - date '1970-01-01' as int) as effective_day,
  cast(cast(a.known_at as date) - date '1970-01-01' as int) as known_day,
  cast(a.amount as double) as amount,
  cast(a.credit_amount as double) as credit_amount
from application a
cross join run_date d
where a.effective_on <= d.as_of and a.known_at <= d.run_known_at
