-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much of the money received was applied, and how much on the day it came
-- reads: cash_application_row, run_date
-- caveat: the day a receipt came is the day at the bank, else the day it reached us, else the day posted
-- caveat: receipts made from a clearing date and returned receipts are left out; what was applied and undone again is
--   not applied
-- metric: application_rate rate  share of the money received in the period that is applied by the day
-- title: Receipts applied
-- formula: amount applied by the day / amount received, of the receipts of the period
-- source: applied / received: Vortex IQ, Cash application rate
--   (docs.vortexiq.ai/nerve-centre/kpi-cards/oracle-erp/cash-application-rate)
-- caveat: money that came on the last days has had less time to be applied
-- metric: same_day_application_rate rate  share of the money received that was applied the day it came
-- title: Receipts applied the same day
-- formula: amount applied by the end of the day it came / amount received, of the receipts of the period
-- source: own definition
-- caveat: days, not hours: money that comes in the evening has the same day as money of the morning
-- metric: same_day_application_count_rate rate  share of the receipts that were wholly applied the day they came
-- title: Receipts wholly applied the same day
-- formula: receipts wholly applied by the end of the day they came / receipts, of the period
-- source: own definition
-- caveat: a receipt applied but for a cent does not count; a small one counts as much as a large one
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
  from cash_application_row
  group by as_of, currency, scope_key, metric, detail
)
select
  t.as_of, d.from_on as from_on, t.currency, t.scope_key, t.metric, t.detail,
  case when t.denominator > 0 then cast(t.numerator as double) / cast(t.denominator as double) end as value,
  'rate' as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case when t.denominator > 0 then '' else 'no money received' end as note
from total t
join run_date d on d.as_of = t.as_of
