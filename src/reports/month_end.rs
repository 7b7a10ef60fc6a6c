//! The last month ends up to the day asked for: what every trend looks at, so that a pack reads the ledger once for all.

use std::iter::successors;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::Context;
use crate::catalog::bind::{Run, RunDay};
use crate::domain::period::{last_month_end, month_end};

/// Days looked at: a year and the same month of the year before.
const COUNT: usize = 13;

/// How long the period of the day asked for is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// Whole months.
    Months(u32),
    /// The month so far.
    PartOfMonth,
    /// Days that are no months.
    Days(u32),
}

impl Length {
    /// That of a day's period; none where it has none.
    pub(super) fn of(day: &RunDay) -> Option<Self> {
        let (from, to) = (day.from_on?, day.as_of);
        let is_end = |day: NaiveDate| day == month_end(day);
        let months = |day: NaiveDate| 12 * day.year() + day.month() as i32;
        Some(if is_end(from) && is_end(to) {
            Self::Months(months(to).abs_diff(months(from)))
        } else if from == last_month_end(to) {
            Self::PartOfMonth
        } else {
            Self::Days((to - from).num_days().unsigned_abs() as u32)
        })
    }

    /// The day before a period that ends with a month: as many months or days, and a whole month beside a part of one.
    fn before(self, end: NaiveDate) -> NaiveDate {
        match self {
            Self::Months(count) => month_end(end - Months::new(count)),
            Self::PartOfMonth => last_month_end(end),
            Self::Days(count) => end - Days::new(u64::from(count)),
        }
    }
}

/// The run on the day asked for and the month ends before it, oldest first; each with a period as long as the day's own,
/// or the month where none is asked for.
pub(super) fn run(context: &Context<'_>) -> Run {
    let asked = context
        .run
        .days
        .last()
        .map(|last| RunDay { from_on: last.from_on.or_else(|| Some(last_month_end(last.as_of))), ..*last });
    let length = asked.as_ref().and_then(Length::of);
    let mut days: Vec<RunDay> = successors(asked, |day| Some(before(*day, length))).take(COUNT).collect();
    days.reverse();
    Run { days, ..context.run.clone() }
}

/// The month end before a day, with a period of a length.
fn before(day: RunDay, length: Option<Length>) -> RunDay {
    let as_of = last_month_end(day.as_of);
    RunDay { as_of, from_on: length.map(|length| length.before(as_of)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::period::parse_day;

    fn run_day(as_of: &str, from_on: &str) -> RunDay {
        RunDay { as_of: parse_day(as_of).expect("a date"), from_on: parse_day(from_on).ok() }
    }

    #[test]
    fn the_day_before_is_the_last_month_end_with_a_period_as_long() {
        let before = |day| before(day, Length::of(&day));
        assert_eq!(before(run_day("2024-12-31", "2024-11-30")), run_day("2024-11-30", "2024-10-31"));
        assert_eq!(before(run_day("2024-12-15", "2024-11-30")), run_day("2024-11-30", "2024-10-31"));
        assert_eq!(before(run_day("2024-03-31", "2023-12-31")), run_day("2024-02-29", "2023-11-30"));
        assert_eq!(before(run_day("2024-12-15", "2024-11-15")), run_day("2024-11-30", "2024-10-31"));
        assert_eq!(before(run_day("2024-07-07", "2024-06-08")), run_day("2024-06-30", "2024-06-01"));
        assert_eq!(before(run_day("2024-12-31", "2024-12-30")), run_day("2024-11-30", "2024-11-29"));
        assert_eq!(before(run_day("2024-03-31", "none")), run_day("2024-02-29", "none"));
    }
}
