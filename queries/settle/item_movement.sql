-- grain: one row per application that counts and item it joins
-- answers: by how much an application moves the open amount of each of its items
-- reads: linked_application
-- column: item_no bigint               number of the item
-- column: effective_on date            first day on which the application counts
-- column: known_at timestamp           when the application was keyed
-- column: moved_amount decimal(18,4)   added to the open amount, in the item's currency
select debit_item_no as item_no, effective_on, known_at, -amount as moved_amount
from linked_application
where effective_on is not null
union all
select credit_item_no as item_no, effective_on, known_at, credit_amount as moved_amount
from linked_application
where effective_on is not null
