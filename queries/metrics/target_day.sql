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
with moved as (
  select
    as_of, period_start, period_end, company, business_unit, team, collector_id, currency, on_date,
    sum(case when part = 'frozen' then amount else 0 end) as frozen_amount,
    sum(case when part = 'collected' then amount else 0 end) as collected_amount,
    sum(case when part = 'collected' and is_later then amount else 0 end) as later_amount,
    sum(case when part = 'credited' then amount else 0 end) as credited_amount,
    sum(case when part = 'written_off' then amount else 0 end) as written_off_amount,
    sum(case when part = 'remaining' then amount else 0 end) as remaining_amount
  from target_part
  group by as_of, period_start, period_end, company, business_unit, team, collector_id, currency, on_date
),
scope as (
  select 'company' as scope
  union all
  select 'business_unit' as scope
  union all
  select 'team' as scope
  union all
  select 'collector' as scope
),
scoped as (
  select
    m.as_of, m.period_start, m.period_end, s.scope,
    case s.scope
      when 'company' then m.company
      when 'business_unit' then m.business_unit
      when 'team' then m.team
      else m.collector_id
    end as scope_id,
    m.currency, m.on_date, m.frozen_amount, m.collected_amount, m.later_amount, m.credited_amount,
    m.written_off_amount, m.remaining_amount
  from moved m
  cross join scope s
)
select
  as_of, period_start, period_end, scope, scope_id, currency, on_date,
  cast(sum(frozen_amount) as decimal(38, 4)) as frozen_amount,
  cast(sum(collected_amount) as decimal(38, 4)) as collected_amount,
  cast(sum(later_amount) as decimal(38, 4)) as later_amount,
  cast(sum(credited_amount) as decimal(38, 4)) as credited_amount,
  cast(sum(written_off_amount) as decimal(38, 4)) as written_off_amount,
  cast(sum(remaining_amount) as decimal(38, 4)) as remaining_amount
from scoped
where scope_id is not null
group by as_of, period_start, period_end, scope, scope_id, currency, on_date
