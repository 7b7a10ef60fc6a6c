-- grain: one row per as_of, currency, scope_key and customer_id with something open on either day
-- answers: by how much the balance of each customer moved in the period
-- reads: observed_item, run_date
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amount
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: customer_id string               customer
-- column: change_amount decimal(38,4)      balance on the last day less balance on the first
-- caveat: no row without a period; one customer's money applied to another's item moves both
select
  i.as_of, i.currency, i.scope_key, i.customer_id,
  cast(sum(case when i.observation = 'end' then i.open_amount else -i.open_amount end) as decimal(38, 4)) as change_amount
from observed_item i
join run_date d on d.as_of = i.as_of
where i.observation in ('start', 'end')
  and d.from_on is not null
group by i.as_of, i.currency, i.scope_key, i.customer_id
