-- grain: one row per currency
-- answers: which currencies of items have no exchange rate
-- reads: item, fx_rate
-- severity: warning
-- fix: load a rate from or to the currency; until then its amounts cannot be shown in another
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: nothing is said where no rates were loaded
with used as (
  select currency, count(*) as item_count, min(item_no) as first_item_no
  from item
  group by currency
)
select
  'currency ' || u.currency || ' of ' || cast(u.item_count as string) || ' items, first ' || i.item_id
    || ', has no exchange rate' as finding,
  'item' as table_name, i.load_no, i.line_no
from used u
join item i on i.item_no = u.first_item_no
where exists (select 1 from fx_rate)
  and not exists (select 1 from fx_rate f where f.from_currency = u.currency or f.to_currency = u.currency)
