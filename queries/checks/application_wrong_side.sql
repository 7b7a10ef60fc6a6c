-- grain: one row per application
-- answers: which applications settle a credit item, or settle with a debit item
-- reads: crossed_application, item
-- severity: error
-- fix: swap credit_item_id and debit_item_id, or correct the sign of the item
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
select
  'application ' || x.application_id || ': '
    || case
      when c.amount > 0 then 'credit_item_id ' || c.item_id || ' is a debit item of ' || cast(c.amount as string)
      else 'debit_item_id ' || d.item_id || ' is a credit item of ' || cast(d.amount as string)
    end as finding,
  'application' as table_name, x.load_no, x.line_no
from crossed_application x
join item c on c.item_no = x.credit_item_no
join item d on d.item_no = x.debit_item_no
where x.is_wrong_side
