-- grain: one row per as_of, currency, scope_key and line
-- answers: how the balance before the period became the balance on the day, and that nothing is missing
-- keep: pack
-- reads: open_group, item_in_scope, application, run_date
-- column: as_of date               the day asked for
-- column: from_on date             day before the period
-- column: currency string          currency of the amount
-- column: scope_key string         values of the dimensions asked for (--by), in order
-- column: line_no int              order of the line
-- column: line string              opening, a kind of item, an effect of applications, closing or difference
-- column: amount decimal(38,4)     signed: + raises what is owed
-- caveat: opening and closing are sums of open amounts, the lines between are items posted in the period; no row
--   without a period
-- caveat: an application moves money only where its two items differ: in currency (cross_currency), in scope or in
--   being in it at all (cross_scope), or in what is taken from one and given to the other (unequal_application)
with balance_line as (
  select b.as_of, d.from_on, b.currency, b.scope_key,
    case when b.observation = 'start' then 1 else 90 end as line_no,
    case when b.observation = 'start' then 'opening' else 'closing' end as line,
    b.open_amount as amount
  from open_group b
  join run_date d on d.as_of = b.as_of
  where b.observation in ('start', 'end')
),
posted_line as (
  select as_of, from_on, currency, scope_key,
    case kind
      when 'opening' then 10 when 'invoice' then 11 when 'debit_note' then 12 when 'chargeback' then 13
      when 'interest' then 14 when 'refund' then 15 when 'receipt' then 16 when 'down_payment' then 17
      when 'credit_note' then 18 when 'write_off' then 19 else 20
    end as line_no,
    case when kind = 'opening' then 'opening_item' else kind end as line,
    amount
  from item_in_scope
  where posted_on > from_on and posted_on <= as_of and known_at <= run_known_at
),
applied as (
  select
    p.as_of, p.from_on, a.amount, a.credit_amount, d.currency as debit_currency, d.scope_key as debit_scope_key,
    c.currency as credit_currency, c.scope_key as credit_scope_key,
    case
      when d.currency <> c.currency then 30
      when d.scope_key is null or c.scope_key is null or d.scope_key <> c.scope_key then 31
      when a.amount <> a.credit_amount then 32
    end as line_no
  from application a
  join run_date p on a.effective_on > p.from_on and a.effective_on <= p.as_of and a.known_at <= p.run_known_at
  left join item_in_scope d on d.as_of = p.as_of and d.item_no = a.debit_item_no
  left join item_in_scope c on c.as_of = p.as_of and c.item_no = a.credit_item_no
),
applied_line as (
  select as_of, from_on, debit_currency as currency, debit_scope_key as scope_key, line_no, -amount as amount
  from applied
  where line_no is not null and debit_scope_key is not null
  union all
  select as_of, from_on, credit_currency as currency, credit_scope_key as scope_key, line_no, credit_amount as amount
  from applied
  where line_no is not null and credit_scope_key is not null
),
line as (
  select as_of, from_on, currency, scope_key, line_no, line, amount from balance_line
  union all
  select as_of, from_on, currency, scope_key, line_no, line, amount from posted_line
  union all
  select as_of, from_on, currency, scope_key, line_no,
    case line_no when 30 then 'cross_currency' when 31 then 'cross_scope' else 'unequal_application' end as line, amount
  from applied_line
),
summed as (
  select as_of, from_on, currency, scope_key, line_no, line, sum(amount) as amount
  from line
  where from_on is not null
  group by as_of, from_on, currency, scope_key, line_no, line
),
checked as (
  select
    as_of, from_on, currency, scope_key, coalesce(sum(case when line_no = 1 then amount end), 0) as opening_amount,
    coalesce(sum(case when line_no = 90 then amount end), 0) as closing_amount,
    sum(case when line_no = 90 then amount else -amount end) as difference_amount
  from summed
  group by as_of, from_on, currency, scope_key
)
select as_of, from_on, currency, scope_key, line_no, line, cast(amount as decimal(38, 4)) as amount
from summed
where line_no not in (1, 90)
union all
select
  as_of, from_on, currency, scope_key, 1 as line_no, 'opening' as line, cast(opening_amount as decimal(38, 4)) as amount
from checked
union all
select
  as_of, from_on, currency, scope_key, 90 as line_no, 'closing' as line,
  cast(closing_amount as decimal(38, 4)) as amount
from checked
union all
select
  as_of, from_on, currency, scope_key, 99 as line_no, 'difference' as line,
  cast(difference_amount as decimal(38, 4)) as amount
from checked
