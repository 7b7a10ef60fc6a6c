-- grain: one row per as_of, period, scope, scope_id and currency that has a target, or is a company without one
-- answers: how much is to be collected in the period, and what became of it so far
-- reads: target, target_day, run_period, run_date
-- column: as_of date                           the day asked for
-- column: period_start date                    first day of the period
-- column: period_end date                      last day of the period
-- column: scope string                         company, business_unit, team or collector
-- column: scope_id string                      which one
-- column: currency string                      currency of the amounts
-- column: target_amount decimal(18,4)          what was to be collected; empty where there is no target
-- column: collectable_frozen decimal(38,4)     open the day before the period and due by its end, as known then
-- column: collectable_now decimal(38,4)        the same as known now, with what was posted in the period and is due by its end
-- column: collected decimal(38,4)              taken off it by receipts and down payments in the period
-- column: credited decimal(38,4)               taken off it by credit notes and adjustments
-- column: written_off decimal(38,4)            written off
-- column: remaining decimal(38,4)              still open
-- caveat: collected + credited + written_off + remaining = collectable_now, exactly; what was paid before the period is in none
--   of them, money on account counts once it is applied, and a receipt that is undone is taken back on the day it is undone
-- caveat: of several targets for one scope, period and currency the last one frozen by the day counts; one that does not say when
--   it was frozen counts from the first day of its period
with dated as (
  select
    p.as_of, p.period_start, p.period_end, t.scope, t.scope_id, t.currency, t.amount,
    row_number() over (
      partition by p.as_of, p.period_start, p.period_end, t.scope, t.scope_id, t.currency
      order by t.frozen_on desc nulls last, t.target_id desc nulls last
    ) as rn
  from target t
  join run_period p on p.period_start = t.period_start and p.period_end = t.period_end
  join run_date d on d.as_of = p.as_of
  where p.is_asked
    and coalesce(t.frozen_on, t.period_start) <= p.as_of
    and cast(coalesce(t.frozen_on, t.period_start) as timestamp) <= d.run_known_at
),
progress as (
  select
    d.as_of, d.period_start, d.period_end, d.scope, d.scope_id, d.currency,
    sum(d.frozen_amount) as frozen_amount, sum(d.collected_amount) as collected_amount,
    sum(d.credited_amount) as credited_amount, sum(d.written_off_amount) as written_off_amount,
    sum(d.remaining_amount) as remaining_amount
  from target_day d
  join run_period p on p.as_of = d.as_of and p.period_start = d.period_start and p.period_end = d.period_end
  where p.is_asked
  group by d.as_of, d.period_start, d.period_end, d.scope, d.scope_id, d.currency
),
asked as (
  select as_of, period_start, period_end, scope, scope_id, currency, max(target_amount) as target_amount
  from (
    select as_of, period_start, period_end, scope, scope_id, currency, amount as target_amount from dated where rn = 1
    union all
    select
      as_of, period_start, period_end, scope, scope_id, currency, cast(null as decimal(18, 4)) as target_amount
    from progress
    where scope = 'company'
  ) either
  group by as_of, period_start, period_end, scope, scope_id, currency
)
select
  a.as_of, a.period_start, a.period_end, a.scope, a.scope_id, a.currency,
  cast(a.target_amount as decimal(18, 4)) as target_amount,
  cast(coalesce(p.frozen_amount, 0) as decimal(38, 4)) as collectable_frozen,
  cast(
    coalesce(p.collected_amount + p.credited_amount + p.written_off_amount + p.remaining_amount, 0) as decimal(38, 4)
  ) as collectable_now,
  cast(coalesce(p.collected_amount, 0) as decimal(38, 4)) as collected,
  cast(coalesce(p.credited_amount, 0) as decimal(38, 4)) as credited,
  cast(coalesce(p.written_off_amount, 0) as decimal(38, 4)) as written_off,
  cast(coalesce(p.remaining_amount, 0) as decimal(38, 4)) as remaining
from asked a
left join progress p
  on p.as_of = a.as_of and p.period_start = a.period_start and p.period_end = a.period_end and p.scope = a.scope
 and p.scope_id = a.scope_id and p.currency = a.currency
