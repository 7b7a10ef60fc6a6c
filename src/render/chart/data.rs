//! What a chart draws, read from a sheet: one panel a currency and part of a split, values by bar or day and by layer or line.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::shape::{Series, Shape, part_of};
use super::{day, fan};
use crate::domain::money::Money;
use crate::error::Error;
use crate::render::shown;
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

/// One value of a panel.
#[derive(Clone, Debug)]
pub(in crate::render) struct Value {
    /// The value as a length.
    pub(in crate::render) x: f64,
    /// The exact value, as a person reads it.
    pub(in crate::render) text: String,
}

/// What stands at one bar or one day, by series; `None` where nothing is known.
pub(in crate::render) type Values = Vec<Option<Value>>;

/// The part of a chart that has one currency and one scale.
#[derive(Clone, Debug)]
pub(in crate::render) struct Panel {
    /// Its currency, and what it shows of what the report was split by: `EUR, DE01`; none where the chart has one panel for all.
    pub(in crate::render) name: Option<String>,
    /// Bars, in the order of the rows.
    pub(in crate::render) bars: Vec<(day::Label, Values)>,
    /// Days of a line chart, ascending.
    pub(in crate::render) days: Vec<(NaiveDate, Values)>,
    /// Lower and upper ends around the values of each day, in a fan.
    pub(in crate::render) bands: Vec<[Values; 2]>,
    /// Points of each curve, in the order of the rows.
    pub(in crate::render) points: Vec<Vec<(f64, Value)>>,
}

/// All that a chart draws.
#[derive(Clone, Debug)]
pub(in crate::render) struct Figure {
    /// What the heights are.
    pub(in crate::render) kind: Kind,
    /// Heading of the heights.
    pub(in crate::render) value_title: String,
    /// Heading of the bars, the days or the numbers across.
    pub(in crate::render) key_title: String,
    /// What the numbers across a curve are.
    pub(in crate::render) key_kind: Kind,
    /// Heading of the layers, the lines or the columns of a matrix.
    pub(in crate::render) series_title: String,
    /// Layers or lines, shared by the panels.
    pub(in crate::render) series: Vec<String>,
    /// Panels, in the order of the rows.
    pub(in crate::render) panels: Vec<Panel>,
    /// The day that parts what came from what is expected, in a fan.
    pub(in crate::render) today: Option<NaiveDate>,
    /// Whether each bar is a layer of its own, so that the names below the bars tell the colours.
    pub(in crate::render) has_series_as_bars: bool,
    /// A bar or a day that has several rows of a value that does not add up, which makes the chart undrawable.
    pub(in crate::render) clash: Option<String>,
    /// What the report was split by and is drawn as one, as it has more values than a chart has panels.
    pub(in crate::render) drawn_as_one: Option<String>,
}

/// Layers of a bar that can be told apart; where there are more, the last ones become one.
const LAYERS_MOST: usize = 8;

/// A value not yet turned into a length, so that money is added exactly.
type Grid = BTreeMap<(usize, usize), Cell<'static>>;

/// Rows of one panel on their way to a [`Panel`].
#[derive(Default)]
struct Draft {
    keys: Vec<Key>,
    /// The place of each key where a column tells it; else all the same.
    places: Vec<i64>,
    key_index: BTreeMap<Key, usize>,
    series: Vec<usize>,
    has_series: Vec<bool>,
    grid: Grid,
    points: Vec<(usize, f64, Value)>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Day(NaiveDate),
    Text(String),
}

/// The sheet's chart as values.
///
/// # Errors
/// [`Error::Internal`] where the chart names a column that the sheet has not.
pub(in crate::render) fn figure(sheet: &Sheet, chart: &Chart) -> Result<Figure, Error> {
    let sheet = sheet.drawn();
    fan::banded(without_bands(sheet, chart)?, sheet, chart)
}

fn without_bands(sheet: &Sheet, chart: &Chart) -> Result<Figure, Error> {
    let mut shape = Shape::new(sheet, chart)?;
    let (panel_columns, drawn_as_one) = shape.panels(sheet);
    let (key_column, value_column) = (&sheet.columns[shape.key], &sheet.columns[shape.values[0]]);
    let kind = value_column.kind;
    let has_series_as_bars = matches!(shape.series, Series::Of(at) if at == shape.key);
    let series_title = shape.series.title(sheet);
    if matches!(shape.series, Series::Of(at) if panel_columns.contains(&at)) {
        shape.series = Series::Each(vec![String::new()]);
    }
    let mut names = Names { texts: shape.series.names(), ..Names::default() };
    let mut drafts: Vec<(Vec<String>, Draft)> = Vec::new();
    let mut clash = None;
    let mut series_places = BTreeMap::new();
    for row in sheet.rows() {
        let part = part_of(&row, sheet, &panel_columns);
        let at = drafts.iter().position(|(known, _)| *known == part).unwrap_or_else(|| {
            drafts.push((part, Draft::default()));
            drafts.len() - 1
        });
        let draft = &mut drafts[at].1;
        for (value_no, value_at) in shape.values.iter().enumerate() {
            let series = series_number(&shape, &mut names, sheet, &row, value_no);
            series_places.entry(series).or_insert(place(shape.series_no.map(|at| row[at])));
            if matches!(chart, Chart::Curve { .. }) {
                draft.add_point(row[shape.key], series, row[*value_at], kind);
            } else if let Some(key) = key(row[shape.key], key_column, chart)
                && !draft.add((key.clone(), place(shape.key_no.map(|at| row[at]))), series, row[*value_at], kind)
            {
                clash.get_or_insert(shown_key(&key));
            }
        }
    }
    if matches!(chart, Chart::Curve { .. }) {
        // Points of several curves are none.
        clash.clone_from(&drawn_as_one);
    }
    let is_split = panel_columns.iter().any(|at| sheet.columns[*at].is_split);
    fill_gaps(if is_split { &mut drafts } else { &mut [] }, chart, &shape, key_column, &series_places);
    let mut order: Vec<usize> = match shape.series {
        Series::Of(_) => ordered(names.texts.len(), drafts.iter().map(|(_, draft)| draft.series.as_slice())),
        _ => (0..names.texts.len()).collect(),
    };
    order.sort_by_key(|series| series_places.get(series).copied().unwrap_or_default());
    let is_ordered = shape.series_no.is_some();
    let most = if matches!(chart, Chart::StackedBars { .. }) { LAYERS_MOST } else { usize::MAX };
    let groups = grouped(&order, most, is_ordered);
    let mut panels: Vec<Panel> =
        drafts.into_iter().map(|(part, draft)| draft.into_panel(&part, &groups, kind)).collect();
    if let Series::Totals(_) = shape.series {
        panels.iter_mut().for_each(Panel::drop_still_steps);
    }
    if let Chart::StackedBars { .. } = chart {
        panels.iter_mut().for_each(Panel::drop_unknown_bars);
        panels.retain(|panel| !panel.bars.is_empty() || !panel.days.is_empty());
    }
    Ok(Figure {
        kind,
        value_title: together(&shape.values.iter().map(|at| sheet.columns[*at].title.as_str()).collect::<Vec<_>>()),
        key_title: key_column.title.clone(),
        key_kind: key_column.kind,
        series_title,
        series: groups.iter().map(|group| names.of_group(group, is_ordered)).collect(),
        panels,
        today: None,
        has_series_as_bars,
        clash,
        drawn_as_one,
    })
}

/// The number of the series that one of a row's values belongs to.
fn series_number(shape: &Shape, names: &mut Names, sheet: &Sheet, row: &[Cell<'_>], value_no: usize) -> usize {
    match &shape.series {
        Series::Of(at) => names.number(text(row[*at], &sheet.columns[*at])),
        Series::Each(_) => value_no,
        Series::Totals(at) => usize::from(row[*at] == Cell::Flag(true)),
        Series::Apart(names) => usize::from(names.iter().any(|name| row[shape.key] == Cell::Text(name))),
    }
}

/// A part of a split has no row where it has nothing: a bar of a month end or a bucket that another part has is 0, and so is a rate of
/// a row of a matrix that has others, from its own place on.
fn fill_gaps(
    drafts: &mut [(Vec<String>, Draft)],
    chart: &Chart,
    shape: &Shape,
    key_column: &Column,
    series_places: &BTreeMap<usize, i64>,
) {
    let is_ordered = shape.key_no.is_some() || key_column.kind == Kind::Date;
    match chart {
        Chart::StackedBars { .. } if is_ordered => {
            let places = |draft: &Draft| draft.keys.iter().cloned().zip(draft.places.clone()).collect::<Vec<_>>();
            let keys: BTreeMap<Key, i64> = drafts.iter().flat_map(|(_, draft)| places(draft)).collect();
            drafts.iter_mut().for_each(|(_, draft)| draft.add_bars_of_nothing(&keys));
        }
        Chart::Heat { .. } if is_ordered && shape.series_no.is_some() => {
            drafts.iter_mut().for_each(|(_, draft)| draft.add_rates_of_nothing(series_places));
        }
        _ => {}
    }
}

/// `Open amount, overdue amount and disputed amount`.
pub(super) fn together(titles: &[&str]) -> String {
    let later = |title: &&str| title.to_lowercase();
    match titles {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, middle @ .., last] => {
            let middle: String = middle.iter().map(|title| format!(", {}", later(title))).collect();
            format!("{first}{middle} and {}", later(last))
        }
    }
}

impl Draft {
    /// Takes the series into the panel's own order.
    fn meet(&mut self, series: usize) {
        if self.has_series.len() <= series {
            self.has_series.resize(series + 1, false);
        }
        if !std::mem::replace(&mut self.has_series[series], true) {
            self.series.push(series);
        }
    }

    fn add_bars_of_nothing(&mut self, keys: &BTreeMap<Key, i64>) {
        let Some(Cell::Amount(_)) = self.grid.values().next() else { return };
        let missing: Vec<_> = keys.iter().filter(|(key, _)| !self.key_index.contains_key(key)).collect();
        for (key, place) in missing {
            self.add((key.clone(), *place), self.series[0], Cell::Amount(Money::ZERO), Kind::Amount);
        }
    }

    fn add_rates_of_nothing(&mut self, series_places: &BTreeMap<usize, i64>) {
        // A row without any rate is not defined: nothing was there to have a share of.
        let defined: BTreeSet<usize> = self.grid.keys().map(|(at, _)| *at).collect();
        for at in defined {
            let from = self.places[at];
            for (series, _) in series_places.iter().filter(|(_, place)| **place >= from) {
                self.meet(*series);
                self.grid.entry((at, *series)).or_insert(Cell::Number(0.0));
            }
        }
    }

    /// Takes a point of a curve, where both of its numbers are known.
    fn add_point(&mut self, x: Cell<'_>, series: usize, y: Cell<'_>, kind: Kind) {
        self.meet(series);
        if let (Some(x), Some(y)) = (length(x), value(y, kind)) {
            self.points.push((series, x, y));
        }
    }

    /// Takes a row; `false` where the place is taken and the kind does not add up.
    fn add(&mut self, (key, place): (Key, i64), series: usize, value: Cell<'_>, kind: Kind) -> bool {
        self.meet(series);
        let (keys, places) = (&mut self.keys, &mut self.places);
        let at = *self.key_index.entry(key.clone()).or_insert_with(|| {
            keys.push(key);
            places.push(place);
            keys.len() - 1
        });
        let value = match value {
            Cell::Amount(amount) => Cell::Amount(amount),
            Cell::Count(count) => Cell::Count(count),
            Cell::Number(x) if x.is_finite() => Cell::Number(x),
            _ => return true,
        };
        match self.grid.get_mut(&(at, series)) {
            None => {
                self.grid.insert((at, series), value);
                true
            }
            Some(sum) if matches!(kind, Kind::Amount | Kind::Count) => {
                *sum = plus(*sum, value);
                true
            }
            Some(_) => false,
        }
    }

    fn into_panel(self, part: &[String], groups: &[&[usize]], kind: Kind) -> Panel {
        let values = |at: usize| -> Values {
            let cells = |group: &&[usize]| {
                group.iter().filter_map(|series| self.grid.get(&(at, *series)).copied()).reduce(plus)
            };
            groups.iter().map(|group| cells(group).and_then(|cell| value(cell, kind))).collect()
        };
        let mut days: Vec<(NaiveDate, Values)> = Vec::new();
        let mut bars: Vec<(day::Label, Values)> = Vec::new();
        let mut order: Vec<usize> = (0..self.keys.len()).collect();
        order.sort_by_key(|at| self.places[*at]);
        for at in order {
            match &self.keys[at] {
                Key::Day(day) => days.push((*day, values(at))),
                Key::Text(text) => bars.push((day::Label { day: text.clone(), year: None }, values(at))),
            }
        }
        days.sort_by_key(|(day, _)| *day);
        let curve = |group: &&[usize]| {
            let own = self.points.iter().filter(|(series, ..)| group.contains(series));
            own.map(|(_, x, y)| (*x, y.clone())).collect()
        };
        let points = groups.iter().map(curve).collect();
        let name = (!part.is_empty()).then(|| part.join(", "));
        Panel { name, bars, days, bands: Vec::new(), points }
    }
}

#[derive(Default)]
struct Names {
    texts: Vec<String>,
    index: BTreeMap<String, usize>,
}

impl Names {
    /// What a group of series is called.
    fn of_group(&self, group: &[usize], is_ordered: bool) -> String {
        match group {
            [series] => self.texts[*series].clone(),
            [first, .., last] if is_ordered => format!("{} to {}", self.texts[*first], self.texts[*last]),
            several => format!("{} others", several.len()),
        }
    }

    fn number(&mut self, text: String) -> usize {
        *self.index.entry(text).or_insert_with_key(|text| {
            self.texts.push(text.clone());
            self.texts.len() - 1
        })
    }
}

/// One order for the series of all panels that keeps each panel's own: a series that an earlier panel lacks goes before the
/// one that follows it in its own, so that a bucket empty in the first currency still stands between its neighbours.
fn ordered<'a>(count: usize, panels: impl Iterator<Item = &'a [usize]>) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(count);
    let mut is_known = vec![false; count];
    for panel in panels {
        let mut place = order.len();
        for series in panel.iter().rev() {
            if is_known[*series] {
                place = order.iter().position(|known| known == series).unwrap_or(place);
            } else {
                order.insert(place, *series);
                is_known[*series] = true;
            }
        }
    }
    order
}

/// One group a series, the last of them together where there are more than `most`.
fn grouped(order: &[usize], most: usize, is_ordered: bool) -> Vec<&[usize]> {
    if order.len() <= most {
        return order.chunks(1).collect();
    }
    if is_ordered {
        // The first is what is not due, the last what is oldest and open credit: these are what is looked for.
        let (first, rest) = order.split_at(1);
        let (together, alone) = rest.split_at(order.len() - most + 1);
        return first.chunks(1).chain([together]).chain(alone.chunks(1)).collect();
    }
    let (alone, together) = order.split_at(most - 1);
    alone.chunks(1).chain([together]).collect()
}

fn plus(a: Cell<'static>, b: Cell<'static>) -> Cell<'static> {
    match (a, b) {
        (Cell::Amount(a), Cell::Amount(b)) => Cell::Amount(a + b),
        (Cell::Count(a), Cell::Count(b)) => Cell::Count(a.saturating_add(b)),
        (Cell::Number(a), Cell::Number(b)) => Cell::Number(a + b),
        (a, _) => a,
    }
}

fn key(cell: Cell<'_>, column: &Column, chart: &Chart) -> Option<Key> {
    match (cell, chart) {
        (Cell::Date(day), _) => Some(Key::Day(day)),
        (Cell::Timestamp(at), Chart::Lines { .. } | Chart::Fan { .. }) => Some(Key::Day(at.date())),
        (_, Chart::Lines { .. } | Chart::Fan { .. }) => None,
        _ => Some(Key::Text(text(cell, column))),
    }
}

fn place(no: Option<Cell<'_>>) -> i64 {
    if let Some(Cell::Count(no)) = no { no } else { 0 }
}

fn shown_key(key: &Key) -> String {
    match key {
        Key::Day(day) => day.to_string(),
        Key::Text(text) => text.clone(),
    }
}

pub(super) fn text(cell: Cell<'_>, column: &Column) -> String {
    match cell {
        Cell::Empty | Cell::Text("") => format!("(no {})", column.title.to_lowercase()),
        cell => shown::read(cell, column),
    }
}

fn value(cell: Cell<'_>, kind: Kind) -> Option<Value> {
    length(cell).map(|x| Value { x, text: shown::cell(cell, kind) })
}

fn length(cell: Cell<'_>) -> Option<f64> {
    match cell {
        Cell::Amount(amount) => Some(Money::to_f64(amount)),
        Cell::Count(count) => Some(count as f64),
        Cell::Number(x) => Some(x).filter(|x| x.is_finite()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[(&str, &str, &str, i128)]) -> Sheet {
        let columns = vec![
            Column::new("currency", Kind::Text),
            Column::new("customer", Kind::Text),
            Column::new("bucket", Kind::Text),
            Column::new("open_amount", Kind::Amount),
        ];
        let cells: Vec<Vec<Cell<'_>>> = rows
            .iter()
            .map(|(a, b, c, units)| {
                vec![Cell::Text(a), Cell::Text(b), Cell::Text(c), Cell::Amount(Money::from_units(*units))]
            })
            .collect();
        Sheet::from_rows("aging", "Ageing", columns, &cells).expect("a sheet")
    }

    fn bars(series: &str) -> Chart {
        Chart::StackedBars { category: "customer".into(), series: Some(series.into()), value: "open_amount".into() }
    }

    #[test]
    fn currencies_never_share_a_panel_even_as_series() {
        let sheet = sheet(&[("EUR", "A", "1-30", 10_000), ("USD", "A", "1-30", 20_000), ("EUR", "A", "1-30", 1)]);
        let figure = figure(&sheet, &bars("currency")).expect("a figure");
        assert_eq!(figure.panels.len(), 2);
        assert_eq!(figure.panels[0].bars[0].1[0].as_ref().map(|value| value.text.as_str()), Some("1.0001"));
    }

    #[test]
    fn a_bucket_that_the_first_currency_lacks_stands_between_its_neighbours() {
        let sheet = sheet(&[
            ("EUR", "A", "not due", 1),
            ("EUR", "A", "91+", 1),
            ("USD", "A", "not due", 1),
            ("USD", "A", "31-60", 1),
            ("USD", "A", "91+", 1),
        ]);
        assert_eq!(figure(&sheet, &bars("bucket")).expect("a figure").series, ["not due", "31-60", "91+"]);
    }

    #[test]
    fn a_column_that_is_not_there_is_a_fault_of_ours() {
        let error = figure(&sheet(&[]), &bars("colour")).expect_err("no such column");
        assert!(error.to_string().starts_with("sheet aging: its chart names a column \"colour\" that it has not"));
    }

    #[test]
    fn of_layers_in_an_order_those_in_the_middle_are_one_and_of_others_the_last() {
        let order: Vec<usize> = (0..10).collect();
        let ordered = grouped(&order, 8, true);
        assert_eq!((ordered.len(), ordered[1], ordered[7]), (8, &[1, 2, 3][..], &[9][..]));
        let others = grouped(&order, 8, false);
        assert_eq!((others.len(), others[0], others[7]), (8, &[0][..], &[7, 8, 9][..]));
        let texts = ["not due", "1-7", "8-14", "15-30"].map(str::to_owned).to_vec();
        let names = Names { texts, ..Names::default() };
        assert_eq!([true, false].map(|is| names.of_group(&[1, 2, 3], is)), ["1-7 to 15-30", "3 others"]);
    }
}
