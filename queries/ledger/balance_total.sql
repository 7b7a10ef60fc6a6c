-- grain: one row per as_of, currency and scope_key with something open
-- answers: how much is owed in all, and how much of it is not yet due or past due
-- reads: open_group
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: balance_amount decimal(38,4)     all open amounts on the day, credits deducted
-- column: not_due_amount decimal(38,4)     open debit items not yet due
-- column: debt_amount decimal(38,4)        open debit items
-- column: overdue_amount decimal(38,4)     open debit items past due
-- caveat: an item without a due date is in the balance and not in what is not yet due
select
  as_of, currency, scope_key,
  cast(sum(open_amount) as decimal(38, 4)) as balance_amount,
  cast(sum(not_due_amount) as decimal(38, 4)) as not_due_amount,
  cast(sum(debt_amount) as decimal(38, 4)) as debt_amount,
  cast(sum(overdue_amount) as decimal(38, 4)) as overdue_amount
from open_group
where observation = 'end'
group by as_of, currency, scope_key
