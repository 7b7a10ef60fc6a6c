-- grain: one row per as_of, observation and item posted by the day observed, in scope, that is open or was touched
--   after it
-- answers: what is left of each item that is not settled for good on the day observed
-- reads: standing_item, application_side
-- column: as_of date                    the day asked for
-- column: observation string            end, start or window_start
-- column: observed_on date              the day observed
-- column: item_no bigint                number of the item
-- column: currency string               its currency
-- column: open_amount decimal(38,4)     amount less what was applied to it by the day observed
-- column: last_applied_on date          last day on or before it on which something was applied to the item
-- caveat: an item settled for good by the day is left out without looking at its applications; its open amount is 0
select
  i.as_of, i.observation, i.observed_on, i.item_no, i.currency,
  cast(i.amount + coalesce(sum(m.moved_amount), 0) as decimal(38, 4)) as open_amount,
  max(m.effective_on) as last_applied_on
from standing_item i
left join application_side m
  on m.item_no = i.item_no and m.effective_on <= i.observed_on and m.known_at <= i.run_known_at
group by i.as_of, i.observation, i.observed_on, i.item_no, i.amount, i.currency
