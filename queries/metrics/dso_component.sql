-- grain: one row per as_of, observation, currency, scope_key and customer_id with a balance or with sales
-- answers: of which parts is the balance that dso_simple divides, and which sales divide it, on both days of a period
-- reads: observed_item, observed_dispute, observation, sale, period_application_side, item_in_scope,
--   run_setting
-- column: as_of date                             the day asked for
-- column: observation string                     start or end
-- column: currency string                        currency of the amounts
-- column: scope_key string                       values of the dimensions asked for (--by), in order
-- column: customer_id string                     customer
-- column: sales_amount decimal(38,4)             sales of the window up to the day observed
-- column: billed_amount decimal(38,4)            invoices and debit notes of the window, tax included
-- column: term_amount_days decimal(38,4)         the same, each times its days from posting to due (0 to the days of the window)
-- column: expected_amount decimal(38,4)          what of them is not yet due, paid or not; of those due on the day what is open
-- column: not_due_amount decimal(38,4)           what of them is not yet due and open
-- column: other_not_due_amount decimal(38,4)     other open debit items not yet due: billed before the window, or no sale
-- column: late_amount decimal(38,4)              open debit items past due and not in dispute
-- column: disputed_amount decimal(38,4)          open debit items past due and in dispute
-- column: no_due_date_amount decimal(38,4)       open debit items without a due date
-- column: credit_amount decimal(38,4)            open credit items, negative
-- column: written_off_amount decimal(38,4)       what write-offs took in the period off items late on the last day; on that day only
-- caveat: not_due, other_not_due, late, disputed, no_due_date and credit sum to the balance
-- caveat: dimensions have their values of the day asked for, on both days
with sold as (
  select
    o.as_of, o.observation, o.observed_on, i.currency, i.scope_key, i.customer_id, i.due_on, i.amount, i.sales_amount,
    i.kind in ('invoice', 'debit_note') and i.amount > 0 as is_bill,
    least(greatest(cast(i.due_on - i.posted_on as int), 0), s.window_days) as term_days
  from sale i
  join observation o on o.as_of = i.as_of and i.posted_on <= o.observed_on
  cross join run_setting s
  where o.observation in ('start', 'end')
    and i.posted_on > o.observed_on - s.window_days
),
billed as (
  select
    as_of, observation, currency, scope_key, customer_id, sum(sales_amount) as sales_amount,
    sum(case when is_bill then amount end) as billed_amount,
    sum(case when is_bill then cast(amount as decimal(38, 4)) * term_days end) as term_amount_days,
    sum(case when is_bill and due_on > observed_on then amount end) as expected_amount
  from sold
  group by as_of, observation, currency, scope_key, customer_id
),
opened as (
  -- A bill of the window among the open items: as above.
  select
    i.as_of, i.observation, i.currency, i.scope_key, i.customer_id,
    case
      when i.is_credit then 'credit'
      when i.due_on is null then 'no_due_date'
      when i.is_overdue and d.item_no is not null then 'disputed'
      when i.is_overdue then 'late'
      when i.amount > 0 and i.kind in ('invoice', 'debit_note') and i.posted_on > i.observed_on - s.window_days then 'not_due'
      else 'other_not_due'
    end as part,
    i.due_on = i.observed_on as is_due_today,
    i.open_amount as amount
  from observed_item i
  cross join run_setting s
  left join observed_dispute d on d.as_of = i.as_of and d.observation = i.observation and d.item_no = i.item_no
  where i.observation in ('start', 'end')
),
part as (
  select as_of, observation, currency, scope_key, customer_id, 'sales' as part, sales_amount as amount
  from billed
  union all
  select as_of, observation, currency, scope_key, customer_id, 'billed' as part, billed_amount as amount
  from billed
  union all
  select as_of, observation, currency, scope_key, customer_id, 'term' as part, term_amount_days as amount
  from billed
  union all
  select as_of, observation, currency, scope_key, customer_id, 'expected' as part, expected_amount as amount
  from billed
  union all
  select as_of, observation, currency, scope_key, customer_id, part, sum(amount) as amount
  from opened
  group by as_of, observation, currency, scope_key, customer_id, part
  union all
  -- What is due on the day and paid is paid when it was due, not early.
  select as_of, observation, currency, scope_key, customer_id, 'expected' as part, sum(amount) as amount
  from opened
  where part = 'not_due' and is_due_today
  group by as_of, observation, currency, scope_key, customer_id
  union all
  select
    i.as_of, 'end' as observation, i.currency, i.scope_key, i.customer_id, 'written_off' as part,
    sum(-m.moved_amount) as amount
  from item_in_scope i
  join period_application_side m on m.as_of = i.as_of and m.item_no = i.item_no and m.other_kind = 'write_off'
  join observation o on o.as_of = i.as_of and o.observation = 'end'
  where i.amount >= 0
    and i.due_on < o.observed_on
    and not exists (
      select 1 from observed_dispute d where d.as_of = i.as_of and d.observation = 'end' and d.item_no = i.item_no
    )
  group by i.as_of, i.currency, i.scope_key, i.customer_id
)
select
  as_of, observation, currency, scope_key, customer_id,
  cast(coalesce(sum(case when part = 'sales' then amount end), 0) as decimal(38, 4)) as sales_amount,
  cast(coalesce(sum(case when part = 'billed' then amount end), 0) as decimal(38, 4)) as billed_amount,
  cast(coalesce(sum(case when part = 'term' then amount end), 0) as decimal(38, 4)) as term_amount_days,
  cast(coalesce(sum(case when part = 'expected' then amount end), 0) as decimal(38, 4)) as expected_amount,
  cast(coalesce(sum(case when part = 'not_due' then amount end), 0) as decimal(38, 4)) as not_due_amount,
  cast(coalesce(sum(case when part = 'other_not_due' then amount end), 0) as decimal(38, 4)) as other_not_due_amount,
  cast(coalesce(sum(case when part = 'late' then amount end), 0) as decimal(38, 4)) as late_amount,
  cast(coalesce(sum(case when part = 'disputed' then amount end), 0) as decimal(38, 4)) as disputed_amount,
  cast(coalesce(sum(case when part = 'no_due_date' then amount end), 0) as decimal(38, 4)) as no_due_date_amount,
  cast(coalesce(sum(case when part = 'credit' then amount end), 0) as decimal(38, 4)) as credit_amount,
  cast(coalesce(sum(case when part = 'written_off' then amount end), 0) as decimal(38, 4)) as written_off_amount
from part
group by as_of, observation, currency, scope_key, customer_id
