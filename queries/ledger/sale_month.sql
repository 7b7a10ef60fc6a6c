-- grain: one row per as_of, currency, scope_key and calendar month with sales
-- answers: how much was sold in each month up to the day
-- reads: sale_day
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: month_start date                 first day of the month
-- column: sales_amount decimal(38,4)       sales posted in the month, by the day asked for
-- caveat: the month of the day asked for is not over
select
  as_of, currency, scope_key, cast(date_trunc('month', posted_on) as date) as month_start,
  cast(sum(sales_amount) as decimal(38, 4)) as sales_amount
from sale_day
group by as_of, currency, scope_key, cast(date_trunc('month', posted_on) as date)
