-- grain: one row per as_of and item with an open amount on that day
-- answers: which items make up the balance
-- reads: open_item
-- column: as_of date                   the day asked for
-- column: scope_key string             values of the dimensions asked for (--by), in order
-- column: item_id string               item
-- column: document_no string           document the item is part of
-- column: company string               legal entity
-- column: customer_id string           customer
-- column: kind string                  kind of item
-- column: issued_on date               document date
-- column: posted_on date               day it entered the account
-- column: due_on date                  due date
-- column: currency string              currency of the amounts
-- column: amount decimal(18,4)         amount of the item, signed
-- column: open_amount decimal(38,4)    what is left of it on the day, signed
-- column: past_due_days int            days since due on the day
-- column: bucket_no int                order of the bucket
-- column: bucket string                bucket
-- column: reference string             the source's reference
-- caveat: shows what is open on the day, not what was ever billed
select
  as_of, scope_key, item_id, document_no, company, customer_id, kind, issued_on, posted_on, due_on, currency, amount,
  open_amount, past_due_days, bucket_no, bucket, reference
from open_item
