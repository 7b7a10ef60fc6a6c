-- grain: one row per target that does not count
-- answers: which targets are set for what another target is set for, on the same day
-- reads: target
-- severity: warning
-- fix: leave one, or say with frozen_on from which day each counts
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
with ranked as (
  select
    t.*,
    first_value(target_id) over (
      partition by scope, scope_id, currency, period_start, period_end, frozen_on order by target_id desc nulls last
    ) as counted_id
  from target t
)
select
  'target ' || target_id || ' is for the same ' || scope || ' ' || coalesce(scope_id, '') || ', period and currency as '
    || counted_id || ', and only that one counts' as finding,
  'target' as table_name, load_no, line_no
from ranked
where target_id <> counted_id
