-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how often the receivables turned over in the period
-- reads: observed_item, sale_day, run_date
-- rows: turnover_row
-- metric: turnover ratio  how many times the sales of the period turned the receivables over
-- title: Receivables turnover
-- formula: sales of the period / mean of the balances before it and at its end
-- source: credit sales / average receivables: Looker view on Google Cortex, accounting_documents_receivable
-- caveat: of the period, not of a year: a month's is about a twelfth; use turnover_days to compare periods
-- metric: turnover_days days  days of sales of the period that the average balance stands for
-- title: Days of turnover
-- formula: mean of the balances before the period and at its end / sales of the period x days of the period
-- source: 365 / turnover for a year: Looker view on Google Cortex, accounting_documents_receivable
-- caveat: the mean of two days: what happened between them does not show
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
with part as (
  -- Half of each item by itself, as its row says.
  select
    i.as_of, i.currency, i.scope_key, cast(i.open_amount * cast(0.5 as decimal(2, 1)) as decimal(38, 4)) as mean_amount,
    0 as sales_amount
  from observed_item i
  join run_date d on d.as_of = i.as_of and d.from_on is not null
  where i.observation in ('start', 'end')
  union all
  select s.as_of, s.currency, s.scope_key, 0 as mean_amount, s.sales_amount
  from sale_day s
  join run_date d on d.as_of = s.as_of and s.posted_on > d.from_on
),
summed as (
  select as_of, currency, scope_key, sum(mean_amount) as mean_amount, sum(sales_amount) as sales_amount
  from part
  group by as_of, currency, scope_key
),
total as (
  select as_of, currency, scope_key, 'turnover' as metric, sales_amount as numerator, mean_amount as denominator
  from summed
  union all
  select as_of, currency, scope_key, 'turnover_days' as metric, mean_amount as numerator, sales_amount as denominator
  from summed
)
select
  t.as_of, d.from_on as from_on, t.currency, t.scope_key, t.metric, '' as detail,
  case
    when t.denominator > 0
      then cast(t.numerator as double) / cast(t.denominator as double)
        * case when t.metric = 'turnover_days' then cast(d.as_of - d.from_on as int) else 1 end
  end as value,
  case when t.metric = 'turnover_days' then 'days' else 'ratio' end as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case
    when t.denominator > 0 then ''
    when t.metric = 'turnover' and t.denominator < 0 then 'open credits exceed what was owed'
    when t.metric = 'turnover' then 'nothing was owed'
    when t.denominator < 0 then 'credit notes exceed sales in the period'
    else 'no sales in the period'
  end as note
from total t
join run_date d on d.as_of = t.as_of
