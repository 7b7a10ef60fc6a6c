//! What kind of day each day is for those who pay.

use chrono::{Datelike, NaiveDate};

use crate::models::forecast::book::Day;
use crate::models::forecast::calendar::weekday;

/// Places in a month: its days, and the last working one.
pub(super) const PLACES: usize = 32;
const LAST_WORKING: u8 = 31;

/// A weekday with less than this share of the payments is not worked on.
const IDLE_SHARE: f64 = 0.03;

/// Fewest payments to tell that by; before, Saturdays and Sundays are not worked on.
const FEWEST_PAYMENTS: f64 = 30.0;

/// Payments to be expected on past holidays, if they were days like any other, before a book is heard on them, and the share of
/// these that says they are.
const FEWEST_ON_HOLIDAYS: f64 = 5.0;
const WORKED_SHARE: f64 = 0.3;

/// Days after an origin that are looked up; later ones are worked out each time.
const DAYS_AHEAD: Day = 1200;

/// What matters of a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// Monday is 0.
    pub(super) weekday: u8,
    /// Day of the month, or the last place for its last working day.
    pub(super) place: u8,
    /// Hardly anybody pays.
    pub(super) is_idle: bool,
}

/// The days of a book.
#[derive(Clone, Debug)]
pub(super) struct Days {
    idle_weekdays: [bool; 7],
    /// Those on which nobody pays.
    holidays: Vec<Day>,
    first: Day,
    kinds: Vec<Kind>,
}

impl Days {
    /// Learns from the payments on each day from `first` to the origin on which days they are made.
    pub(super) fn learn(first: Day, payments: &[f64], holidays: &[Day]) -> Self {
        let total: f64 = payments.iter().sum();
        let mut shares = [0.0; 7];
        for (day, count) in (first..).zip(payments) {
            shares[weekday(day)] += count / total.max(1.0);
        }
        let idle_weekdays = if total < FEWEST_PAYMENTS {
            std::array::from_fn(|at| at >= 5)
        } else {
            shares.map(|share| share < IDLE_SHARE)
        };
        let mut days = Self { idle_weekdays, holidays: Vec::new(), first, kinds: Vec::new() };
        let is_paid_every_day = idle_weekdays.iter().all(|is_idle| !is_idle);
        if !is_paid_every_day && !days.are_worked(holidays, payments, total, &shares) {
            days.holidays = holidays.to_vec();
        }
        let end = first + payments.len() as Day + DAYS_AHEAD;
        days.kinds = (first..end).map(|day| days.worked_out(day)).collect();
        days
    }

    /// Whether the past holidays of a book were paid on like other days.
    fn are_worked(&self, holidays: &[Day], payments: &[f64], total: f64, shares: &[f64; 7]) -> bool {
        let Some(from) = payments.iter().position(|count| *count > 0.0) else { return false };
        let to = payments.iter().rposition(|count| *count > 0.0).unwrap_or(from);
        let a_week = total * 7.0 / (to - from + 1) as f64;
        let (mut expected, mut found) = (0.0, 0.0);
        for day in holidays.iter().filter(|day| !self.idle_weekdays[weekday(**day)]) {
            let at = usize::try_from(day - self.first).ok().filter(|at| (from..=to).contains(at));
            if let Some(at) = at {
                expected += shares[weekday(*day)] * a_week;
                found += payments[at];
            }
        }
        expected >= FEWEST_ON_HOLIDAYS && found >= WORKED_SHARE * expected
    }

    /// The kind of a day.
    pub(super) fn kind(&self, day: Day) -> Kind {
        let known = usize::try_from(day - self.first).ok().and_then(|at| self.kinds.get(at));
        known.copied().unwrap_or_else(|| self.worked_out(day))
    }

    fn is_idle(&self, day: Day) -> bool {
        self.idle_weekdays[weekday(day)] || self.holidays.binary_search(&day).is_ok()
    }

    fn worked_out(&self, day: Day) -> Kind {
        let is_idle = self.is_idle(day);
        let date = NaiveDate::from_epoch_days(day).unwrap_or_default();
        let days_left = i32::from(date.num_days_in_month()) - date.day() as i32;
        let is_last = !is_idle && (1..=days_left).all(|later| self.is_idle(day + later));
        let place = if is_last { LAST_WORKING } else { date.day0() as u8 };
        Kind { weekday: weekday(day) as u8, place, is_idle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2019-01-01, a Tuesday.
    const NEW_YEAR: Day = 17_897;

    /// A year in which each working day but some has so many payments.
    fn year(count: f64, none: &[Day]) -> Vec<f64> {
        let pays = |day: Day| weekday(day) < 5 && !none.contains(&day);
        (NEW_YEAR..NEW_YEAR + 365).map(|day| if pays(day) { count } else { 0.0 }).collect()
    }

    #[test]
    fn weekdays_without_payments_are_idle_and_every_last_working_day_is_known() {
        let days = Days::learn(NEW_YEAR, &year(2.0, &[]), &[]);
        assert_eq!([3, 4, 5, 6].map(|after| days.kind(NEW_YEAR + after).is_idle), [false, true, true, false]);
        // March 2019 ended on a Sunday, its last working day was Friday the 29th; so was that of February 2030, the 28th, a Thursday.
        let places = [87, 88, 89, 90].map(|after| days.kind(NEW_YEAR + after).place);
        assert_eq!(places, [LAST_WORKING, 29, 30, 0]);
        assert_eq!(days.kind(21_973).place, LAST_WORKING);
    }

    #[test]
    fn holidays_are_idle_unless_the_book_was_paid_on_them() {
        // Tuesdays: enough of them to be heard on.
        let holidays: Vec<Day> = (0..6).map(|at| NEW_YEAR + 7 * (3 + 8 * at)).collect();
        let are_idle = |payments: &[f64]| {
            let days = Days::learn(NEW_YEAR, payments, &holidays);
            holidays.iter().all(|day| days.kind(*day).is_idle)
        };
        assert!(are_idle(&year(2.0, &holidays)));
        assert!(!are_idle(&year(2.0, &[])));
        // One payment a week says nothing of six days.
        assert!(are_idle(&year(0.1, &[])));
        let every_day = vec![1.0; 365];
        assert!(!are_idle(&every_day));
    }
}
