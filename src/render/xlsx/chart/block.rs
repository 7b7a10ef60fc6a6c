//! The cells a chart is drawn from: a heading, a row of titles, and columns of names and numbers.

use rust_xlsxwriter::{Chart, ChartSeries, ColNum, RowNum};

use crate::render::chart::data::{Figure, Panel, Value};
use crate::render::shown;
use crate::render::xlsx::side::{Side, SideCell};
use crate::sheet::Kind;

/// Columns of one chart, not yet at a place.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) heading: String,
    pub(super) columns: Vec<Column>,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) title: String,
    pub(super) cells: Vec<Option<SideCell>>,
}

/// A block at its place on a worksheet.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub(super) block: Block,
    pub(super) name: &'a str,
    pub(super) row: RowNum,
    pub(super) column: ColNum,
}

/// A range as a chart takes it.
pub(super) type Range<'a> = (&'a str, RowNum, ColNum, RowNum, ColNum);

impl Block {
    /// Names of bars or days, then a column a series; the first `most` of the rows.
    pub(super) fn of(figure: &Figure, panel: &Panel, most: usize) -> Self {
        let values = || panel.bars.iter().map(|(_, values)| values).chain(panel.days.iter().map(|(_, values)| values));
        let series = figure.series.iter().enumerate().map(|(series, title)| Column {
            title: if title.is_empty() { figure.value_title.clone() } else { title.clone() },
            cells: values()
                .take(most)
                .map(|values| values[series].as_ref().map(|value| SideCell::Number(value.x, figure.kind)))
                .collect(),
        });
        let columns = std::iter::once(name_column(panel, most)).chain(series).collect();
        let mut heading = heading(figure, panel);
        let row_count = values().count();
        if row_count > most {
            heading.push_str(&format!(", the first {most} of {}", shown::count(row_count)));
        }
        Self { heading, columns }
    }

    /// A column of numbers across and one of heights for each curve.
    pub(super) fn of_points(figure: &Figure, panel: &Panel) -> Self {
        let column = |title: &str, cells: Vec<f64>, kind: Kind| Column {
            title: title.to_owned(),
            cells: cells.into_iter().map(|x| Some(SideCell::Number(x, kind))).collect(),
        };
        let curves = figure.series.iter().zip(&panel.points).filter(|(_, points)| !points.is_empty());
        let pair = |(name, points): (&String, &Vec<(f64, Value)>)| {
            let title = if name.is_empty() { &figure.value_title } else { name };
            let across = column(&figure.key_title, points.iter().map(|(x, _)| *x).collect(), figure.key_kind);
            [across, column(title, points.iter().map(|(_, y)| y.x).collect(), figure.kind)]
        };
        Self { heading: heading(figure, panel), columns: curves.flat_map(pair).collect() }
    }

    /// Rows below the titles.
    pub(super) fn row_count(&self) -> usize {
        self.columns.iter().map(|column| column.cells.len()).max().unwrap_or(0)
    }

    /// The names of its rows.
    pub(super) fn names(&self) -> impl Iterator<Item = &SideCell> {
        self.columns.first().into_iter().flat_map(|column| column.cells.iter().flatten())
    }

    /// Its numbers.
    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> {
        self.columns.iter().flat_map(Column::numbers)
    }

    /// How far each row's layers reach together, above zero and below.
    pub(super) fn stacks(&self) -> Vec<f64> {
        let layers =
            |row: usize| self.columns.iter().filter_map(move |column| column.cells.get(row)?.as_ref()?.number());
        let reach = |row: usize, is_above: bool| layers(row).filter(|x| (*x > 0.0) == is_above).sum();
        (0..self.row_count()).flat_map(|row| [reach(row, true), reach(row, false)]).collect()
    }
}

impl Column {
    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> {
        self.cells.iter().flatten().filter_map(SideCell::number)
    }
}

/// The names of the bars or days, the first `most` of them.
pub(super) fn name_column(panel: &Panel, most: usize) -> Column {
    let bars = panel.bars.iter().map(|(label, _)| SideCell::Text(label.day.clone()));
    let days = panel.days.iter().map(|(day, _)| SideCell::Day(*day));
    Column { title: String::new(), cells: bars.chain(days).take(most).map(Some).collect() }
}

/// `Open amount, EUR`, or `Open amount, EUR, DE01` of a split.
pub(super) fn heading(figure: &Figure, panel: &Panel) -> String {
    match &panel.name {
        Some(name) => format!("{}, {name}", figure.value_title),
        None => figure.value_title.clone(),
    }
}

impl Placed<'_> {
    /// The cells of a column.
    pub(super) fn values(&self, at: usize) -> Range<'_> {
        let column = self.column + at as ColNum;
        (self.name, self.row + 2, column, self.last_row(), column)
    }

    /// The cells of all columns but the names.
    pub(super) fn numbers(&self) -> (RowNum, ColNum, RowNum, ColNum) {
        (self.row + 2, self.column + 1, self.last_row(), self.last_column())
    }

    /// A series of a chart: the column's numbers over the names.
    pub(super) fn series<'c>(&self, chart: &'c mut Chart, at: usize) -> &'c mut ChartSeries {
        chart.add_series().set_categories(self.values(0)).set_values(self.values(at)).set_name(self.title(at))
    }

    /// The cell of a column's title.
    pub(super) fn title(&self, at: usize) -> Range<'_> {
        let column = self.column + at as ColNum;
        (self.name, self.row + 1, column, self.row + 1, column)
    }

    pub(super) fn last_row(&self) -> RowNum {
        self.row + 1 + self.block.row_count() as RowNum
    }

    pub(super) fn last_column(&self) -> ColNum {
        self.column + (self.block.columns.len() as ColNum).saturating_sub(1)
    }

    /// Writes the cells.
    pub(super) fn fill(&self, side: &mut Side) {
        side.put(self.row, self.column, SideCell::Heading(self.block.heading.clone()));
        for (at, column) in self.block.columns.iter().enumerate() {
            let place = self.column + at as ColNum;
            side.put(self.row + 1, place, SideCell::Title(column.title.clone()));
            for (row, cell) in (self.row + 2..).zip(&column.cells) {
                if let Some(cell) = cell {
                    side.put(row, place, cell.clone());
                }
            }
        }
    }
}

/// A number format as short as the largest of the numbers allows.
pub(super) fn short_format(kind: Kind, numbers: impl Iterator<Item = f64>) -> &'static str {
    let largest = numbers.fold(0.0, |largest: f64, x| largest.max(x.abs()));
    match largest {
        _ if kind == Kind::Rate => "0%",
        1e9.. => r##"#,##0.0,,,"bn";-#,##0.0,,,"bn";0"##,
        1e6.. => r##"#,##0.0,,"M";-#,##0.0,,"M";0"##,
        1e4.. => r##"#,##0,"k";-#,##0,"k";0"##,
        10.0.. => "#,##0",
        _ => "0.0",
    }
}
