-- grain: one row per as_of, metric, part and open debit item
-- answers: which items stand behind the shares of current and overdue debts
-- reads: open_item
-- column: as_of date                the day asked for
-- column: currency string           currency of the amount
-- column: scope_key string          values of the dimensions asked for (--by), in order
-- column: metric string             which figure the row stands behind
-- column: detail string             which line of it, where it has several
-- column: part string               numerator or denominator
-- column: row_id string             item, receipt, dispute, promise, customer or group, as the figure counts
-- column: customer_id string        customer
-- column: on_date date              the day that puts the row in the figure
-- column: amount decimal(38,4)      what the row adds to the part
with debt as (
  select as_of, currency, scope_key, item_id, customer_id, due_on, past_due_days, open_amount
  from open_item
  where not is_credit
)
select
  as_of, currency, scope_key, 'current_rate' as metric, '' as detail, 'numerator' as part, item_id as row_id,
  customer_id, due_on as on_date, open_amount as amount
from debt
where past_due_days <= 0
union all
select
  as_of, currency, scope_key, 'overdue_rate' as metric, '' as detail, 'numerator' as part, item_id as row_id,
  customer_id, due_on as on_date, open_amount as amount
from debt
where past_due_days > 0
union all
select
  as_of, currency, scope_key, 'over_90_rate' as metric, '' as detail, 'numerator' as part, item_id as row_id,
  customer_id, due_on as on_date, open_amount as amount
from debt
where past_due_days > 90
union all
select
  d.as_of, d.currency, d.scope_key, m.metric, '' as detail, 'denominator' as part, d.item_id as row_id, d.customer_id,
  d.due_on as on_date, d.open_amount as amount
from debt d
cross join (values ('current_rate'), ('overdue_rate'), ('over_90_rate')) as m (metric)
