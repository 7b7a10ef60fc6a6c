-- grain: one row per as_of, metric, part, source and item
-- answers: which items stand behind the collection effectiveness index
-- reads: observed_item, open_item, sale, item_in_scope, item, run_date
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
-- caveat: an item can stand in one part twice, with what it was before the period, sold and at the end
-- caveat: sales divided by the months are rounded item by item; a row 'rounding' makes up for it
with dated as (
  select
    as_of, from_on,
    cast(
      (extract(year from as_of) - extract(year from from_on + 1)) * 12
        + extract(month from as_of) - extract(month from from_on + 1) + 1
    as int) as month_count
  from run_date
  where from_on is not null
),
sold as (
  select
    s.as_of, s.currency, s.scope_key, s.item_id, s.customer_id, s.posted_on as on_date, s.sales_amount as amount,
    cast(cast(s.sales_amount as double) / d.month_count as decimal(38, 4)) as month_amount
  from sale s
  join dated d on d.as_of = s.as_of
  where s.posted_on > s.from_on
),
rounding as (
  select
    s.as_of, s.currency, s.scope_key, sum(s.amount) as amount, sum(s.month_amount) as month_amount,
    max(d.month_count) as month_count
  from sold s
  join dated d on d.as_of = s.as_of
  group by s.as_of, s.currency, s.scope_key
),
ended as (
  select
    o.as_of, o.currency, o.scope_key, o.item_id, o.customer_id, o.open_amount,
    not o.is_credit and coalesce(o.past_due_days <= 0, false) as is_current
  from open_item o
  join dated d on d.as_of = o.as_of
),
source as (
  select
    o.as_of, o.currency, o.scope_key, 'start' as source, o.item_id, o.customer_id, o.observed_on as on_date,
    o.open_amount as amount
  from observed_item o
  where o.observation = 'start'
  union all
  select as_of, currency, scope_key, 'sold' as source, item_id, customer_id, on_date, amount
  from sold
  union all
  select as_of, currency, scope_key, 'sold_month' as source, item_id, customer_id, on_date, month_amount as amount
  from sold
  union all
  select
    as_of, currency, scope_key, 'sold_month' as source, 'rounding' as item_id, '' as customer_id, as_of as on_date,
    case when month_count = 1 then amount else cast(cast(amount as double) / month_count as decimal(38, 4)) end
      - month_amount as amount
  from rounding
  union all
  select as_of, currency, scope_key, 'end' as source, item_id, customer_id, as_of as on_date, -open_amount as amount
  from ended
  union all
  select
    as_of, currency, scope_key, 'end_current' as source, item_id, customer_id, as_of as on_date, -open_amount as amount
  from ended
  where is_current
  union all
  select
    i.as_of, i.currency, i.scope_key, 'write_off' as source, i.item_id, i.customer_id, i.posted_on as on_date, i.amount
  from item_in_scope i
  where i.kind = 'write_off' and i.posted_on > i.from_on and i.posted_on <= i.as_of and i.known_at <= i.run_known_at
  union all
  select
    i.as_of, i.currency, i.scope_key, 'write_off' as source, i.item_id, i.customer_id, i.posted_on as on_date, i.amount
  from item_in_scope i
  join item w on w.item_no = i.reversed_item_no and w.kind = 'write_off'
  where i.reversed_item_no is not null and i.kind <> 'write_off'
    and i.posted_on > i.from_on and i.posted_on <= i.as_of and i.known_at <= i.run_known_at
)
select
  s.as_of, s.currency, s.scope_key, m.metric, '' as detail, m.part, s.item_id as row_id, s.customer_id, s.on_date,
  cast(s.amount as decimal(38, 4)) as amount
from source s
join (
  values
    ('cei', 'numerator', 'start'), ('cei', 'numerator', 'sold'), ('cei', 'numerator', 'end'),
    ('cei', 'denominator', 'start'), ('cei', 'denominator', 'sold'), ('cei', 'denominator', 'end_current'),
    ('cei_monthly_sales', 'numerator', 'start'), ('cei_monthly_sales', 'numerator', 'sold_month'),
    ('cei_monthly_sales', 'numerator', 'end'), ('cei_monthly_sales', 'denominator', 'start'),
    ('cei_monthly_sales', 'denominator', 'sold_month'), ('cei_monthly_sales', 'denominator', 'end_current'),
    ('cei_write_off_adjusted', 'numerator', 'start'), ('cei_write_off_adjusted', 'numerator', 'sold'),
    ('cei_write_off_adjusted', 'numerator', 'end'), ('cei_write_off_adjusted', 'numerator', 'write_off'),
    ('cei_write_off_adjusted', 'denominator', 'start'), ('cei_write_off_adjusted', 'denominator', 'sold'),
    ('cei_write_off_adjusted', 'denominator', 'end_current')
) as m (metric, part, source) on m.source = s.source
