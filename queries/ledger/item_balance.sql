-- grain: one row per as_of and item posted by then, in scope, that is open or was touched after the day
-- answers: what is left of each item that is not settled for good on the day
-- reads: observed_balance
-- column: as_of date                    the day asked for
-- column: item_no bigint                number of the item
-- column: currency string               its currency
-- column: open_amount decimal(38,4)     amount less what was applied to it by the day
-- column: last_applied_on date          last day on or before as_of on which something was applied to it
-- caveat: an item settled for good by the day is left out without looking at its applications; its open amount is 0
select as_of, item_no, currency, open_amount, last_applied_on
from observed_balance
where observation = 'end'
