-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much is disputed, how old the disputes are, how fast they are settled and who wins
-- reads: dispute_row, run_date
-- caveat: no row without disputes
-- metric: dispute_open_amount amount  amount of the disputes open on the day; detail: reason, or all
-- title: Open disputes
-- formula: sum of the amounts of the disputes open on the day
-- source: own definition
-- caveat: the amount disputed, which can be more or less than what is open of the item; without a dispute table, what is
--   open of the items that the source marks; the line all and the lines by
--   reason are the same money twice
-- metric: dispute_open_days days  mean days since the open disputes were raised
-- title: Age of the open disputes
-- formula: sum of days since raised / disputes open on the day
-- source: own definition
-- caveat: only disputes still open: it falls when old ones are resolved and when new ones are raised
-- metric: dispute_win_rate rate  share of the disputes resolved in the period that were found invalid
-- title: Disputes won
-- formula: disputes resolved in the period as invalid / disputes resolved in the period
-- source: own definition
-- caveat: by count, not amount; a dispute closed without an outcome was resolved and not won
-- metric: ddo days  open disputes in days of disputes raised
-- title: Days deductions outstanding (DDO)
-- formula: amount of open disputes / amount of disputes raised in the period x days of the period
-- source: open deductions / average daily deductions: FinFloh, Days Deductions Outstanding
--   (finfloh.com/blog/days-deduction-outstanding-ddo)
-- caveat: a period in which little was raised makes it large, with no change in what is open; undefined where nothing
--   was raised
-- metric: ddo_resolved days  open disputes in days of disputes resolved
-- title: DDO, over resolved
-- formula: amount of open disputes / amount of disputes resolved in the period x days of the period
-- source: HighRadius, Days Deductions Outstanding, in the place that divides by what was resolved
--   (highradius.com/resources/Blog/calculating-the-age-of-open-deductions-with-days-deductions-outstanding)
-- caveat: a period in which little was resolved makes it large; undefined where nothing was resolved
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
  from dispute_row
  group by as_of, currency, scope_key, metric, detail
)
select
  t.as_of,
  case when t.metric in ('dispute_win_rate', 'ddo', 'ddo_resolved') then d.from_on end as from_on,
  t.currency, t.scope_key, t.metric, t.detail,
  case
    when t.metric = 'dispute_open_amount' then cast(t.numerator as double)
    when t.denominator > 0
      then cast(t.numerator as double) / cast(t.denominator as double)
        * case when t.metric in ('ddo', 'ddo_resolved') then cast(d.as_of - d.from_on as int) else 1 end
  end as value,
  case t.metric when 'dispute_open_amount' then 'amount' when 'dispute_win_rate' then 'rate' else 'days' end as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  case when t.metric <> 'dispute_open_amount' then cast(t.denominator as decimal(38, 4)) end as denominator,
  case
    when t.metric = 'dispute_open_amount' or t.denominator > 0 then ''
    when t.metric = 'ddo' then 'no dispute was raised in the period'
    else 'no dispute was resolved in the period'
  end as note
from total t
join run_date d on d.as_of = t.as_of
