-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much of the sales of the period was lost
-- reads: bad_debt_row, run_date
-- metric: bad_debt_rate rate  share of the sales of the period lost to write-offs
-- title: Bad debt to sales
-- formula: (write-offs - write-offs taken back) / sales, all of the period
-- source: Oracle JD Edwards, bad debt / total sales of the period
--   (docs.oracle.com/en/applications/jd-edwards/financials/9.2/eoaar/calculations-1.html); what is taken back is
--   deducted here
-- caveat: all write-offs, small differences too: the ledger has no reason for them; the sales are of the period, not
--   those written off
-- caveat: a recovery is an item that reverses a write-off (reversal_of); a receipt for a written-off item is not
--   recognised
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
  from bad_debt_row
  group by as_of, currency, scope_key, metric, detail
)
select
  t.as_of, d.from_on as from_on, t.currency, t.scope_key, t.metric, t.detail,
  case when t.denominator > 0 then cast(t.numerator as double) / cast(t.denominator as double) end as value,
  'rate' as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case when t.denominator > 0 then '' else 'no sales in the period' end as note
from total t
join run_date d on d.as_of = t.as_of
