-- grain: one row per as_of, metric, detail, part and dispute
-- answers: which disputes stand behind the dispute figures
-- reads: raised_dispute, observed_item, dispute
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
-- caveat: where the ledger has no disputes at all, what is open of an item with the source's mark (is_disputed) counts as
--   disputed, in a line of its own; since when is not known
with seen as (
  select
    as_of, from_on, currency, scope_key, dispute_id, customer_id, reason, opened_on, resolved_on, outcome,
    cast(amount as decimal(38, 4)) as amount
  from raised_dispute
),
pending as (
  select
    as_of, from_on, currency, scope_key, dispute_id, customer_id, coalesce(reason, 'no reason') as reason, opened_on,
    amount
  from seen
  where resolved_on is null
),
resolved as (
  select
    as_of, currency, scope_key, dispute_id, customer_id, resolved_on, outcome, amount
  from seen
  where resolved_on > from_on
),
raised as (
  select as_of, currency, scope_key, dispute_id, customer_id, opened_on, amount
  from seen
  where opened_on > from_on
)
select
  as_of, currency, scope_key, 'dispute_open_amount' as metric, 'all' as detail, 'numerator' as part,
  dispute_id as row_id, customer_id, opened_on as on_date, amount
from pending
union all
select
  as_of, currency, scope_key, 'dispute_open_amount' as metric, reason as detail, 'numerator' as part,
  dispute_id as row_id, customer_id, opened_on as on_date, amount
from pending
union all
select
  o.as_of, o.currency, o.scope_key, 'dispute_open_amount' as metric, m.detail, 'numerator' as part, o.item_id as row_id,
  o.customer_id, o.posted_on as on_date, o.open_amount as amount
from observed_item o
cross join (values ('all'), ('marked by the source')) as m (detail)
where o.observation = 'end' and o.is_disputed and not exists (select 1 from dispute)
union all
select
  as_of, currency, scope_key, 'dispute_open_days' as metric, '' as detail, 'numerator' as part, dispute_id as row_id,
  customer_id, opened_on as on_date, cast(cast(as_of - opened_on as int) as decimal(38, 4)) as amount
from pending
union all
select
  as_of, currency, scope_key, 'dispute_open_days' as metric, '' as detail, 'denominator' as part, dispute_id as row_id,
  customer_id, opened_on as on_date, cast(1 as decimal(38, 4)) as amount
from pending
union all
select
  as_of, currency, scope_key, 'dispute_win_rate' as metric, '' as detail, 'numerator' as part, dispute_id as row_id,
  customer_id, resolved_on as on_date, cast(1 as decimal(38, 4)) as amount
from resolved
where outcome = 'invalid'
union all
select
  as_of, currency, scope_key, 'dispute_win_rate' as metric, '' as detail, 'denominator' as part, dispute_id as row_id,
  customer_id, resolved_on as on_date, cast(1 as decimal(38, 4)) as amount
from resolved
union all
select
  p.as_of, p.currency, p.scope_key, m.metric, '' as detail, 'numerator' as part, p.dispute_id as row_id, p.customer_id,
  p.opened_on as on_date, p.amount
from pending p
cross join (values ('ddo'), ('ddo_resolved')) as m (metric)
where p.from_on is not null
union all
select
  as_of, currency, scope_key, 'ddo' as metric, '' as detail, 'denominator' as part, dispute_id as row_id, customer_id,
  opened_on as on_date, amount
from raised
union all
select
  as_of, currency, scope_key, 'ddo_resolved' as metric, '' as detail, 'denominator' as part, dispute_id as row_id,
  customer_id, resolved_on as on_date, amount
from resolved
