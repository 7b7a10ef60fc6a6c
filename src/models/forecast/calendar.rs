//! How much is billed on which day: weekdays, ends of months and holidays.

use super::book::Day;

/// Weeks' worth of days like any other that the evidence of a kind of day is added to.
const PRIOR_DAYS: f64 = 3.0;

/// Days at each end of a month that are told apart.
const EDGE_DAYS: Day = 3;

/// Share of the bills on one day of the month, within it, above which all days of the month are told apart: a book that bills
/// on the tenth. Chance gives each about 0.03.
const PEAK_SHARE: f64 = 0.3;

/// The prior of the days of such a month: each is seen once a month, and most have nothing.
const PRIOR_DAYS_OF_PEAK: f64 = 0.5;

/// Days of a month from its start that are told apart then; the last ones come after them.
const DAYS_OF_PEAK: Day = 28;

/// Relative weight of each day, learnt from how many bills were posted when.
#[derive(Clone, Debug)]
pub struct CalendarLoad {
    weekday: [f64; 7],
    /// First days of a month, then the last days, then all others.
    place: Vec<f64>,
    /// How many first days.
    first_days: Day,
    holiday: f64,
    holidays: Vec<Day>,
}

impl CalendarLoad {
    /// Learns from the days bills were posted on, after `from` and up to `to`.
    #[must_use]
    pub fn fit(posted: impl Iterator<Item = Day>, from: Day, to: Day, holidays: &[Day]) -> Self {
        let mut load = Self {
            weekday: [1.0; 7],
            place: Vec::new(),
            first_days: EDGE_DAYS,
            holiday: 1.0,
            holidays: holidays.to_vec(),
        };
        load.tell_apart(EDGE_DAYS);
        let mut counts = vec![0.0; (to - from).max(0) as usize];
        for day in posted {
            if let Some(count) = usize::try_from(day - from - 1).ok().and_then(|at| counts.get_mut(at)) {
                *count += 1.0;
            }
        }
        let total: f64 = counts.iter().sum();
        if total == 0.0 {
            return load;
        }
        let usual = total / counts.len() as f64;
        load.tell_apart(if has_peak(&counts, from) { DAYS_OF_PEAK } else { EDGE_DAYS });
        let prior = if load.first_days == DAYS_OF_PEAK { PRIOR_DAYS_OF_PEAK } else { PRIOR_DAYS };
        let days = |keep: &dyn Fn(Day) -> bool, load: &Self, part: &dyn Fn(&Self, Day) -> f64| {
            let (mut found, mut expected) = (prior * usual, prior * usual);
            for (day, count) in (from + 1..).zip(&counts).filter(|(day, _)| keep(*day)) {
                found += count;
                expected += usual * load.of_day(day) / part(load, day).max(1e-9);
            }
            found / expected
        };
        // Each kind of factor is what the others leave unexplained; three rounds settle them.
        for _ in 0..3 {
            load.weekday = std::array::from_fn(|at| {
                days(&|day| weekday(day) == at, &load, &|load, day| load.weekday[weekday(day)])
            });
            let place = |at| days(&|day| load.place_of(day) == at, &load, &|load, day| load.place[load.place_of(day)]);
            load.place = (0..load.place.len()).map(place).collect();
            load.holiday = days(&|day| load.is_holiday(day), &load, &|load, _| load.holiday);
        }
        load
    }

    /// Weight of a day.
    #[must_use]
    pub fn of_day(&self, day: Day) -> f64 {
        let holiday = if self.is_holiday(day) { self.holiday } else { 1.0 };
        self.weekday[weekday(day)] * self.place[self.place_of(day)] * holiday
    }

    /// Mean weight of the seven days that end on a day.
    #[must_use]
    pub fn of_week(&self, end: Day) -> f64 {
        (end - 6..=end).map(|day| self.of_day(day)).sum::<f64>() / 7.0
    }

    /// Makes so many first days of a month, the last ones and all others the places that are told apart.
    fn tell_apart(&mut self, first_days: Day) {
        self.first_days = first_days;
        self.place = vec![1.0; (first_days + EDGE_DAYS) as usize + 1];
    }

    fn place_of(&self, day: Day) -> usize {
        place_in_month(day, self.first_days)
    }

    fn is_holiday(&self, day: Day) -> bool {
        self.holidays.binary_search(&day).is_ok()
    }
}

/// Weekday of a day, Monday 0: 1970-01-01 was a Thursday.
#[must_use]
pub fn weekday(day: Day) -> usize {
    (day + 3).rem_euclid(7) as usize
}

/// Which of the first or last days of its month a day is; the last place for all others.
fn place_in_month(day: Day, first_days: Day) -> usize {
    use chrono::Datelike;
    let Some(date) = chrono::NaiveDate::from_epoch_days(day) else { return (first_days + EDGE_DAYS) as usize };
    let left = i32::from(date.num_days_in_month()) - date.day() as i32;
    if left < EDGE_DAYS && (date.day() as i32) > EDGE_DAYS {
        (first_days + left) as usize
    } else if (date.day() as i32) <= first_days {
        date.day0() as usize
    } else {
        (first_days + EDGE_DAYS) as usize
    }
}

/// Whether one day within the month has most of what is billed; its ends are told apart anyway.
fn has_peak(counts: &[f64], from: Day) -> bool {
    let mut by_place = vec![0.0; (DAYS_OF_PEAK + EDGE_DAYS) as usize + 1];
    for (day, count) in (from + 1..).zip(counts) {
        by_place[place_in_month(day, DAYS_OF_PEAK)] += count;
    }
    let total: f64 = by_place.iter().sum();
    let months = counts.len() as f64 / 30.4;
    months >= 3.0 && by_place[EDGE_DAYS as usize..DAYS_OF_PEAK as usize].iter().any(|count| *count > PEAK_SHARE * total)
}
