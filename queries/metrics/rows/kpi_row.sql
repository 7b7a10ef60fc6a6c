-- grain: one row per as_of, metric, detail, part and row that stands behind it
-- answers: which rows stand behind any figure of kpi or dso
-- reads: dso_row, cei_row, open_share_row, days_to_clear_row, open_days_late_row, duration_row, turnover_row,
--   bad_debt_row, roll_row, unapplied_row, cash_application_row, dispute_row, promise_row, concentration_row
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
-- caveat: ask for one metric at a time
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from dso_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from cei_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from open_share_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from days_to_clear_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from open_days_late_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from duration_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from turnover_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from bad_debt_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from roll_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from unapplied_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from cash_application_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from dispute_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from promise_row
union all
select as_of, currency, scope_key, metric, detail, part, row_id, customer_id, on_date, amount from concentration_row
