-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much of each bucket rolled into the next one over the period
-- reads: roll_row, run_date
-- caveat: the period should be as long as a bucket is wide; debit items only
-- metric: roll_rate_item rate  share of the bucket that now stands, as the same items, in the next bucket
-- title: Roll rate, by item
-- formula: amount of the bucket that stands, as the same items, in the next bucket / amount of the bucket when the
--   period began
-- source: own definition
-- caveat: a longer period lets items pass the next bucket, which then do not count
-- metric: roll_rate_balance rate  the next bucket now against the bucket then
-- title: Roll rate, by balance
-- formula: amount of the next bucket / amount of the bucket when the period began
-- source: How to calculate roll rates (costcalculator.calculator.city/how-to-calculate-roll-rates)
-- caveat: bills entered late come straight into a late bucket: it counts them, and can be above 1
-- column: as_of date                   the day asked for
-- column: from_on date                 day before the period; empty where the figure looks at the day alone
-- column: currency string              currency of the amounts
-- column: scope_key string             values of the dimensions asked for (--by), in order
-- column: metric string                name of the figure
-- column: detail string                which line of it, where it has several
-- column: value double                 the figure; empty where undefined
-- column: unit string                  percent, rate, days, amount, count, ratio or index
-- column: numerator decimal(38,4)      sum of its numerator rows
-- column: denominator decimal(38,4)    sum of its denominator rows; empty for a plain amount
-- column: note string                  why it is undefined, or what to know beside it
with total as (
  select
    as_of, currency, scope_key, metric, detail,
    coalesce(sum(case when part = 'numerator' then amount end), 0) as numerator,
    coalesce(sum(case when part = 'denominator' then amount end), 0) as denominator
  from roll_row
  group by as_of, currency, scope_key, metric, detail
)
select
  t.as_of, d.from_on as from_on, t.currency, t.scope_key, t.metric, t.detail,
  case when t.denominator > 0 then cast(t.numerator as double) / cast(t.denominator as double) end as value,
  'rate' as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case when t.denominator > 0 then '' else 'the bucket was empty' end as note
from total t
join run_date d on d.as_of = t.as_of
