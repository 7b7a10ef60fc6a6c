-- grain: one row per as_of, observation and item with an open amount on the day observed
-- answers: what is owed, item by item, and how late it is, on each day a report looks at
-- keep: kpi
-- reads: observed_balance, item_in_scope, bucket, run_setting
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
-- caveat: a credit item is aged in no bucket of days: it stands in 'unapplied' until it is applied
with aged as (
  select
    b.as_of, b.observation, b.observed_on, i.scope_key, i.item_no, i.item_id, i.customer_id, i.company, i.kind,
    i.currency, i.issued_on, i.posted_on, i.due_on, i.amount, b.open_amount, i.is_disputed,
    cast(b.observed_on - i.due_on as int) as past_due_days,
    case when s.is_invoice_basis then cast(b.observed_on - i.issued_on as int) else cast(b.observed_on - i.due_on as int) end
      as age_days,
    i.amount < 0 as is_credit
  from observed_balance b
  join item_in_scope i on i.as_of = b.as_of and i.item_no = b.item_no
  cross join run_setting s
  where b.open_amount <> 0
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
