//! Dates that another program has read in its own order.

use chrono::{Datelike, NaiveDate};

/// Whether what could be a date with the month first is one, and the rest is text with the day first: as where a program that writes
/// the month first opened the list, and day and month of all that it took for dates are swapped.
pub fn are_swapped<'a>(texts: impl IntoIterator<Item = &'a str>) -> bool {
    let (mut has_early, mut has_late) = (false, false);
    for text in texts {
        let first = |text: &str| text.split(['/', '.', '-']).next().and_then(|part| part.parse::<u32>().ok());
        match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(day) if day.day() <= 12 => has_early = true,
            Ok(_) => return false,
            Err(_) if first(text).is_some_and(|day| (13..=31).contains(&day)) => has_late = true,
            Err(_) => return false,
        }
    }
    has_early && has_late
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_up_to_the_twelfth_as_dates_and_later_ones_as_text_are_swapped() {
        assert!(are_swapped(["2024-05-02", "2024-12-01", "13/02/2024", "28.02.2024"]));
        assert!(!are_swapped(["2024-05-13", "13/02/2024"]), "a date of a later day was read as it is");
        assert!(!are_swapped(["2024-05-02", "11/02/2024"]), "a text of an early day would have been read");
        assert!(!are_swapped(["2024-05-02", "2024-05-03"]) && !are_swapped(["13/02/2024"]));
    }
}
