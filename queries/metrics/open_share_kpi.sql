-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: what share of the debts is on time, late and very late
-- reads: open_share_row
-- caveat: debit items only, in both parts: unapplied credits are not set against them; disputed items are in
-- caveat: an item without a due date is in the denominator and neither current nor overdue, so the two need not sum to
--   1
-- metric: current_rate rate  share of open debit items that is not yet due
-- title: Not yet due
-- formula: open debit items not yet due / all open debit items
-- source: own definition
-- caveat: a large new bill raises it, however late the others are
-- metric: overdue_rate rate  share that is past due
-- title: Overdue share
-- formula: open debit items past due / all open debit items
-- source: percent overdue of Oracle Fusion Collections
--   (docs.oracle.com/en/cloud/saas/financials/24c/fairp/data-points-for-collections.html), which leaves disputed items
--   out of what is past due
-- caveat: one day late counts as much as a year
-- metric: over_90_rate rate  share that is more than 90 days past due
-- title: Overdue by more than 90 days
-- formula: open debit items more than 90 days past due / all open debit items
-- source: percent overdue 91+ of Oracle Fusion Collections
--   (docs.oracle.com/en/cloud/saas/financials/24c/fairp/data-points-for-collections.html), which leaves disputed items
--   out of what is past due
-- caveat: writing old items off lowers it without a receipt
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
  from open_share_row
  group by as_of, currency, scope_key, metric, detail
)
select
  t.as_of, cast(null as date) as from_on, t.currency, t.scope_key, t.metric, t.detail,
  case when t.denominator > 0 then cast(t.numerator as double) / cast(t.denominator as double) end as value,
  'rate' as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case when t.denominator > 0 then '' else 'no open debit items' end as note
from total t
