-- grain: one row per as_of, currency, scope_key and day with sales
-- answers: how much was sold on each day up to the day asked for
-- reads: sale
-- keep: dso pack trend
-- column: as_of date                       the day asked for
-- column: currency string                  currency of the amounts
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: posted_on date                   day the sales were posted
-- column: sales_amount decimal(38,4)       sales posted on it
-- caveat: credit notes are deducted on the day they are posted, whatever day they credit
select as_of, currency, scope_key, posted_on, cast(sum(sales_amount) as decimal(38, 4)) as sales_amount
from sale
group by as_of, currency, scope_key, posted_on
