//! How dates are written: `DD/MM/YYYY` to people, `%d/%m/%Y` to the engine.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// How dates are written in a file, such as `DD.MM.YYYY` or `M/D/YYYY HH:MI`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct DateFormat(Form);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// Parts and what stands between them.
    Written(Vec<Part>),
    /// Days since 1899-12-30, as Excel counts from March 1900 on.
    Serial1900,
    /// Days since 1904-01-01, as old workbooks of the Macintosh count.
    Serial1904,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Between(char),
    Named(&'static Token),
}

/// A part of a written date.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Token {
    shown: &'static str,
    strptime: &'static str,
}

/// Parts by their names, longer before shorter. `MM` is a month before and a minute after an hour.
static TOKENS: [Token; 16] = [
    Token { shown: "YYYY", strptime: "%Y" },
    Token { shown: "YY", strptime: "%y" },
    Token { shown: "MONTH", strptime: "%B" },
    Token { shown: "MON", strptime: "%b" },
    Token { shown: "MMM", strptime: "%b" },
    Token { shown: "MI", strptime: "%M" },
    Token { shown: "MM", strptime: "%m" },
    Token { shown: "M", strptime: "%m" },
    Token { shown: "DD", strptime: "%d" },
    Token { shown: "D", strptime: "%d" },
    Token { shown: "HH24", strptime: "%H" },
    Token { shown: "HH12", strptime: "%I" },
    Token { shown: "HH", strptime: "%H" },
    Token { shown: "H", strptime: "%H" },
    Token { shown: "SS", strptime: "%S" },
    Token { shown: "AM", strptime: "%p" },
];

/// Patterns of a time of day.
const TIME_PARTS: [&str; 5] = ["%H", "%I", "%M", "%S", "%p"];

static MINUTE: Token = Token { shown: "MI", strptime: "%M" };

/// What may stand between the parts.
const BETWEEN: &str = "/-. :,T年月日";

impl DateFormat {
    /// `YYYY-MM-DD`.
    #[must_use]
    pub fn iso() -> Self {
        "YYYY-MM-DD".parse().expect("a format of the list")
    }

    /// Whether dates are written `YYYY-MM-DD`.
    #[must_use]
    pub fn is_iso(&self) -> bool {
        self.strptime().as_deref() == Some("%Y-%m-%d")
    }

    /// Whether two ways to write dates in digits have the day, the month and a year of two digits in different orders: a file that
    /// seems to have both has a date that is mistyped.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        let order = |format: &Self| {
            let pattern = format.strptime()?;
            let [day, month] = ["%d", "%m"].map(|part| pattern.find(part));
            let (day, month, is_short) = (day?, month?, pattern.contains("%y"));
            let year = pattern.find("%Y").or_else(|| pattern.find("%y"));
            let is_year_first = year.is_some_and(|year| year < day.min(month));
            (is_short || !is_year_first).then_some((day < month, is_year_first, is_short))
        };
        match (order(self), order(other)) {
            (Some(one), Some(two)) if one.1 || two.1 => one.2 && two.2 && one != two,
            (Some(one), Some(two)) => one.0 != two.0,
            _ => false,
        }
    }

    /// The pattern for `try_strptime`, which takes one digit or two for a day or month alike; none for serial numbers.
    #[must_use]
    pub fn strptime(&self) -> Option<String> {
        let Form::Written(parts) = &self.0 else { return None };
        let text = |part: &Part| match part {
            Part::Between(c) => c.to_string(),
            Part::Named(token) => token.strptime.to_owned(),
        };
        Some(parts.iter().map(text).collect())
    }

    /// The day from which serial numbers count, as an ISO date; none for written dates.
    #[must_use]
    pub fn serial_start(&self) -> Option<&'static str> {
        match self.0 {
            Form::Written(_) => None,
            Form::Serial1900 => Some("1899-12-30"),
            Form::Serial1904 => Some("1904-01-01"),
        }
    }
}

impl fmt::Display for DateFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Serial1900 => f.write_str("EXCEL"),
            Form::Serial1904 => f.write_str("EXCEL1904"),
            Form::Written(parts) => parts.iter().try_for_each(|part| match part {
                Part::Between(c) => write!(f, "{c}"),
                Part::Named(token) => f.write_str(token.shown),
            }),
        }
    }
}

impl FromStr for DateFormat {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let upper = text.trim().to_uppercase();
        match upper.as_str() {
            "ISO" => return Ok(Self::iso()),
            "EXCEL" => return Ok(Self(Form::Serial1900)),
            "EXCEL1904" => return Ok(Self(Form::Serial1904)),
            _ => {}
        }
        let parts = parts(&upper).map(without_time).filter(|parts| is_whole(parts)).ok_or_else(|| {
            format!(
                "\"{text}\" is not a way to write dates; expected YYYY, MM, DD (or M, D, YY, MON) and what stands between \
                 them, such as DD/MM/YYYY, M/D/YYYY, DD.MM.YYYY, YYYYMMDD, DD-MON-YYYY (a time behind a date is \
                 known without being named); or EXCEL for serial numbers"
            )
        })?;
        Ok(Self(Form::Written(parts)))
    }
}

impl TryFrom<String> for DateFormat {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// The parts before a time of day, which is read in every common way whatever the format says of it.
fn without_time(mut parts: Vec<Part>) -> Vec<Part> {
    let of_time = |part: &Part| matches!(part, Part::Named(token) if TIME_PARTS.contains(&token.strptime));
    if let Some(first) = parts.iter().position(of_time) {
        parts.truncate(first);
        while matches!(parts.last(), Some(Part::Between(' ' | 'T' | ',' | ':'))) {
            parts.pop();
        }
    }
    parts
}

fn parts(upper: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = upper;
    let mut is_time = false;
    while let Some(next) = rest.chars().next() {
        if BETWEEN.contains(next) {
            parts.push(Part::Between(next));
            rest = &rest[next.len_utf8()..];
            continue;
        }
        let token = TOKENS.iter().find(|token| rest.starts_with(token.shown))?;
        rest = &rest[token.shown.len()..];
        is_time |= matches!(token.strptime, "%H" | "%I");
        parts.push(Part::Named(if is_time && token.shown == "MM" { &MINUTE } else { token }));
    }
    Some(parts)
}

/// A day, a month and a year, each once.
fn is_whole(parts: &[Part]) -> bool {
    let count = |wanted: &[&str]| {
        parts.iter().filter(|part| matches!(part, Part::Named(token) if wanted.contains(&token.strptime))).count()
    };
    count(&["%d"]) == 1 && count(&["%m", "%b", "%B"]) == 1 && count(&["%Y", "%y"]) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_a_pattern_and_show_themselves() {
        for (text, pattern) in [
            ("DD/MM/YYYY", "%d/%m/%Y"),
            ("M/D/YYYY", "%m/%d/%Y"),
            ("DD.MM.YYYY", "%d.%m.%Y"),
            ("YYYY.MM.DD.", "%Y.%m.%d."),
            ("YYYYMMDD", "%Y%m%d"),
            ("DD-MON-YYYY", "%d-%b-%Y"),
            ("DD-MON-YY", "%d-%b-%y"),
        ] {
            let format: DateFormat = text.parse().expect(text);
            assert_eq!(format.strptime().as_deref(), Some(pattern));
            assert_eq!(format.to_string(), text);
        }
        for timed in ["dd/mm/yyyy hh:mm", "DD/MM/YYYY HH:MI:SS", "DD/MM/YYYY, HH12:MI AM"] {
            let format: DateFormat = timed.parse().expect(timed);
            assert_eq!(format.to_string(), "DD/MM/YYYY");
        }
        assert!(DateFormat::iso().is_iso());
    }

    #[test]
    fn what_is_no_format_is_refused_with_examples() {
        for text in ["", "DD/MM", "HH:MI DD/MM/YYYY", "%d/%m/%Y", "DD/DD/YYYY", "YYYY'; drop"] {
            let message = text.parse::<DateFormat>().expect_err(text);
            assert!(message.contains("DD/MM/YYYY"), "{message}");
        }
    }

    #[test]
    fn serial_numbers_count_from_their_day() {
        assert_eq!("excel".parse::<DateFormat>().map(|f| f.serial_start()), Ok(Some("1899-12-30")));
        assert_eq!("EXCEL1904".parse::<DateFormat>().map(|f| f.strptime()), Ok(None));
    }
}
