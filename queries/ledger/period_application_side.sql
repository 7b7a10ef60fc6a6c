-- grain: one row per as_of, application that counts from a day of the period and each of its two items
-- answers: what the applications of the period moved, and by items of which kind?
-- keep: kpi pack bridge
-- reads: application_side, item, run_date
-- column: as_of date                     the day asked for
-- column: item_no bigint                 number of the item
-- column: other_kind string              kind of the item on the other side
-- column: moved_amount decimal(18,4)     what it adds to the open amount of the item, signed
-- caveat: without a period there are none
select d.as_of, m.item_no, o.kind as other_kind, m.moved_amount
from run_date d
join application_side m on m.effective_on > d.from_on and m.effective_on <= d.as_of and m.known_at <= d.run_known_at
join item o on o.item_no = m.other_item_no
