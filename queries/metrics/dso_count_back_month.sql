-- grain: one row per as_of, currency, scope_key and month with sales, and the month of as_of where something is open
-- answers: from which months' sales the balance is counted back
-- reads: balance_total, window_start_total, sale_month
-- rows: dso_row
-- caveat: a month without sales before that of as_of has no row; its days count all the same
-- metric: dso_count_back days  days of the latest months whose sales use up the balance, the last month used in part
-- title: DSO, count-back
-- formula: take the sales of each month, latest first, from the balance until it is used up: the days of those months,
--   of the last one in part
-- source: Oracle JD Edwards
--   (docs.oracle.com/en/applications/jd-edwards/financials/9.2/eoaar/fields-in-the-f03b16-table.html); Oracle HFM, whose
--   printed example of 179.7 days gives 166.33 by its own rule
--   (docs.oracle.com/en/applications/enterprise-performance-management/11.2/hfmam/dso_-_days_sales_outstanding.html)
-- caveat: goes back as many months as the balance reaches, whatever the window; a month of more credit notes than sales
--   is counted with the month before it; undefined where all the sales there are do not use the balance up
-- caveat: receivables hold tax; sales hold it too unless they are net (--net), which raises the days by the tax rate
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: month_start date                 first day of the month
-- column: month_days int                   days of the month; for the month of as_of the days gone by
-- column: sales_amount decimal(38,4)       sales of the month up to as_of
-- column: balance_amount decimal(38,4)     all open amounts on the day, the same in every row of a scope
-- column: not_due_amount decimal(38,4)     open items not yet due on the day, for the best possible variant
with part as (
  select as_of, currency, scope_key, month_start, sales_amount, cast(0 as decimal(38, 4)) as balance_amount,
    cast(0 as decimal(38, 4)) as not_due_amount
  from sale_month
  union all
  select as_of, currency, scope_key, cast(date_trunc('month', as_of) as date) as month_start,
    cast(0 as decimal(38, 4)) as sales_amount, balance_amount, not_due_amount
  from balance_total
  union all
  -- What the other methods have a row for, of the balance they start from.
  select as_of, currency, scope_key, cast(date_trunc('month', as_of) as date) as month_start,
    cast(0 as decimal(38, 4)) as sales_amount, cast(0 as decimal(38, 4)) as balance_amount,
    cast(0 as decimal(38, 4)) as not_due_amount
  from window_start_total
),
month as (
  select as_of, currency, scope_key, month_start, sum(sales_amount) as sales_amount
  from part
  group by as_of, currency, scope_key, month_start
),
balance as (
  select as_of, currency, scope_key, sum(balance_amount) as balance_amount, sum(not_due_amount) as not_due_amount
  from part
  group by as_of, currency, scope_key
)
select
  m.as_of, m.currency, m.scope_key, m.month_start,
  case
    when m.month_start = cast(date_trunc('month', m.as_of) as date) then cast(m.as_of - m.month_start as int) + 1
    else cast(cast(date_trunc('month', m.month_start + 31) as date) - m.month_start as int)
  end as month_days,
  cast(m.sales_amount as decimal(38, 4)) as sales_amount,
  cast(b.balance_amount as decimal(38, 4)) as balance_amount,
  cast(b.not_due_amount as decimal(38, 4)) as not_due_amount
from month m
join balance b on b.as_of = m.as_of and b.currency = m.currency and b.scope_key = m.scope_key
