-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much of the money received was applied, and how much on the day it came
-- reads: cash_application_row, run_date
-- metric: application_rate rate                   money of the period applied by the day / money received
-- metric: same_day_application_rate rate          money applied by the end of the day it came / money received
-- metric: same_day_application_count_rate rate    receipts wholly applied that day / receipts
-- source: applied / received [VX-APP]
-- caveat: the day a receipt came is the day at the bank, else the day it reached us, else the day posted
-- caveat: receipts made from a clearing date and returned receipts are left out; what was applied and undone again is
--   not applied
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
