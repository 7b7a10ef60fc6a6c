-- grain: one row per as_of and item in scope that was not settled, and known to be, before the history asked for
-- answers: what was billed, to whom and due when
-- reads: item_in_scope, dispute
-- column: as_of date             the day asked for
-- column: scope_key string       values of the dimensions asked for (--by), in order
-- column: item_no bigint         number of the item
-- column: customer_id string     customer
-- column: company string         legal entity
-- column: currency string        currency of the amount
-- column: kind string            kind of item
-- column: posted_day int         day it entered the account, in days since 1970-01-01
-- column: known_day int          day it was keyed
-- column: due_day int            due date; empty where there is none
-- column: is_disputed boolean    the source's own dispute mark, where the ledger has no disputes by then
-- column: amount double          amount of the item, signed
-- caveat: the history starts at from_on; a credit settled by the day it was posted, and keyed so by the day it was keyed,
--   was never seen open and is left out, unless an application of a later day touches it
select
  i.as_of, i.scope_key, i.item_no, i.customer_id, i.company, i.currency, i.kind,
  cast(i.posted_on - date '1970-01-01' as int) as posted_day,
  cast(cast(i.known_at as date) - date '1970-01-01' as int) as known_day,
  cast(i.due_on - date '1970-01-01' as int) as due_day,
  coalesce(i.is_disputed, false)
    and not coalesce((select min(opened_on) from dispute) <= least(i.as_of, cast(i.run_known_at as date)), false)
    as is_disputed,
  cast(i.amount as double) as amount
from item_in_scope i
where i.posted_on <= i.as_of
  and i.known_at <= i.run_known_at
  -- One comparison of the day it was settled and known to be: alternatives would each be tried for every row.
  and case
    when i.settled_known_at > i.run_known_at or i.settled_on is null then date '9999-12-31'
    else greatest(i.settled_on, coalesce(cast(i.settled_known_at as date), i.posted_on))
  end > case when i.amount > 0 then i.from_on else greatest(i.from_on, i.posted_on, cast(i.known_at as date)) end
