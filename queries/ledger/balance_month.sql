-- grain: one row per as_of, currency, scope_key and calendar month from which something is open
-- answers: what is owed, by the month it was posted in
-- reads: open_group
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: month_start date                 first day of the month
-- column: balance_amount decimal(38,4)     all open amounts of items posted in the month, credits deducted
-- column: not_due_amount decimal(38,4)     open debit items not yet due
-- column: sale_amount decimal(38,4)        open invoices, debit notes and credit notes; empty where there are none
-- column: invoice_amount decimal(38,4)     open invoices and debit notes; empty where there are none
-- column: invoice_amount_days double       open amount of those x days since they were posted
-- caveat: an item without a due date is in the balance and not in what is not yet due
select
  as_of, currency, scope_key, month_start,
  cast(sum(open_amount) as decimal(38, 4)) as balance_amount,
  cast(sum(not_due_amount) as decimal(38, 4)) as not_due_amount,
  cast(sum(sale_amount) as decimal(38, 4)) as sale_amount,
  cast(sum(invoice_amount) as decimal(38, 4)) as invoice_amount,
  sum(invoice_amount_days) as invoice_amount_days
from open_group
where observation = 'end'
group by as_of, currency, scope_key, month_start
