-- grain: one row per as_of, currency and scope_key with a balance or with sales by then
-- answers: which balances and which sales the plain methods of DSO divide
-- reads: balance_total, window_start_total, window_sale
-- column: as_of date                             the day asked for
-- column: currency string                        currency of the amounts
-- column: scope_key string                       values of the dimensions asked for (--by), in order
-- column: balance_amount decimal(38,4)           all open amounts on the day
-- column: not_due_amount decimal(38,4)           open debit items not yet due
-- column: window_start_amount decimal(38,4)      all open amounts on the day before the window
-- column: sales_amount decimal(38,4)             sales posted in the window
-- caveat: receivables hold tax; sales hold it too unless they are net (--net)
with part as (
  select as_of, currency, scope_key, balance_amount, not_due_amount, cast(0 as decimal(38, 4)) as window_start_amount,
    cast(0 as decimal(38, 4)) as sales_amount
  from balance_total
  union all
  select as_of, currency, scope_key, cast(0 as decimal(38, 4)) as balance_amount,
    cast(0 as decimal(38, 4)) as not_due_amount, balance_amount as window_start_amount,
    cast(0 as decimal(38, 4)) as sales_amount
  from window_start_total
  union all
  select as_of, currency, scope_key, cast(0 as decimal(38, 4)) as balance_amount,
    cast(0 as decimal(38, 4)) as not_due_amount, cast(0 as decimal(38, 4)) as window_start_amount, sales_amount
  from window_sale
)
select
  as_of, currency, scope_key,
  cast(sum(balance_amount) as decimal(38, 4)) as balance_amount,
  cast(sum(not_due_amount) as decimal(38, 4)) as not_due_amount,
  cast(sum(window_start_amount) as decimal(38, 4)) as window_start_amount,
  cast(sum(sales_amount) as decimal(38, 4)) as sales_amount
from part
group by as_of, currency, scope_key
