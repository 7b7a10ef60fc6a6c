-- grain: one row per promise
-- answers: which promises are for a day before they were made
-- reads: promise
-- severity: warning
-- fix: correct promised_on or created_on
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'promise ' || promise_id || ': promised for ' || cast(promised_on as string) || ', made on '
    || cast(created_on as string) as finding,
  'promise' as table_name, load_no, line_no
from promise
where promised_on < created_on
