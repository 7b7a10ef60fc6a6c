//! A row a target.

use super::project::{Projected, project};
use super::read::{self, Row, Standing};
use super::{Asked, titled};
use crate::domain::money::Money;
use crate::error::Error;
use crate::reports::forecast::amount;
use crate::reports::{Context, filter_note, named, retitle};
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

/// Rows a chart of bars can show by name.
const CHARTED_MOST: usize = 25;

/// Where each target stands: `period_start, period_end, as_of, scope, scope_id, currency, target_amount, collectable_frozen,
/// collectable_now, collected, credited, written_off, remaining, pace_rate, expected_end, p10_end, p90_end, reach_probability, gap`,
/// then `collected_rate`, `status_rate` and `scope_name`.
///
/// # Errors
/// [`Error::Usage`] for a period that there is not; [`Error::Internal`] where the ledger cannot be read.
pub fn table(context: &Context<'_>, asked: &Asked) -> Result<Sheet, Error> {
    let mut standing = read::read(context, asked)?;
    let projected = project(context.ledger, &mut standing, asked, false)?;
    sheet(context, asked, &standing, projected.as_ref())
}

/// The sheet of what was looked at.
pub(super) fn sheet(
    context: &Context<'_>,
    asked: &Asked,
    standing: &Standing,
    projected: Option<&Projected>,
) -> Result<Sheet, Error> {
    let rows: Vec<Vec<Cell<'_>>> = standing.rows.iter().map(|row| cells(context, standing, row)).collect();
    let title = titled("Targets", &standing.periods, context, asked);
    let mut sheet = Sheet::from_rows("targets", &title, columns(context), &rows)?;
    retitle(
        &mut sheet,
        &[("pace_rate", "Usual by now"), ("status_rate", "Ahead of usual"), ("reach_probability", "Chance to reach")],
    );
    sheet.chart = chart(standing);
    sheet.notes.extend(standing.notes.iter().cloned());
    let has_targets = standing.rows.iter().any(|row| row.target.is_some());
    sheet.notes.extend(notes(has_targets, projected.map(|projected| projected.learnt.widths.origins)));
    if !context.run.by.is_empty() {
        sheet.notes.push("Not split: the rows are companies, business units, teams and collectors already.".to_owned());
    }
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}

fn columns(context: &Context<'_>) -> Vec<Column> {
    let mut columns = ["period_start", "period_end", "as_of"].map(|name| named(context, name, Kind::Date)).to_vec();
    columns.extend(["scope", "scope_id", "currency"].map(|name| named(context, name, Kind::Text)));
    columns.extend(
        ["target_amount", "collectable_frozen", "collectable_now", "collected", "credited", "written_off", "remaining"]
            .map(|name| Column::new(name, Kind::Amount)),
    );
    columns.push(Column::new("pace_rate", Kind::Rate));
    columns.extend(["expected_end", "p10_end", "p90_end"].map(|name| Column::new(name, Kind::Amount)));
    columns.push(Column::new("reach_probability", Kind::Rate));
    columns.push(Column::new("gap", Kind::Amount));
    columns.extend(["collected_rate", "status_rate"].map(|name| Column::new(name, Kind::Rate)));
    columns.push(Column::new("scope_name", Kind::Text).titled("Name"));
    columns
}

fn cells<'a>(context: &Context<'_>, standing: &Standing, row: &'a Row) -> Vec<Cell<'a>> {
    let as_of = context.as_of();
    let pace = match row.target {
        Some(_) => row.pace_by(&standing.days, as_of).map(|pace| pace.mean),
        None => None,
    };
    let target = row.target.filter(|target| *target > Money::ZERO);
    let collected = target.map(|target| row.collected.to_f64() / target.to_f64());
    let end = row.end();
    let expected = if row.rest.is_some() { amount(end.mean) } else { Cell::Amount(row.collected) };
    let number = |value: Option<f64>| value.map_or(Cell::Empty, |x| Cell::Number((x * 1e9).round() / 1e9));
    let money = |value: Option<Money>| value.map_or(Cell::Empty, Cell::Amount);
    let mut cells = vec![Cell::Date(row.period.start), Cell::Date(row.period.end), Cell::Date(as_of)];
    cells.extend([row.scope, &row.scope_id, &row.currency].map(Cell::Text));
    cells.push(money(row.target));
    cells.extend([row.frozen, row.now, row.collected, row.credited, row.written_off, row.remaining].map(Cell::Amount));
    cells.push(number(pace));
    cells.push(expected);
    cells.extend(if row.rest.is_some() { [amount(end.p10), amount(end.p90)] } else { [expected, expected] });
    cells.push(number(row.reach_rate()));
    let gap = row.target.zip(if let Cell::Amount(expected) = expected { Some(expected) } else { None });
    cells.push(money(gap.map(|(target, expected)| target - expected)));
    cells.push(number(collected));
    cells.push(number(collected.zip(pace).map(|(collected, pace)| collected - pace)));
    cells.push(Cell::Text(&row.scope_name));
    cells
}

/// What is collected, expected and wanted, of the companies, or of all rows where only one kind is shown.
fn chart(standing: &Standing) -> Option<Chart> {
    let first = standing.rows.first()?;
    let is_one_kind = standing.rows.iter().all(|row| row.scope == first.scope && row.period == first.period);
    let has_targets = standing.rows.iter().all(|row| row.target.is_some());
    let values: &[&str] =
        if has_targets { &["collected", "expected_end", "target_amount"] } else { &["collected", "expected_end"] };
    (is_one_kind && standing.rows.len() <= CHARTED_MOST).then(|| Chart::Bars {
        category: "scope_name".to_owned(),
        values: values.iter().map(|name| (*name).to_owned()).collect(),
    })
}

fn notes(has_targets: bool, origins: Option<usize>) -> Vec<String> {
    let mut notes = vec![
        "Collectable is what is due by the end of the period and was open when it began (frozen: as known then) or was posted in it; collected + credited + written off + remaining = collectable now. Collected is what receipts took off it, on the day they were applied; what is undone is taken back.".to_owned(),
        "An amount counts for the collector in charge on its day, cover included; what remains, for the one in charge now.".to_owned(),
    ];
    if has_targets {
        notes.push("Pace: share of all they collected that up to 12 earlier periods had collected by the same working day; status = collected / target - pace. Gap = target - expected end: below 0 more is expected than the target.".to_owned());
    }
    let chance = if has_targets { " and the chance" } else { "" };
    notes.extend(origins.map(|count| match count {
        0 => format!("Expected end, p10, p90{chance} come from the forecast's draws; the book is too young to check their width."),
        count => format!("Expected end, p10, p90{chance} come from the forecast's draws, as wide as {count} past forecasts of this book missed."),
    }));
    notes
}
