-- grain: one row per item
-- answers: for which items do the open disputes exceed the amount
-- reads: dispute, item
-- severity: warning
-- fix: correct the amount of a dispute, or resolve the one that was raised again
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: disputes not resolved by the end of the ledger
with ordered as (
  select
    item_id, amount, load_no, line_no,
    row_number() over (partition by item_id order by load_no nulls last, line_no nulls last) as rn
  from dispute
  where resolved_on is null
),
disputed as (
  select
    item_id, sum(amount) as disputed_amount, max(case when rn = 1 then load_no end) as load_no,
    max(case when rn = 1 then line_no end) as line_no, count(*) as dispute_count
  from ordered
  group by item_id
)
select
  'item ' || i.item_id || ': ' || cast(cast(d.disputed_amount as decimal(18, 4)) as string) || ' ' || i.currency
    || ' disputed in '
    || cast(d.dispute_count as string) || ' disputes, the item is ' || cast(i.amount as string) as finding,
  'dispute' as table_name, d.load_no, d.line_no
from disputed d
join item i on i.item_id = d.item_id
where d.disputed_amount > abs(i.amount)
