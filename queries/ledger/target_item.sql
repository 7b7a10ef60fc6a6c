-- grain: one row per as_of, period and item of its collectable set
-- answers: which items are to be collected in the period
-- reads: run_period, item_in_scope, item, customer_as_of
-- keep: targets pack
-- column: as_of date               the day asked for
-- column: period_start date        first day of the period
-- column: period_end date          last day of the period
-- column: observed_on date         the day asked for, or the last day of the period where that is earlier
-- column: is_later boolean         posted later in the period than the day asked for stands in its own, by working days
-- column: is_asked boolean         asked for; false for an earlier period that only gives the pace
-- column: run_known_at timestamp   what was keyed later is not seen
-- column: item_no bigint           number of the item
-- column: customer_id string       customer
-- column: company string           legal entity
-- column: business_unit string     business unit of the item, else of its customer
-- column: currency string          currency of the amount
-- column: posted_on date           day it entered the account
-- column: known_at timestamp       when it was keyed
-- column: due_on date              due date; the day it was posted where there is none
-- column: amount decimal(18,4)     amount of the item
-- caveat: debts due by the end of the period that were open when it began or were posted in it, SAP's definition; a debt
--   settled before the period is not in it, nor is a refund or the return of a receipt, which nobody is asked to pay; a debt
--   that a credit note or write-off had ended and that is owed again is
with owed_again as (
  select d.item_no
  from item d
  join item c on c.item_no = d.reversed_item_no
  where d.amount > 0 and c.kind not in ('receipt', 'down_payment')
)
select
  p.as_of, p.period_start, p.period_end, p.observed_on, i.posted_on > p.same_day_on as is_later,
  p.is_asked, i.run_known_at, i.item_no, i.customer_id, i.company,
  coalesce(i.business_unit, c.business_unit) as business_unit, i.currency, i.posted_on, i.known_at,
  coalesce(i.due_on, i.posted_on) as due_on, i.amount
from run_period p
join item_in_scope i on i.as_of = p.as_of
left join customer_as_of c on c.as_of = i.as_of and c.customer_id = i.customer_id
where i.amount > 0
  and i.kind <> 'refund'
  and (i.reversal_of is null or i.item_no in (select item_no from owed_again))
  and i.posted_on <= p.observed_on
  and i.known_at <= i.run_known_at
  and coalesce(i.due_on, i.posted_on) <= p.period_end
  and (
    i.settled_on is null or i.settled_on >= p.period_start or i.settled_known_at >= cast(p.period_start as timestamp)
    or i.settled_known_at > i.run_known_at
  )
