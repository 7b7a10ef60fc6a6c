//! What a figure leaves out, and its days as bars: the same values, arranged for a kind of chart.

use chrono::NaiveDate;

use super::data::{Figure, Panel, Value};
use super::day;

impl Panel {
    /// Leaves out the changes of nothing: they are no steps from one total to the next.
    pub(super) fn drop_still_steps(&mut self) {
        self.bars.retain(|(_, values)| values[1].is_some() || values[0].as_ref().is_none_or(|change| change.x != 0.0));
    }

    /// Leaves out the bars of which nothing is known; a day keeps its place.
    pub(super) fn drop_unknown_bars(&mut self) {
        self.bars.retain(|(_, values)| values.iter().any(Option::is_some));
    }
}

impl Figure {
    /// Bars over days, where the chart's categories are days: the days are labelled as such and stand in their order; the
    /// year stands below the first of it where the days lie `along` an axis and with each of them otherwise.
    pub(in crate::render) fn with_days_as_bars(mut self, along: bool) -> Self {
        for panel in &mut self.panels {
            let days: Vec<NaiveDate> = panel.days.iter().map(|(day, _)| *day).collect();
            let labels = if along { day::labels(&days) } else { day::names(&days) };
            let dated = labels.into_iter().zip(std::mem::take(&mut panel.days));
            panel.bars.splice(0..0, dated.map(|(label, (_, values))| (label, values)));
        }
        self
    }

    /// Whether no panel has a value.
    pub(super) fn is_blank(&self) -> bool {
        let is_blank = |panel: &Panel| {
            let bars = panel.bars.iter().map(|(_, values)| values);
            bars.chain(panel.days.iter().map(|(_, values)| values)).flatten().all(Option::is_none)
                && panel.points.iter().all(Vec::is_empty)
        };
        self.panels.iter().all(is_blank)
    }

    /// Whether a layer is anything but nothing on some bar.
    pub(super) fn has_layer(&self, series: usize) -> bool {
        let values = self.panels.iter().flat_map(|panel| &panel.bars).filter_map(|(_, values)| values[series].as_ref());
        values.into_iter().any(|value| value.x != 0.0)
    }

    /// Leaves out the lines that lie on one before them on every day, and gives sentences that say so.
    pub(super) fn drop_same_lines(&mut self) -> Vec<String> {
        let days = || self.panels.iter().flat_map(|panel| &panel.days).map(|(_, values)| values);
        let length = |value: &Option<Value>| value.as_ref().map(|value| value.x);
        let is_drawn = |a: usize| days().any(|values| values[a].is_some());
        let is_same = |a: usize, b: usize| is_drawn(a) && days().all(|values| length(&values[a]) == length(&values[b]));
        let mut kept: Vec<(usize, Vec<&str>)> = Vec::new();
        for series in 0..self.series.len() {
            match kept.iter_mut().find(|(first, _)| is_same(*first, series)) {
                Some((_, others)) => others.push(&self.series[series]),
                None => kept.push((series, Vec::new())),
            }
        }
        let said = kept.iter().filter(|(_, others)| !others.is_empty()).map(|(first, others)| {
            let are = if others.len() == 1 { "is" } else { "are" };
            format!("{} {are} the same as {}.", others.join("; "), self.series[*first])
        });
        let sentences = said.collect();
        let order: Vec<usize> = kept.into_iter().map(|(first, _)| first).collect();
        self.keep_series(&order);
        sentences
    }

    /// Keeps these lines, in this order.
    fn keep_series(&mut self, order: &[usize]) {
        self.series = order.iter().map(|series| self.series[*series].clone()).collect();
        for (_, values) in self.panels.iter_mut().flat_map(|panel| &mut panel.days) {
            *values = order.iter().map(|series| values[*series].clone()).collect();
        }
    }

    /// Orders the lines by the size of their last value, largest first, and keeps the first `most`. The first panel decides, the
    /// next one only between equals: money of two currencies has no order.
    pub(in crate::render) fn keep_largest_series(&mut self, most: usize) {
        let last = |panel: &Panel, series: usize| {
            panel.days.iter().rev().find_map(|(_, values)| values[series].as_ref()).map_or(0.0, |value| value.x.abs())
        };
        let sizes: Vec<Vec<f64>> = (0..self.series.len())
            .map(|series| self.panels.iter().map(|panel| last(panel, series)).collect())
            .collect();
        let mut order: Vec<usize> = (0..self.series.len()).collect();
        order.sort_by(|a, b| sizes[*b].partial_cmp(&sizes[*a]).unwrap_or(std::cmp::Ordering::Equal));
        order.truncate(most);
        self.keep_series(&order);
    }

    /// Leaves out the columns of a matrix after the first `most`.
    pub(in crate::render) fn keep_first_series(&mut self, most: usize) {
        self.series.truncate(most);
        for (_, values) in self.panels.iter_mut().flat_map(|panel| &mut panel.bars) {
            values.truncate(most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::render::chart::{Place, is_blank, svg};
    use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

    #[test]
    fn a_layer_of_nothing_has_no_name_and_net_numbers_are_announced_where_they_stand() {
        let columns = vec![
            Column::new("as_of", Kind::Date),
            Column::new("bucket", Kind::Text),
            Column::new("open_amount", Kind::Amount),
        ];
        let rows = |months: u32, credits: i128| -> Vec<Vec<Cell<'static>>> {
            let row = |month: u32, bucket, units: i128| {
                let day = NaiveDate::from_ymd_opt(2000 + month as i32 / 12, month % 12 + 1, 28).expect("a day");
                vec![Cell::Date(day), Cell::Text(bucket), Cell::Amount(Money::from_units(units * 10_000))]
            };
            let layers = [("Not due", 123_456), ("61-90", 0), ("Unapplied credits", credits)];
            (0..months).flat_map(|month| layers.map(|(bucket, units)| row(month, bucket, units))).collect()
        };
        let drawn = |months, credits| {
            let chart = Chart::StackedBars {
                category: "as_of".into(),
                series: Some("bucket".into()),
                value: "open_amount".into(),
            };
            let sheet =
                Sheet::from_rows("s", "S", columns.clone(), &rows(months, credits)).expect("a sheet").charted(chart);
            svg(&sheet, Place::Page).expect("a chart")
        };
        let few = drawn(2, -1_000);
        assert!(few.contains(">Not due<") && few.contains(">Unapplied credits<") && !few.contains(">61-90<"), "{few}");
        assert!(few.contains("(the numbers are net)"), "{few}");
        assert!(!drawn(40, -1_000).contains("(the numbers are net)"), "forty bars have no room for numbers");
        assert!(!drawn(2, 0).contains("Unapplied"));
    }

    #[test]
    fn a_currency_of_which_nothing_is_known_has_no_panel() {
        let columns = ["customer", "currency"].map(|name| Column::new(name, Kind::Text));
        let columns = columns.into_iter().chain([Column::new("change", Kind::Amount)]).collect();
        let rows = [
            vec![Cell::Text("A"), Cell::Text("EUR"), Cell::Amount(Money::from_units(50_000))],
            vec![Cell::Text("Opening"), Cell::Text("USD"), Cell::Empty],
        ];
        let chart = Chart::StackedBars { category: "customer".into(), series: None, value: "change".into() };
        let drawn = svg(&Sheet::from_rows("s", "S", columns, &rows).expect("a sheet").charted(chart), Place::Page);
        let drawn = drawn.expect("a chart");
        assert!(drawn.contains("Change, EUR") && !drawn.contains("Change, USD"), "{drawn}");
    }

    #[test]
    fn a_chart_without_values_is_blank_and_one_of_nothing_is_not() {
        let columns = vec![Column::new("stage", Kind::Text), Column::new("amount", Kind::Amount)];
        let of = |rows: &[Vec<Cell<'_>>]| {
            let chart = Chart::StackedBars { category: "stage".into(), series: None, value: "amount".into() };
            Sheet::from_rows("s", "S", columns.clone(), rows).expect("a sheet").charted(chart)
        };
        assert!(is_blank(&of(&[])).expect("a figure"));
        assert!(is_blank(&of(&[vec![Cell::Text("a"), Cell::Empty]])).expect("a figure"));
        let some = of(&[vec![Cell::Text("a"), Cell::Amount(Money::ZERO)], vec![Cell::Text("unknown"), Cell::Empty]]);
        assert!(!is_blank(&some).expect("a figure"));
        assert!(!svg(&some, Place::Page).expect("a chart").contains("unknown"), "a bar of which nothing is known");
    }

    #[test]
    fn lines_that_lie_on_another_are_said_and_not_drawn() {
        let rows = |last| {
            [
                ("2024-01-31", "CEI", 80.0),
                ("2024-01-31", "CEI, net", 80.0),
                ("2024-02-29", "CEI", 81.5),
                ("2024-02-29", "CEI, net", last),
            ]
            .map(|(day, name, x): (&str, &'static str, f64)| {
                let day: NaiveDate = day.parse().expect("a day");
                vec![Cell::Date(day), Cell::Text(name), Cell::Number(x)]
            })
        };
        let columns = || {
            vec![
                Column::new("as_of", Kind::Date),
                Column::new("metric", Kind::Text),
                Column::new("percent", Kind::Number),
            ]
        };
        let drawn = |last| {
            let chart = Chart::Lines { day: "as_of".into(), series: "metric".into(), value: "percent".into() };
            let sheet = Sheet::from_rows("cei", "CEI", columns(), &rows(last)).expect("a sheet").charted(chart);
            svg(&sheet, Place::Page).expect("a chart")
        };
        let same = drawn(81.5);
        assert!(same.contains("CEI, net is the same as CEI.") && !same.contains("CEI, net\u{2002}"), "{same}");
        let apart = drawn(81.6);
        assert!(!apart.contains("the same") && apart.contains("CEI, net\u{2002}81.6"), "{apart}");
    }
}
