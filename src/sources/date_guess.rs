//! How dates are written, worked out from the texts themselves: certain, or not at all.

use super::date_format::DateFormat;

/// What texts tell about how their dates are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guess {
    /// No text to judge by.
    Empty,
    /// `YYYY-MM-DD`, with or without a time.
    Iso,
    /// One way fits every text that is no ISO date, and no other does.
    Certain(DateFormat),
    /// Several orders of day, month and year fit every text.
    Ambiguous {
        /// The formats that fit, two or three.
        candidates: Vec<DateFormat>,
        /// Up to three of the texts.
        examples: Vec<String>,
    },
    /// No one order of day, month and year fits both of two texts.
    BothOrders {
        /// The two texts.
        examples: [String; 2],
    },
    /// Not dates, or written in more than one way.
    NotDates {
        /// A text that is no date, or none written like the others.
        example: String,
    },
}

impl Guess {
    /// The sentence that asks for a format, where the guess is not one.
    #[must_use]
    pub fn problem(&self, column: &str) -> Option<String> {
        match self {
            Self::Empty | Self::Iso | Self::Certain(_) => None,
            Self::Ambiguous { candidates, examples } => Some(format!(
                "the dates of {column} may be {} ({}); say which with --date-format",
                candidates.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "),
                examples.join(", ")
            )),
            Self::BothOrders { examples: [one, other] } => Some(format!(
                "{column} has \"{one}\" and \"{other}\", which do not have day, month and year in one order; correct the one that is \
                 wrong, or say how all are written with --date-format"
            )),
            Self::NotDates { example } => Some(format!(
                "{column} has \"{example}\", which is not a date written like the others; say how with --date-format"
            )),
        }
    }
}

/// Zero dates and days that stand for no date: SAP writes `00.00.0000`, and `99991231` for what has no end; Oracle writes
/// 31 December 4712, its last day, for what is still open.
pub const NO_DATES: [&str; 18] = [
    "00000000",
    "00.00.0000",
    "00/00/0000",
    "0000-00-00",
    "99991231",
    "31.12.9999",
    "31/12/9999",
    "12/31/9999",
    "9999-12-31",
    "9999-12-31 00:00:00",
    "47121231",
    "31.12.4712",
    "31/12/4712",
    "12/31/4712",
    "4712-12-31",
    "4712-12-31 00:00:00",
    "31-DEC-4712",
    "31-Dec-4712",
];

/// The orders that numbers of a date can have where its year is not told by its length. A year that comes first has two digits:
/// one of four settles the order.
const ORDERS: [Order; 3] = [Order::DayMonthYear, Order::MonthDayYear, Order::YearMonthDay];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

/// Years that the dates of a column may be apart. Read in a wrong order the days are taken for years, 2001 to 2031.
const YEARS_APART_MOST: u32 = 15;

/// The texts of one shape.
struct Written<'a> {
    shape: Shape,
    has_short: bool,
    count: usize,
    /// The first three.
    examples: Vec<&'a str>,
    /// Of each order the first text that does not fit it, and the first and the last year of those that do.
    unfit: [Option<&'a str>; 3],
    years: [Option<(u32, u32)>; 3],
}

impl<'a> Written<'a> {
    fn new(text: &'a str, reading: Reading, has_short: bool) -> Self {
        let (unfit, years) = ([None; 3], [None; 3]);
        let mut new = Self { shape: reading.shape, has_short, count: 0, examples: Vec::new(), unfit, years };
        new.add(text, reading, has_short);
        new
    }

    fn add(&mut self, text: &'a str, reading: Reading, has_short: bool) {
        self.has_short |= has_short;
        self.count += 1;
        if self.examples.len() < 3 && !self.examples.contains(&text) {
            self.examples.push(text);
        }
        for ((unfit, years), year) in self.unfit.iter_mut().zip(&mut self.years).zip(reading.years) {
            match (year, *years) {
                (None, _) => *unfit = unfit.or(Some(text)),
                (Some(year), None) => *years = Some((year, year)),
                (Some(year), Some((first, last))) => *years = Some((first.min(year), last.max(year))),
            }
        }
    }

    /// The orders that fit every text; of several, those whose years are no further apart than those of a column are.
    fn orders(&self) -> Vec<Order> {
        let fits = |at: &usize| self.unfit[*at].is_none();
        let is_likely = |at: &usize| self.years[*at].is_some_and(|(first, last)| last - first <= YEARS_APART_MOST);
        let fitting: Vec<usize> = (0..ORDERS.len()).filter(fits).collect();
        let likely: Vec<usize> = fitting.iter().copied().filter(is_likely).collect();
        let kept = if likely.is_empty() { fitting } else { likely };
        kept.into_iter().map(|at| ORDERS[at]).collect()
    }
}

/// What a text can be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reading {
    /// The year in each of the [`ORDERS`] that is possible; none of them where a year of four digits in front or the month's name
    /// settles the order.
    years: [Option<u32>; 3],
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    kind: Kind,
    separator: char,
    /// A separator ends the date, as in Hungarian: `2020.01.31.`
    is_closed: bool,
    /// A blank follows each separator, as in Hungarian: `2020. 01. 31.`
    is_spaced: bool,
    is_year_short: bool,
}

impl Shape {
    fn is_iso(&self) -> bool {
        self.kind == Kind::YearFirst && self.separator == '-' && !self.is_closed
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The year has four digits.
    YearFirst,
    /// The year has four digits and comes last, or it has two.
    YearLast,
    Digits,
    /// `31-JAN-2020`, `31 January 2020`.
    DayMonth(Name),
    /// `Jan 31, 2020`.
    MonthDay(Name),
}

/// How the name of a month is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Short,
    Whole,
}

impl Name {
    fn token(self) -> &'static str {
        match self {
            Self::Short => "MON",
            Self::Whole => "MONTH",
        }
    }
}

/// Works out how dates are written. Texts are trimmed; empty ones and zero dates tell nothing, nor do, among dates, texts
/// that are none: their rows are refused once the others are read.
pub fn guess<'a>(texts: impl IntoIterator<Item = &'a str>) -> Guess {
    let mut unread: Option<&str> = None;
    let mut has_iso = false;
    let mut written: Vec<Written<'a>> = Vec::new();
    for text in texts.into_iter().map(str::trim).filter(|text| !text.is_empty() && !NO_DATES.contains(text)) {
        let Some((reading, has_short)) = read(text) else {
            unread.get_or_insert(text);
            continue;
        };
        // An ISO date is read whatever the others are.
        if reading.shape.is_iso() {
            has_iso = true;
            continue;
        }
        match written.iter_mut().find(|known| known.shape == reading.shape) {
            Some(known) => known.add(text, reading, has_short),
            None => written.push(Written::new(text, reading, has_short)),
        }
    }
    // Most are written alike; the rows of the others are refused.
    let Some(most) = written.iter().max_by_key(|written| written.count) else {
        return match unread {
            _ if has_iso => Guess::Iso,
            Some(text) => Guess::NotDates { example: text.to_owned() },
            None => Guess::Empty,
        };
    };
    let is_rival = |other: &&Written<'_>| other.shape != most.shape && 2 * other.count > most.count;
    if let Some(other) = written.iter().find(is_rival) {
        return Guess::NotDates { example: other.examples[0].to_owned() };
    }
    let of = |order| format(most.shape, order, most.has_short);
    if most.shape.kind != Kind::YearLast {
        return Guess::Certain(of(Order::YearMonthDay));
    }
    match (most.orders().as_slice(), most.unfit) {
        ([order], _) => Guess::Certain(of(*order)),
        ([], [Some(no_day_first), Some(no_month_first), _]) => {
            Guess::BothOrders { examples: [no_month_first, no_day_first].map(str::to_owned) }
        }
        (orders, _) => Guess::Ambiguous {
            candidates: orders.iter().map(|order| of(*order)).collect(),
            examples: most.examples.iter().map(|text| (*text).to_owned()).collect(),
        },
    }
}

/// Whether one text is a date in some common writing.
#[must_use]
pub fn is_date(text: &str) -> bool {
    read(text.trim()).is_some()
}

/// Reads one text; the flag is true where a day or month has a single digit.
fn read(text: &str) -> Option<(Reading, bool)> {
    if let Some(dense) = without_blanks(text) {
        let (mut reading, has_short) = read(&dense)?;
        reading.shape.is_spaced = true;
        return Some((reading, has_short));
    }
    let date = without_time(text)?;
    if date.contains('年') {
        return chinese(date);
    }
    if date.contains(|c: char| c.is_ascii_alphabetic()) {
        return named(date);
    }
    if date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()) {
        return digits(date);
    }
    let separator = date.chars().find(|c| matches!(c, '/' | '-' | '.'))?;
    let open = date.strip_suffix(separator).unwrap_or(date);
    let groups: Vec<&str> = open.split(separator).collect();
    let &[first, middle, last] = groups.as_slice() else { return None };
    let is_closed = open.len() < date.len();
    let shape = |kind, is_year_short| Shape { kind, separator, is_closed, is_spaced: false, is_year_short };
    let (one, two) = (number(middle)?, number(if first.len() == 4 { last } else { first })?);
    let has_short = middle.len() == 1 || (if first.len() == 4 { last } else { first }).len() == 1;
    if first.len() == 4 {
        let is_plausible = is_day(number(first)?, one, two);
        return is_plausible.then(|| (settled(shape(Kind::YearFirst, false)), has_short));
    }
    if first.len() > 2 || middle.len() > 2 || !is_year(last) {
        return None;
    }
    let is_short = last.len() == 2;
    let [year, last_day] = [if is_short { century(number(last)?) } else { number(last)? }, number(last)?];
    let first_year = (is_short && first.len() == 2).then(|| century(two));
    let years = [
        is_day(year, one, two).then_some(year),
        is_day(year, two, one).then_some(year),
        first_year.filter(|year| is_day(*year, one, last_day)),
    ];
    let reading = Reading { years, shape: shape(Kind::YearLast, is_short) };
    years.iter().any(Option::is_some).then_some((reading, has_short))
}

/// The year of two digits, as the engine reads it: 1969 to 2068.
fn century(year: u32) -> u32 {
    if year < 69 { 2000 + year } else { 1900 + year }
}

/// `2020. 01. 31. 10:30` as `2020.01.31. 10:30`; none where there are no such blanks.
fn without_blanks(text: &str) -> Option<String> {
    let (year, rest) = text.split_once(". ")?;
    let (month, rest) = rest.split_once(". ")?;
    (year.len() == 4 && number(year).is_some() && number(month).is_some()).then(|| format!("{year}.{month}.{rest}"))
}

/// The text before a time of day; none where what is behind it is no time.
fn without_time(text: &str) -> Option<&str> {
    if !text.contains(':') {
        return Some(text);
    }
    let is_time = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.find(|c: char| !c.is_ascii_digit()).is_some_and(|end| rest[end..].starts_with(':'))
            && rest.bytes().all(|b| b.is_ascii_digit() || b":., AaPpMmZ+-".contains(&b))
    };
    let mut places = text.match_indices([' ', 'T']);
    places.find_map(|(at, _)| is_time(text[at + 1..].trim_start()).then(|| text[..at].trim_end()))
}

/// `31-JAN-2020`, `31 January 2020` or `Jan 31, 2020`.
fn named(date: &str) -> Option<(Reading, bool)> {
    let separator = date.chars().find(|c| matches!(c, '/' | '-' | '.' | ' '))?;
    let groups: Vec<&str> = date.split(separator).collect();
    let &[first, middle, year] = groups.as_slice() else { return None };
    let (kind, day) = match (month_name(first), month_name(middle)) {
        (None, Some(name)) => (Kind::DayMonth(name), first),
        (Some(name), None) if separator == ' ' => (Kind::MonthDay(name), middle.strip_suffix(',')?),
        _ => return None,
    };
    let is_date = (1..=31).contains(&number(day)?) && day.len() <= 2 && is_year(year);
    let shape = Shape { kind, separator, is_closed: false, is_spaced: false, is_year_short: year.len() == 2 };
    is_date.then(|| (settled(shape), day.len() == 1))
}

/// `2025年1月3日`.
fn chinese(date: &str) -> Option<(Reading, bool)> {
    let (year, rest) = date.split_once('年')?;
    let (month, day) = rest.split_once('月')?;
    let has_day_mark = day.ends_with('日');
    let day = day.trim_end_matches('日');
    is_day(number(year)?, number(month)?, number(day)?).then_some(())?;
    let shape = Shape {
        kind: Kind::YearFirst,
        separator: '年',
        is_closed: has_day_mark,
        is_spaced: false,
        is_year_short: false,
    };
    Some((settled(shape), month.len() == 1 || day.len() == 1))
}

/// Whether there is such a day, in a year that a ledger may have.
fn is_day(year: u32, month: u32, day: u32) -> bool {
    (1900..2200).contains(&year) && chrono::NaiveDate::from_ymd_opt(year as i32, month, day).is_some()
}

fn digits(date: &str) -> Option<(Reading, bool)> {
    let (year, month, day) = (number(&date[..4])?, number(&date[4..6])?, number(&date[6..])?);
    let is_plausible = is_day(year, month, day);
    let shape = Shape { kind: Kind::Digits, separator: ' ', is_closed: false, is_spaced: false, is_year_short: false };
    is_plausible.then(|| (settled(shape), false))
}

/// A reading whose order is not open.
fn settled(shape: Shape) -> Reading {
    Reading { years: [None; 3], shape }
}

fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn is_year(text: &str) -> bool {
    (text.len() == 4 || text.len() == 2) && number(text).is_some_and(|y| y < 2200 && (text.len() == 2 || y >= 1900))
}

fn month_name(text: &str) -> Option<Name> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_ascii_lowercase();
    match MONTHS.iter().find(|month| text.len() >= 3 && month.starts_with(&text))?.len() {
        _ if text.len() == 3 => Some(Name::Short),
        whole => (whole == text.len()).then_some(Name::Whole),
    }
}

fn format(shape: Shape, order: Order, has_short: bool) -> DateFormat {
    let (day, month) = if has_short { ("D", "M") } else { ("DD", "MM") };
    let year = if shape.is_year_short { "YY" } else { "YYYY" };
    let s = shape.separator;
    let mut text = match shape.kind {
        Kind::Digits => "YYYYMMDD".to_owned(),
        Kind::YearFirst if s == '年' => format!("{year}年{month}月{day}{}", if shape.is_closed { "日" } else { "" }),
        Kind::YearFirst if shape.is_spaced => format!("{year}{s} {month}{s} {day}"),
        Kind::YearFirst => format!("{year}{s}{month}{s}{day}"),
        Kind::DayMonth(name) => format!("{day}{s}{}{s}{year}", name.token()),
        Kind::MonthDay(name) => format!("{} {day}, {year}", name.token()),
        Kind::YearLast => match order {
            Order::DayMonthYear => format!("{day}{s}{month}{s}{year}"),
            Order::MonthDayYear => format!("{month}{s}{day}{s}{year}"),
            Order::YearMonthDay => format!("{year}{s}{month}{s}{day}"),
        },
    };
    if shape.is_closed && s != '年' {
        text.push(s);
    }
    text.parse().expect("made of the parts of a format")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certain(texts: &[&str]) -> String {
        match guess(texts.iter().copied()) {
            Guess::Certain(format) => format.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_day_above_twelve_settles_the_order() {
        assert_eq!(certain(&["1/2/2013", "1/15/2013"]), "M/D/YYYY");
        assert_eq!(certain(&["03/01/2012", "23/01/2012", "", "00.00.0000"]), "DD/MM/YYYY");
        assert_eq!(certain(&["31.12.2020"]), "DD.MM.YYYY");
        assert_eq!(certain(&["2020.01.31.", "2020.02.01."]), "YYYY.MM.DD.");
        assert_eq!(certain(&["2020. 01. 31.", "2020. 02. 01. 10:30"]), "YYYY. MM. DD.");
        assert_eq!(certain(&["2020. 1. 31", "2020. 2. 1"]), "YYYY. M. D");
        assert_eq!(certain(&["20200131"]), "YYYYMMDD");
        assert_eq!(certain(&["31-JAN-20", "01-Feb-20"]), "DD-MON-YY");
        assert_eq!(certain(&["31-OCT-2020 10:30", "01-Feb-2020"]), "DD-MON-YYYY");
        assert_eq!(certain(&["31/01/2020 10:30", "01/02/2020", "2/2/2020 9:05:10 PM"]), "D/M/YYYY");
    }

    #[test]
    fn a_year_of_two_digits_may_come_first() {
        assert_eq!(certain(&["24/01/15", "24/01/31", "24-02-14"]), "YY/MM/DD", "2015 and 2031 are too far apart");
        assert_eq!(certain(&["05.03.24", "17.03.24", "31.03.24"]), "DD.MM.YY");
        assert_eq!(certain(&["45/01/20", "13/01/20"]), "YY/MM/DD", "there is no day 45");
        assert_eq!(certain(&["03/17/24", "03/05/24"]), "MM/DD/YY");
        assert_eq!(certain(&["1/2/24", "15/2/24"]), "D/M/YY", "a year has two digits");
        let open = |texts: [&str; 2]| guess(texts).problem("due_on").expect("a question");
        assert!(open(["24/01/15", "24/02/14"]).contains("DD/MM/YY or YY/MM/DD"));
        assert!(open(["05/06/07", "06/07/08"]).contains("DD/MM/YY or MM/DD/YY or YY/MM/DD"));
        assert!(open(["13/01/20", "01/13/20"]).contains("do not have day, month and year in one order"));
    }

    #[test]
    fn the_name_of_a_month_settles_the_order() {
        assert_eq!(certain(&["12 Jan 2024", "03 Oct 2024 10:30"]), "DD MON YYYY");
        assert_eq!(certain(&["1 January 2024", "12 March 2024"]), "D MONTH YYYY");
        assert_eq!(certain(&["Jan 12, 2024", "Feb 3, 2024"]), "MON D, YYYY");
        assert_eq!(certain(&["September 12, 2024"]), "MONTH DD, YYYY");
        for text in ["Jan 2024", "12 Foo 2024", "Room 12, 2024", "12 Jan 24:10", "32 Jan 2024", "May May 2024"] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn an_order_that_no_row_settles_is_asked_for() {
        let open = guess(["01/02/2020", "03/04/2020", "12/12/2020"]);
        let problem = open.problem("due_on").expect("a question");
        assert_eq!(
            problem,
            "the dates of due_on may be DD/MM/YYYY or MM/DD/YYYY (01/02/2020, 03/04/2020, 12/12/2020); say which with --date-format"
        );
    }

    #[test]
    fn both_orders_in_one_file_are_no_format() {
        let both = ["13/01/2020", "01/13/2020"].map(str::to_owned);
        assert_eq!(guess(["02/02/2020", "13/01/2020", "01/13/2020"]), Guess::BothOrders { examples: both });
        assert_eq!(guess(["31/01/2020", "31.01.2020"]), Guess::NotDates { example: "31/01/2020".to_owned() });
        assert_eq!(certain(&["2020-01-31", "31.01.2020"]), "DD.MM.YYYY");
        assert_eq!(guess(["NAA8"]), Guess::NotDates { example: "NAA8".to_owned() });
        assert_eq!(certain(&["n/a", "31.01.2020", "31.02.99999"]), "DD.MM.YYYY");
        assert_eq!(certain(&["13.01.2025", "14.01.2025", "31/02/2025", "15/01/2025", "16.01.2025"]), "DD.MM.YYYY");
        assert_eq!(certain(&["2025年1月3日", "2025年12月31日"]), "YYYY年M月D日");
    }

    #[test]
    fn iso_dates_with_or_without_a_time_need_nothing() {
        assert_eq!(guess(["2020-01-31", "2020-02-01"]), Guess::Iso);
        assert_eq!(guess(["2020-01-31 00:00:00", "2020-02-01T00:00:00Z", "2020-02-02"]), Guess::Iso);
        assert_eq!(guess(["", " "]), Guess::Empty);
        assert!(!is_date("1.234,56") && !is_date("10.0") && !is_date("12345678") && !is_date("192.168.1.1"));
    }
}
