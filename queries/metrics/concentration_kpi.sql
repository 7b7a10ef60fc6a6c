-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much of what is owed hangs on few customers
-- reads: concentration_row, group_balance
-- caveat: customers of one parent are one, the parent of a parent is not looked for; groups that owe nothing on balance are left out and counted in the note
-- metric: hhi index  Herfindahl-Hirschman index of the balances, 0 to 10,000
-- title: Concentration (HHI)
-- formula: sum over customers of (100 x share of the balance) squared
-- source: the usual index of Herfindahl and Hirschman
-- caveat: a sum of squares: its rows are squared shares, not money; 10,000 where one customer owes all
-- metric: effective_customers count  how many customers of equal size would be as concentrated: 10,000 / hhi
-- title: Effective number of customers
-- formula: 10,000 / hhi
-- source: the usual inverse of the index of Herfindahl and Hirschman: 1 / sum of shares squared
-- caveat: a number of customers of equal size that need not exist; its rows are squared shares, not money
-- metric: top_customer_rate rate  share of the largest 1, 5, 10 or 20 customers (detail)
-- title: Share of the largest customers
-- formula: balance of the largest 1, 5, 10 or 20 / balance of all
-- source: own definition
-- caveat: of a book with fewer customers than asked for it is 1
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
  from concentration_row
  group by as_of, currency, scope_key, metric, detail
),
left_out as (
  select as_of, currency, scope_key, count(*) as group_count
  from group_balance
  where not is_owing
  group by as_of, currency, scope_key
)
select
  t.as_of, cast(null as date) as from_on, t.currency, t.scope_key, t.metric, t.detail,
  case
    when t.metric = 'hhi' then cast(t.numerator as double)
    when t.denominator > 0 then cast(t.numerator as double) / cast(t.denominator as double)
  end as value,
  case t.metric when 'hhi' then 'index' when 'effective_customers' then 'count' else 'rate' end as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  case when t.metric <> 'hhi' then cast(t.denominator as decimal(38, 4)) end as denominator,
  case
    when l.group_count > 0 then 'left out: ' || cast(l.group_count as string) || ' that owe nothing on balance'
    else ''
  end as note
from total t
left join left_out l on l.as_of = t.as_of and l.currency = t.currency and l.scope_key = t.scope_key
