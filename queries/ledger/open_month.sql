-- grain: one row per as_of, currency, scope_key and calendar month from which a sale is still open
-- answers: how much of each month's sales is still owed, and for how long already
-- reads: balance_month
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: month_start date                 first day of the month
-- column: sale_amount decimal(38,4)        open invoices, debit notes and credit notes posted in the month
-- column: invoice_amount decimal(38,4)     open invoices and debit notes posted in the month; empty where there are none
-- column: invoice_amount_days double       open amount of those x days since they were posted
-- caveat: receipts, which are no sales, are in no month
select as_of, currency, scope_key, month_start, sale_amount, invoice_amount, invoice_amount_days
from balance_month
where sale_amount is not null
