-- grain: one row per as_of, currency, scope_key, metric and detail
-- answers: how late, and how long after the bill, the bills cleared in the period were paid
-- reads: days_to_clear_row, run_date
-- caveat: bills cleared in the period at least in part by money; what credit notes or write-offs alone cleared was not
--   paid
-- caveat: bills still unpaid are not in it, however late: read days_late_median_censored and open_days_late beside it
-- metric: average_days_late days  mean of days from due to cleared
-- title: Average days late
-- formula: sum of days from due to cleared / bills cleared in the period
-- source: Oracle PeopleSoft, Understanding History Calculations
--   (docs.oracle.com/cd/F92336_01/fscm92pbr50/eng/fscm/fare/UnderstandingHistoryCalculations-9f67b1.html)
-- caveat: early payers count below 0; a bill of 10 weighs as much as one of 10,000
-- metric: weighted_days_late days  mean of days from due to cleared, weighted by the amount of the bill
-- title: Average days late, by amount
-- formula: sum of amount x days from due to cleared / sum of amounts, of bills cleared in the period
-- source: Oracle JD Edwards, Calculations
--   (docs.oracle.com/en/applications/jd-edwards/financials/9.2/eoaar/calculations-1.html); SAP, RR_TTG02
--   (sapdatasheet.org/abap/dtel/rr_ttg02.html)
-- caveat: early payers count below 0; a few large bills decide it
-- metric: average_days_to_pay days  mean of days from document date to cleared
-- title: Average days to pay
-- formula: sum of days from document date to cleared / bills cleared in the period
-- source: Microsoft Dynamics ideas 4191bf6f, its unweighted example (scshubfrpdev.powerappsportals.com)
-- caveat: longer terms raise it without anyone paying late; a bill of 10 weighs as much as one of 10,000
-- metric: weighted_days_to_pay days  mean of days from document date to cleared, weighted by the amount of the bill
-- title: Average days to pay, by amount
-- formula: sum of amount x days from document date to cleared / sum of amounts, of bills cleared in the period
-- source: Oracle EBS, weighted average days paid = weighted terms + weighted days late
--   (docs.oracle.com/cd/E18727_01/doc.121/e13452/T387641T387664.htm)
-- caveat: longer terms raise it without anyone paying late; a few large bills decide it
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
with total as (
  select
    as_of, currency, scope_key, metric, detail,
    coalesce(sum(case when part = 'numerator' then amount end), 0) as numerator,
    coalesce(sum(case when part = 'denominator' then amount end), 0) as denominator
  from days_to_clear_row
  group by as_of, currency, scope_key, metric, detail
)
select
  t.as_of, d.from_on as from_on, t.currency, t.scope_key, t.metric, t.detail,
  case when t.denominator > 0 then cast(t.numerator as double) / cast(t.denominator as double) end as value,
  'days' as unit,
  cast(t.numerator as decimal(38, 4)) as numerator,
  cast(t.denominator as decimal(38, 4)) as denominator,
  case when t.denominator > 0 then '' else 'no paid bills of any amount' end as note
from total t
join run_date d on d.as_of = t.as_of
