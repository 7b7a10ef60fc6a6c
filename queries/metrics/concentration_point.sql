-- grain: one row per as_of, currency, scope_key and point of the curve, a hundred or so however many customers there are
-- answers: which share of the customers owes which share of what is owed
-- reads: group_balance
-- column: as_of date                     the day asked for
-- column: currency string                currency of the amount
-- column: scope_key string               values of the dimensions asked for (--by), in order
-- column: customer_count bigint          so many of the largest customers
-- column: customer_rate double           customer_count / all customers that owe
-- column: balance_amount decimal(38,4)   what they owe together
-- column: balance_rate double            balance_amount / what all customers that owe owe together
-- caveat: as in hhi and top_customer_rate, customers of one parent are one, and groups that owe nothing on balance are left
--   out; what is owed is therefore more than the balance where some are in credit
-- caveat: the points are the largest 1, 5, 10 and 20, the last customer of each percent of all, and those with whom a half
--   and four fifths of what is owed are reached
with owing as (
  select
    as_of, currency, scope_key, balance_amount,
    row_number() over (
      partition by as_of, currency, scope_key order by balance_amount desc nulls last, group_id nulls last
    ) as rank_no,
    sum(balance_amount) over (
      partition by as_of, currency, scope_key order by balance_amount desc nulls last, group_id nulls last
      rows between unbounded preceding and current row
    ) as running_amount,
    count(*) over (partition by as_of, currency, scope_key) as group_count,
    sum(balance_amount) over (partition by as_of, currency, scope_key) as owed_amount
  from group_balance
  where is_owing
)
select
  as_of, currency, scope_key, cast(rank_no as bigint) as customer_count,
  cast(rank_no as double) / cast(group_count as double) as customer_rate,
  cast(running_amount as decimal(38, 4)) as balance_amount,
  cast(running_amount as double) / cast(owed_amount as double) as balance_rate
from owing
where rank_no in (1, 5, 10, 20)
  or (2 * running_amount >= owed_amount and 2 * (running_amount - balance_amount) < owed_amount)
  or (5 * running_amount >= 4 * owed_amount and 5 * (running_amount - balance_amount) < 4 * owed_amount)
  or floor(cast(100 * rank_no as double) / group_count) > floor(cast(100 * (rank_no - 1) as double) / group_count)
union all
select
  as_of, currency, scope_key, cast(0 as bigint) as customer_count, cast(0 as double) as customer_rate,
  cast(0 as decimal(38, 4)) as balance_amount, cast(0 as double) as balance_rate
from owing
where rank_no = 1
