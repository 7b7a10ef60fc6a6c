-- grain: one row per table and row
-- answers: which promises, disputes, contacts and the like name an item that is not in the ledger
-- reads: promise, dispute, activity, placement, provision, bank_line, item
-- severity: warning
-- fix: load the missing item, or correct the id; until then the row counts for no item
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
with named as (
  select 'promise' as table_name, promise_id as row_id, item_id, load_no, line_no from promise
  union all
  select 'dispute' as table_name, dispute_id as row_id, item_id, load_no, line_no from dispute
  union all
  select 'activity' as table_name, activity_id as row_id, item_id, load_no, line_no from activity
  union all
  select 'placement' as table_name, stage as row_id, item_id, load_no, line_no from placement
  union all
  select 'provision' as table_name, cast(on_date as string) as row_id, item_id, load_no, line_no from provision
  union all
  select 'bank_line' as table_name, bank_line_id as row_id, receipt_item_id as item_id, load_no, line_no from bank_line
)
select
  n.table_name || ' ' || coalesce(n.row_id, '') || ': item ' || n.item_id || ' is not in the ledger' as finding,
  n.table_name, n.load_no, n.line_no
from named n
where n.item_id is not null
  and not exists (select 1 from item i where i.item_id = n.item_id)
