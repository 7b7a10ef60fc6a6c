-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much of what could be collected in the period was collected
-- reads: cei_row, run_date
-- caveat: current is open items not yet due; total is the balance, unapplied credits deducted, so that cash on account
--   is collected
-- metric: cei percent  collection effectiveness index, sales of the whole period
-- title: Collection effectiveness index (CEI)
-- formula: (opening balance + sales - closing balance) / (opening balance + sales - open items not yet due) x 100
-- source: Gaviti, Collection Effectiveness Index (gaviti.com/glossary/collection-effectiveness-index-cei), with the
--   sales of the whole period; not eCredit's plus sign, Growfin's terms or calculatorshub's table, which are not this
--   index
-- caveat: whatever lowers the balance counts as collected: credit notes are in sales, but adjustments and write-offs
--   flatter it
-- metric: cei_monthly_sales percent  collection effectiveness index, sales of an average month of the period
-- title: CEI, sales of an average month
-- formula: as cei, with sales / calendar months of the period in place of sales
-- source: Credit Guru, Collection Effectiveness Index (creditguru.com); Oracle community 4521441
--   (community.oracle.com/mosc/discussion/4521441)
-- caveat: over more than a month it gives less than cei on the same book: compare it with itself only
-- caveat: whatever lowers the balance counts as collected: adjustments and write-offs flatter it
-- metric: cei_write_off_adjusted percent  the same as cei, write-offs of the period not counted as collected
-- title: CEI, write-offs not collected
-- formula: (opening balance + sales - closing balance - write-offs) / (opening balance + sales - open items not yet
--   due) x 100
-- source: own definition
-- caveat: adjustments that lower the balance still count as collected
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
  from cei_row
  group by as_of, currency, scope_key, metric, detail
)
select
  t.as_of, d.from_on as from_on, t.currency, t.scope_key, t.metric, t.detail,
  case when t.denominator > 0 then 100 * cast(t.numerator as double) / cast(t.denominator as double) end as value,
  'percent' as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case when t.denominator > 0 then '' else 'nothing was collectable' end as note
from total t
join run_date d on d.as_of = t.as_of
