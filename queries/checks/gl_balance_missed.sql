-- grain: one row per company, currency and day of a control balance
-- answers: where do the open amounts miss the general ledger
-- reads: gl_balance, item, application
-- severity: error
-- fix: find what is posted in one and not in the other; the roll-forward of the period shows the movements
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: everything known now is counted, whenever it was keyed
with crossed as (
  select
    a.effective_on, a.amount, a.credit_amount, d.company as debit_company, d.currency as debit_currency,
    c.company as credit_company, c.currency as credit_currency
  from application a
  join item d on d.item_no = a.debit_item_no
  join item c on c.item_no = a.credit_item_no
  where c.company <> d.company or c.currency <> d.currency or a.amount <> a.credit_amount
),
movement as (
  select company, currency, posted_on as on_date, amount
  from item
  union all
  select debit_company as company, debit_currency as currency, effective_on as on_date, -amount as amount
  from crossed
  union all
  select credit_company as company, credit_currency as currency, effective_on as on_date, credit_amount as amount
  from crossed
),
daily as (
  select company, currency, on_date, sum(amount) as amount
  from movement
  where on_date is not null and exists (select 1 from gl_balance)
  group by company, currency, on_date
),
tied as (
  select
    g.company, g.on_date, g.currency, g.amount as control_amount, g.load_no, g.line_no,
    cast(coalesce(sum(m.amount), 0) as decimal(18, 4)) as open_amount
  from gl_balance g
  left join daily m on m.company = g.company and m.currency = g.currency and m.on_date <= g.on_date
  group by g.company, g.on_date, g.currency, g.amount, g.load_no, g.line_no
)
select
  'company ' || company || ' on ' || cast(on_date as string) || ': open amounts are ' || cast(open_amount as string)
    || ' '
    || currency || ', the general ledger says ' || cast(control_amount as string) || ', difference '
    || cast(cast(open_amount - control_amount as decimal(18, 4)) as string) as finding,
  'gl_balance' as table_name, load_no, line_no
from tied
where open_amount <> control_amount
