-- grain: one row per as_of and currency
-- answers: what should be owed, from what was posted
-- reads: item_in_scope, application, run_date
-- column: as_of date                       the day asked for
-- column: currency string                  currency
-- column: posted_amount decimal(38,4)      sum of every item posted by the day
-- column: exchanged_amount decimal(38,4)   what applications between two currencies (or of unequal amounts) moved into or out of this one
-- caveat: of a whole ledger; within a filter, money applied from an item outside it would be missing
with part as (
  select as_of, currency, sum(amount) as posted_amount, cast(0 as decimal(18, 4)) as exchanged_amount
  from item_in_scope
  where posted_on <= as_of and known_at <= run_known_at
  group by as_of, currency
  union all
  select d.as_of, a.debit_currency as currency, cast(0 as decimal(18, 4)) as posted_amount, -a.amount as exchanged_amount
  from application a cross join run_date d
  where a.is_exchange and a.effective_on <= d.as_of and a.known_at <= d.run_known_at
  union all
  select d.as_of, a.credit_currency as currency, cast(0 as decimal(18, 4)) as posted_amount,
    a.credit_amount as exchanged_amount
  from application a cross join run_date d
  where a.is_exchange and a.effective_on <= d.as_of and a.known_at <= d.run_known_at
)
select
  as_of, currency,
  cast(sum(posted_amount) as decimal(38, 4)) as posted_amount,
  cast(sum(exchanged_amount) as decimal(38, 4)) as exchanged_amount
from part
group by as_of, currency
