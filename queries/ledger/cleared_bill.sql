-- grain: one row per as_of and bill in scope that was cleared in the period
-- answers: how late the bills cleared in the period were, and whether money cleared them
-- keep: kpi pack
-- reads: closed_item, application_side, item, run_date
-- column: as_of date                       the day asked for
-- column: from_on date                     day before the period
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: item_no bigint                   number of the item
-- column: item_id string                   item
-- column: customer_id string               customer
-- column: issued_on date                   document date
-- column: posted_on date                   day it entered the account
-- column: due_on date                      due date; empty where there is none
-- column: amount decimal(18,4)             amount of the item
-- column: cleared_on date                  day it was cleared
-- column: received_amount decimal(38,4)    part of it that receipts and down payments cleared
-- caveat: a bill is an invoice, debit_note, chargeback, interest or opening item that the customer owes
with cleared as (
  select
    as_of, from_on, currency, scope_key, item_no, item_id, customer_id, issued_on, posted_on, due_on, amount, cleared_on
  from closed_item
  where cleared_on > from_on
    and amount > 0
    and kind in ('invoice', 'debit_note', 'chargeback', 'interest', 'opening')
),
received as (
  select c.as_of, c.item_no, sum(-m.moved_amount) as received_amount
  from cleared c
  join run_date d on d.as_of = c.as_of
  join application_side m on m.item_no = c.item_no and m.effective_on <= c.as_of and m.known_at <= d.run_known_at
  join item r on r.item_no = m.other_item_no
  where r.kind in ('receipt', 'down_payment')
  group by c.as_of, c.item_no
)
select
  c.as_of, c.from_on, c.currency, c.scope_key, c.item_no, c.item_id, c.customer_id, c.issued_on, c.posted_on, c.due_on,
  c.amount, c.cleared_on, cast(coalesce(r.received_amount, 0) as decimal(38, 4)) as received_amount
from cleared c
left join received r on r.as_of = c.as_of and r.item_no = c.item_no
