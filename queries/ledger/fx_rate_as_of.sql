-- grain: one row per as_of, from_currency and to_currency
-- answers: what the last exchange rate of a pair of currencies was by the day, as known from its own day
-- reads: fx_rate, run_date
-- column: as_of date              the day asked for
-- column: from_currency string    currency that is converted
-- column: to_currency string      currency it is converted to
-- column: rate decimal(18,9)      units of to_currency for one of from_currency
-- column: on_date date            day of the rate, the last one up to the day asked for
with dated as (
  select
    d.as_of, f.from_currency, f.to_currency, f.rate, f.on_date,
    row_number() over (
      partition by d.as_of, f.from_currency, f.to_currency
      order by f.on_date desc nulls last, f.rate nulls last
    ) as rn
  from fx_rate f cross join run_date d
  where f.on_date <= d.as_of
    and cast(f.on_date as timestamp) <= d.run_known_at
)
select as_of, from_currency, to_currency, rate, on_date
from dated
where rn = 1
