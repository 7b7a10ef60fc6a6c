-- grain: one row per company and currency
-- answers: which companies and currencies have items and no control balance, while others have one
-- reads: gl_balance, item
-- severity: warning
-- fix: export the general ledger's balance of every company and currency; until then nothing ties these to it
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: one that has a balance on some other day is not named here; the proof line of a day counts those of that day
with account as (
  select i.company, i.currency, count(*) as item_count
  from item i
  where not exists (select 1 from gl_balance g where g.company = i.company and g.currency = i.currency)
  group by i.company, i.currency
)
select
  'company ' || a.company || ' has ' || cast(a.item_count as string)
    || case when a.item_count = 1 then ' item in ' else ' items in ' end || a.currency
    || ' and no control balance' as finding,
  'item' as table_name, cast(null as int) as load_no, cast(null as bigint) as line_no
from account a
where exists (select 1 from gl_balance)
