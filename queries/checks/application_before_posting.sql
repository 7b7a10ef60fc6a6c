-- grain: one row per application
-- answers: which applications were made before one of their items was posted
-- reads: application, item
-- severity: warning
-- fix: correct applied_on or posted_on; until then the application counts from the day both items are posted
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'application ' || a.application_id || ' of ' || c.item_id || ' to ' || d.item_id || ': applied on '
    || cast(a.applied_on as string) || ', both posted only by ' || cast(greatest(c.posted_on, d.posted_on) as string)
      as finding,
  'application' as table_name, a.load_no, a.line_no
from application a
join item c on c.item_no = a.credit_item_no
join item d on d.item_no = a.debit_item_no
-- An application that counts from its own day was not too early: the items of most need not be looked at.
where (a.effective_on is null or a.effective_on > a.applied_on)
  and a.applied_on < greatest(c.posted_on, d.posted_on)
