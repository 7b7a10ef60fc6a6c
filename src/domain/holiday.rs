//! Days on which payment systems are closed, for books that come without a calendar of their own.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The weekdays of a year on which the payment system of a currency is closed; none where it is not known here.
///
/// USD: the Federal Reserve's holidays (5 U.S.C. 6103; one that falls on a Sunday is kept on the Monday, one on a Saturday
/// not at all). EUR: the closing days of T2 (European Central Bank, long-term calendar of 14 December 2000).
#[must_use]
pub fn of_currency(currency: &str, year: i32) -> Vec<NaiveDate> {
    let days: Vec<Option<NaiveDate>> = match currency {
        "USD" => federal_reserve(year),
        "EUR" => t2(year),
        _ => Vec::new(),
    };
    let is_weekday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    days.into_iter().flatten().filter(is_weekday).collect()
}

fn federal_reserve(year: i32) -> Vec<Option<NaiveDate>> {
    let nth = |month, weekday, n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n);
    let observed = |month, day| {
        let on = NaiveDate::from_ymd_opt(year, month, day)?;
        if on.weekday() == Weekday::Sun { on.succ_opt() } else { Some(on) }
    };
    let last_monday_of_may = nth(5, Weekday::Mon, 5).or_else(|| nth(5, Weekday::Mon, 4));
    let mut days = vec![
        observed(1, 1),
        nth(1, Weekday::Mon, 3),
        nth(2, Weekday::Mon, 3),
        last_monday_of_may,
        observed(7, 4),
        nth(9, Weekday::Mon, 1),
        nth(10, Weekday::Mon, 2),
        observed(11, 11),
        nth(11, Weekday::Thu, 4),
        observed(12, 25),
    ];
    // Juneteenth National Independence Day: Public Law 117-17, kept by the Federal Reserve from 2022.
    if year >= 2022 {
        days.push(observed(6, 19));
    }
    days
}

fn t2(year: i32) -> Vec<Option<NaiveDate>> {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let easter = easter_sunday(year);
    vec![
        day(1, 1),
        easter.and_then(|sunday| sunday.checked_sub_days(Days::new(2))),
        easter.and_then(|sunday| sunday.checked_add_days(Days::new(1))),
        day(5, 1),
        day(12, 25),
        day(12, 26),
    ]
}

/// Easter Sunday in the Gregorian calendar (the anonymous algorithm printed in Nature, 20 April 1876).
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(currency: &str, year: i32) -> Vec<String> {
        of_currency(currency, year).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_federal_reserves_holidays_of_2019() {
        let expected = [
            "2019-01-01",
            "2019-01-21",
            "2019-02-18",
            "2019-05-27",
            "2019-07-04",
            "2019-09-02",
            "2019-10-14",
            "2019-11-11",
            "2019-11-28",
            "2019-12-25",
        ];
        assert_eq!(days("USD", 2019), expected);
    }

    #[test]
    fn one_on_a_sunday_is_kept_on_the_monday_and_one_on_a_saturday_not() {
        assert!(days("USD", 2021).contains(&"2021-07-05".to_owned()), "4 July 2021 was a Sunday");
        assert!(!days("USD", 2020).iter().any(|day| day.starts_with("2020-07")), "4 July 2020 was a Saturday");
        assert!(days("USD", 2023).contains(&"2023-06-19".to_owned()));
        assert!(!days("USD", 2019).contains(&"2019-06-19".to_owned()));
    }

    #[test]
    fn t2_is_closed_around_easter() {
        let expected = ["2024-01-01", "2024-03-29", "2024-04-01", "2024-05-01", "2024-12-25", "2024-12-26"];
        assert_eq!(days("EUR", 2024), expected);
        assert!(days("EUR", 2025).contains(&"2025-04-21".to_owned()), "Easter Monday");
    }

    #[test]
    fn a_currency_not_known_here_has_none() {
        assert!(days("HUF", 2024).is_empty());
    }
}
