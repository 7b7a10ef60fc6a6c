-- grain: one row per as_of and item with an open amount on that day
-- answers: what is owed, item by item, and how late it is
-- reads: observed_item
-- column: as_of date                   the day asked for
-- column: scope_key string             values of the dimensions asked for (--by), in order
-- column: item_no bigint               number of the item
-- column: item_id string               item
-- column: document_no string           document the item is part of
-- column: customer_id string           customer
-- column: company string               legal entity
-- column: kind string                  kind of item
-- column: currency string              currency of the amounts
-- column: issued_on date               document date
-- column: posted_on date               day it entered the account
-- column: due_on date                  due date; empty where there is none
-- column: amount decimal(18,4)         amount of the item, signed
-- column: open_amount decimal(38,4)    what is left of it on the day, signed
-- column: past_due_days int            days since due on the day; 0 or less is not yet late
-- column: age_days int                 days the buckets go by: since due, or since the document date (--basis invoice)
-- column: is_credit boolean            an open credit item: unapplied money, not a debt
-- column: is_overdue boolean           a debit item whose due date is before the day
-- column: is_disputed boolean          the source's own dispute mark
-- column: reference string             the source's reference
-- column: bucket_no int                order of the bucket
-- column: bucket string                bucket
-- caveat: a credit item is aged in no bucket of days: it stands in 'unapplied' until it is applied
select
  as_of, scope_key, item_no, item_id, document_no, customer_id, company, kind, currency, issued_on, posted_on, due_on, amount,
  open_amount, past_due_days, age_days, is_credit, is_overdue, is_disputed, reference, bucket_no, bucket
from observed_item
where observation = 'end'
