-- grain: one row per as_of, metric, part and receipt
-- answers: which receipts stand behind the rates of cash application
-- reads: period_receipt
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
  as_of, currency, scope_key, 'application_rate' as metric, '' as detail, 'numerator' as part, item_id as row_id,
  customer_id, value_on as on_date, applied_amount as amount
from period_receipt
union all
select
  as_of, currency, scope_key, 'same_day_application_rate' as metric, '' as detail, 'numerator' as part,
  item_id as row_id, customer_id, value_on as on_date, same_day_amount as amount
from period_receipt
union all
select
  r.as_of, r.currency, r.scope_key, m.metric, '' as detail, 'denominator' as part, r.item_id as row_id, r.customer_id,
  r.value_on as on_date, r.received_amount as amount
from period_receipt r
cross join (values ('application_rate'), ('same_day_application_rate')) as m (metric)
union all
select
  as_of, currency, scope_key, 'same_day_application_count_rate' as metric, '' as detail, 'numerator' as part,
  item_id as row_id, customer_id, value_on as on_date, cast(1 as decimal(38, 4)) as amount
from period_receipt
where same_day_amount >= received_amount
union all
select
  as_of, currency, scope_key, 'same_day_application_count_rate' as metric, '' as detail, 'denominator' as part,
  item_id as row_id, customer_id, value_on as on_date, cast(1 as decimal(38, 4)) as amount
from period_receipt
