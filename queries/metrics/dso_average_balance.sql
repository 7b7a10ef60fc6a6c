-- grain: one row per as_of, currency and scope_key
-- answers: how many days of sales the average balance of the window is
-- reads: dso_base, run_setting
-- rows: dso_row
-- metric: dso_average_balance days  the average balance of the window in days of sales
-- title: DSO, average balance
-- formula: mean of the balances before the window and at its end / sales of the window x days of the window
-- source: Average Balance of Oracle JD Edwards
--   (docs.oracle.com/en/applications/jd-edwards/financials/9.2/eoaar/fields-in-the-f03b16-table.html)
-- caveat: the average of two days: the day asked for and the day before the window
-- caveat: receivables hold tax; sales hold it too unless they are net (--net), which raises the days by the tax rate
-- column: as_of date                         the day asked for
-- column: currency string                    currency of the amounts
-- column: scope_key string                   values of the dimensions asked for (--by), in order
-- column: method string                      how it is worked out; the name of the figure
-- column: window_days int                    days of sales looked at
-- column: receivable_amount decimal(38,4)    what is owed, as the method counts it
-- column: sales_amount decimal(38,4)         what was sold, as the method counts it
-- column: dso_days double                    days of sales outstanding; empty where undefined
-- column: note string                        why it is undefined or unusual
with total as (
  select b.as_of, b.currency, b.scope_key, cast((b.balance_amount + b.window_start_amount) * cast(0.5 as decimal(2, 1)) as decimal(38, 4)) as receivable_amount, b.sales_amount
  from dso_base b
)
select
  t.as_of, t.currency, t.scope_key, 'dso_average_balance' as method, s.window_days, t.receivable_amount, t.sales_amount,
  case
    when t.sales_amount > 0
      then cast(t.receivable_amount as double) / cast(t.sales_amount as double) * s.window_days
  end as dso_days,
  case
    when t.sales_amount = 0 then 'no sales in the window'
    when t.sales_amount < 0 then 'credit notes exceed sales in the window'
    when t.receivable_amount < 0 then 'credits exceed what is owed'
    else ''
  end as note
from total t cross join run_setting s
