-- grain: one row per as_of and currency
-- answers: does the sum of the open items equal what was posted
-- reads: posted_balance, item_balance
-- column: as_of date                    the day asked for
-- column: currency string               currency
-- column: posted_amount decimal(38,4)   sum of every item posted by the day
-- column: exchanged_amount decimal(38,4)  what applications between two currencies (or of unequal amounts) moved into or out of this one
-- column: open_amount decimal(38,4)     sum of the open amounts, each from its own applications
-- column: difference decimal(38,4)      open less posted less exchanged; 0 or the ledger is wrong
-- caveat: proves a whole ledger; within a filter, money applied from an item outside it would show as a difference
with opened as (
  select as_of, currency, sum(open_amount) as open_amount
  from item_balance
  group by as_of, currency
)
select
  p.as_of, p.currency, p.posted_amount, p.exchanged_amount,
  cast(coalesce(o.open_amount, 0) as decimal(38, 4)) as open_amount,
  cast(coalesce(o.open_amount, 0) - p.posted_amount - p.exchanged_amount as decimal(38, 4)) as difference
from posted_balance p
left join opened o on o.as_of = p.as_of and o.currency = p.currency
