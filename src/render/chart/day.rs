//! Days as a reader names them at the foot of a chart: by year, by month or by day, the year below where it changes.

use chrono::{Datelike, Days, Months, NaiveDate};

/// A label of up to two lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) struct Label {
    /// `Jan`, `6 Jan` or `2025`.
    pub(in crate::render) day: String,
    /// `2025` below the first label of a year.
    pub(in crate::render) year: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grain {
    Year,
    Month,
    Day,
}

/// The labels of ascending days, by the coarsest grain that tells them apart.
pub(super) fn labels(days: &[NaiveDate]) -> Vec<Label> {
    let grain = grain(days);
    let label = |(at, day): (usize, &NaiveDate)| match grain {
        Grain::Year => Label { day: day.format("%Y").to_string(), year: None },
        _ => Label {
            day: day.format(if grain == Grain::Month { "%b" } else { "%-d %b" }).to_string(),
            year: (at == 0 || days[at - 1].year() != day.year()).then(|| day.format("%Y").to_string()),
        },
    };
    days.iter().enumerate().map(label).collect()
}

/// The same with the year beside each, for days that do not lie along an axis.
pub(super) fn names(days: &[NaiveDate]) -> Vec<Label> {
    let grain = grain(days);
    let name = |(label, day): (Label, &NaiveDate)| match grain {
        Grain::Year => label,
        _ => Label { day: format!("{} {}", label.day, day.format("%Y")), year: None },
    };
    labels(days).into_iter().zip(days).map(name).collect()
}

/// A day by itself: `6 Jan 2025`.
pub(super) fn name(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// Days to mark below lines through `days` (ascending): the days themselves, or the first of each month where they are many.
pub(super) fn ticks(days: &[NaiveDate]) -> Vec<NaiveDate> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    if days.len() <= 40 || (*last - *first).num_days() < 90 {
        return days.to_vec();
    }
    let month_start = first.with_day(1).unwrap_or(*first);
    (0..)
        .map_while(|n| month_start.checked_add_months(Months::new(n)))
        .skip_while(|day| day < first)
        .take_while(|day| day <= last)
        .collect()
}

fn grain(days: &[NaiveDate]) -> Grain {
    // A February and a leap day make the shortest month and the shortest year.
    match days.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).min() {
        Some(365..) => Grain::Year,
        Some(28..) if days.iter().all(|day| is_month_edge(*day)) || same_day_of_month(days) => Grain::Month,
        _ => Grain::Day,
    }
}

fn is_month_edge(day: NaiveDate) -> bool {
    day.day() == 1 || day.checked_add_days(Days::new(1)).is_some_and(|next| next.day() == 1)
}

fn same_day_of_month(days: &[NaiveDate]) -> bool {
    days.windows(2).all(|pair| pair[0].day() == pair[1].day())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(days: &[&str]) -> String {
        let days: Vec<NaiveDate> = days.iter().map(|day| day.parse().expect("a day")).collect();
        let label = |label: Label| label.year.map_or(label.day.clone(), |year| format!("{} {year}", label.day));
        labels(&days).into_iter().map(label).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn month_ends_are_months_and_other_days_are_days() {
        assert_eq!(shown(&["2024-11-30", "2024-12-31", "2025-01-31", "2025-02-28"]), "Nov 2024, Dec, Jan 2025, Feb");
        assert_eq!(shown(&["2024-12-30", "2025-01-06", "2025-01-13"]), "30 Dec 2024, 6 Jan 2025, 13 Jan");
        assert_eq!(shown(&["2023-12-31", "2024-12-31"]), "2023, 2024");
        assert_eq!(shown(&["2024-06-30"]), "30 Jun 2024");
        assert_eq!(shown(&[]), "");
    }

    #[test]
    fn a_year_of_days_is_marked_by_months() {
        let first: NaiveDate = "2024-01-15".parse().expect("a day");
        let days: Vec<NaiveDate> = first.iter_days().take(366).collect();
        let marked = ticks(&days);
        assert_eq!((marked.len(), marked[0].to_string().as_str()), (12, "2024-02-01"));
    }
}
