-- grain: one row per as_of, observation and item with an open amount on the day observed
-- answers: what is owed, item by item, and how late it is, on each day a report looks at
-- keep: kpi pack bridge
-- reads: standing_item, application_side, bucket, run_setting
-- column: as_of date                   the day asked for
-- column: observation string           end, start or window_start
-- column: observed_on date             the day observed
-- column: scope_key string             values of the dimensions asked for (--by), in order
-- column: item_no bigint               number of the item
-- column: item_id string               item
-- column: document_no string           document the item is part of
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
-- column: reference string             the source's reference
-- column: bucket_no int                order of the bucket
-- column: bucket string                bucket
-- caveat: applications are read only of items that one touched before the day; of most, nothing or all is paid
-- caveat: a credit item is aged in no bucket of days: it stands in 'unapplied' until it is applied
with standing as (
  select
    as_of, observation, observed_on, run_known_at, scope_key, item_no, item_id, document_no, customer_id, company,
    kind, currency, issued_on, posted_on, due_on, amount, reference, is_disputed,
    -- A number to join by, not a mark to filter by: what all readers of a subquery filter is tried for every row of it.
    case when first_applied_on <= observed_on then item_no end as touched_no
  from standing_item
),
applied as (
  select t.as_of, t.observation, t.item_no, sum(m.moved_amount) as moved_amount
  from standing t
  join application_side m
    on m.item_no = t.touched_no and m.effective_on <= t.observed_on and m.known_at <= t.run_known_at
  group by t.as_of, t.observation, t.item_no
),
opened as (
  select
    as_of, observation, observed_on, scope_key, item_no, item_id, document_no, customer_id, company, kind, currency,
    issued_on, posted_on, due_on, amount, reference, is_disputed, cast(amount as decimal(38, 4)) as open_amount
  from standing
  where touched_no is null and amount <> 0
  union all
  select
    t.as_of, t.observation, t.observed_on, t.scope_key, t.item_no, t.item_id, t.document_no, t.customer_id, t.company,
    t.kind, t.currency, t.issued_on, t.posted_on, t.due_on, t.amount, t.reference, t.is_disputed,
    cast(t.amount + coalesce(a.moved_amount, 0) as decimal(38, 4)) as open_amount
  from standing t
  left join applied a on a.as_of = t.as_of and a.observation = t.observation and a.item_no = t.touched_no
  where t.touched_no is not null and t.amount + coalesce(a.moved_amount, 0) <> 0
),
aged as (
  select
    o.as_of, o.observation, o.observed_on, o.scope_key, o.item_no, o.item_id, o.document_no, o.customer_id, o.company,
    o.kind, o.currency, o.issued_on, o.posted_on, o.due_on, o.amount, o.open_amount, o.reference, o.is_disputed,
    cast(o.observed_on - o.due_on as int) as past_due_days,
    case when s.is_invoice_basis then cast(o.observed_on - o.issued_on as int) else cast(o.observed_on - o.due_on as int) end
      as age_days,
    o.amount < 0 as is_credit
  from opened o
  cross join run_setting s
)
select
  a.as_of, a.observation, a.observed_on, a.scope_key, a.item_no, a.item_id, a.document_no, a.customer_id, a.company, a.kind,
  a.currency, a.issued_on, a.posted_on, a.due_on, a.amount, a.open_amount, a.past_due_days, a.age_days, a.is_credit,
  not a.is_credit and coalesce(a.past_due_days > 0, false) as is_overdue,
  a.is_disputed, a.reference, k.bucket_no, k.bucket
from aged a
left join bucket k
  on k.from_days <= (case when a.is_credit then 200000000 when a.age_days is null then 100000000 else a.age_days end)
 and k.to_days >= (case when a.is_credit then 200000000 when a.age_days is null then 100000000 else a.age_days end)
