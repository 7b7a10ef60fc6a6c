-- grain: one row per as_of, currency and scope_key
-- answers: how many days of sales are owed, each open sale set against the sales of its own month
-- reads: dso_base, month_of_sale, run_setting
-- rows: dso_row
-- metric: dso_sales_weighted days  what is open of each month's sales, in days of the sales of that month
-- title: DSO, sales-weighted
-- formula: sum over calendar months of open amount of the month's sales / sales of the month x days of the month
-- source: as the Credit Research Foundation does; no page of its own was found
-- caveat: months are calendar months by the day posted, the last one as far as it has gone; only sales kinds are in it,
--   so neither unapplied receipts nor opening items; window_days does not bear on it
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
  select
    as_of, currency, scope_key,
    sum(sale_amount) as receivable_amount,
    sum(sales_amount) as sales_amount,
    sum(case when sales_amount > 0 then cast(sale_amount as double) / cast(sales_amount as double) * month_days end)
      as dso_days,
    sum(case when sales_amount > 0 then 0 else 1 end) as undefined_count
  from month_of_sale
  group by as_of, currency, scope_key
)
select
  b.as_of, b.currency, b.scope_key, 'dso_sales_weighted' as method, s.window_days,
  cast(coalesce(t.receivable_amount, 0) as decimal(38, 4)) as receivable_amount,
  cast(coalesce(t.sales_amount, 0) as decimal(38, 4)) as sales_amount,
  case
    when t.undefined_count = 0 then t.dso_days
    when t.undefined_count is null and b.sales_amount > 0 then 0
  end as dso_days,
  case
    when t.undefined_count > 0 then 'a month with open items has no sales left after its credit notes'
    when t.undefined_count is null and b.sales_amount <= 0 then 'no sale is open, and none was in the window'
    else ''
  end as note
from dso_base b
cross join run_setting s
left join total t on t.as_of = b.as_of and t.currency = b.currency and t.scope_key = b.scope_key
