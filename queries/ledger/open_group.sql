-- grain: one row per as_of, observation, currency, scope_key, calendar month and bucket with something open
-- answers: what was open on each day looked at, by the month it was posted in and by how late it was
-- reads: observed_item, bucket
-- keep: dso pack trend
-- column: as_of date                       the day asked for
-- column: observation string               end, start or window_start
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: month_start date                 first day of the month the items were posted in
-- column: bucket_no int                    order of the bucket
-- column: bucket string                    bucket
-- column: item_count bigint                items with an open amount
-- column: open_amount decimal(38,4)        all open amounts, credits deducted
-- column: not_due_amount decimal(38,4)     open debit items not yet due
-- column: debt_amount decimal(38,4)        open debit items
-- column: overdue_amount decimal(38,4)     open debit items past due
-- column: sale_amount decimal(38,4)        open invoices, debit notes and credit notes; empty where there are none
-- column: invoice_amount decimal(38,4)     open invoices and debit notes; empty where there are none
-- column: invoice_amount_days double       open amount of those x days since they were posted
-- caveat: an item without a due date is open and not among what is not yet due
with grouped as (
  select
    as_of, observation, currency, scope_key, cast(date_trunc('month', posted_on) as date) as month_start, bucket_no, kind,
    is_credit, is_overdue, past_due_days <= 0 as is_not_late,
    count(*) as item_count,
    sum(open_amount) as open_amount,
    sum(cast(open_amount as double) * cast(observed_on - posted_on as int)) as amount_days
  from observed_item
  group by
    as_of, observation, currency, scope_key, cast(date_trunc('month', posted_on) as date), bucket_no, kind, is_credit,
    is_overdue, past_due_days <= 0
)
select
  g.as_of, g.observation, g.currency, g.scope_key, g.month_start, g.bucket_no, b.bucket,
  cast(sum(g.item_count) as bigint) as item_count,
  cast(sum(g.open_amount) as decimal(38, 4)) as open_amount,
  cast(sum(case when not g.is_credit and g.is_not_late then g.open_amount else 0 end) as decimal(38, 4)) as not_due_amount,
  cast(sum(case when g.is_credit then 0 else g.open_amount end) as decimal(38, 4)) as debt_amount,
  cast(sum(case when g.is_overdue then g.open_amount else 0 end) as decimal(38, 4)) as overdue_amount,
  cast(sum(case when g.kind in ('invoice', 'debit_note', 'credit_note') then g.open_amount end) as decimal(38, 4))
    as sale_amount,
  cast(sum(case when g.kind in ('invoice', 'debit_note') then g.open_amount end) as decimal(38, 4)) as invoice_amount,
  sum(case when g.kind in ('invoice', 'debit_note') then g.amount_days end) as invoice_amount_days
from grouped g
left join bucket b on b.bucket_no = g.bucket_no
group by g.as_of, g.observation, g.currency, g.scope_key, g.month_start, g.bucket_no, b.bucket
