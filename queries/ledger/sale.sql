-- grain: one row per as_of and item in scope that is a sale, posted by the day
-- answers: what was sold
-- reads: item_in_scope, run_setting
-- column: as_of date                    the day asked for
-- column: from_on date                  day before the period; empty without a period
-- column: currency string               currency of the amounts
-- column: scope_key string              values of the dimensions asked for (--by), in order
-- column: item_no bigint                number of the item
-- column: item_id string                item
-- column: customer_id string            customer
-- column: kind string                   kind of item
-- column: posted_on date                day of the sale
-- column: due_on date                   due date; empty where there is none
-- column: amount decimal(18,4)          amount of the item, signed, tax included
-- column: sales_amount decimal(18,4)    amount, less tax where sales are net (--net); a credit note counts against sales
-- caveat: sales are invoice, debit_note and credit_note by the day posted; opening items were sold before the ledger
--   begins and are no sales
select
  i.as_of, i.from_on, i.currency, i.scope_key, i.item_no, i.item_id, i.customer_id, i.kind, i.posted_on, i.due_on,
  i.amount,
  cast(i.amount - case when s.is_net then coalesce(i.tax_amount, 0) else 0 end as decimal(18, 4)) as sales_amount
from item_in_scope i cross join run_setting s
where i.kind in ('invoice', 'debit_note', 'credit_note')
  and i.posted_on <= i.as_of
  and i.known_at <= i.run_known_at
