-- grain: one row per target
-- answers: which targets are set for what is not in the ledger
-- reads: target, item, customer, collector, assignment
-- severity: warning
-- fix: correct scope_id, which is spelled as in the tables, or fill in what is missing; until then nothing is collected for it
-- column: finding string      what is wrong, by id
-- column: table_name string   table of the row
-- column: load_no int         load the row came from
-- column: line_no bigint      line of its file
with known as (
  select distinct 'company' as scope, company as scope_id from item
  union all
  select distinct 'business_unit' as scope, business_unit as scope_id from item
  union all
  select distinct 'business_unit' as scope, business_unit as scope_id from customer
  union all
  select distinct 'team' as scope, team as scope_id from collector
  union all
  select distinct 'collector' as scope, collector_id as scope_id from collector
  union all
  select distinct 'collector' as scope, collector_id as scope_id from assignment
)
select
  'target ' || t.target_id
    || case
      when t.currency is null then ' has no currency'
      when t.scope_id is null then ' names no ' || t.scope
      else ': ' || t.scope || ' ' || t.scope_id || ' is not in the ledger'
    end as finding,
  'target' as table_name, t.load_no, t.line_no
from target t
where t.currency is null
  or t.scope_id is null
  or not exists (select 1 from known k where k.scope = t.scope and k.scope_id = t.scope_id)
