-- grain: one row per as_of and observation
-- answers: on which days the ledger is looked at for a report of the day
-- reads: run_date, run_setting
-- column: as_of date                the day asked for
-- column: observation string        end (the day itself), start (the day before the period) or window_start (the day before the sales window)
-- column: observed_on date          day whose end is looked at
-- column: run_known_at timestamp    what was keyed later is not seen, on any of the days
-- caveat: start is missing where no period is asked for
select as_of, 'end' as observation, as_of as observed_on, run_known_at
from run_date
union all
select as_of, 'start' as observation, from_on as observed_on, run_known_at
from run_date
where from_on is not null
union all
select d.as_of, 'window_start' as observation, d.as_of - s.window_days as observed_on, d.run_known_at
from run_date d cross join run_setting s
