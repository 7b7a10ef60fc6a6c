-- grain: one row per as_of, currency, scope_key and metric
-- answers: how much money waits to be applied, and how much of what looks overdue it would clear
-- reads: unapplied_row, open_item
-- caveat: a credit of one customer is not set against a debt of another, not even of its group
-- metric: unapplied_amount amount  open part of receipts
-- title: Unapplied receipts
-- formula: sum of what is open of receipts
-- source: own definition
-- caveat: all receipts with something open, those that came today too
-- metric: on_account_amount amount  open part of all other credit items: credit notes, down payments and the like
-- title: Credits on account
-- formula: sum of what is open of credit items that are no receipts
-- source: own definition
-- caveat: credit notes and down payments alike, though a down payment is not ours yet
-- metric: phantom_past_due amount  what the overdue items of each customer and its open credits have in common
-- title: Overdue that open credits would clear
-- formula: sum over customers of the smaller of overdue amount and open credits
-- source: own definition
-- caveat: open credits can be meant for bills not yet due: it is the most that would be cleared
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
with scope as (
  select distinct as_of, currency, scope_key
  from open_item
),
total as (
  select as_of, currency, scope_key, metric, sum(amount) as numerator
  from unapplied_row
  group by as_of, currency, scope_key, metric
)
select
  s.as_of, cast(null as date) as from_on, s.currency, s.scope_key, m.metric, '' as detail,
  cast(coalesce(t.numerator, 0) as double) as value,
  'amount' as unit,
  cast(coalesce(t.numerator, 0) as decimal(38, 4)) as numerator,
  cast(null as decimal(38, 4)) as denominator,
  '' as note
from scope s
cross join (values ('unapplied_amount'), ('on_account_amount'), ('phantom_past_due')) as m (metric)
left join total t on t.as_of = s.as_of and t.currency = s.currency and t.scope_key = s.scope_key and t.metric = m.metric
