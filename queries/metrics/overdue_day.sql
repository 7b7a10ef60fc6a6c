-- grain: one row per as_of, observation, currency and scope_key with something open
-- answers: how much was overdue on both days of a period, and how much of it was in dispute or covered by open credits
-- reads: observed_item, observed_dispute
-- column: as_of date                       the day asked for
-- column: observation string               start or end
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: overdue_amount decimal(38,4)     open debit items past due on the day observed
-- column: disputed_amount decimal(38,4)    what of it was in dispute
-- column: covered_amount decimal(38,4)     what the overdue items of each customer and its open credits have in common
-- caveat: dimensions have their values of the day asked for, on both days
with owed as (
  select
    i.as_of, i.observation, i.currency, i.scope_key, i.customer_id,
    sum(case when i.is_overdue then i.open_amount else 0 end) as overdue_amount,
    sum(case when i.is_overdue and d.item_no is not null then i.open_amount else 0 end) as disputed_amount,
    sum(case when i.is_credit then -i.open_amount else 0 end) as credit_amount
  from observed_item i
  left join observed_dispute d on d.as_of = i.as_of and d.observation = i.observation and d.item_no = i.item_no
  where i.observation in ('start', 'end')
  group by i.as_of, i.observation, i.currency, i.scope_key, i.customer_id
)
select
  as_of, observation, currency, scope_key,
  cast(sum(overdue_amount) as decimal(38, 4)) as overdue_amount,
  cast(sum(disputed_amount) as decimal(38, 4)) as disputed_amount,
  cast(sum(greatest(least(overdue_amount, credit_amount), 0)) as decimal(38, 4)) as covered_amount
from owed
group by as_of, observation, currency, scope_key
