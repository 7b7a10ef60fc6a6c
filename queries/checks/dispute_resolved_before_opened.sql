-- grain: one row per dispute
-- answers: which disputes were resolved before they were raised
-- reads: dispute
-- severity: warning
-- fix: correct resolved_on or opened_on
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'dispute ' || dispute_id || ': resolved on ' || cast(resolved_on as string) || ', opened on '
    || cast(opened_on as string) as finding,
  'dispute' as table_name, load_no, line_no
from dispute
where resolved_on < opened_on
