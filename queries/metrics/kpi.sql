-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: all figures that are one number, in one list
-- reads: cei_kpi, open_share_kpi, days_to_clear_kpi, open_days_late_kpi, duration_kpi, turnover_kpi, bad_debt_kpi,
--   roll_kpi, unapplied_kpi, cash_application_kpi, dispute_kpi, promise_kpi, concentration_kpi
-- column: as_of date                   the day asked for
-- column: from_on date                 day before the period; empty where the figure looks at the day alone
-- column: currency string              currency of the amounts
-- column: scope_key string             values of the dimensions asked for (--by), in order
-- column: metric string                name of the figure
-- column: detail string                which line of it, where it has several
-- column: value double                 the figure; empty where undefined
-- column: unit string                  percent, rate, days, amount, count, ratio or index
-- column: numerator decimal(38,4)      sum of its numerator rows
-- column: denominator decimal(38,4)    sum of its denominator rows; empty for a plain amount
-- column: note string                  why it is undefined, or what to know beside it
-- caveat: figures without their optional table, or their period, have no row
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note from cei_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note
  from open_share_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note
  from days_to_clear_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note
  from open_days_late_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note from duration_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note from turnover_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note from bad_debt_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note from roll_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note from unapplied_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note
  from cash_application_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note from dispute_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note from promise_kpi
union all
select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note
  from concentration_kpi
