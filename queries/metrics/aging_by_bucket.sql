-- grain: one row per as_of, currency, scope_key and bucket
-- answers: what is owed, by how late it is
-- reads: open_group, bucket, run_date
-- column: as_of date                   the day asked for
-- column: currency string              currency of the amount
-- column: scope_key string             values of the dimensions asked for (--by), in order
-- column: bucket_no int                order of the bucket
-- column: bucket string                bucket
-- column: item_count bigint            open items in it
-- column: open_amount decimal(38,4)    their open amounts
-- caveat: without a split every bucket has a row, 0 where nothing falls in it; within a split only the buckets that hold
--   something; the buckets of a scope sum to its balance
with counted as (
  select
    as_of, currency, scope_key, bucket_no, bucket,
    cast(sum(item_count) as bigint) as item_count,
    cast(sum(open_amount) as decimal(38, 4)) as open_amount
  from open_group
  where observation = 'end'
  group by as_of, currency, scope_key, bucket_no, bucket
),
-- A currency without anything open is owed 0 from the first of the days on which something was.
scope as (
  select d.as_of, f.currency, f.scope_key
  from run_date d
  join (select currency, scope_key, min(as_of) as first_as_of from counted where scope_key = '' group by currency, scope_key) f
    on f.first_as_of <= d.as_of
),
empty as (
  select s.as_of, s.currency, s.scope_key, b.bucket_no, b.bucket
  from scope s
  cross join bucket b
  where not exists (
    select 1
    from counted c
    where c.as_of = s.as_of and c.currency = s.currency and c.scope_key = s.scope_key and c.bucket_no = b.bucket_no
  )
)
select as_of, currency, scope_key, bucket_no, bucket, item_count, open_amount
from counted
union all
select
  as_of, currency, scope_key, bucket_no, bucket, cast(0 as bigint) as item_count, cast(0 as decimal(38, 4)) as open_amount
from empty
