//! Days of the book: their text, working days, public holidays. A day is a number of days since 1970-01-01.

use chrono::{Datelike, NaiveDate, Weekday};

use super::market::Country;

/// Days since 1970-01-01.
pub(super) type Day = i32;

/// No day, or never.
pub(super) const NEVER: Day = Day::MAX;

/// Days before the first and after the last day of the book that are known, for old documents and future due dates.
const MARGIN_DAYS: Day = 400;

/// First day of the Chinese New Year; years beyond have no Spring Festival in the book.
/// Source: Hong Kong Observatory, Gregorian-Lunar Calendar Conversion Table.
const SPRING_FESTIVAL: [(i32, u32, u32); 13] = [
    (2018, 2, 16),
    (2019, 2, 5),
    (2020, 1, 25),
    (2021, 2, 12),
    (2022, 2, 1),
    (2023, 1, 22),
    (2024, 2, 10),
    (2025, 1, 29),
    (2026, 2, 17),
    (2027, 2, 6),
    (2028, 1, 26),
    (2029, 2, 13),
    (2030, 2, 3),
];

/// The days of the book and what they are in each country.
#[derive(Debug)]
pub(super) struct Days {
    first: Day,
    texts: Vec<[u8; 10]>,
    dates: Vec<NaiveDate>,
    working: Vec<[bool; Country::ALL.len()]>,
    holidays: Vec<(Country, Day, &'static str)>,
}

impl Days {
    /// The days from `start` to `end` with a margin on both sides.
    pub(super) fn new(start: Day, end: Day) -> Self {
        let first = start - MARGIN_DAYS;
        let dates: Vec<NaiveDate> = (first..=end + MARGIN_DAYS).filter_map(NaiveDate::from_epoch_days).collect();
        let is_weekday = |date: &NaiveDate| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let mut days = Self {
            first,
            texts: dates.iter().map(text_of).collect(),
            working: dates.iter().map(|date| [is_weekday(date); Country::ALL.len()]).collect(),
            dates,
            holidays: Vec::new(),
        };
        let years = days.date(first).year()..=days.date(end + MARGIN_DAYS).year();
        for (country, year) in Country::ALL.iter().flat_map(|c| years.clone().map(move |y| (*c, y))) {
            for (date, name) in holidays(country, year) {
                let day = date.to_epoch_days();
                if let Some(working) = days.working.get_mut((day - first) as usize) {
                    working[country as usize] = false;
                    days.holidays.push((country, day, name));
                }
            }
        }
        days
    }

    fn index(&self, day: Day) -> usize {
        (day - self.first).clamp(0, self.texts.len() as Day - 1) as usize
    }

    /// ISO text of a day.
    pub(super) fn text(&self, day: Day) -> &[u8; 10] {
        &self.texts[self.index(day)]
    }

    pub(super) fn date(&self, day: Day) -> NaiveDate {
        self.dates[self.index(day)]
    }

    pub(super) fn is_working(&self, country: Country, day: Day) -> bool {
        self.working[self.index(day)][country as usize]
    }

    /// The day itself where it is a working day, else the next one.
    pub(super) fn next_working(&self, country: Country, day: Day) -> Day {
        (day..day + 15).find(|d| self.is_working(country, *d)).unwrap_or(day)
    }

    /// The day itself where it is a working day, else the one before.
    pub(super) fn previous_working(&self, country: Country, day: Day) -> Day {
        (day - 15..=day).rev().find(|d| self.is_working(country, *d)).unwrap_or(day)
    }

    /// The last day of the month of `day`.
    pub(super) fn month_end(&self, day: Day) -> Day {
        let date = self.date(day);
        day + date.num_days_in_month() as Day - date.day() as Day
    }

    /// The last day of the quarter of `day`.
    pub(super) fn quarter_end(&self, day: Day) -> Day {
        let mut end = self.month_end(day);
        while !self.date(end).month().is_multiple_of(3) && end < self.first + self.texts.len() as Day - 32 {
            end = self.month_end(end + 1);
        }
        end
    }

    /// Public holidays of all countries, by country and day.
    pub(super) fn holidays(&self) -> &[(Country, Day, &'static str)] {
        &self.holidays
    }
}

fn text_of(date: &NaiveDate) -> [u8; 10] {
    let (year, month, day) = (date.year().unsigned_abs(), date.month(), date.day());
    let digit = |n: u32| b'0' + (n % 10) as u8;
    let mut text = *b"0000-00-00";
    for (at, n) in [(0, year / 1000), (1, year / 100), (2, year / 10), (3, year)] {
        text[at] = digit(n);
    }
    for (at, n) in [(5, month / 10), (6, month), (8, day / 10), (9, day)] {
        text[at] = digit(n);
    }
    text
}

/// Public holidays of a country in a year; bridging days and days in lieu are left out.
fn holidays(country: Country, year: i32) -> Vec<(NaiveDate, &'static str)> {
    let easter = easter_sunday(year);
    let fixed: &[(u32, u32, &'static str)] = match country {
        Country::De => &[
            (1, 1, "Neujahr"),
            (5, 1, "Tag der Arbeit"),
            (10, 3, "Tag der Deutschen Einheit"),
            (12, 25, "1. Weihnachtstag"),
            (12, 26, "2. Weihnachtstag"),
        ],
        Country::Hu => &[
            (1, 1, "Újév"),
            (3, 15, "Nemzeti ünnep"),
            (5, 1, "A munka ünnepe"),
            (8, 20, "Államalapítás ünnepe"),
            (10, 23, "Nemzeti ünnep"),
            (11, 1, "Mindenszentek"),
            (12, 25, "Karácsony"),
            (12, 26, "Karácsony másnapja"),
        ],
        Country::Us => {
            &[(1, 1, "New Year's Day"), (6, 19, "Juneteenth"), (7, 4, "Independence Day"), (12, 25, "Christmas Day")]
        }
        Country::Cn => &[
            (1, 1, "元旦"),
            (5, 1, "劳动节"),
            (5, 2, "劳动节"),
            (5, 3, "劳动节"),
            (10, 1, "国庆节"),
            (10, 2, "国庆节"),
            (10, 3, "国庆节"),
            (10, 4, "国庆节"),
            (10, 5, "国庆节"),
            (10, 6, "国庆节"),
            (10, 7, "国庆节"),
        ],
        Country::Gb => &[(1, 1, "New Year's Day"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day")],
        Country::Fr => &[
            (1, 1, "Jour de l'An"),
            (5, 1, "Fête du Travail"),
            (5, 8, "Victoire 1945"),
            (7, 14, "Fête nationale"),
            (8, 15, "Assomption"),
            (11, 1, "Toussaint"),
            (11, 11, "Armistice 1918"),
            (12, 25, "Noël"),
        ],
    };
    let on_easter: &[(Day, &'static str)] = match country {
        Country::De => &[(-2, "Karfreitag"), (1, "Ostermontag"), (39, "Christi Himmelfahrt"), (50, "Pfingstmontag")],
        Country::Hu => &[(-2, "Nagypéntek"), (1, "Húsvéthétfő"), (50, "Pünkösdhétfő")],
        Country::Gb => &[(-2, "Good Friday"), (1, "Easter Monday")],
        Country::Fr => &[(1, "Lundi de Pâques"), (39, "Ascension"), (50, "Lundi de Pentecôte")],
        Country::Us | Country::Cn => &[],
    };
    let fixed = fixed.iter().filter_map(|(m, d, name)| Some((NaiveDate::from_ymd_opt(year, *m, *d)?, *name)));
    let movable = on_easter
        .iter()
        .filter_map(|(after, name)| Some((NaiveDate::from_epoch_days(easter.to_epoch_days() + after)?, *name)));
    let mut all: Vec<_> = fixed.chain(movable).chain(by_weekday(country, year)).collect();
    if country == Country::Cn {
        let first = SPRING_FESTIVAL.iter().find(|(y, ..)| *y == year);
        let first = first.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(*y, *m, *d));
        all.extend(first.iter().flat_map(|date| date.iter_days().take(7).map(|day| (day, "春节"))));
    }
    all.sort_unstable();
    all
}

/// Holidays on the n-th weekday of a month; the last one is the n-th or the one before it.
fn by_weekday(country: Country, year: i32) -> Vec<(NaiveDate, &'static str)> {
    let nth = |month, weekday, n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n);
    let last = |month, weekday| nth(month, weekday, 5).or_else(|| nth(month, weekday, 4));
    let days = match country {
        Country::Us => vec![
            (nth(1, Weekday::Mon, 3), "Martin Luther King Jr. Day"),
            (nth(2, Weekday::Mon, 3), "Presidents' Day"),
            (last(5, Weekday::Mon), "Memorial Day"),
            (nth(9, Weekday::Mon, 1), "Labor Day"),
            (nth(11, Weekday::Thu, 4), "Thanksgiving Day"),
        ],
        Country::Gb => vec![
            (nth(5, Weekday::Mon, 1), "Early May bank holiday"),
            (last(5, Weekday::Mon), "Spring bank holiday"),
            (last(8, Weekday::Mon), "Summer bank holiday"),
        ],
        _ => Vec::new(),
    };
    days.into_iter().filter_map(|(date, name)| Some((date?, name))).collect()
}

/// Easter Sunday of the Gregorian calendar. Source: the anonymous algorithm in Meeus, Astronomical Algorithms (1991), chapter 8.
fn easter_sunday(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, (sum / 31) as u32, (sum % 31 + 1) as u32).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse::<NaiveDate>().expect("an ISO date").to_epoch_days()
    }

    #[test]
    fn easter_falls_where_the_tables_have_it() {
        for (year, text) in [(2023, "2023-04-09"), (2024, "2024-03-31"), (2025, "2025-04-20"), (2038, "2038-04-25")] {
            assert_eq!(easter_sunday(year).to_epoch_days(), day(text));
        }
    }

    #[test]
    fn working_days_skip_weekends_and_holidays() {
        let days = Days::new(day("2024-01-01"), day("2024-12-31"));
        assert_eq!(days.next_working(Country::De, day("2024-03-29")), day("2024-04-02"));
        assert_eq!(days.next_working(Country::Us, day("2024-11-28")), day("2024-11-29"));
        assert_eq!(days.next_working(Country::Cn, day("2024-02-10")), day("2024-02-19"));
        assert_eq!(days.previous_working(Country::Hu, day("2024-12-26")), day("2024-12-24"));
        assert_eq!(days.month_end(day("2024-02-03")), day("2024-02-29"));
        assert_eq!(days.quarter_end(day("2024-02-03")), day("2024-03-31"));
        assert_eq!(days.quarter_end(day("2024-12-31")), day("2024-12-31"));
        assert_eq!(days.text(day("2024-02-03")), b"2024-02-03");
    }
}
