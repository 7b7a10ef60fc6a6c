//! How much is billed on which day: weekdays, ends of months and holidays.

use super::book::Day;

/// Weeks' worth of days like any other that the evidence of a kind of day is added to.
const PRIOR_DAYS: f64 = 3.0;

/// Days at each end of a month that are told apart.
const EDGE_DAYS: Day = 3;

/// Relative weight of each day, learnt from how many bills were posted when.
#[derive(Clone, Debug)]
pub struct CalendarLoad {
    weekday: [f64; 7],
    /// First days of a month, then the last days, then all others.
    place: [f64; 2 * EDGE_DAYS as usize + 1],
    holiday: f64,
    holidays: Vec<Day>,
}

impl CalendarLoad {
    /// Learns from the days bills were posted on, after `from` and up to `to`.
    #[must_use]
    pub fn fit(posted: impl Iterator<Item = Day>, from: Day, to: Day, holidays: &[Day]) -> Self {
        let mut load = Self { weekday: [1.0; 7], place: [1.0; 7], holiday: 1.0, holidays: holidays.to_vec() };
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
        let days = |keep: &dyn Fn(Day) -> bool, load: &Self, part: &dyn Fn(&Self, Day) -> f64| {
            let (mut found, mut expected) = (PRIOR_DAYS * usual, PRIOR_DAYS * usual);
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
            load.place = std::array::from_fn(|at| {
                days(&|day| place_in_month(day) == at, &load, &|load, day| load.place[place_in_month(day)])
            });
            load.holiday = days(&|day| load.is_holiday(day), &load, &|load, _| load.holiday);
        }
        load
    }

    /// Weight of a day.
    #[must_use]
    pub fn of_day(&self, day: Day) -> f64 {
        let holiday = if self.is_holiday(day) { self.holiday } else { 1.0 };
        self.weekday[weekday(day)] * self.place[place_in_month(day)] * holiday
    }

    /// Mean weight of the seven days that end on a day.
    #[must_use]
    pub fn of_week(&self, end: Day) -> f64 {
        (end - 6..=end).map(|day| self.of_day(day)).sum::<f64>() / 7.0
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
fn place_in_month(day: Day) -> usize {
    use chrono::Datelike;
    let Some(date) = chrono::NaiveDate::from_epoch_days(day) else { return 2 * EDGE_DAYS as usize };
    let left = i32::from(date.num_days_in_month()) - date.day() as i32;
    if (date.day() as i32) <= EDGE_DAYS {
        date.day0() as usize
    } else if left < EDGE_DAYS {
        (EDGE_DAYS + left) as usize
    } else {
        2 * EDGE_DAYS as usize
    }
}
