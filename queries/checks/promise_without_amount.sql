-- grain: one row per promise
-- answers: which promises do not say how much
-- reads: promise
-- severity: warning
-- fix: give the amount promised; until then the promise is in no share of promises kept
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'promise ' || promise_id || ' of customer ' || customer_id || ': no amount' as finding,
  'promise' as table_name, load_no, line_no
from promise
where amount is null
