-- grain: one row per promise
-- answers: which promises are in another currency than the item they are for
-- reads: promise, item
-- severity: warning
-- fix: give the promise in the currency of its item, or without its item; until then it is in no figure
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: a promise without a currency is in that of its item
select
  'promise ' || p.promise_id || ': in ' || p.currency || ', its item ' || i.item_id || ' in ' || i.currency as finding,
  'promise' as table_name, p.load_no, p.line_no
from promise p
join item i on i.item_id = p.item_id
where p.currency <> i.currency
