//! The last month ends up to the day asked for: what every trend looks at, so that a pack reads the ledger once for all.

use std::iter::successors;

use chrono::{Months, NaiveDate};

use super::Context;
use crate::catalog::bind::{Run, RunDay};
use crate::domain::period::{last_month_end, month_end};

/// Days looked at: a year and the same month of the year before.
const COUNT: usize = 13;

/// The run on the day asked for and the month ends before it, oldest first; each with a period as long as the day's own,
/// or the month so far where none is asked for.
pub(super) fn run(context: &Context<'_>) -> Run {
    let asked = context
        .run
        .days
        .last()
        .map(|last| RunDay { from_on: last.from_on.or_else(|| Some(last_month_end(last.as_of))), ..*last });
    let mut days: Vec<RunDay> = successors(asked, |day| Some(before(*day))).take(COUNT).collect();
    days.reverse();
    Run { days, ..context.run.clone() }
}

/// The month end before a day, with a period that starts a month earlier than the day's own.
fn before(day: RunDay) -> RunDay {
    let as_of = last_month_end(day.as_of);
    let month_earlier = |from: NaiveDate| {
        let day = from - Months::new(1);
        if from == month_end(from) { month_end(day) } else { day }
    };
    RunDay { as_of, from_on: day.from_on.map(month_earlier).filter(|from| *from < as_of) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::period::parse_day;

    fn run_day(as_of: &str, from_on: &str) -> RunDay {
        RunDay { as_of: parse_day(as_of).expect("a date"), from_on: parse_day(from_on).ok() }
    }

    #[test]
    fn the_day_before_is_the_last_month_end_with_a_period_a_month_earlier() {
        assert_eq!(before(run_day("2024-12-31", "2024-11-30")), run_day("2024-11-30", "2024-10-31"));
        assert_eq!(before(run_day("2024-12-15", "2024-11-30")), run_day("2024-11-30", "2024-10-31"));
        assert_eq!(before(run_day("2024-03-31", "2023-12-31")), run_day("2024-02-29", "2023-11-30"));
        assert_eq!(before(run_day("2024-03-31", "none")), run_day("2024-02-29", "none"));
    }

    #[test]
    fn a_period_that_would_be_empty_a_month_earlier_is_none() {
        assert_eq!(before(run_day("2024-12-31", "2024-12-30")), run_day("2024-11-30", "none"));
    }
}
