-- grain: one row per as_of, customer_id and span of days
-- answers: who looks after the customer from which day to which, as known on the day
-- reads: assignment, run_date
-- column: as_of date            the day asked for
-- column: customer_id string    customer
-- column: collector_id string   collector in charge
-- column: cover string          primary or cover
-- column: from_on date          first day
-- column: to_on date            last day; 9999-12-31 where none is known
-- caveat: the same rule as assignment_as_of, for every day
-- caveat: an assignment that starts after the day, or after what is known, is not known yet, nor is the end of a primary one; a
--   cover is made with its end
with known as (
  select
    d.as_of, a.customer_id, a.collector_id, a.cover, a.from_on as given_from_on,
    coalesce(a.from_on, date '0001-01-01') as from_on,
    coalesce(
      case
        when a.cover = 'cover' or a.to_on <= d.as_of and cast(a.to_on as timestamp) <= d.run_known_at then a.to_on
      end,
      date '9999-12-31'
    ) as to_on
  from assignment a cross join run_date d
  where coalesce(a.from_on, date '0001-01-01') <= d.as_of
    and cast(coalesce(a.from_on, date '0001-01-01') as timestamp) <= d.run_known_at
),
edge as (
  select as_of, customer_id, from_on from known
  union
  select as_of, customer_id, to_on + 1 as from_on from known where to_on < date '9999-12-31'
),
span as (
  select
    as_of, customer_id, from_on,
    lead(from_on) over (partition by as_of, customer_id order by from_on nulls last) as next_from_on
  from edge
),
ranked as (
  select
    s.as_of, s.customer_id, s.from_on, s.next_from_on, k.collector_id, k.cover,
    row_number() over (
      partition by s.as_of, s.customer_id, s.from_on
      order by
        case when k.cover = 'cover' then 0 else 1 end nulls last,
        k.given_from_on desc nulls last,
        k.collector_id nulls last
    ) as rn
  from span s
  join known k
    on k.as_of = s.as_of and k.customer_id = s.customer_id and k.from_on <= s.from_on and k.to_on >= s.from_on
)
select
  as_of, customer_id, collector_id, cover, from_on,
  coalesce(next_from_on - 1, date '9999-12-31') as to_on
from ranked
where rn = 1
