-- grain: one row per as_of, metric, part and bill or dispute
-- answers: which bills and disputes stand behind the censored durations
-- reads: duration_spell
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
with named as (
  select s.as_of, s.currency, s.scope_key, m.metric, s.row_id, s.customer_id, s.on_date, s.is_ended
  from duration_spell s
  join (
    values
      ('days_late', 'days_late_median_censored'), ('dispute_cycle', 'dispute_cycle_days'),
        ('dispute_cycle', 'dispute_cycle_p90_days')
  ) as m (source_metric, metric) on m.source_metric = s.metric
)
select
  as_of, currency, scope_key, metric, '' as detail, 'numerator' as part, row_id, customer_id, on_date,
  cast(1 as decimal(38, 4)) as amount
from named
where is_ended
union all
select
  as_of, currency, scope_key, metric, '' as detail, 'denominator' as part, row_id, customer_id, on_date,
  cast(1 as decimal(38, 4)) as amount
from named
