-- grain: one row per as_of, currency and scope_key
-- answers: how many days of sales are owed, each open invoice by its own age and the sales of its own month
-- reads: month_method
-- rows: dso_row
-- metric: dso_true days  age of the open invoices, each weighted by its share of the sales of its month
-- title: DSO, true
-- formula: sum over open invoices and debit notes of days since posted x open amount / sales of the month posted
-- source: True DSO of Oracle: days since the invoice x amount / net credit sales of the month of sale, summed over open
--   invoices (community.oracle.com/mosc/discussion/4521441)
-- caveat: the part still open counts, by the day posted; invoices and debit notes only, set against sales less credit
--   notes; window_days does not bear on it
-- caveat: where little was sold in the months of what is open, it is longer than any of it is old
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
where method = 'dso_true'
