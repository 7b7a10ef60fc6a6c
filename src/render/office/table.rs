//! A table for readers who look: a few columns, the first rows, totals of all, and where the rest is.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr;

use crate::error::Error;
use crate::render::{shown, totals};
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

/// Rows that a document shows; a slide shows those it has room for.
const ROWS_MOST: usize = 15;
/// Days of a trend, the last ones.
const DAYS_MOST: usize = 3;
/// Bars, layers or steps that a table has a column for.
const LABELS_MOST: usize = 8;
/// Letters of a text of a sheet; a name longer than that is cut.
const LETTERS_MOST: usize = 60;
/// Letters that a column of a sheet's texts and one of whole sentences is wide at most; what is longer is broken.
const NAME_WIDTH: usize = 26;
const SENTENCE_WIDTH: usize = 32;

/// A table, its cells as they are read.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Vec<String>>,
    /// Totals of all rows, shown or not.
    pub(super) totals: Vec<Vec<String>>,
    /// Rows there are.
    pub(super) row_count: usize,
    /// File that has them all.
    file_name: String,
    /// A sentence about what is left out besides rows.
    remark: Option<String>,
    widest: usize,
}

/// What a column of given cells holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Texts.
    Texts,
    /// Numbers.
    Numbers,
    /// By how much numbers changed: with their sign, shares in percentage points.
    Changes,
}

/// The head of a column.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) is_right: bool,
}

impl Table {
    /// A table of given cells, each with its kind.
    #[must_use]
    pub fn of_cells(heads: &[(&str, Holds)], rows: &[Vec<(Cell<'_>, Kind)>]) -> Self {
        let head = |(title, holds): &(&str, Holds)| Head { title: visible(title), is_right: *holds != Holds::Texts };
        let text = |((_, holds), (cell, kind)): (&(&str, Holds), &(Cell<'_>, Kind))| match shown::cell(*cell, *kind) {
            text if *holds == Holds::Changes => shown::change(text, *kind),
            text => text,
        };
        let row = |cells: &Vec<(Cell<'_>, Kind)>| heads.iter().zip(cells).map(text).collect();
        Self {
            heads: heads.iter().map(head).collect(),
            rows: rows.iter().map(row).collect(),
            row_count: rows.len(),
            widest: SENTENCE_WIDTH,
            ..Self::default()
        }
    }

    /// These columns of a sheet, or, of a sheet whose chart has layers or lines over days, the last days side by side.
    ///
    /// # Errors
    /// [`Error::Internal`] where a column is none of the sheet's.
    pub(super) fn of_sheet(sheet: &Sheet, columns: &[&str], file_name: &str) -> Result<Self, Error> {
        let table = match &sheet.chart {
            Some(
                Chart::StackedBars { category: day, series: Some(series), value } | Chart::Lines { day, series, value },
            ) => Self::by_day(sheet, [day, series, value]),
            _ => None,
        };
        let table = table.or_else(|| Self::by_part(sheet));
        let table = table.map_or_else(|| Self::listed(sheet, columns, first_rows(sheet).into_iter()), Ok)?;
        Ok(Self { file_name: visible(file_name), widest: NAME_WIDTH, ..table })
    }

    /// These columns of a sheet of several currencies: with a column for each of what its chart shows, or of a chart of ranges the
    /// last by the first; where the currencies have rows of their own, as many first rows of each.
    ///
    /// # Errors
    /// As [`Table::of_sheet`].
    pub(super) fn of_currencies(sheet: &Sheet, columns: &[&str], file_name: &str) -> Result<Self, Error> {
        let table = Self::by_currency(sheet, columns).or_else(|| Self::by_part(sheet));
        let table = match (table, sheet.column_index("currency")) {
            (Some(table), _) => table,
            (None, Some(at)) if !columns.is_empty() => {
                let columns: Vec<&str> = std::iter::once("currency").chain(columns.iter().copied()).collect();
                let is_split = sheet.columns.iter().any(|column| column.is_split);
                let rows =
                    if is_split { first_rows(sheet) } else { first_of_each(sheet, &[at], sheet.rows().collect()) };
                Self::listed(sheet, &columns, rows.into_iter())?
            }
            _ => Self::default(),
        };
        Ok(Self { file_name: visible(file_name), widest: NAME_WIDTH, ..table })
    }

    fn listed<'a>(
        sheet: &'a Sheet,
        columns: &[&str],
        shown_rows: impl Iterator<Item = Vec<Cell<'a>>>,
    ) -> Result<Self, Error> {
        let place = |name: &&str| {
            sheet.column_index(name).ok_or_else(|| Error::internal(format!("sheet {}: no column {name}", sheet.name)))
        };
        let places = columns.iter().map(place).collect::<Result<Vec<usize>, Error>>()?;
        let pick = |cells: &[Cell<'_>]| -> Vec<String> {
            places.iter().map(|&at| text(cells[at], &sheet.columns[at])).collect()
        };
        // A total is called so in the first column shown that has none.
        let label_at = places.iter().position(|&at| !sheet.columns[at].has_total);
        let total = |total: totals::Total| {
            let mut cells = pick(&total.cells);
            if let Some(at) = label_at {
                cells[at] = visible(&total.label);
            }
            cells
        };
        let has_totals = sheet.row_count() > 1 && places.iter().any(|&at| sheet.columns[at].has_total);
        Ok(Self {
            heads: places.iter().map(|&at| head(&sheet.columns[at])).collect(),
            rows: shown_rows.map(|cells| pick(&cells)).collect(),
            totals: if has_totals { totals::of(sheet).into_iter().map(total).collect() } else { Vec::new() },
            row_count: sheet.row_count(),
            ..Self::default()
        })
    }

    /// A row a line or layer, a column a day. None where a line has several values on a day, or has no days.
    fn by_day(sheet: &Sheet, names: [&String; 3]) -> Option<Self> {
        let [day_at, series_at, value_at] = names.map(|name| sheet.column_index(name));
        let (day_at, series_at, value_at) = (day_at?, series_at?, value_at?);
        let (series, value) = (&sheet.columns[series_at], &sheet.columns[value_at]);
        if sheet.columns[day_at].kind != Kind::Date {
            return None;
        }
        let mut cells = Vec::new();
        for row in sheet.rows() {
            cells.push((row[day_at], text(row[series_at], series), text(row[value_at], value)));
        }
        let days: BTreeSet<_> =
            cells.iter().filter_map(|(day, ..)| if let Cell::Date(day) = day { Some(*day) } else { None }).collect();
        let day_count = days.len();
        let skipped = day_count.saturating_sub(DAYS_MOST);
        let shown_days: Vec<_> = days.into_iter().skip(skipped).collect();
        let mut lines: Vec<&String> = Vec::new();
        for (_, line, _) in &cells {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let mut rows = Vec::new();
        for line in &lines {
            let mut row = vec![(*line).clone()];
            for day in &shown_days {
                let mut found = cells.iter().filter(|(on, name, _)| *on == Cell::Date(*day) && name == *line);
                row.push(found.next().map(|(.., value)| value.clone()).unwrap_or_default());
                if found.next().is_some() {
                    return None;
                }
            }
            rows.push(row);
        }
        let mut heads = vec![head(series)];
        heads.extend(shown_days.iter().map(|day| Head { title: day.to_string(), is_right: true }));
        rows.truncate(ROWS_MOST);
        let remark = (skipped > 0).then(|| format!("{}, on the last {DAYS_MOST} of {day_count} dates.", value.title));
        Some(Self { heads, row_count: lines.len(), rows, remark, ..Self::default() })
    }

    /// What the chart of a sheet of several currencies shows, a column a currency; of days the last. None where the currencies
    /// have rows of their own, such as customers.
    fn by_currency(sheet: &Sheet, columns: &[&str]) -> Option<Self> {
        let (label, value, day): (&str, &str, Option<&str>) = match sheet.chart.as_ref()? {
            Chart::StackedBars { category, series: None, value } => (category, value, None),
            Chart::StackedBars { category: day, series: Some(series), value } | Chart::Lines { day, series, value } => {
                (series, value, Some(day))
            }
            Chart::Waterfall { step, value, .. } => (step, value, None),
            Chart::Funnel { stage, value, .. } => (stage, value, None),
            // The rows of a fan are not those of its table.
            Chart::Fan { .. } => (columns.first()?, columns.last()?, None),
            _ => return None,
        };
        // Names beside the keys of their rows may be shared.
        if label != "step" && sheet.column_index("step").is_some() {
            return None;
        }
        let [label_at, value_at, currency_at] = [label, value, "currency"].map(|name| sheet.column_index(name));
        let (label_at, value_at, currency_at) = (label_at?, value_at?, currency_at?);
        let (label, value) = (&sheet.columns[label_at], &sheet.columns[value_at]);
        let order_at = sheet.column_index(&format!("{}_no", label.name));
        let day_at = day.and_then(|name| sheet.column_index(name));
        let day_of =
            |row: &[Cell<'_>]| day_at.and_then(|at| if let Cell::Date(day) = row[at] { Some(day) } else { None });
        let last = sheet.rows().filter_map(|row| day_of(&row)).max();
        let mut codes: Vec<String> = Vec::new();
        // The order of a line, its name, and its values by the place of their currency.
        let mut lines: Vec<(i64, String, BTreeMap<usize, String>)> = Vec::new();
        for row in sheet.rows().filter(|row| day_of(row) == last) {
            let code = text(row[currency_at], &sheet.columns[currency_at]);
            let place = codes.iter().position(|known| *known == code).unwrap_or(codes.len());
            if place == codes.len() {
                codes.push(code);
            }
            let name = text(row[label_at], label);
            let order = order_at.and_then(|at| if let Cell::Count(no) = row[at] { Some(no) } else { None });
            let at = lines.iter().position(|(_, known, _)| *known == name).unwrap_or(lines.len());
            if at == lines.len() {
                lines.push((order.unwrap_or_default(), name, BTreeMap::new()));
            }
            if lines[at].2.insert(place, text(row[value_at], value)).is_some() {
                return None;
            }
        }
        let alone = lines.iter().filter(|(.., values)| values.len() < codes.len().min(2)).count();
        if 4 * alone > 3 * lines.len() {
            return None;
        }
        lines.sort_by_key(|(order, ..)| *order);
        let mut heads = vec![head(label)];
        heads.extend(codes.iter().map(|code| Head { title: code.clone(), is_right: true }));
        let row = |(_, name, values): &(i64, String, BTreeMap<usize, String>)| -> Vec<String> {
            let cells = (0..codes.len()).map(|place| values.get(&place).cloned().unwrap_or_default());
            std::iter::once(name.clone()).chain(cells).collect()
        };
        let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
        let is_fan = matches!(sheet.chart, Some(Chart::Fan { .. }));
        let remark = last
            .map(|day| format!("{} on {day}.", value.title))
            .or(is_fan.then(|| format!("{}, by {}.", value.title, label.title.to_lowercase())));
        Some(Self { heads, row_count: rows.len(), rows, remark, ..Self::default() })
    }

    /// What the chart of a split sheet shows, a row a part and a column for each bar, layer or step; of days the last. Rows of one part
    /// after the other, cut to a few, would be the first of each part and sum to nothing.
    fn by_part(sheet: &Sheet) -> Option<Self> {
        let (label, value, day): (&str, &str, Option<&str>) = match sheet.chart.as_ref()? {
            Chart::StackedBars { category, series: None, value } => (category, value, None),
            Chart::StackedBars { category: day, series: Some(series), value } | Chart::Lines { day, series, value } => {
                (series, value, Some(day))
            }
            Chart::Waterfall { step, value, .. } => (step, value, None),
            Chart::Funnel { stage, value, .. } => (stage, value, None),
            Chart::Heat { column, value, .. } => (column, value, None),
            _ => return None,
        };
        let mut parts: Vec<usize> = sheet.column_index("currency").into_iter().collect();
        parts.extend((0..sheet.columns.len()).filter(|at| sheet.columns[*at].is_split));
        if parts.len() > 1
            && let Some(Chart::Heat { row, .. }) = &sheet.chart
        {
            parts.extend(sheet.column_index(row));
        }
        let [label_at, value_at] = [label, value].map(|name| sheet.column_index(name));
        let (label_at, value_at) = (label_at.filter(|_| parts.len() > 1)?, value_at?);
        let order_at = sheet.column_index(&format!("{label}_no"));
        let day_at = day.and_then(|name| sheet.column_index(name));
        let day_of =
            |row: &[Cell<'_>]| day_at.and_then(|at| if let Cell::Date(day) = row[at] { Some(day) } else { None });
        let last = sheet.rows().filter_map(|row| day_of(&row)).max();
        let mut labels: Vec<(i64, String)> = Vec::new();
        let mut rows: Vec<(Vec<String>, BTreeMap<String, String>)> = Vec::new();
        for row in sheet.rows().filter(|row| day_of(row) == last) {
            let texts = |at: usize| text(row[at], &sheet.columns[at]);
            let (name, key) = (texts(label_at), parts.iter().map(|at| texts(*at)).collect::<Vec<_>>());
            if !labels.iter().any(|(_, known)| *known == name) {
                let order = order_at.and_then(|at| if let Cell::Count(no) = row[at] { Some(no) } else { None });
                labels.push((order.unwrap_or_default(), name.clone()));
            }
            let place = rows.iter().position(|(known, _)| *known == key).unwrap_or(rows.len());
            if place == rows.len() {
                rows.push((key, BTreeMap::new()));
            }
            if rows[place].1.insert(name, texts(value_at)).is_some() {
                return None;
            }
        }
        if labels.len() > LABELS_MOST {
            return None;
        }
        labels.sort_by_key(|(order, _)| *order);
        let mut heads: Vec<Head> = parts.iter().map(|at| head(&sheet.columns[*at])).collect();
        heads.extend(labels.iter().map(|(_, name)| Head { title: name.clone(), is_right: true }));
        let row_count = rows.len();
        rows.truncate(ROWS_MOST);
        let cells = |(key, values): &(Vec<String>, BTreeMap<String, String>)| -> Vec<String> {
            let values = labels.iter().map(|(_, name)| values.get(name).cloned().unwrap_or_default());
            key.iter().cloned().chain(values).collect()
        };
        let what = &sheet.columns[value_at].title;
        let remark = Some(last.map_or_else(|| format!("{what}."), |day| format!("{what} on {day}.")));
        Some(Self { heads, row_count, rows: rows.iter().map(cells).collect(), remark, ..Self::default() })
    }

    /// Whether there is anything to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty() || self.rows.is_empty()
    }

    /// What is left out where only so many rows are shown.
    pub(super) fn left_out(&self, shown: usize) -> Option<String> {
        let rest = self.row_count.saturating_sub(shown);
        let rows = (rest > 0).then(|| {
            let (count, rows) = (shown::count(rest), if rest == 1 { "row is" } else { "rows are" });
            format!("{count} more {rows} in {}.", self.file_name)
        });
        let sentences: Vec<String> = self.remark.iter().cloned().chain(rows).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// Letters each column is wide: its longest text, up to a limit from which texts are broken. A head is broken at its
    /// spaces.
    pub(super) fn widths(&self) -> Vec<usize> {
        let width = |(at, head): (usize, &Head)| {
            // Heads are bold, and their letters wider.
            let words = head.title.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0) + 1;
            // Bold letters are wider.
            let words = words + words.div_ceil(6);
            let cells = self.rows.iter().chain(&self.totals).map(|row| row[at].width()).max().unwrap_or(0);
            let most = if head.is_right { usize::MAX } else { self.widest };
            // Fonts that stand in for the theme's are wider by up to an eighth.
            (cells + cells.div_ceil(8)).min(most).max(words).max(3)
        };
        self.heads.iter().enumerate().map(width).collect()
    }
}

/// The first rows; of a sheet that is split those of the last day and, of these, the first of each part: the first parts alone would pass
/// for all.
fn first_rows(sheet: &Sheet) -> Vec<Vec<Cell<'_>>> {
    let mut parts: Vec<usize> = (0..sheet.columns.len()).filter(|at| sheet.columns[*at].is_split).collect();
    if parts.is_empty() {
        return sheet.rows().take(ROWS_MOST).collect();
    }
    parts.extend(sheet.column_index("currency"));
    let mut rows: Vec<Vec<Cell<'_>>> = sheet.rows().collect();
    if let Some(at) = sheet.column_index("as_of") {
        let day = |row: &Vec<Cell<'_>>| if let Cell::Date(day) = row[at] { Some(day) } else { None };
        let last = rows.iter().filter_map(day).max();
        rows.retain(|row| day(row) == last);
    }
    // Where a curve begins, nothing is told.
    if let Some(at) = curve_at(sheet) {
        rows.retain(|row| row[at] != Cell::Number(0.0));
    }
    // Of steps from one total to another, cut to a few, the totals say more than the first steps.
    if let Some(at) = sheet.column_index("is_total").filter(|_| rows.len() > ROWS_MOST) {
        rows.retain(|row| row[at] == Cell::Flag(true));
    }
    first_of_each(sheet, &parts, rows)
}

/// The column of the numbers across, of a sheet that is drawn as a curve.
fn curve_at(sheet: &Sheet) -> Option<usize> {
    match &sheet.chart {
        Some(Chart::Curve { x, .. }) => sheet.column_index(x),
        _ => None,
    }
}

/// As many first rows of each part as there is room for, one at least.
fn first_of_each<'a>(sheet: &Sheet, parts: &[usize], rows: Vec<Vec<Cell<'a>>>) -> Vec<Vec<Cell<'a>>> {
    let part = |row: &[Cell<'_>]| parts.iter().map(|&at| text(row[at], &sheet.columns[at])).collect::<Vec<_>>();
    let count = rows.iter().map(|row| part(row)).collect::<BTreeSet<_>>().len();
    let most = (ROWS_MOST / count.max(1)).max(1);
    let mut shown: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let is_first = |row: &Vec<Cell<'_>>| {
        let count = shown.entry(part(row)).or_default();
        *count += 1;
        *count <= most
    };
    let mut rows: Vec<Vec<Cell<'a>>> = rows.into_iter().filter(is_first).collect();
    rows.truncate(ROWS_MOST);
    rows
}

fn head(column: &Column) -> Head {
    Head { title: visible(&column.title), is_right: shown::is_right_aligned(column.kind) }
}

fn visible(text: &str) -> String {
    shown::visible(text).into_owned()
}

fn text(cell: Cell<'_>, column: &Column) -> String {
    let text = shown::read(cell, column);
    if column.kind == Kind::Text { shown::cut_inside(&text, LETTERS_MOST).into_owned() } else { text }
}
