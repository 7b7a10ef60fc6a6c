-- grain: one row per application and each of its two items
-- answers: what every application does to the open amount of the item it touches
-- reads: application
-- column: item_no bigint                item touched
-- column: other_item_no bigint          item on the other side
-- column: effective_on date             first day on which the application and both its items are posted
-- column: known_at timestamp            when all three were keyed
-- column: moved_amount decimal(18,4)    added to the open amount of the item, in the item's currency
select
  debit_item_no as item_no, credit_item_no as other_item_no, effective_on, known_at,
  cast(-amount as decimal(18, 4)) as moved_amount
from application
union all
select credit_item_no as item_no, debit_item_no as other_item_no, effective_on, known_at, credit_amount as moved_amount
from application
