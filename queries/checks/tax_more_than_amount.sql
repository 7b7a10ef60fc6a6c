-- grain: one row per item
-- answers: which items hold more tax than they are worth, or tax of the other sign
-- reads: item
-- severity: warning
-- fix: correct tax_amount: it is part of amount and has its sign; until then net sales are wrong
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'item ' || item_id || ': tax ' || cast(tax_amount as string) || ' in an amount of ' || cast(amount as string) || ' '
    || currency as finding,
  'item' as table_name, load_no, line_no
from item
where tax_amount <> 0
  and (abs(tax_amount) > abs(amount) or (tax_amount > 0 and amount < 0) or (tax_amount < 0 and amount > 0))
