-- grain: one row per as_of, part and overdue open item
-- answers: which items stand behind the days late of the open debts
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
select
  as_of, currency, scope_key, 'open_days_late' as metric, '' as detail, 'numerator' as part, item_id as row_id,
  customer_id, due_on as on_date, cast(cast(open_amount as decimal(38, 4)) * past_due_days as decimal(38, 4)) as amount
from open_item
where is_overdue
union all
select
  as_of, currency, scope_key, 'open_days_late' as metric, '' as detail, 'denominator' as part, item_id as row_id,
  customer_id, due_on as on_date, open_amount as amount
from open_item
where is_overdue
