-- grain: one row per as_of, promise due in the period and clock
-- answers: which promises to pay fell due, and how much of each was paid in time
-- reads: promise, item_in_scope, application, item, run_date, run_setting
-- column: as_of date                      the day asked for
-- column: currency string                 currency of the amounts
-- column: scope_key string                values of the dimensions asked for (--by), in order; (several) where a promise names no item
-- column: clock string                    strict (by the promised day) or grace (by grace_days later)
-- column: promise_id string               promise
-- column: customer_id string              customer
-- column: promised_on date                day promised
-- column: amount decimal(18,4)            amount promised
-- column: credited_amount decimal(38,4)   part of it paid in time; no money counts for two promises of one item or customer
-- column: is_kept boolean                 paid in time up to the tolerance
-- caveat: paid is a receipt that came by the deadline (bank day, else receipt day, else posted) and was applied after
--   the promise was made, to the item promised, or to any item of the customer where the promise names none
-- caveat: promises of one item whose spans overlap share the receipts, the earlier deadline first; a promise on an item
--   and one on its customer do not know of each other
-- caveat: a promise that names no item counts whole wherever its customer has an item of its currency, so that one of several
--   companies is in the figure of each of them
-- caveat: a promise without an amount, and one on an item in another currency than the item's, is left out: check names it
-- caveat: a promise withdrawn by its day is left out, unless another for a later day was made in its place: then it
--   counts like any
with customer_item as (
  select i.as_of, i.customer_id, i.currency, i.scope_key
  from item_in_scope i
  where i.posted_on <= i.as_of
    and i.known_at <= i.run_known_at
    and i.customer_id in (select customer_id from promise where item_id is null)
),
-- By currency; the row without one is of all items, for a promise in a currency that the customer has no item of.
customer_scope as (
  select
    as_of, customer_id, currency,
    case when min(scope_key) = max(scope_key) then min(scope_key) else '(several)' end as scope_key
  from customer_item
  group by grouping sets ((as_of, customer_id, currency), (as_of, customer_id))
),
-- The only currency of all the customer's items, whatever the figure is narrowed to.
customer_currency as (
  select d.as_of, i.customer_id, case when min(i.currency) = max(i.currency) then min(i.currency) end as currency
  from item i cross join run_date d
  where i.posted_on <= d.as_of
    and i.known_at <= d.run_known_at
    and i.customer_id in (select customer_id from promise where item_id is null)
  group by d.as_of, i.customer_id
),
promise_currency as (
  select m.as_of, p.promise_id, coalesce(p.currency, m.currency) as currency
  from promise p join customer_currency m on m.customer_id = p.customer_id
  where p.item_id is null
),
scoped as (
  select
    i.as_of, i.run_known_at, i.currency, i.scope_key, 'item ' || p.item_id as target, p.promise_id, p.customer_id,
    p.created_on, p.promised_on, p.amount
  from promise p
  join item_in_scope i on i.item_id = p.item_id
  where p.promised_on <= i.as_of
    and i.known_at <= i.run_known_at
    and p.amount is not null
    and (p.currency is null or p.currency = i.currency)
    and cast(p.created_on as timestamp) <= i.run_known_at
    and (p.cancelled_on is null or p.cancelled_on > p.promised_on or cast(p.cancelled_on as timestamp) > i.run_known_at
      or exists (
      select 1 from promise n
      where n.item_id = p.item_id and n.created_on >= p.created_on and n.created_on <= p.promised_on
        and n.promised_on > p.promised_on
    ))
  union all
  select
    d.as_of, d.run_known_at, m.currency, coalesce(o.scope_key, c.scope_key) as scope_key,
    'customer ' || p.customer_id || ' ' || m.currency as target,
    p.promise_id, p.customer_id, p.created_on, p.promised_on, p.amount
  from promise p
  join customer_scope c on c.customer_id = p.customer_id and c.currency is null
  join promise_currency m on m.as_of = c.as_of and m.promise_id = p.promise_id
  left join customer_scope o on o.as_of = c.as_of and o.customer_id = c.customer_id and o.currency = m.currency
  join run_date d on d.as_of = c.as_of
  where p.item_id is null
    and p.promised_on <= d.as_of
    and p.amount is not null
    and cast(p.created_on as timestamp) <= d.run_known_at
    and (
      m.currency is null
      or exists (
        select 1 from customer_item s
        where s.as_of = d.as_of and s.customer_id = p.customer_id and s.currency = m.currency
      )
      or not exists (select 1 from item n where n.customer_id = p.customer_id and n.currency = m.currency)
    )
    and (p.cancelled_on is null or p.cancelled_on > p.promised_on or cast(p.cancelled_on as timestamp) > d.run_known_at
      or exists (
      select 1 from promise n
      where n.customer_id = p.customer_id and n.item_id is null and coalesce(n.currency, m.currency) = m.currency
        and n.created_on >= p.created_on and n.created_on <= p.promised_on and n.promised_on > p.promised_on
    ))
),
clocked as (
  select
    p.as_of, p.currency, p.scope_key, p.target, k.clock, p.promise_id, p.customer_id, p.created_on, p.promised_on,
    p.amount, p.promised_on + case when k.clock = 'grace' then s.grace_days else 0 end as deadline_on
  from scoped p
  cross join run_setting s
  cross join (values ('strict'), ('grace')) as k (clock)
),
ordered as (
  select *,
    max(deadline_on) over (
      partition by as_of, target, clock order by deadline_on nulls last, created_on nulls last, promise_id nulls last
      rows between unbounded preceding and 1 preceding
    ) as earlier_deadline_on
  from clocked
),
numbered as (
  select *,
    sum(case when earlier_deadline_on is null or created_on > earlier_deadline_on then 1 else 0 end) over (
      partition by as_of, target, clock order by deadline_on nulls last, created_on nulls last, promise_id nulls last
      rows between unbounded preceding and current row
    ) as chain_no
  from ordered
),
chained as (
  select *,
    min(created_on) over (partition by as_of, target, clock, chain_no) as chain_from_on,
    min(coalesce(earlier_deadline_on, date '0001-01-01')) over (partition by as_of, target, clock, chain_no)
      as chain_after_on,
    sum(amount) over (
      partition by as_of, target, clock, chain_no order by deadline_on nulls last, created_on nulls last,
        promise_id nulls last
      rows between unbounded preceding and current row
    ) as promised_so_far
  from numbered
),
target_item as (
  select distinct i.as_of, i.run_known_at, 'item ' || i.item_id as target, i.item_no, i.reversed_item_no
  from item_in_scope i
  join promise p on p.item_id = i.item_id
  union all
  -- All of the customer's, whatever the figure is narrowed to: the promise is of them all.
  select distinct d.as_of, d.run_known_at, 'customer ' || i.customer_id || ' ' || i.currency as target, i.item_no,
    i.reversed_item_no
  from item i
  join promise p on p.customer_id = i.customer_id
  cross join run_date d
  where p.item_id is null
),
-- What one receipt paid on one item since a chain of promises began. What is undone was applied last.
running as (
  select
    c.as_of, c.target, c.clock, c.chain_no, a.debit_item_no, a.credit_item_no,
    coalesce(r.banked_on, r.received_on, r.posted_on) as value_on, a.amount,
    sum(a.amount) over (
      partition by c.as_of, c.target, c.clock, c.chain_no, a.debit_item_no, a.credit_item_no
      order by a.effective_on nulls last, a.amount desc nulls last rows between unbounded preceding and current row
    ) as amount_so_far
  from (select distinct as_of, target, clock, chain_no, chain_from_on from chained) c
  join target_item t on t.as_of = c.as_of and t.target = c.target
  join application a
    on a.debit_item_no = t.item_no and a.effective_on <= t.as_of and a.known_at <= t.run_known_at
   and a.effective_on >= c.chain_from_on
  join item r on r.item_no = a.credit_item_no
  where r.kind in ('receipt', 'down_payment')
    -- A receipt set against its own return paid nothing.
    and (t.reversed_item_no is null or t.reversed_item_no <> a.credit_item_no)
),
-- Undone beyond that was applied before.
paid as (
  select as_of, target, clock, chain_no, value_on,
    sum(amount) - least(cast(0 as decimal(38, 4)), min(amount_so_far)) as amount
  from running
  group by as_of, target, clock, chain_no, value_on, debit_item_no, credit_item_no
),
met as (
  select c.as_of, c.clock, c.target, c.promise_id, sum(p.amount) as paid_so_far
  from chained c
  join paid p
    on p.as_of = c.as_of and p.target = c.target and p.clock = c.clock and p.chain_no = c.chain_no
   and p.value_on <= c.deadline_on and p.value_on > c.chain_after_on
  group by c.as_of, c.clock, c.target, c.promise_id
),
-- Promise k has got min(what k - 1 had got + its own amount, paid by its deadline). Its closed form needs no recursion:
-- promised so far, less the largest shortfall of payments behind promises up to k.
credited as (
  select c.*,
    c.promised_so_far + least(cast(0 as decimal(38, 4)), min(
      greatest(coalesce(m.paid_so_far, cast(0 as decimal(38, 4))), cast(0 as decimal(38, 4))) - c.promised_so_far
    ) over (
      partition by c.as_of, c.target, c.clock, c.chain_no
      order by c.deadline_on nulls last, c.created_on nulls last, c.promise_id nulls last
      rows between unbounded preceding and current row
    )) as credited_so_far
  from chained c
  left join met m on m.as_of = c.as_of and m.clock = c.clock and m.target = c.target and m.promise_id = c.promise_id
),
shared as (
  select *,
    cast(credited_so_far - coalesce(lag(credited_so_far) over (
      partition by as_of, target, clock, chain_no order by deadline_on nulls last, created_on nulls last,
        promise_id nulls last
    ), 0) as decimal(38, 4)) as credited_amount
  from credited
)
select
  h.as_of, h.currency, h.scope_key, h.clock, h.promise_id, h.customer_id, h.promised_on, h.amount, h.credited_amount,
  cast(h.credited_amount as double) >= cast(h.amount as double) * (1 - s.tolerance_rate) - 0.00005 as is_kept
from shared h
join run_date d on d.as_of = h.as_of
cross join run_setting s
where h.promised_on > d.from_on
