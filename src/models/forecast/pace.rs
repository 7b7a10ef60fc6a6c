//! How much of what a period collects has usually come by a working day.

use std::collections::BTreeMap;

use super::book::Day;
use super::simulate::quantile_of_sorted;

/// The days on which banks work.
#[derive(Clone, Debug, Default)]
pub struct WorkingDays {
    /// Weekdays on which they do not, sorted.
    pub holidays: Vec<Day>,
}

impl WorkingDays {
    /// How many there are from a day to another, both included.
    #[must_use]
    pub fn count(&self, from: Day, to: Day) -> usize {
        (from..=to).filter(|day| self.is_working(*day)).count()
    }

    /// The last day from `from` to `to` by whose end no more than so many have passed; the day before `from` where the first is
    /// one too many.
    #[must_use]
    pub fn day_of(&self, from: Day, to: Day, count: usize) -> Day {
        let too_many = (from..=to).filter(|day| self.is_working(*day)).nth(count);
        too_many.map_or(to, |day| day - 1)
    }

    fn is_working(&self, day: Day) -> bool {
        // 1970-01-01 was a Thursday: days 2 and 3 were a Saturday and a Sunday.
        !matches!(day.rem_euclid(7), 2 | 3) && self.holidays.binary_search(&day).is_err()
    }
}

/// A period that has ended.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// First day.
    pub start: Day,
    /// Last day.
    pub end: Day,
    /// What was collected on each day, by day.
    pub collected: Vec<(Day, f64)>,
}

/// Share of what a period collects that earlier ones had collected by a working day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Mean of the earlier periods.
    pub mean: f64,
    /// One in ten of them had less.
    pub lower: f64,
    /// One in ten had more.
    pub upper: f64,
}

impl Past {
    /// Collected in all.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.collected.iter().map(|(_, amount)| amount).sum()
    }

    /// The periods of several, those of the same days as one.
    #[must_use]
    pub fn together<'a>(all: impl Iterator<Item = &'a Self>) -> Vec<Self> {
        let mut sums: BTreeMap<(Day, Day), BTreeMap<Day, f64>> = BTreeMap::new();
        for past in all {
            let by_day = sums.entry((past.start, past.end)).or_default();
            past.collected.iter().for_each(|(on, amount)| *by_day.entry(*on).or_default() += amount);
        }
        let one = |((start, end), by_day): ((Day, Day), BTreeMap<Day, f64>)| Self {
            start,
            end,
            collected: by_day.into_iter().collect(),
        };
        sums.into_iter().map(one).collect()
    }

    fn collected_by(&self, day: Day) -> f64 {
        self.collected.iter().take_while(|(on, _)| *on <= day).map(|(_, amount)| amount).sum()
    }
}

impl Pace {
    /// The pace by the end of so many working days; none where no earlier period collected anything.
    #[must_use]
    pub fn of(past: &[Past], days: &WorkingDays, working: usize) -> Option<Self> {
        let share = |past: &Past| {
            let by = days.day_of(past.start, past.end, working);
            (past.total() > 0.0).then(|| (past.collected_by(by) / past.total()).clamp(0.0, 1.0))
        };
        let mut shares: Vec<f64> = past.iter().filter_map(share).collect();
        if shares.is_empty() {
            return None;
        }
        shares.sort_unstable_by(f64::total_cmp);
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        Some(Self { mean, lower: quantile_of_sorted(&shares, 0.1), upper: quantile_of_sorted(&shares, 0.9) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-06-01 is a Saturday, day 19875.
    const JUNE: Day = 19_875;

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        let days = WorkingDays { holidays: vec![JUNE + 3] };
        assert_eq!(days.count(JUNE, JUNE + 1), 0);
        assert_eq!(days.count(JUNE, JUNE + 6), 4, "Monday to Friday without the Tuesday");
        assert_eq!(days.day_of(JUNE, JUNE + 29, 0), JUNE + 1, "the Sunday before the first working day");
        assert_eq!(days.day_of(JUNE, JUNE + 29, 1), JUNE + 3, "the holiday after it");
        assert_eq!(days.day_of(JUNE, JUNE + 29, 99), JUNE + 29);
        assert_eq!(days.day_of(JUNE + 2, JUNE + 29, 0), JUNE + 1, "before it begins");
    }

    #[test]
    fn the_pace_is_the_mean_share_by_the_same_working_day() {
        let days = WorkingDays::default();
        let past = |start: Day, early: f64, late: f64| Past {
            start,
            end: start + 29,
            collected: vec![(start + 3, early), (start + 20, late)],
        };
        let empty = Past { start: JUNE, end: JUNE + 29, collected: Vec::new() };
        let pace = Pace::of(&[past(JUNE, 20.0, 80.0), past(JUNE, 40.0, 60.0), empty], &days, 2).expect("a pace");
        assert!((pace.mean - 0.3).abs() < 1e-12 && pace.lower < 0.3 && pace.upper > 0.3, "{pace:?}");
        assert_eq!(Pace::of(&[], &days, 2), None);
    }
}
