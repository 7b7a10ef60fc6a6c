-- grain: one row per as_of and item in scope whose open amount is 0 on the day
-- answers: which items are cleared, and since when
-- reads: item_in_scope, item_balance, standing_item, application_side, run_date
-- column: as_of date               the day asked for
-- column: from_on date             day before the period; empty without a period
-- column: currency string          currency of the amount
-- column: scope_key string         values of the dimensions asked for (--by), in order
-- column: item_no bigint           number of the item
-- column: item_id string           item
-- column: customer_id string       customer
-- column: kind string              kind of item
-- column: issued_on date           document date
-- column: posted_on date           day it entered the account
-- column: due_on date              due date; empty where there is none
-- column: amount decimal(18,4)     amount of the item, signed
-- column: cleared_on date          last day on which its open amount became 0, as seen on the day
-- caveat: an item cleared on the day counts as cleared even where a returned receipt opened it again afterwards
with settled as (
  select
    as_of, from_on, currency, scope_key, item_no, item_id, customer_id, kind, issued_on, posted_on, due_on, amount,
    settled_on as cleared_on
  from item_in_scope
  where posted_on <= as_of
    and known_at <= run_known_at
    and settled_on <= as_of
    and (settled_known_at is null or settled_known_at <= run_known_at)
),
touched_day as (
  select b.as_of, b.item_no, m.effective_on, sum(m.moved_amount) as moved_amount
  from item_balance b
  join run_date d on d.as_of = b.as_of
  left join application_side m on m.item_no = b.item_no and m.effective_on <= b.as_of and m.known_at <= d.run_known_at
  where b.open_amount = 0
  group by b.as_of, b.item_no, m.effective_on
),
touched as (
  select as_of, item_no, max(case when moved_amount <> 0 then effective_on end) as cleared_on
  from touched_day
  group by as_of, item_no
)
select
  as_of, from_on, currency, scope_key, item_no, item_id, customer_id, kind, issued_on, posted_on, due_on, amount,
  cleared_on
from settled
union all
select
  i.as_of, d.from_on, i.currency, i.scope_key, i.item_no, i.item_id, i.customer_id, i.kind, i.issued_on, i.posted_on,
  i.due_on, i.amount, coalesce(t.cleared_on, i.posted_on) as cleared_on
from touched t
join run_date d on d.as_of = t.as_of
join standing_item i on i.as_of = t.as_of and i.item_no = t.item_no and i.observation = 'end'
