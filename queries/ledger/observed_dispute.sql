-- grain: one row per as_of, observation and item in dispute on the day observed
-- answers: which items were in dispute, on each day a report looks at
-- reads: dispute, item_observation
-- column: as_of date            the day asked for
-- column: observation string    end, start or window_start
-- column: item_no bigint        number of the item
-- caveat: the source's own mark (is_disputed) has no day; it counts on every day observed
select i.as_of, i.observation, i.item_no
from dispute d
join item_observation i on i.item_id = d.item_id and d.opened_on <= i.observed_on
where d.resolved_on is null or d.resolved_on > i.observed_on
union
select as_of, observation, item_no
from item_observation
where is_disputed
