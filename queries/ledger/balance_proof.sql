-- grain: one row per as_of and currency
-- answers: does the sum of the open items equal what was posted
-- reads: item_balance, item_in_scope, application, run_date
-- column: as_of date                    the day asked for
-- column: currency string               currency
-- column: posted_amount decimal(38,4)   sum of every item posted by the day
-- column: exchanged_amount decimal(38,4)  what applications between two currencies (or of unequal amounts) moved into or out of this one
-- column: open_amount decimal(38,4)     sum of the open amounts, each from its own applications
-- column: difference decimal(38,4)      open less posted less exchanged; 0 or the ledger is wrong
-- caveat: proves a whole ledger; within a filter, money applied from an item outside it would show as a difference
with posted as (
  select as_of, currency, sum(amount) as posted_amount
  from item_in_scope
  where posted_on <= as_of and known_at <= run_known_at
  group by as_of, currency
),
opened as (
  select b.as_of, i.currency, sum(b.open_amount) as open_amount
  from item_balance b
  join item_in_scope i on i.as_of = b.as_of and i.item_no = b.item_no
  group by b.as_of, i.currency
),
side as (
  select d.as_of, a.debit_item_no as item_no, -a.amount as exchanged_amount
  from application a cross join run_date d
  where a.is_exchange and a.effective_on <= d.as_of and a.known_at <= d.run_known_at
  union all
  select d.as_of, a.credit_item_no as item_no, a.credit_amount as exchanged_amount
  from application a cross join run_date d
  where a.is_exchange and a.effective_on <= d.as_of and a.known_at <= d.run_known_at
),
exchanged as (
  select s.as_of, i.currency, sum(s.exchanged_amount) as exchanged_amount
  from side s
  join item_in_scope i on i.as_of = s.as_of and i.item_no = s.item_no
  group by s.as_of, i.currency
)
select
  p.as_of, p.currency,
  cast(p.posted_amount as decimal(38, 4)) as posted_amount,
  cast(coalesce(e.exchanged_amount, 0) as decimal(38, 4)) as exchanged_amount,
  cast(coalesce(o.open_amount, 0) as decimal(38, 4)) as open_amount,
  cast(coalesce(o.open_amount, 0) - p.posted_amount - coalesce(e.exchanged_amount, 0) as decimal(38, 4)) as difference
from posted p
left join opened o on o.as_of = p.as_of and o.currency = p.currency
left join exchanged e on e.as_of = p.as_of and e.currency = p.currency
