//! Days and moments asked for.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::error::Error;

/// Reads a day written `YYYY-MM-DD`.
///
/// # Errors
/// [`Error::Usage`] that shows what was found.
pub fn parse_day(text: &str) -> Result<NaiveDate, Error> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .map_err(|_| Error::usage(format!("\"{text}\" is not a date; write it as YYYY-MM-DD, such as 2024-06-30")))
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
    fn a_month_ends_on_its_last_day() {
        assert_eq!(month_end(day("2023-02-01")), day("2023-02-28"));
        assert_eq!(last_month_end(day("2024-03-31")), day("2024-02-29"));
        assert_eq!(last_month_end(day("2024-03-10")), day("2024-02-29"));
    }
}
