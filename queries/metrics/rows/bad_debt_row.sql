-- grain: one row per as_of, part and item
-- answers: which items stand behind the bad debt rate
-- reads: item_in_scope, item, sale
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
  i.as_of, i.currency, i.scope_key, 'bad_debt_rate' as metric, '' as detail, 'numerator' as part, i.item_id as row_id,
  i.customer_id, i.posted_on as on_date, cast(-i.amount as decimal(38, 4)) as amount
from item_in_scope i
where i.posted_on > i.from_on
  and i.posted_on <= i.as_of
  and i.known_at <= i.run_known_at
  and (i.kind = 'write_off' or i.reversed_item_no in (select item_no from item where kind = 'write_off'))
union all
select
  as_of, currency, scope_key, 'bad_debt_rate' as metric, '' as detail, 'denominator' as part, item_id as row_id,
  customer_id, posted_on as on_date, cast(sales_amount as decimal(38, 4)) as amount
from sale
where posted_on > from_on
