-- grain: one row per as_of, currency, scope_key and method
-- answers: how many days of sales are owed, by every method that is SQL; count-back starts from dso_count_back_month
-- reads: dso_simple, dso_average_balance, dso_best_possible, dso_delinquent, dso_sales_weighted, dso_true
-- column: as_of date                         the day asked for
-- column: currency string                    currency of the amounts
-- column: scope_key string                   values of the dimensions asked for (--by), in order
-- column: method string                      how it is worked out; the name of the figure
-- column: window_days int                    days of sales looked at
-- column: receivable_amount decimal(38,4)    what is owed, as the method counts it
-- column: sales_amount decimal(38,4)         what was sold, as the method counts it
-- column: dso_days double                    days of sales outstanding; empty where undefined
-- column: note string                        why it is undefined or unusual
-- caveat: methods disagree by design; no figure is called DSO without its method
select as_of, currency, scope_key, method, window_days, receivable_amount, sales_amount, dso_days, note from dso_simple
union all
select as_of, currency, scope_key, method, window_days, receivable_amount, sales_amount, dso_days, note
  from dso_average_balance
union all
select as_of, currency, scope_key, method, window_days, receivable_amount, sales_amount, dso_days, note
  from dso_best_possible
union all
select as_of, currency, scope_key, method, window_days, receivable_amount, sales_amount, dso_days, note
  from dso_delinquent
union all
select as_of, currency, scope_key, method, window_days, receivable_amount, sales_amount, dso_days, note
  from dso_sales_weighted
union all
select as_of, currency, scope_key, method, window_days, receivable_amount, sales_amount, dso_days, note from dso_true
