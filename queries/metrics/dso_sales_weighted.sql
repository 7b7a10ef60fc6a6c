-- grain: one row per as_of, currency and scope_key
-- answers: how many days of sales are owed, each open sale set against the sales of its own month
-- reads: month_method
-- rows: dso_row
-- metric: dso_sales_weighted days  what is open of each month's sales, in days of the sales of that month
-- title: DSO, sales-weighted
-- formula: sum over calendar months of open amount of the month's sales / sales of the month x days of the month
-- source: as the Credit Research Foundation does; no page of its own was found
-- caveat: months are calendar months by the day posted, the last one as far as it has gone; only sales kinds are in it,
--   so neither unapplied receipts nor opening items; window_days does not bear on it
-- column: as_of date                         the day asked for
-- column: currency string                    currency of the amounts
-- column: scope_key string                   values of the dimensions asked for (--by), in order
-- column: method string                      how it is worked out; the name of the figure
-- column: window_days int                    days of sales looked at
-- column: receivable_amount decimal(38,4)    what is owed, as the method counts it
-- column: sales_amount decimal(38,4)         what was sold, as the method counts it
-- column: dso_days double                    days of sales outstanding; empty where undefined
-- column: note string                        why it is undefined or unusual
select as_of, currency, scope_key, method, window_days, receivable_amount, sales_amount, dso_days, note
from month_method
where method = 'dso_sales_weighted'
