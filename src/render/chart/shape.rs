//! Which columns of a sheet its chart draws, and which of them part it into panels.

use std::collections::BTreeSet;

use super::PANELS_MOST;
use super::data::{text, together};
use crate::error::Error;
use crate::sheet::{Cell, Chart, Kind, Sheet};

/// The columns of a sheet that its chart draws, by their place.
pub(super) struct Shape {
    pub(super) key: usize,
    pub(super) values: Vec<usize>,
    pub(super) series: Series,
    /// Columns that tell the order of the keys and of the series: `bucket_no` that of `bucket`.
    pub(super) key_no: Option<usize>,
    pub(super) series_no: Option<usize>,
}

/// What the layers, lines or bars of a group are.
pub(super) enum Series {
    /// The values of a column.
    Of(usize),
    /// These, one for each value of a row.
    Each(Vec<String>),
    /// Changes and totals, told apart by a column of flags.
    Totals(usize),
    /// Stages, and these that are none of them.
    Apart(Vec<String>),
}

impl Series {
    /// What the names are, where they stand in a column.
    pub(super) fn title(&self, sheet: &Sheet) -> String {
        if let Self::Of(at) = self { sheet.columns[*at].title.clone() } else { String::new() }
    }

    /// The names that do not stand in a column.
    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Self::Of(_) => Vec::new(),
            Self::Each(titles) => titles.clone(),
            Self::Totals(_) => vec!["change".to_owned(), "total".to_owned()],
            Self::Apart(_) => vec![String::new(), "Apart".to_owned()],
        }
    }
}

impl Shape {
    pub(super) fn new(sheet: &Sheet, chart: &Chart) -> Result<Self, Error> {
        let column = |name: &String| {
            let missing = || {
                Error::internal(format!("sheet {}: its chart names a column \"{name}\" that it has not", sheet.name))
            };
            sheet.column_index(name).ok_or_else(missing)
        };
        let optional = |name: &Option<String>| match name {
            Some(name) => Ok(Series::Of(column(name)?)),
            None => Ok(Series::Each(vec![String::new()])),
        };
        let (key, values, series) = match chart {
            Chart::StackedBars { category, series, value } => (category, vec![column(value)?], optional(series)?),
            Chart::Lines { day, series, value } | Chart::Fan { day, series, value, .. } => {
                (day, vec![column(value)?], Series::Of(column(series)?))
            }
            Chart::Bars { category, values } => {
                let values = values.iter().map(column).collect::<Result<Vec<_>, _>>()?;
                let titles = values.iter().map(|at| sheet.columns[*at].title.clone()).collect();
                (category, values, Series::Each(titles))
            }
            Chart::Waterfall { step, value, total } => (step, vec![column(value)?], Series::Totals(column(total)?)),
            Chart::Curve { x, y, series } => (x, vec![column(y)?], optional(series)?),
            Chart::Heat { row, column: across, value } => (row, vec![column(value)?], Series::Of(column(across)?)),
            Chart::Funnel { stage, value, apart } => (stage, vec![column(value)?], Series::Apart(apart.clone())),
        };
        if values.is_empty() {
            return Err(Error::internal(format!("sheet {}: its chart names no column of values", sheet.name)));
        }
        let order_of = |at: usize| sheet.column_index(&format!("{}_no", sheet.columns[at].name));
        let key = column(key)?;
        let series_no = if let Series::Of(at) = series { order_of(at) } else { None };
        Ok(Self { key, values, series, key_no: order_of(key), series_no })
    }

    /// The columns by whose values the chart has panels, and what the report was split by where that would make more panels than
    /// a chart shows: its values are then drawn as one.
    pub(super) fn panels(&self, sheet: &Sheet) -> (Vec<usize>, Option<String>) {
        let currency: Vec<usize> = self.currency(sheet).into_iter().collect();
        let is_split = |at: &usize| sheet.columns[*at].is_split && !self.draws(*at);
        let split: Vec<usize> = (0..sheet.columns.len()).filter(is_split).collect();
        let all = [currency.as_slice(), &split].concat();
        if split.is_empty() || are_few(sheet, &all) {
            return (all, None);
        }
        let titles: Vec<&str> = split.iter().map(|at| sheet.columns[*at].title.as_str()).collect();
        (currency, Some(together(&titles).to_lowercase()))
    }

    /// The column of currencies, if it parts the chart: money of two never shares a scale; days or rates by currency may be the
    /// lines or the bars themselves.
    fn currency(&self, sheet: &Sheet) -> Option<usize> {
        let is_money = sheet.columns[self.values[0]].kind == Kind::Amount;
        sheet.column_index("currency").filter(|at| is_money || !self.draws(*at))
    }

    fn draws(&self, at: usize) -> bool {
        self.key == at || matches!(self.series, Series::Of(series) if series == at)
    }
}

/// The values of some columns of a row: rows of one panel have the same.
pub(super) fn part_of(row: &[Cell<'_>], sheet: &Sheet, columns: &[usize]) -> Vec<String> {
    columns.iter().map(|at| text(row[*at], &sheet.columns[*at])).collect()
}

/// Whether the values of the columns make no more panels than a chart shows.
fn are_few(sheet: &Sheet, columns: &[usize]) -> bool {
    let mut met = BTreeSet::new();
    sheet.rows().all(|row| {
        met.insert(part_of(&row, sheet, columns));
        met.len() <= PANELS_MOST
    })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::data::{Figure, figure};
    use super::super::{Place, svg};
    use super::*;
    use crate::domain::money::Money;
    use crate::sheet::Column;

    /// One day's DSO and balance of so many companies.
    fn by_company(count: usize, value: &str) -> Sheet {
        let columns = vec![
            Column::new("as_of", Kind::Date),
            Column::new("currency", Kind::Text),
            Column { is_split: true, ..Column::new("company", Kind::Text) },
            Column::new("method", Kind::Text),
            Column::new("dso_days", Kind::Number),
            Column::new("balance", Kind::Amount),
        ];
        let day = NaiveDate::from_ymd_opt(2024, 1, 31).expect("a day");
        let names: Vec<String> = (1..=count).map(|no| format!("DE{no:02}")).collect();
        let cells: Vec<Vec<Cell<'_>>> = names
            .iter()
            .map(|name| {
                let balance = Cell::Amount(Money::from_units(10_000));
                vec![
                    Cell::Date(day),
                    Cell::Text("EUR"),
                    Cell::Text(name),
                    Cell::Text("simple"),
                    Cell::Number(40.0),
                    balance,
                ]
            })
            .collect();
        let chart = Chart::Lines { day: "as_of".into(), series: "method".into(), value: value.into() };
        Sheet::from_rows("dso_trend", "DSO by company", columns, &cells).expect("a sheet").charted(chart)
    }

    fn drawn(sheet: &Sheet) -> Figure {
        figure(sheet, sheet.chart.as_ref().expect("a chart")).expect("a figure")
    }

    #[test]
    fn a_split_has_a_panel_for_each_of_its_parts() {
        let figure = drawn(&by_company(2, "dso_days"));
        let names: Vec<Option<&str>> = figure.panels.iter().map(|panel| panel.name.as_deref()).collect();
        assert_eq!((names, figure.clash), (vec![Some("EUR, DE01"), Some("EUR, DE02")], None));
    }

    #[test]
    fn parts_of_one_name_in_words_are_not_taken_together() {
        let columns = vec![
            Column { is_split: true, ..Column::new("company", Kind::Text) },
            Column { is_split: true, ..Column::new("segment", Kind::Text) },
            Column::new("bucket", Kind::Text),
            Column::new("balance", Kind::Amount),
        ];
        let row = |company, segment| {
            let balance = Cell::Amount(Money::from_units(10_000));
            vec![Cell::Text(company), Cell::Text(segment), Cell::Text("1-30"), balance]
        };
        let cells = [row("A, B", "C"), row("A", "B, C")];
        let chart = Chart::StackedBars { category: "bucket".into(), series: None, value: "balance".into() };
        let sheet = Sheet::from_rows("aging", "Ageing", columns, &cells).expect("a sheet").charted(chart);
        assert_eq!(drawn(&sheet).panels.len(), 2);
    }

    #[test]
    fn a_part_without_rows_of_a_day_or_a_bucket_has_bars_of_nothing_there() {
        let columns = || {
            vec![
                Column { is_split: true, ..Column::new("company", Kind::Text) },
                Column::new("as_of", Kind::Date),
                Column::new("bucket_no", Kind::Count),
                Column::new("bucket", Kind::Text),
                Column::new("balance", Kind::Amount),
            ]
        };
        let row = |company, month, no, bucket, units: i128| {
            let day = NaiveDate::from_ymd_opt(2024, month, 1).expect("a day");
            let balance = Cell::Amount(Money::from_units(units * 10_000));
            vec![Cell::Text(company), Cell::Date(day), Cell::Count(no), Cell::Text(bucket), balance]
        };
        let cells = [
            row("A", 1, 1, "Not due", 5),
            row("A", 3, 3, "91+", 7),
            row("B", 1, 1, "Not due", 5),
            row("B", 2, 2, "1-30", 5),
            row("B", 3, 1, "Not due", 5),
        ];
        let sums = |category: &str, series: Option<&str>| -> Vec<Vec<f64>> {
            let chart = Chart::StackedBars {
                category: category.into(),
                series: series.map(str::to_owned),
                value: "balance".into(),
            };
            let sheet = Sheet::from_rows("aging", "Ageing", columns(), &cells).expect("a sheet").charted(chart);
            let of_bar =
                |values: &[Option<super::super::data::Value>]| values.iter().flatten().map(|value| value.x).sum();
            let of_panel = |panel: &super::super::data::Panel| {
                let days = panel.days.iter().map(|(_, values)| values);
                panel.bars.iter().map(|(_, values)| values).chain(days).map(|values| of_bar(values)).collect()
            };
            drawn(&sheet).panels.iter().map(of_panel).collect()
        };
        assert_eq!(sums("bucket", None), [[5.0, 0.0, 7.0], [10.0, 5.0, 0.0]]);
        assert_eq!(sums("as_of", Some("bucket")), [[5.0, 0.0, 7.0], [5.0, 5.0, 5.0]]);
    }

    #[test]
    fn a_rate_that_is_not_defined_is_no_nought_and_one_without_a_row_is() {
        let columns = vec![
            Column { is_split: true, ..Column::new("company", Kind::Text) },
            Column::new("start_bucket_no", Kind::Count),
            Column::new("start_bucket", Kind::Text),
            Column::new("end_state_no", Kind::Count),
            Column::new("end_state", Kind::Text),
            Column::new("amount_rate", Kind::Rate),
        ];
        let row = |company, start, end, rate| {
            let name = |no| Cell::Text(["", "Not due", "1-30", "Received"][no as usize]);
            vec![Cell::Text(company), Cell::Count(start), name(start), Cell::Count(end), name(end), rate]
        };
        let (whole, undefined) = (Cell::Number(1.0), Cell::Empty);
        let cells =
            [row("A", 1, 1, whole), row("A", 2, 3, undefined), row("B", 2, 2, whole), row("B", 2, 3, undefined)];
        let chart = Chart::Heat { row: "start_bucket".into(), column: "end_state".into(), value: "amount_rate".into() };
        let sheet = Sheet::from_rows("roll_rate", "Roll rates", columns, &cells).expect("a sheet").charted(chart);
        let rates = |panel: &super::super::data::Panel| -> Vec<Vec<Option<f64>>> {
            panel.bars.iter().map(|(_, values)| values.iter().map(|v| v.as_ref().map(|v| v.x)).collect()).collect()
        };
        let found: Vec<_> = drawn(&sheet).panels.iter().map(rates).collect();
        let (one, nought) = (Some(1.0), Some(0.0));
        assert_eq!(found[0], [[one, nought, nought], [None, None, None]], "nothing was open of 1-30 to roll");
        assert_eq!(found[1][0][..2], [None, one], "a bucket is not left backwards");
    }

    #[test]
    fn more_parts_than_panels_are_added_up_where_they_do_and_the_chart_says_so() {
        let sheet = by_company(PANELS_MOST + 1, "balance");
        let figure = drawn(&sheet);
        let values = &figure.panels[0].days[0].1;
        assert_eq!((figure.panels.len(), values[0].as_ref().map(|value| value.x)), (1, Some(13.0)));
        assert!(
            svg(&sheet, Place::Page)
                .expect("a chart")
                .contains("All values of company together; each is in the table.")
        );
        let rates = svg(&by_company(PANELS_MOST + 1, "dso_days"), Place::Page).expect("a chart");
        assert!(rates.contains("Not drawn: there are more values of company than a chart shows"), "{rates}");
    }

    #[test]
    fn points_of_more_curves_than_panels_are_not_taken_for_one() {
        let columns = vec![
            Column { is_split: true, ..Column::new("company", Kind::Text) },
            Column::new("customer_rate", Kind::Rate),
            Column::new("balance_rate", Kind::Rate),
        ];
        let names: Vec<String> = (0..=PANELS_MOST).map(|no| format!("DE{no:02}")).collect();
        let curve = |count: usize| {
            let points = |name| [0.0, 1.0].map(|x| vec![Cell::Text(name), Cell::Number(x), Cell::Number(x)]);
            let cells: Vec<Vec<Cell<'_>>> = names[..count].iter().flat_map(|name| points(name)).collect();
            let chart = Chart::Curve { x: "customer_rate".into(), y: "balance_rate".into(), series: None };
            Sheet::from_rows("curve", "Curve", columns.clone(), &cells).expect("a sheet").charted(chart)
        };
        assert_eq!(drawn(&curve(PANELS_MOST)).panels.len(), PANELS_MOST);
        let many = svg(&curve(PANELS_MOST + 1), Place::Page).expect("a chart");
        assert!(many.contains("Not drawn: there are more values of company than a chart shows"), "{many}");
    }
}
