-- grain: one row per as_of, observation and item in dispute on the day observed
-- answers: which items were in dispute, on each day a report looks at
-- reads: dispute, item_in_scope, observation
-- column: as_of date            the day asked for
-- column: observation string    end, start or window_start
-- column: item_no bigint        number of the item
-- caveat: the source's own mark (is_disputed) counts where the ledger has no disputes at all; it has no day and counts on
--   every day observed
select o.as_of, o.observation, i.item_no
from dispute d
join item_in_scope i on i.item_id = d.item_id
join observation o on o.as_of = i.as_of and d.opened_on <= o.observed_on
where cast(d.opened_on as timestamp) <= o.run_known_at
  and (d.resolved_on is null or d.resolved_on > o.observed_on or cast(d.resolved_on as timestamp) > o.run_known_at)
union
select o.as_of, o.observation, i.item_no
from item_in_scope i
join observation o on o.as_of = i.as_of
where i.is_disputed and not exists (select 1 from dispute)
