-- grain: one row per as_of, currency, scope_key and calendar month from which a sale is still open
-- answers: how much of each month's sales is still owed, beside the sales and days of the month
-- reads: open_month, sale_month
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: month_start date                 first day of the month
-- column: month_days int                   days of the month; for the month of as_of the days gone by
-- column: sale_amount decimal(38,4)        open invoices, debit notes and credit notes posted in the month
-- column: invoice_amount decimal(38,4)     open invoices and debit notes posted in the month; empty where there are none
-- column: invoice_amount_days double       open amount of those x days since they were posted
-- column: sales_amount decimal(38,4)       sales posted in the month, by the day asked for
-- caveat: a month whose sales are all settled has no row
select
  o.as_of, o.currency, o.scope_key, o.month_start,
  case
    when o.month_start = cast(date_trunc('month', o.as_of) as date) then cast(o.as_of - o.month_start as int) + 1
    else cast(cast(date_trunc('month', o.month_start + 31) as date) - o.month_start as int)
  end as month_days,
  o.sale_amount, o.invoice_amount, o.invoice_amount_days,
  cast(coalesce(s.sales_amount, 0) as decimal(38, 4)) as sales_amount
from open_month o
left join sale_month s
  on s.as_of = o.as_of and s.currency = o.currency and s.scope_key = o.scope_key and s.month_start = o.month_start
