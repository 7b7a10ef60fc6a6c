-- grain: one row per as_of, metric, detail, part and group of customers
-- answers: which groups stand behind the concentration figures
-- reads: group_balance
-- column: as_of date                the day asked for
-- column: currency string           currency of the amount
-- column: scope_key string          values of the dimensions asked for (--by), in order
-- column: metric string             which figure the row stands behind
-- column: detail string             which line of it, where it has several
-- column: part string               numerator or denominator
-- column: row_id string             item, receipt, dispute, promise, customer or group, as the figure counts
-- column: customer_id string        customer
-- column: on_date date              the day that puts the row in the figure
-- column: amount decimal(38,4)      what the row adds to the part
-- caveat: for hhi and effective_customers the amount is the square of the group's share in percent, not money; it is
--   rounded so that the sum up to each group, the largest first, is right to four places
with owing as (
  select as_of, currency, scope_key, group_id, balance_amount,
    cast(balance_amount as double)
      / cast(sum(balance_amount) over (partition by as_of, currency, scope_key) as double) as share_rate,
    row_number() over (
      partition by as_of, currency, scope_key order by balance_amount desc nulls last, group_id nulls last
    ) as rank_no
  from group_balance
  where is_owing
),
squared as (
  select *,
    cast(sum(10000 * share_rate * share_rate) over (
      partition by as_of, currency, scope_key order by rank_no nulls last
      rows between unbounded preceding and current row
    ) as decimal(38, 4)) as index_so_far
  from owing
),
part as (
  select *,
    cast(index_so_far - coalesce(
      lag(index_so_far) over (partition by as_of, currency, scope_key order by rank_no nulls last), 0
    ) as decimal(38, 4)) as index_amount
  from squared
),
top as (
  select * from (values (1), (5), (10), (20)) as t (top_count)
)
select
  as_of, currency, scope_key, 'hhi' as metric, '' as detail, 'numerator' as part, group_id as row_id,
  group_id as customer_id, as_of as on_date, index_amount as amount
from part
union all
select
  as_of, currency, scope_key, 'effective_customers' as metric, '' as detail, 'denominator' as part, group_id as row_id,
  group_id as customer_id, as_of as on_date, index_amount as amount
from part
union all
select
  as_of, currency, scope_key, 'effective_customers' as metric, '' as detail, 'numerator' as part, 'all' as row_id,
  '' as customer_id, as_of as on_date, cast(10000 as decimal(38, 4)) as amount
from owing
where rank_no = 1
union all
select
  o.as_of, o.currency, o.scope_key, 'top_customer_rate' as metric, cast(t.top_count as string) as detail,
  'numerator' as part, o.group_id as row_id, o.group_id as customer_id, o.as_of as on_date, o.balance_amount as amount
from owing o
join top t on o.rank_no <= t.top_count
union all
select
  o.as_of, o.currency, o.scope_key, 'top_customer_rate' as metric, cast(t.top_count as string) as detail,
  'denominator' as part, o.group_id as row_id, o.group_id as customer_id, o.as_of as on_date, o.balance_amount as amount
from owing o
cross join top t
