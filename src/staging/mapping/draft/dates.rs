//! How a draft has dates read: in the ways that fit those seen.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Found, Sample, one_line, quoted};
use crate::sources::date_format::DateFormat;
use crate::sources::date_guess::{Guess, guess, is_date};
use crate::sources::swapped_dates::are_swapped;

/// Columns that hold dates.
const DATES: [&str; 5] = ["issued_on", "posted_on", "due_on", "cleared_on", "entered_at"];

/// The first years that databases and spreadsheets know.
const FIRST_YEARS: [&str; 5] = ["0001", "1753", "1899", "1900", "1970"];

impl Sample<'_> {
    pub(super) fn write_dates(&self, text: &mut String, found: &Found) {
        let columns = DATES.iter().filter_map(|name| found.get(name)).copied();
        let (serials, dates): (Vec<String>, Vec<String>) =
            columns.flat_map(|at| self.texts(at)).partition(|date| is_serial(date));
        if let Some(serial) = serials.first() {
            let others = match guess(dates.iter().map(String::as_str)) {
                Guess::Empty | Guess::NotDates { .. } => String::new(),
                Guess::Certain(format) => format!("{}, ", quoted(&format.to_string())),
                Guess::Iso | Guess::Ambiguous { .. } | Guess::BothOrders { .. } => "\"YYYY-MM-DD\", ".to_owned(),
            };
            let _ = writeln!(
                text,
                "date_formats = [{others}\"EXCEL\"] # guess: {serial} is a day as workbooks number them; look at how the others are written"
            );
            return;
        }
        match guess(dates.iter().map(String::as_str)) {
            Guess::Empty => text.push_str("# missing: no dates were found\n"),
            Guess::Iso => text.push_str("date_formats = [\"YYYY-MM-DD\"]\n"),
            Guess::Certain(format) if are_swapped(dates.iter().map(String::as_str)) => {
                let _ = writeln!(
                    text,
                    "# missing: days up to the 12th are dates and all later ones text, as where a program that writes the month first opened \
                     the list:\n# day and month of the dates are swapped. Export it again, without opening it; the texts are written\n\
                     # date_formats = [{}]",
                    quoted(&format.to_string())
                );
            }
            Guess::Certain(format) => {
                let mut others = dates.iter().filter(|date| !fits(date, &format));
                let fit = others.next().map_or_else(
                    || "it fits every date seen".to_owned(),
                    |other| format!("it fits most dates seen, but not \"{other}\"; name every way"),
                );
                let _ = writeln!(text, "date_formats = [{}] # guess: {fit}", quoted(&format.to_string()));
            }
            Guess::Ambiguous { candidates, examples } => {
                let names = candidates.iter().map(ToString::to_string).collect::<Vec<_>>();
                let _ = writeln!(
                    text,
                    "# missing: {} fit every date seen ({}); keep one",
                    names.join(" and "),
                    examples.join(", ")
                );
                for name in names {
                    let _ = writeln!(text, "# date_formats = [\"{name}\"]");
                }
            }
            Guess::BothOrders { examples: [one, other] } => {
                let _ = writeln!(
                    text,
                    "# missing: \"{one}\" and \"{other}\" do not have day, month and year in one order; correct one, and say the order of all\n# date_formats = [\"DD/MM/YYYY\"]"
                );
            }
            Guess::NotDates { example } => {
                let _ = writeln!(
                    text,
                    "# missing: \"{}\" is not a date written like the others; name every way\n# date_formats = [\"DD.MM.YYYY\", \"YYYY-MM-DD\"]",
                    one_line(&example)
                );
            }
        }
    }
}

impl Sample<'_> {
    /// Days that programs write where nothing was cleared: the first that they know, or Oracle's last with two digits of its year.
    pub(super) fn write_fillers(&self, text: &mut String, found: &Found) {
        let is_filler = |text: &String| {
            text.eq_ignore_ascii_case("31-DEC-12")
                || text.split(['-', '/', '.', ' ']).any(|part| FIRST_YEARS.contains(&part))
        };
        let cleared = found.get("cleared_on").into_iter().flat_map(|at| self.texts(*at));
        let fillers: BTreeSet<String> = cleared.filter(is_filler).map(|text| quoted(&text)).collect();
        if !fillers.is_empty() {
            let fillers = fillers.into_iter().collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "nulls = [{fillers}] # guess: it stands where nothing was cleared");
        }
    }
}

/// Whether a text is a date written this way, an ISO date or no date at all.
fn fits(text: &str, format: &DateFormat) -> bool {
    let is_same = |other: &DateFormat| other.strptime() == format.strptime();
    match guess([text]) {
        Guess::Empty | Guess::Iso => true,
        Guess::Certain(other) => is_same(&other),
        Guess::Ambiguous { candidates, .. } => candidates.iter().any(is_same),
        Guess::BothOrders { .. } | Guess::NotDates { .. } => false,
    }
}

/// Whether a text is a day as workbooks number them, of 1982 to 2064.
fn is_serial(text: &str) -> bool {
    let days = text.split('.').next().unwrap_or_default();
    days.len() == 5 && days.parse::<u32>().is_ok_and(|days| (30_000..=60_000).contains(&days)) && !is_date(text)
}
