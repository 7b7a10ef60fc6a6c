-- grain: one row per as_of and receipt in scope posted in the period
-- answers: how much of the money received was applied, and how much of it on the day it came
-- keep: kpi pack
-- reads: item_in_scope, application, item
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: item_id string                   receipt
-- column: customer_id string               customer
-- column: value_on date                    day the money came: at the bank, else at us, else posted
-- column: received_amount decimal(38,4)    money received
-- column: applied_amount decimal(38,4)     part of it applied on the day asked for
-- column: same_day_amount decimal(38,4)    part of it applied by the end of value_on and not undone since
-- caveat: left out are receipts made from a clearing date (their day of application is not known) and returned ones
with receipt as (
  select
    i.as_of, i.run_known_at, i.currency, i.scope_key, i.item_no, i.item_id, i.customer_id, i.amount,
    coalesce(i.banked_on, i.received_on, i.posted_on) as value_on
  from item_in_scope i
  where i.kind = 'receipt'
    and not i.is_implied
    and i.posted_on > i.from_on
    and i.posted_on <= i.as_of
    and i.known_at <= i.run_known_at
    and not exists (
      select 1 from item r where r.reversed_item_no = i.item_no and r.posted_on <= i.as_of and r.known_at <= i.run_known_at
    )
),
pair as (
  select
    r.as_of, r.item_no, a.debit_item_no,
    sum(a.credit_amount) as applied_amount,
    sum(case when a.applied_on <= r.value_on then a.credit_amount else 0 end) as same_day_amount
  from receipt r
  join application a on a.credit_item_no = r.item_no and a.effective_on <= r.as_of and a.known_at <= r.run_known_at
  where not a.is_implied
  group by r.as_of, r.item_no, a.debit_item_no
),
applied as (
  select
    as_of, item_no, sum(applied_amount) as applied_amount,
    sum(least(applied_amount, same_day_amount)) as same_day_amount
  from pair
  group by as_of, item_no
)
select
  r.as_of, r.currency, r.scope_key, r.item_id, r.customer_id, r.value_on,
  cast(-r.amount as decimal(38, 4)) as received_amount,
  cast(coalesce(a.applied_amount, 0) as decimal(38, 4)) as applied_amount,
  cast(coalesce(a.same_day_amount, 0) as decimal(38, 4)) as same_day_amount
from receipt r
left join applied a on a.as_of = r.as_of and a.item_no = r.item_no
