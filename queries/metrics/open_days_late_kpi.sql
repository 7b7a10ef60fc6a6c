-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how late the overdue debts are by now
-- reads: open_days_late_row
-- metric: open_days_late days  days past due of the open overdue items, weighted by what is open
-- title: Days late of what is overdue
-- formula: sum of open amount x days past due / sum of open amounts, of overdue items
-- source: own definition
-- caveat: it grows with every day nobody pays; items not yet due and unapplied credits are not in it
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
  from open_days_late_row
  group by as_of, currency, scope_key, metric, detail
)
select
  t.as_of, cast(null as date) as from_on, t.currency, t.scope_key, t.metric, t.detail,
  case when t.denominator > 0 then cast(t.numerator as double) / cast(t.denominator as double) end as value,
  'days' as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case when t.denominator > 0 then '' else 'nothing is overdue' end as note
from total t
