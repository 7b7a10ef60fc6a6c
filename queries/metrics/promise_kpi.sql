-- grain: one row per as_of, currency, scope_key and metric
-- answers: how far customers keep their promises to pay
-- reads: promise_row, run_date
-- caveat: no row without a promise due in the period
-- metric: promise_kept_rate rate  share of the promises due in the period that were kept by the promised day, by count
-- title: Promises kept
-- formula: promises due in the period and paid in full by the promised day / promises due in the period
-- source: Promise Kept Rate of Oracle Banking Collections
--   (docs.oracle.com/en/industries/financial-services/banking-collections-cloud/14.8.0.0.0/ctrug/kpi-widget.html), over
--   the promises due
-- caveat: a promise paid one day late is not kept; a small promise counts as much as a large one
-- metric: promise_kept_amount_rate rate  share of the promises due in the period that were kept by the promised day, by
--   amount
-- title: Promises kept, by amount
-- formula: amount of promises due in the period and paid in full by the promised day / amount of promises due in the
--   period
-- source: own definition
-- caveat: a promise paid in part, or one day late, counts nothing; a few large ones decide it
-- metric: promise_kept_grace_rate rate  share of the promises due in the period that were kept by grace_days later, by
--   count
-- title: Promises kept within the days of grace
-- formula: promises due in the period and paid in full by --grace-days later / promises due in the period
-- source: own definition
-- caveat: a promise whose days of grace are not over on the day counts as not kept unless it is paid already
-- metric: promise_kept_grace_amount_rate rate  share of the promises due in the period that were kept by grace_days
--   later, by amount
-- title: Promises kept within the days of grace, by amount
-- formula: amount of promises due in the period and paid in full by --grace-days later / amount of promises due in the
--   period
-- source: own definition
-- caveat: a promise whose days of grace are not over on the day counts as not kept unless it is paid already
-- metric: promise_partial_amount_rate rate  share of the money promised for the period that was paid by grace_days
--   later, of kept and broken promises alike
-- title: Promised money received
-- formula: amount paid by --grace-days later, of kept and broken promises alike / amount of promises due in the period
-- source: own definition
-- caveat: a promise whose days of grace are not over on the day counts with what is paid so far
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
  from promise_row
  group by as_of, currency, scope_key, metric, detail
)
select
  t.as_of, d.from_on, t.currency, t.scope_key, t.metric, t.detail,
  case when t.denominator > 0 then cast(t.numerator as double) / cast(t.denominator as double) end as value,
  'rate' as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case when t.denominator > 0 then '' else 'no amount was promised' end as note
from total t
join run_date d on d.as_of = t.as_of
