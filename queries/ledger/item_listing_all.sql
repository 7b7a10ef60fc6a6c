-- grain: one row per as_of and item posted by then
-- answers: every item posted by the day, open or settled
-- reads: item_listing, item_in_scope
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
-- column: open_amount decimal(38,4)    what is left of it on the day, signed; 0 where it is settled
-- column: past_due_days int            days since due on the day
-- column: bucket_no int                order of the bucket; empty where the item is settled
-- column: bucket string                bucket; empty where the item is settled
-- column: reference string             the source's reference
-- caveat: past_due_days of a settled item counts from its due date to the day, not to its settlement
select
  i.as_of, i.scope_key, i.item_id, i.document_no, i.company, i.customer_id, i.kind, i.issued_on, i.posted_on, i.due_on,
  i.currency, i.amount,
  cast(coalesce(l.open_amount, 0) as decimal(38, 4)) as open_amount,
  cast(i.as_of - i.due_on as int) as past_due_days,
  l.bucket_no, l.bucket, i.reference
from item_in_scope i
left join item_listing l on l.as_of = i.as_of and l.item_id = i.item_id
where i.posted_on <= i.as_of and i.known_at <= i.run_known_at
