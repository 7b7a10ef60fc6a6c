//! The weeks a forecast looks at.

use super::book::Day;

/// When weeks start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WeekStart {
    /// The first week is the rest of the current one, up to Sunday; the others run from Monday to Sunday.
    #[default]
    Monday,
    /// Weeks of seven days from the day after.
    Next,
}

/// Consecutive spans of days after an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The day before the first.
    pub origin: Day,
    /// Last day of each span.
    pub ends: Vec<Day>,
}

impl Horizon {
    /// So many weeks after a day. On a Sunday nothing is left of the current week, and the first is a whole one.
    #[must_use]
    pub fn weeks(origin: Day, count: usize, start: WeekStart) -> Self {
        // 1970-01-01 was a Thursday: day 3 was a Sunday.
        let to_sunday = (3 - origin).rem_euclid(7);
        let first = match start {
            WeekStart::Monday if to_sunday > 0 => to_sunday,
            _ => 7,
        };
        let ends = (0..count).map(|week| origin + first + 7 * week as Day).collect();
        Self { origin, ends }
    }

    /// First and last day of each span.
    pub fn spans(&self) -> impl Iterator<Item = (Day, Day)> {
        let starts = std::iter::once(&self.origin).chain(&self.ends).map(|end| end + 1);
        starts.zip(self.ends.iter().copied())
    }

    /// Number of days in all.
    #[must_use]
    pub fn day_count(&self) -> usize {
        self.ends.last().map_or(0, |end| (end - self.origin).max(0) as usize)
    }

    /// The span a day is in.
    #[must_use]
    pub fn span_of(&self, day: Day) -> Option<usize> {
        (day > self.origin).then(|| self.ends.partition_point(|end| *end < day)).filter(|at| *at < self.ends.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_the_rest_of_the_current_one_and_then_whole_ones() {
        // 2024-06-28 (day 19902) is a Friday.
        let weeks = Horizon::weeks(19902, 3, WeekStart::Monday);
        assert_eq!(weeks.spans().collect::<Vec<_>>(), [(19903, 19904), (19905, 19911), (19912, 19918)]);
        let weeks = Horizon::weeks(19902, 2, WeekStart::Next);
        assert_eq!(weeks.spans().collect::<Vec<_>>(), [(19903, 19909), (19910, 19916)]);
    }

    #[test]
    fn on_a_sunday_the_first_week_is_whole() {
        let weeks = Horizon::weeks(19904, 1, WeekStart::Monday);
        assert_eq!(weeks.spans().collect::<Vec<_>>(), [(19905, 19911)]);
    }

    #[test]
    fn a_day_is_in_the_span_that_ends_on_it_or_after() {
        let weeks = Horizon::weeks(19902, 2, WeekStart::Next);
        assert_eq!(
            [19902, 19903, 19909, 19910, 19917].map(|day| weeks.span_of(day)),
            [None, Some(0), Some(0), Some(1), None]
        );
        assert_eq!(Horizon::weeks(19902, 0, WeekStart::Next).day_count(), 0);
    }
}
