-- grain: one row per as_of, metric, detail, part and item
-- answers: which items stand behind the roll rates
-- reads: observed_item, bucket, run_date
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
with step as (
  select b.bucket_no, n.bucket_no as next_no, b.bucket || ' -> ' || n.bucket as detail
  from bucket b
  join bucket n on n.from_days = b.to_days + 1
  where n.to_days < 100000000
),
began as (
  select
    o.as_of, o.currency, o.scope_key, s.detail, s.next_no, o.item_no, o.item_id, o.customer_id, o.observed_on,
    o.open_amount
  from observed_item o
  join step s on s.bucket_no = o.bucket_no
  where o.observation = 'start'
),
ended as (
  select
    o.as_of, o.currency, o.scope_key, s.detail, o.bucket_no, o.item_no, o.item_id, o.customer_id, o.observed_on,
    o.open_amount
  from observed_item o
  join step s on s.next_no = o.bucket_no
  where o.observation = 'end'
    and o.as_of in (select as_of from run_date where from_on is not null)
)
select
  b.as_of, b.currency, b.scope_key, m.metric, b.detail, 'denominator' as part, b.item_id as row_id, b.customer_id,
  b.observed_on as on_date, b.open_amount as amount
from began b
cross join (values ('roll_rate_item'), ('roll_rate_balance')) as m (metric)
union all
select
  e.as_of, e.currency, e.scope_key, 'roll_rate_balance' as metric, e.detail, 'numerator' as part, e.item_id as row_id,
  e.customer_id, e.observed_on as on_date, e.open_amount as amount
from ended e
union all
select
  e.as_of, e.currency, e.scope_key, 'roll_rate_item' as metric, e.detail, 'numerator' as part, e.item_id as row_id,
  e.customer_id, e.observed_on as on_date,
  -- No more of an item can have rolled than was there: a payment taken back since does not raise the share above 1.
  cast(
    case
      when b.open_amount > 0 then greatest(least(e.open_amount, b.open_amount), 0)
      else least(greatest(e.open_amount, b.open_amount), 0)
    end as decimal(38, 4)
  ) as amount
from ended e
join began b on b.as_of = e.as_of and b.item_no = e.item_no and b.next_no = e.bucket_no
