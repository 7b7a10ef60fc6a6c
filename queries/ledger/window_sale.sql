-- grain: one row per as_of, currency and scope_key with sales by then, in the window or before it
-- answers: how much was sold in the days that DSO looks back on
-- reads: sale_day, run_setting
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: sales_amount decimal(38,4)       sales posted in the window; 0 where all are older
-- caveat: credit notes are deducted when they are posted, whatever month they credit
select
  s.as_of, s.currency, s.scope_key,
  cast(sum(case when s.posted_on > s.as_of - r.window_days then s.sales_amount else 0 end) as decimal(38, 4)) as sales_amount
from sale_day s cross join run_setting r
group by s.as_of, s.currency, s.scope_key
