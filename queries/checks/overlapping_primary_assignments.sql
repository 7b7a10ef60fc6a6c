-- grain: one row per assignment that begins before an earlier one ends
-- answers: which customers have two primary collectors on one day
-- reads: assignment
-- severity: warning
-- fix: end the earlier span the day before the later begins; until then the later one counts
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
with ordered as (
  select customer_id, collector_id, from_on, to_on, load_no, line_no,
    coalesce(from_on, date '0001-01-01') as begins_on,
    max(coalesce(to_on, date '9999-12-31')) over (
      partition by customer_id
      order by coalesce(from_on, date '0001-01-01') nulls last, collector_id nulls last, line_no nulls last
      rows between unbounded preceding and 1 preceding
    ) as earlier_to_on
  from assignment
  where coalesce(cover, 'primary') = 'primary'
)
select
  'customer ' || customer_id || ': collector ' || collector_id || ' from '
    || coalesce(cast(from_on as string), 'the beginning')
    || ', another one until '
      || case when earlier_to_on = date '9999-12-31' then 'now' else cast(earlier_to_on as string) end as finding,
  'assignment' as table_name, load_no, line_no
from ordered
where begins_on <= earlier_to_on
