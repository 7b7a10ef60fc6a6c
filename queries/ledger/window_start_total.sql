-- grain: one row per as_of, currency and scope_key with something open on the day before the sales window
-- answers: how much was owed when the sales window began
-- reads: open_group
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: balance_amount decimal(38,4)     all open amounts on the day before the window, credits deducted
-- caveat: dimensions have their values of the day asked for, not of the day before the window
select as_of, currency, scope_key, cast(sum(open_amount) as decimal(38, 4)) as balance_amount
from open_group
where observation = 'window_start'
group by as_of, currency, scope_key
