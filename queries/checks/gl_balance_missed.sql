-- grain: one row per company, currency and day of a control balance
-- answers: where do the open amounts miss the general ledger
-- reads: gl_balance, item, crossed_application
-- severity: error
-- fix: find what is posted in one and not in the other; the roll-forward of the period shows the movements
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: everything known now is counted, whenever it was keyed
with account as (
  select distinct company, currency from gl_balance
),
crossed as (
  select
    x.effective_on, x.amount, x.credit_amount, d.company as debit_company, d.currency as debit_currency,
    c.company as credit_company, c.currency as credit_currency
  from crossed_application x
  join item d on d.item_no = x.debit_item_no
  join item c on c.item_no = x.credit_item_no
  where x.is_other_company or x.is_exchange
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
  select m.company, m.currency, m.on_date, sum(m.amount) as amount
  from movement m
  join account a on a.company = m.company and a.currency = m.currency
  where m.on_date is not null
  group by m.company, m.currency, m.on_date
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
    || ' ' || currency || ', the general ledger says ' || cast(control_amount as string) || ', difference '
    || cast(cast(open_amount - control_amount as decimal(18, 4)) as string) as finding,
  'gl_balance' as table_name, load_no, line_no
from tied
where open_amount <> control_amount
