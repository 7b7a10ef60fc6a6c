-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how much of what could be collected in the period was collected
-- reads: open_group, sale_day, item_in_scope, item, run_date
-- rows: cei_row
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
-- formula: (opening balance + sales - closing balance - write-offs + write-offs taken back) / (opening balance + sales -
--   open items not yet due) x 100
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
with dated as (
  select
    as_of, from_on,
    cast(
      (extract(year from as_of) - extract(year from from_on + 1)) * 12
        + extract(month from as_of) - extract(month from from_on + 1) + 1
    as int) as month_count
  from run_date
  where from_on is not null
),
part as (
  select
    o.as_of, o.currency, o.scope_key,
    case when o.observation = 'start' then o.open_amount else 0 end as start_amount,
    case when o.observation = 'end' then o.open_amount else 0 end as end_amount,
    case when o.observation = 'end' then o.not_due_amount else 0 end as current_amount,
    cast(0 as decimal(38, 4)) as sold_amount,
    cast(0 as decimal(38, 4)) as write_off_amount
  from open_group o
  where o.observation in ('start', 'end')
  union all
  select
    s.as_of, s.currency, s.scope_key, cast(0 as decimal(38, 4)) as start_amount, cast(0 as decimal(38, 4)) as end_amount,
    cast(0 as decimal(38, 4)) as current_amount, s.sales_amount as sold_amount, cast(0 as decimal(38, 4)) as write_off_amount
  from sale_day s
  join dated d on d.as_of = s.as_of
  where s.posted_on > d.from_on
  union all
  select
    i.as_of, i.currency, i.scope_key, cast(0 as decimal(38, 4)) as start_amount, cast(0 as decimal(38, 4)) as end_amount,
    cast(0 as decimal(38, 4)) as current_amount, cast(0 as decimal(38, 4)) as sold_amount, i.amount as write_off_amount
  from item_in_scope i
  where i.kind = 'write_off' and i.posted_on > i.from_on and i.posted_on <= i.as_of and i.known_at <= i.run_known_at
  union all
  select
    i.as_of, i.currency, i.scope_key, cast(0 as decimal(38, 4)) as start_amount, cast(0 as decimal(38, 4)) as end_amount,
    cast(0 as decimal(38, 4)) as current_amount, cast(0 as decimal(38, 4)) as sold_amount, i.amount as write_off_amount
  from item_in_scope i
  join item w on w.item_no = i.reversed_item_no and w.kind = 'write_off'
  where i.reversed_item_no is not null and i.kind <> 'write_off'
    and i.posted_on > i.from_on and i.posted_on <= i.as_of and i.known_at <= i.run_known_at
),
total as (
  select
    p.as_of, d.from_on, p.currency, p.scope_key, d.month_count,
    sum(p.start_amount) as start_amount,
    sum(p.end_amount) as end_amount,
    sum(p.current_amount) as current_amount,
    sum(p.sold_amount) as sold_amount,
    -- A double holds no sum of every size to the cent.
    case
      when d.month_count = 1 then sum(p.sold_amount)
      else cast(cast(sum(p.sold_amount) as double) / d.month_count as decimal(38, 4))
    end as month_sold_amount,
    sum(p.write_off_amount) as write_off_amount
  from part p
  join dated d on d.as_of = p.as_of
  group by p.as_of, d.from_on, p.currency, p.scope_key, d.month_count
),
figure as (
  select as_of, from_on, currency, scope_key, 'cei' as metric,
    start_amount + sold_amount - end_amount as numerator, start_amount + sold_amount - current_amount as denominator
  from total
  union all
  select as_of, from_on, currency, scope_key, 'cei_monthly_sales' as metric,
    start_amount + month_sold_amount - end_amount as numerator,
    start_amount + month_sold_amount - current_amount as denominator
  from total
  union all
  select as_of, from_on, currency, scope_key, 'cei_write_off_adjusted' as metric,
    start_amount + sold_amount - end_amount + write_off_amount as numerator,
    start_amount + sold_amount - current_amount as denominator
  from total
)
select
  as_of, from_on, currency, scope_key, metric, '' as detail,
  case when denominator > 0 then 100 * cast(numerator as double) / cast(denominator as double) end as value,
  'percent' as unit,
  cast(numerator as decimal(38, 4)) as numerator,
  cast(denominator as decimal(38, 4)) as denominator,
  case
    when denominator < 0 then 'credits exceed what could be collected'
    when not denominator > 0 then 'nothing was collectable'
    when numerator > denominator then 'above 100: open credits are more than what is overdue'
    else ''
  end as note
from figure
