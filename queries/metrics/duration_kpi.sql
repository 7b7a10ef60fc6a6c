-- grain: one row per as_of, currency, scope_key and metric
-- answers: how long it takes, with what has not ended yet counted for as long as it has lasted
-- reads: duration_spell, duration_row, run_date
-- caveat: numerator is what ended in the period, denominator what could have; the value is read from the curve between
--   them, not divided
-- caveat: the value is the first day by which the share still open is low enough, empty where it never falls so far
-- metric: days_late_median_censored days  days late by which half of the bills are paid
-- title: Median days late, unpaid bills counted
-- formula: first day late by which the share of bills still unpaid is at most a half
-- source: Kaplan and Meier 1958, Nonparametric estimation from incomplete observations, with delayed entry
-- caveat: bills cleared without money (credit notes, write-offs) count as not yet paid up to that day
-- metric: dispute_cycle_days days  days by which half of the disputes are resolved
-- title: Median days to resolve a dispute
-- formula: first day by which the share of disputes still open is at most a half
-- source: Kaplan and Meier 1958, Nonparametric estimation from incomplete observations, with delayed entry
-- caveat: resolved is not won: how disputes ended does not matter
-- metric: dispute_cycle_p90_days days  days by which nine in ten disputes are resolved
-- title: Days to resolve nine in ten disputes
-- formula: first day by which the share of disputes still open is at most a tenth
-- source: Kaplan and Meier 1958, Nonparametric estimation from incomplete observations, with delayed entry
-- caveat: a few old disputes decide it
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
with change as (
  select as_of, currency, scope_key, metric, entry_days as day_no, 1 as entry_count, 0 as exit_count, 0 as end_count
  from duration_spell
  union all
  select as_of, currency, scope_key, metric, exit_days as day_no, 0 as entry_count, 1 as exit_count,
    case when is_ended then 1 else 0 end as end_count
  from duration_spell
),
day as (
  select
    as_of, currency, scope_key, metric, day_no, sum(entry_count) as entry_count, sum(exit_count) as exit_count,
    sum(end_count) as end_count
  from change
  group by as_of, currency, scope_key, metric, day_no
),
risk as (
  select as_of, currency, scope_key, metric, day_no, end_count,
    cast(coalesce(sum(entry_count - exit_count) over (
      partition by as_of, currency, scope_key, metric order by day_no nulls last rows between unbounded preceding
        and 1 preceding
    ), 0) as double) as risk_count
  from day
),
survival as (
  select as_of, currency, scope_key, metric, day_no,
    max(case when end_count > 0 and end_count >= risk_count then 1 else 0 end) over (
      partition by as_of, currency, scope_key, metric order by day_no nulls last rows between unbounded preceding
        and current row
    ) as is_over,
    exp(sum(case when end_count > 0 and end_count < risk_count then ln(1 - end_count / risk_count) else 0 end) over (
      partition by as_of, currency, scope_key, metric order by day_no nulls last rows between unbounded preceding
        and current row
    )) as open_rate
  from risk
),
asked as (
  select * from (
    values
      ('days_late', 'days_late_median_censored', 0.5),
      ('dispute_cycle', 'dispute_cycle_days', 0.5),
      ('dispute_cycle', 'dispute_cycle_p90_days', 0.1)
  ) as a (source_metric, metric, open_rate)
),
quantile as (
  select
    s.as_of, s.currency, s.scope_key, a.metric,
    min(case when s.is_over = 1 or s.open_rate <= cast(a.open_rate as double) + 0.000000001 then s.day_no end) as day_no
  from survival s
  join asked a on a.source_metric = s.metric
  group by s.as_of, s.currency, s.scope_key, a.metric
),
counted as (
  select
    as_of, currency, scope_key, metric,
    coalesce(sum(case when part = 'numerator' then amount end), 0) as numerator,
    coalesce(sum(case when part = 'denominator' then amount end), 0) as denominator
  from duration_row
  group by as_of, currency, scope_key, metric
)
select
  q.as_of, d.from_on, q.currency, q.scope_key, q.metric, '' as detail,
  cast(q.day_no as double) as value,
  'days' as unit,
  cast(c.numerator as decimal(38, 4)) as numerator,
  cast(c.denominator as decimal(38, 4)) as denominator,
  case when q.day_no is null then 'too few have ended to tell' else '' end as note
from quantile q
join counted c on c.as_of = q.as_of and c.currency = q.currency and c.scope_key = q.scope_key
  and c.metric = q.metric
join run_date d on d.as_of = q.as_of
