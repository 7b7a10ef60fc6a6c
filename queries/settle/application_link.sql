-- grain: one row per application loaded
-- answers: which items it joins, by number, and from which day it counts
-- reads: loaded_application, loaded_item
-- caveat: it counts once it and both its items are posted, so that the open amounts always sum to the amounts posted;
--   never, where an item is missing or the currencies differ and no credit_amount says what the credit item gave
select
  a.application_id, a.credit_item_id, a.debit_item_id, a.amount,
  coalesce(a.credit_amount, case when c.currency = d.currency then a.amount end) as credit_amount,
  a.applied_on, a.entered_at, a.entered_by, a.load_no, a.line_no, a.is_implied,
  c.item_no as credit_item_no, d.item_no as debit_item_no,
  case when c.currency = d.currency or a.credit_amount is not null then greatest(a.applied_on, c.posted_on, d.posted_on) end
    as effective_on,
  case
    when c.currency = d.currency or a.credit_amount is not null
      then greatest(coalesce(a.entered_at, cast(a.applied_on as timestamp)), c.known_at, d.known_at)
  end as known_at,
  c.currency <> d.currency as is_cross_currency
from loaded_application a
left join loaded_item c on c.item_id = a.credit_item_id
left join loaded_item d on d.item_id = a.debit_item_id
