//! Days and moments asked for.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::error::Error;

/// Days asked for are before this year: days are reckoned from them, and the last day of all stands for "never".
const END_YEAR: i32 = 9990;

/// Reads a day written `YYYY-MM-DD`.
///
/// # Errors
/// [`Error::Usage`] that shows what was found.
pub fn parse_day(text: &str) -> Result<NaiveDate, Error> {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .map_err(|_| Error::usage(format!("\"{text}\" is not a date; write it as YYYY-MM-DD, such as 2024-06-30")))?;
    if (1..END_YEAR).contains(&day.year()) {
        return Ok(day);
    }
    Err(Error::usage(format!("\"{text}\" is out of range; expected a day of the years 1 to {}", END_YEAR - 1)))
}

/// Reads a moment of knowledge: a day, which means its end, or `YYYY-MM-DD HH:MM[:SS]`.
///
/// # Errors
/// [`Error::Usage`] that shows what was found.
pub fn parse_known_at(text: &str) -> Result<NaiveDateTime, Error> {
    let text = text.trim().replace('T', " ");
    let moment = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok());
    match moment {
        Some(moment) => Ok(moment),
        None => parse_day(&text).map(end_of_day).map_err(|_| {
            Error::usage(format!("\"{text}\" is neither a date nor a time; write YYYY-MM-DD or YYYY-MM-DD HH:MM"))
        }),
    }
}

/// The last microsecond of a day.
#[must_use]
pub fn end_of_day(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN) + TimeDelta::days(1) - TimeDelta::microseconds(1)
}

/// The last day of the month of `day`.
#[must_use]
pub fn month_end(day: NaiveDate) -> NaiveDate {
    let first = day - Days::new(u64::from(day.day0()));
    first + Months::new(1) - Days::new(1)
}

/// The end of the month before `day`.
#[must_use]
pub fn last_month_end(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.day()))
}

/// Consecutive days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

impl Period {
    /// The calendar month of a day.
    #[must_use]
    pub fn month_of(day: NaiveDate) -> Self {
        Self { start: day - Days::new(u64::from(day.day0())), end: month_end(day) }
    }

    /// The period of the same length so many periods before: of whole months, so many months earlier; of any other days, so many
    /// days. None before the calendar begins.
    #[must_use]
    pub fn before(self, count: u32) -> Option<Self> {
        let months = self.whole_months();
        if months > 0 {
            let start = self.start.checked_sub_months(Months::new(months * count))?;
            let last = self.start.checked_sub_months(Months::new(months * (count - count.min(1))))?;
            let end = if count == 0 { self.end } else { last.pred_opt()? };
            return Some(Self { start, end });
        }
        let days = Days::new((self.end - self.start).num_days().unsigned_abs() + 1);
        (0..count).try_fold(self, |period, _| {
            Some(Self { start: period.start.checked_sub_days(days)?, end: period.end.checked_sub_days(days)? })
        })
    }

    /// How many calendar months it is; 0 where it is not of whole ones.
    fn whole_months(self) -> u32 {
        if self.start.day() != 1 || month_end(self.end) != self.end || self.end < self.start {
            return 0;
        }
        let months = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
        (months(self.end) - months(self.start) + 1).unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse_day(text).expect("a date")
    }

    #[test]
    fn a_day_of_knowledge_means_its_end() {
        let known_at = parse_known_at("2024-04-02").expect("a date");
        assert_eq!(known_at.to_string(), "2024-04-02 23:59:59.999999");
        assert_eq!(parse_known_at("2024-04-02T10:30").expect("a time").to_string(), "2024-04-02 10:30:00");
    }

    #[test]
    fn refuses_a_day_that_does_not_exist_and_says_how_to_write_one() {
        let message = parse_day("2024-02-30").expect_err("no such day").to_string();
        assert_eq!(message, "\"2024-02-30\" is not a date; write it as YYYY-MM-DD, such as 2024-06-30");
    }

    #[test]
    fn earlier_periods_are_as_many_months_long_or_as_many_days() {
        let period = |start: &str, end: &str| Period { start: day(start), end: day(end) };
        let march = Period::month_of(day("2024-03-15"));
        assert_eq!(march, period("2024-03-01", "2024-03-31"));
        assert_eq!(march.before(0), Some(march));
        assert_eq!(march.before(1), Some(period("2024-02-01", "2024-02-29")));
        assert_eq!(march.before(13), Some(period("2023-02-01", "2023-02-28")));
        let quarter = period("2024-01-01", "2024-03-31");
        assert_eq!(quarter.before(2), Some(period("2023-07-01", "2023-09-30")));
        let week = period("2024-01-01", "2024-01-07");
        assert_eq!(week.before(2), Some(period("2023-12-18", "2023-12-24")));
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        assert_eq!(month_end(day("2023-02-01")), day("2023-02-28"));
        assert_eq!(last_month_end(day("2024-03-31")), day("2024-02-29"));
        assert_eq!(last_month_end(day("2024-03-10")), day("2024-02-29"));
    }
}
