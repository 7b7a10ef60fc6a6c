-- grain: one row per application looked at
-- answers: which items it joins, by number, and from which day it counts
-- reads: unlinked_application, credit_candidate, debit_candidate
-- column: application_id string        application
-- column: credit_item_id string        credit item it takes from
-- column: debit_item_id string         debit item it gives to
-- column: amount decimal(18,4)         amount in the debit item's currency; negative undoes an earlier one
-- column: credit_amount decimal(18,4)  amount in the credit item's currency; empty where that is not known
-- column: applied_on date              day the application was made
-- column: entered_at timestamp         when it was keyed
-- column: entered_by string            who keyed it
-- column: load_no int                  load the row came from
-- column: line_no bigint               line of its file
-- column: is_implied boolean           made from a clearing date
-- column: credit_item_no bigint        number of the credit item; empty where it is not in the ledger
-- column: debit_item_no bigint         number of the debit item; empty where it is not in the ledger
-- column: effective_on date            first day on which it and both its items are posted
-- column: known_at timestamp           when it and both its items were keyed
-- column: is_exchange boolean          what the credit item gives is not what the debit item gets, as between currencies
-- column: credit_currency string       currency of the credit item
-- column: debit_currency string        currency of the debit item
-- caveat: it counts once it and both its items are posted, so that the open amounts always sum to the amounts posted;
--   never, where an item is missing or the currencies differ and no credit_amount says what the credit item gave;
--   the candidates are items of a load: all of them, or first those whose sign is that of the side
with joined as (
  select
    a.*, c.item_no as credit_item_no, d.item_no as debit_item_no,
    c.currency = d.currency as is_same_currency, c.currency as credit_currency, d.currency as debit_currency,
    c.posted_on as credit_posted_on, d.posted_on as debit_posted_on,
    c.known_at as credit_known_at, d.known_at as debit_known_at,
    c.customer_id <> d.customer_id as is_other_customer, c.company <> d.company as is_other_company,
    c.amount > 0 or d.amount < 0 as is_wrong_side,
    c.item_no is not null and d.item_no is not null and (c.currency = d.currency or a.credit_amount is not null) as is_whole
  from unlinked_application a
  left join credit_candidate c on c.item_id = a.credit_item_id
  left join debit_candidate d on d.item_id = a.debit_item_id
)
select
  a.application_id, a.credit_item_id, a.debit_item_id, a.amount,
  coalesce(a.credit_amount, case when a.is_same_currency then a.amount end) as credit_amount,
  a.applied_on, a.entered_at, a.entered_by, a.load_no, a.line_no, a.is_implied,
  a.credit_item_no, a.debit_item_no,
  case when a.is_whole then greatest(a.applied_on, a.credit_posted_on, a.debit_posted_on) end as effective_on,
  case
    when a.is_whole
      then greatest(coalesce(a.entered_at, cast(a.applied_on as timestamp)), a.credit_known_at, a.debit_known_at)
  end as known_at,
  not a.is_same_currency or coalesce(a.credit_amount, a.amount) <> a.amount as is_exchange,
  a.credit_currency, a.debit_currency,
  coalesce(a.is_other_customer, false) as is_other_customer, coalesce(a.is_other_company, false) as is_other_company,
  coalesce(a.is_wrong_side, false) as is_wrong_side
from joined a
