-- grain: one row per as_of, currency, scope_key, customer_id and step
-- answers: what made the overdue amount move between two days
-- reads: observed_item, observed_dispute, standing_item, period_application_side, run_date
-- column: as_of date               the day asked for
-- column: currency string          currency of the amount
-- column: scope_key string         values of the dimensions asked for (--by), in order
-- column: customer_id string       customer of the overdue item
-- column: step_no int              order of the step
-- column: step string              what moved it
-- column: amount decimal(38,4)     signed: + raises what is overdue
-- caveat: an item overdue on the first day moves by what was applied to it in the period, one not yet overdue then by
--   what is open of it on the last day; what fell due in the period and was paid in it is in no step
-- caveat: raising or resolving a dispute does not change what is overdue; an item has one due date, so terms extended
--   afterwards do not show
with entered as (
  select
    i.as_of, i.currency, i.scope_key, i.customer_id, i.open_amount as amount,
    case when d.item_no is not null then 12 when i.posted_on > s.from_on then 11 else 10 end as step_no
  from observed_item i
  join run_date s on s.as_of = i.as_of
  left join observed_dispute d on d.as_of = i.as_of and d.observation = i.observation and d.item_no = i.item_no
  where i.observation = 'end'
    and i.is_overdue
    and (i.posted_on > s.from_on or i.due_on >= s.from_on)
),
settled as (
  select
    i.as_of, i.currency, i.scope_key, i.customer_id, m.moved_amount as amount,
    case
      when d.item_no is not null then 25
      when m.moved_amount > 0 then 24
      when m.other_kind in ('receipt', 'down_payment') then 20
      when m.other_kind = 'credit_note' then 21
      when m.other_kind = 'write_off' then 22
      else 23
    end as step_no
  from standing_item i
  join period_application_side m on m.as_of = i.as_of and m.item_no = i.item_no
  left join observed_dispute d on d.as_of = i.as_of and d.observation = 'start' and d.item_no = i.item_no
  where i.observation = 'start'
    and i.amount >= 0
    and i.due_on < i.observed_on
),
moved as (
  select as_of, currency, scope_key, customer_id, step_no, amount from entered
  union all
  select as_of, currency, scope_key, customer_id, step_no, amount from settled
)
select
  as_of, currency, scope_key, customer_id, step_no,
  case step_no
    when 10 then 'fell_due' when 11 then 'billed_and_fell_due' when 12 then 'fell_due_disputed' when 20 then 'collected'
    when 21 then 'credited' when 22 then 'written_off' when 23 then 'settled_otherwise' when 24 then 'reopened'
    else 'dispute_settled'
  end as step,
  cast(sum(amount) as decimal(38, 4)) as amount
from moved
group by as_of, currency, scope_key, customer_id, step_no
