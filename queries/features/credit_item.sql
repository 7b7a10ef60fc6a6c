-- grain: one row per as_of and credit posted by then
-- answers: what kind of credit an item is, and when it came
-- reads: item, run_date
-- column: as_of date        the day asked for
-- column: item_no bigint    number of the item
-- column: kind string       kind of item
-- column: posted_day int    day it entered the account, in days since 1970-01-01
-- caveat: credits of any age, also those settled before the history of billed_item starts
select d.as_of, i.item_no, i.kind, cast(i.posted_on - date '1970-01-01' as int) as posted_day
from item i
cross join run_date d
where i.amount < 0 and i.posted_on <= d.as_of and i.known_at <= d.run_known_at
