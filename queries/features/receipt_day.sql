-- grain: one row per as_of, currency, scope_key, day money was posted and day it was keyed
-- answers: how much money came on each day
-- reads: item_in_scope, item
-- column: as_of date                      the day asked for
-- column: currency string                 currency of the amount
-- column: scope_key string                values of the dimensions asked for (--by), in order
-- column: posted_day int                  day it entered the account, in days since 1970-01-01
-- column: known_day int                   day it was keyed
-- column: received_amount decimal(38,4)   receipts and down payments, less those returned
-- caveat: a returned receipt counts against the day its reversal was posted
with money as (
  select as_of, currency, scope_key, posted_on, known_at, -amount as received_amount
  from item_in_scope
  where kind in ('receipt', 'down_payment') and posted_on <= as_of and known_at <= run_known_at
  union all
  select i.as_of, i.currency, i.scope_key, i.posted_on, i.known_at, -i.amount as received_amount
  from item_in_scope i
  where i.reversed_item_no in (select item_no from item where kind in ('receipt', 'down_payment'))
    and i.kind not in ('receipt', 'down_payment')
    and i.posted_on <= i.as_of
    and i.known_at <= i.run_known_at
)
select
  as_of, currency, scope_key,
  cast(posted_on - date '1970-01-01' as int) as posted_day,
  cast(cast(known_at as date) - date '1970-01-01' as int) as known_day,
  cast(sum(received_amount) as decimal(38, 4)) as received_amount
from money
group by as_of, currency, scope_key, posted_on, cast(known_at as date)
