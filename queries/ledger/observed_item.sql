-- grain: one row per as_of, observation and item with an open amount on the day observed
-- answers: what is owed, item by item, and how late it is, on each day a report looks at
-- keep: kpi pack bridge
-- reads: observation, item_in_scope, application_side, bucket, run_setting
-- column: as_of date                   the day asked for
-- column: observation string           end, start or window_start
-- column: observed_on date             the day observed
-- column: scope_key string             values of the dimensions asked for (--by), in order
-- column: item_no bigint               number of the item
-- column: item_id string               item
-- column: customer_id string           customer
-- column: company string               legal entity
-- column: kind string                  kind of item
-- column: currency string              currency of the amounts
-- column: issued_on date               document date
-- column: posted_on date               day it entered the account
-- column: due_on date                  due date; empty where there is none
-- column: amount decimal(18,4)         amount of the item, signed
-- column: open_amount decimal(38,4)    what is left of it on the day observed, signed
-- column: past_due_days int            days since due on the day observed; 0 or less is not yet late
-- column: age_days int                 days the buckets go by: since due, or since the document date (--basis invoice)
-- column: is_credit boolean            an open credit item: unapplied money, not a debt
-- column: is_overdue boolean           a debit item whose due date is before the day observed
-- column: is_disputed boolean          the source's own dispute mark
-- column: bucket_no int                order of the bucket
-- column: bucket string                bucket
-- caveat: applications are read only of items that one touched before the day; of most, nothing or all is paid
-- caveat: a credit item is aged in no bucket of days: it stands in 'unapplied' until it is applied
with kept as (
  select
    o.as_of, o.observation, o.observed_on, o.run_known_at, i.scope_key, i.item_no, i.item_id, i.customer_id, i.company,
    i.kind, i.currency, i.issued_on, i.posted_on, i.due_on, i.amount, i.is_disputed, i.first_applied_on
  from observation o
  join item_in_scope i on i.as_of = o.as_of
  where i.posted_on <= o.observed_on
    and i.known_at <= o.run_known_at
    and (i.settled_on is null or i.settled_on > o.observed_on or i.settled_known_at > o.run_known_at)
),
applied as (
  select k.as_of, k.observation, k.item_no, sum(m.moved_amount) as moved_amount
  from kept k
  join application_side m on m.item_no = k.item_no
  where k.first_applied_on <= k.observed_on and m.effective_on <= k.observed_on and m.known_at <= k.run_known_at
  group by k.as_of, k.observation, k.item_no
),
aged as (
  select
    k.as_of, k.observation, k.observed_on, k.scope_key, k.item_no, k.item_id, k.customer_id, k.company, k.kind,
    k.currency, k.issued_on, k.posted_on, k.due_on, k.amount,
    cast(k.amount + coalesce(a.moved_amount, 0) as decimal(38, 4)) as open_amount, k.is_disputed,
    cast(k.observed_on - k.due_on as int) as past_due_days,
    case when s.is_invoice_basis then cast(k.observed_on - k.issued_on as int) else cast(k.observed_on - k.due_on as int) end
      as age_days,
    k.amount < 0 as is_credit
  from kept k
  left join applied a on a.as_of = k.as_of and a.observation = k.observation and a.item_no = k.item_no
  cross join run_setting s
  where k.amount + coalesce(a.moved_amount, 0) <> 0
)
select
  a.as_of, a.observation, a.observed_on, a.scope_key, a.item_no, a.item_id, a.customer_id, a.company, a.kind,
  a.currency, a.issued_on, a.posted_on, a.due_on, a.amount, a.open_amount, a.past_due_days, a.age_days, a.is_credit,
  not a.is_credit and coalesce(a.past_due_days > 0, false) as is_overdue,
  a.is_disputed, k.bucket_no, k.bucket
from aged a
left join bucket k
  on k.from_days <= (case when a.is_credit then 200000000 when a.age_days is null then 100000000 else a.age_days end)
 and k.to_days >= (case when a.is_credit then 200000000 when a.age_days is null then 100000000 else a.age_days end)
