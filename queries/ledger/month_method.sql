-- grain: one row per as_of, currency, scope_key and method that sets what is open of a month against its own sales
-- answers: how many days of sales are owed, month by month of sale
-- reads: dso_base, month_of_sale, run_setting
-- column: as_of date                         the day asked for
-- column: currency string                    currency of the amounts
-- column: scope_key string                   values of the dimensions asked for (--by), in order
-- column: method string                      how it is worked out; the name of the figure
-- column: window_days int                    days of sales looked at
-- column: receivable_amount decimal(38,4)    what is owed, as the method counts it
-- column: sales_amount decimal(38,4)         what was sold, as the method counts it
-- column: dso_days double                    days of sales outstanding; empty where undefined
-- column: note string                        why it is undefined or unusual
with part as (
  select
    as_of, currency, scope_key, 'dso_sales_weighted' as method, sale_amount as receivable_amount, sales_amount,
    cast(sale_amount as double) * month_days as amount_days
  from month_of_sale
  union all
  select
    as_of, currency, scope_key, 'dso_true' as method, invoice_amount as receivable_amount, sales_amount,
    invoice_amount_days as amount_days
  from month_of_sale
  where invoice_amount is not null
),
total as (
  select
    as_of, currency, scope_key, method,
    sum(receivable_amount) as receivable_amount,
    sum(sales_amount) as sales_amount,
    sum(case when sales_amount > 0 then amount_days / cast(sales_amount as double) end) as dso_days,
    sum(case when sales_amount > 0 then 0 else 1 end) as undefined_count
  from part
  group by as_of, currency, scope_key, method
)
select
  b.as_of, b.currency, b.scope_key, m.method, s.window_days,
  cast(coalesce(t.receivable_amount, 0) as decimal(38, 4)) as receivable_amount,
  cast(coalesce(t.sales_amount, 0) as decimal(38, 4)) as sales_amount,
  case
    when t.undefined_count = 0 then t.dso_days
    when t.undefined_count is null and b.sales_amount > 0 then 0
  end as dso_days,
  case
    when t.undefined_count > 0 then 'a month with open ' || m.what || ' has no sales left after its credit notes'
    when t.undefined_count is null and b.sales_amount <= 0 then 'no sale is open, and none was in the window'
    else ''
  end as note
from dso_base b
cross join run_setting s
cross join (values ('dso_sales_weighted', 'items'), ('dso_true', 'invoices')) as m (method, what)
left join total t
  on t.as_of = b.as_of and t.currency = b.currency and t.scope_key = b.scope_key and t.method = m.method
