-- grain: one row per as_of, period, scope, scope_id, currency and day on which anything moved
-- answers: how the items to be collected were collected, day by day, for whoever may have a target
-- reads: target_part
-- keep: targets pack
-- column: as_of date                         the day asked for
-- column: period_start date                  first day of the period
-- column: period_end date                    last day of the period
-- column: scope string                       company, business_unit, team or collector
-- column: scope_id string                    which one
-- column: currency string                    currency of the amounts
-- column: on_date date                       day
-- column: frozen_amount decimal(38,4)        open the day before the period and due by its end, as known then
-- column: collected_amount decimal(38,4)     taken off by receipts and down payments
-- column: later_amount decimal(38,4)         part of it on items posted later in the period than the day asked for stands in its own
-- column: credited_amount decimal(38,4)      taken off by credit notes and adjustments
-- column: written_off_amount decimal(38,4)   written off
-- column: remaining_amount decimal(38,4)     still open on the day asked for, or at the end of the period
-- caveat: an amount counts for the collector in charge on its day, so that a cover is credited with what came meanwhile; the
--   frozen amount for the one in charge before the period
with scoped as (
  select as_of, period_start, period_end, 'company' as scope, company as scope_id, currency, on_date, is_later,
    part, amount
  from target_part
  union all
  select as_of, period_start, period_end, 'business_unit' as scope, business_unit as scope_id, currency, on_date,
    is_later, part, amount
  from target_part
  union all
  select as_of, period_start, period_end, 'team' as scope, team as scope_id, currency, on_date, is_later,
    part, amount
  from target_part
  union all
  select as_of, period_start, period_end, 'collector' as scope, collector_id as scope_id, currency, on_date, is_later,
    part, amount
  from target_part
)
select
  as_of, period_start, period_end, scope, scope_id, currency, on_date,
  cast(sum(case when part = 'frozen' then amount else 0 end) as decimal(38, 4)) as frozen_amount,
  cast(sum(case when part = 'collected' then amount else 0 end) as decimal(38, 4)) as collected_amount,
  cast(sum(case when part = 'collected' and is_later then amount else 0 end) as decimal(38, 4)) as later_amount,
  cast(sum(case when part = 'credited' then amount else 0 end) as decimal(38, 4)) as credited_amount,
  cast(sum(case when part = 'written_off' then amount else 0 end) as decimal(38, 4)) as written_off_amount,
  cast(sum(case when part = 'remaining' then amount else 0 end) as decimal(38, 4)) as remaining_amount
from scoped
where scope_id is not null
group by as_of, period_start, period_end, scope, scope_id, currency, on_date
