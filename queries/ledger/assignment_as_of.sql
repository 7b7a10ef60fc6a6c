-- grain: one row per as_of and customer_id
-- answers: who looks after the customer on the day
-- reads: assignment, run_date
-- column: as_of date            the day asked for
-- column: customer_id string    customer
-- column: collector_id string   collector in charge on the day
-- column: cover string          primary or cover
-- caveat: a cover whose span includes the day stands in for the primary collector; of two alike the later span wins
-- caveat: nothing tells when an assignment was keyed: it counts as known from its first day, and the end of a primary one from that
--   day; a cover is made with its end
with ranked as (
  select
    d.as_of, a.customer_id, a.collector_id, a.cover,
    row_number() over (
      partition by d.as_of, a.customer_id
      order by
        case when a.cover = 'cover' then 0 else 1 end nulls last,
        a.from_on desc nulls last,
        a.collector_id nulls last
    ) as rn
  from assignment a cross join run_date d
  where coalesce(a.from_on, date '0001-01-01') <= d.as_of
    and cast(coalesce(a.from_on, date '0001-01-01') as timestamp) <= d.run_known_at
    and (
      coalesce(a.to_on, date '9999-12-31') >= d.as_of
      or a.cover <> 'cover' and cast(a.to_on as timestamp) > d.run_known_at
    )
)
select as_of, customer_id, collector_id, cover
from ranked
where rn = 1
