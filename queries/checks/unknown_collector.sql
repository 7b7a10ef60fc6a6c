-- grain: one row per table and collector
-- answers: which collectors are named and not in the collector table
-- reads: assignment, promise, absence, activity, collector
-- severity: warning
-- fix: load the collector, or correct the id
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
-- caveat: nothing is said where no collector table was loaded
with named as (
  select 'assignment' as table_name, collector_id, load_no, line_no from assignment
  union all
  select 'promise' as table_name, collector_id, load_no, line_no from promise
  union all
  select 'absence' as table_name, collector_id, load_no, line_no from absence
  union all
  select 'activity' as table_name, collector_id, load_no, line_no from activity
),
first_named as (
  select n.table_name, n.collector_id, n.load_no, n.line_no,
    count(*) over (partition by n.table_name, n.collector_id) as row_count,
    row_number() over (partition by n.table_name, n.collector_id order by n.load_no nulls last, n.line_no nulls last)
      as rn
  from named n
  where n.collector_id is not null
    and exists (select 1 from collector)
    and not exists (select 1 from collector c where c.collector_id = n.collector_id)
)
select
  'collector ' || collector_id || ' of ' || cast(row_count as string) || ' rows of ' || table_name
    || ' is not in the collector table' as finding,
  table_name, load_no, line_no
from first_named
where rn = 1
