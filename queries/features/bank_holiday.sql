-- grain: one row per as_of and day on which half the customers' banks or more do not work
-- answers: on which weekdays no money is to be expected
-- reads: calendar, customer_as_of, run_date
-- column: as_of date    the day asked for
-- column: on_day int    the day, in days since 1970-01-01
-- caveat: customers without a country do not count; where none has one, each country of the calendar counts alike
with resident as (
  select as_of, country, count(*) as customer_count from customer_as_of where country is not null group by as_of, country
),
total as (
  select as_of, cast(sum(customer_count) as bigint) as customer_count from resident group by as_of
),
closed as (
  select
    d.as_of, c.on_date, cast(coalesce(sum(r.customer_count), 0) as bigint) as customer_count, count(*) as country_count
  from run_date d
  cross join (select distinct country, on_date from calendar) c
  left join resident r on r.as_of = d.as_of and r.country = c.country
  group by d.as_of, c.on_date
)
select c.as_of, cast(c.on_date - date '1970-01-01' as int) as on_day
from closed c
left join total t on t.as_of = c.as_of
where case
    when t.customer_count > 0 then 2 * c.customer_count >= t.customer_count
    else 2 * c.country_count >= (select count(distinct country) from calendar)
  end
