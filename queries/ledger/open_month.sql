-- grain: one row per as_of, currency, scope_key and calendar month from which a sale is still open
-- answers: how much of each month's sales is still owed, and for how long already
-- reads: open_item
-- keep: yes
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: month_start date                 first day of the month
-- column: sale_amount decimal(38,4)        open invoices, debit notes and credit notes posted in the month
-- column: invoice_amount decimal(38,4)     open invoices and debit notes posted in the month; empty where there are none
-- column: invoice_amount_days double       open amount of those x days since they were posted
-- caveat: receipts, which are no sales, are in no month
select
  as_of, currency, scope_key, cast(date_trunc('month', posted_on) as date) as month_start,
  cast(sum(open_amount) as decimal(38, 4)) as sale_amount,
  cast(sum(case when kind in ('invoice', 'debit_note') then open_amount end) as decimal(38, 4)) as invoice_amount,
  sum(case when kind in ('invoice', 'debit_note') then cast(open_amount as double) * cast(as_of - posted_on as int) end)
    as invoice_amount_days
from open_item
where kind in ('invoice', 'debit_note', 'credit_note')
group by as_of, currency, scope_key, cast(date_trunc('month', posted_on) as date)
