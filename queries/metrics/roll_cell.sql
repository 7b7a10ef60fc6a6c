-- grain: one row per as_of, currency, scope_key, bucket at the start of the period and state at its end
-- answers: where did what was owed in each bucket at the start of the period end up
-- reads: observed_item, bucket, period_application_side, run_date
-- column: as_of date                  the day asked for
-- column: from_on date                day before the period, whose end is the start
-- column: currency string             currency of the amounts
-- column: scope_key string            values of the dimensions asked for (--by), in order
-- column: start_no int                order of the bucket at the start
-- column: start_bucket string         bucket at the start
-- column: end_no int                  order of the state at the end
-- column: end_state string            bucket at the end, or how it was settled: received, credited, written off, other
-- column: item_count bigint           items that ended there; a settled one counts once, where most of it went
-- column: amount decimal(38,4)        part of the opening amount that ended there
-- column: item_rate double            item_count / items of the bucket at the start
-- column: amount_rate double          amount / amount of the bucket at the start; empty where that is not above 0
-- caveat: debit items open at the start; what was billed since is not in it, unapplied credits neither
-- caveat: what is still open of an item is at most what was open at the start: what was reopened since is no part of it
-- caveat: other is settled by a discount, an exchange or another debit item, or by several kinds of which some were taken
--   back
-- caveat: without a split every pair of buckets that time can lead to has a row, 0 where nothing took it; within a split
--   only those that hold something
with seen as (
  select as_of, observation, currency, scope_key, item_no, bucket_no, open_amount
  from observed_item
  where observation in ('start', 'end') and not is_credit
),
began as (
  select as_of, currency, scope_key, item_no, bucket_no as start_no, open_amount
  from seen
  where observation = 'start'
),
settled_by as (
  select
    b.as_of, b.item_no,
    sum(case when m.other_kind in ('receipt', 'down_payment') then -m.moved_amount else 0 end) as received_amount,
    sum(case when m.other_kind = 'credit_note' then -m.moved_amount else 0 end) as credited_amount,
    sum(case when m.other_kind = 'write_off' then -m.moved_amount else 0 end) as written_off_amount
  from began b
  join period_application_side m on m.as_of = b.as_of and m.item_no = b.item_no
  group by b.as_of, b.item_no
),
ended as (
  select
    b.as_of, b.currency, b.scope_key, b.start_no, b.open_amount, e.bucket_no as end_no,
    -- Of what is not there, least and greatest take the other side.
    case
      when e.open_amount is null then 0
      when b.open_amount > 0 then greatest(least(e.open_amount, b.open_amount), 0)
      else least(greatest(e.open_amount, b.open_amount), 0)
    end as left_amount,
    coalesce(s.received_amount, 0) as received_amount,
    coalesce(s.credited_amount, 0) as credited_amount,
    coalesce(s.written_off_amount, 0) as written_off_amount
  from began b
  left join (select as_of, item_no, bucket_no, open_amount from seen where observation = 'end') e
    on e.as_of = b.as_of and e.item_no = b.item_no
  left join settled_by s on s.as_of = b.as_of and s.item_no = b.item_no
),
told as (
  -- Kinds that were taken back in part, or that sum to more than was settled, tell no shares.
  select
    as_of, currency, scope_key, start_no, end_no, open_amount, left_amount, received_amount, credited_amount,
    written_off_amount,
    least(
      received_amount, credited_amount, written_off_amount,
      open_amount - left_amount - received_amount - credited_amount - written_off_amount
    ) >= 0 as is_told
  from ended
),
split as (
  select
    as_of, currency, scope_key, start_no, end_no, left_amount,
    case when is_told then received_amount else 0 end as received_amount,
    case when is_told then credited_amount else 0 end as credited_amount,
    case when is_told then written_off_amount else 0 end as written_off_amount,
    open_amount - left_amount
      - case when is_told then received_amount + credited_amount + written_off_amount else 0 end as other_amount
  from told
),
placed as (
  select
    as_of, currency, scope_key, start_no, left_amount, received_amount, credited_amount, written_off_amount, other_amount,
    case
      when end_no is not null then end_no
      when received_amount >= greatest(credited_amount, written_off_amount, other_amount) then 1001
      when credited_amount >= greatest(written_off_amount, other_amount) then 1002
      when written_off_amount >= other_amount then 1003
      else 1004
    end as end_no
  from split
),
grouped as (
  select
    as_of, currency, scope_key, start_no, end_no, count(*) as item_count, sum(left_amount) as left_amount,
    sum(received_amount) as received_amount, sum(credited_amount) as credited_amount,
    sum(written_off_amount) as written_off_amount, sum(other_amount) as other_amount
  from placed
  group by as_of, currency, scope_key, start_no, end_no
),
state as (
  select bucket_no as end_no, bucket as end_state, from_days from bucket
  union all
  select end_no, end_state, 300000000 as from_days
  from (values (1001, 'received'), (1002, 'credited'), (1003, 'written off'), (1004, 'other')) as s (end_no, end_state)
),
part as (
  select as_of, currency, scope_key, start_no, end_no, item_count, left_amount as amount from grouped
  union all
  select as_of, currency, scope_key, start_no, 1001 as end_no, 0 as item_count, received_amount as amount from grouped
  union all
  select as_of, currency, scope_key, start_no, 1002 as end_no, 0 as item_count, credited_amount as amount from grouped
  union all
  select as_of, currency, scope_key, start_no, 1003 as end_no, 0 as item_count, written_off_amount as amount from grouped
  union all
  select as_of, currency, scope_key, start_no, 1004 as end_no, 0 as item_count, other_amount as amount from grouped
  union all
  select g.as_of, g.currency, g.scope_key, b.bucket_no as start_no, s.end_no, 0 as item_count, 0 as amount
  from (select distinct as_of, currency, scope_key from grouped where scope_key = '') g
  cross join bucket b
  join state s on s.from_days >= b.from_days and s.from_days not in (100000000, 200000000)
  where b.from_days < 100000000
),
summed as (
  select as_of, currency, scope_key, start_no, end_no, sum(item_count) as item_count, sum(amount) as amount
  from part
  group by as_of, currency, scope_key, start_no, end_no
),
shared as (
  select
    as_of, currency, scope_key, start_no, end_no, item_count, amount,
    sum(item_count) over (partition by as_of, currency, scope_key, start_no) as start_count,
    sum(amount) over (partition by as_of, currency, scope_key, start_no) as start_amount
  from summed
)
select
  p.as_of, d.from_on, p.currency, p.scope_key, p.start_no, b.bucket as start_bucket, p.end_no, s.end_state,
  cast(p.item_count as bigint) as item_count,
  cast(p.amount as decimal(38, 4)) as amount,
  case when p.start_count > 0 then cast(p.item_count as double) / cast(p.start_count as double) end as item_rate,
  case when p.start_amount > 0 then cast(p.amount as double) / cast(p.start_amount as double) end as amount_rate
from shared p
join run_date d on d.as_of = p.as_of
join bucket b on b.bucket_no = p.start_no
join state s on s.end_no = p.end_no
where p.scope_key = '' or p.item_count <> 0 or p.amount <> 0
