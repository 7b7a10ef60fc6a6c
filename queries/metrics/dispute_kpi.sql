-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much is disputed, how old the disputes are, how fast they are settled and who wins
-- reads: dispute_row, run_date
-- metric: dispute_open_amount amount     amount of the disputes open on the day; detail: reason, or all
-- metric: dispute_open_days days         mean days since the open disputes were raised
-- metric: dispute_win_rate rate          disputes resolved in the period as invalid / disputes resolved in it
-- metric: ddo days                       days deductions outstanding: open / raised in the period x days of the period
-- metric: ddo_resolved days              days deductions outstanding: open / resolved in the period x days of the period
-- source: open deductions / average daily deductions [DDO-FF], over resolved in one place of [HR-DDO]; invalid / total
-- caveat: a dispute closed without an outcome was resolved and not won; no row without disputes
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
