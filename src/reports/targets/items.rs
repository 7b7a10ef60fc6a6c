//! The fewest items that would close each gap, if they were collected now.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type};
use chrono::NaiveDate;

use super::project::{Projected, Projection, project};
use super::read::{self, Row};
use super::{Asked, titled};
use crate::catalog::bind;
use crate::domain::money::Money;
use crate::error::Error;
use crate::models::forecast::Line;
use crate::models::forecast::attainment::Collectable;
use crate::reports::forecast::amount;
use crate::reports::{Context, named};
use crate::sheet::{Cell, Column, Kind, Sheet};

/// What one item can add to a row.
struct Extra {
    item_no: i64,
    line: Line,
    /// Chance that it is paid, and that applied, by the end of the period as things are.
    paid_rate: f64,
    extra: f64,
}

/// An item as it is shown.
struct Shown {
    item_id: String,
    customer_id: String,
    due_on: Option<NaiveDate>,
    open: Money,
}

/// For each target whose expected end is below it, the open items to be collected that bring most beyond what is expected of them
/// anyway, until the gap is closed: `period_start, period_end, as_of, scope, scope_id, currency, gap, item_no, item_id, customer_id,
/// due_on, line, open_amount, paid_by_end_rate, extra_amount, extra_so_far_amount`.
///
/// # Errors
/// As [`super::table`].
pub fn items(context: &Context<'_>, asked: &Asked) -> Result<Sheet, Error> {
    let mut standing = read::read(context, asked)?;
    let projected = project(context.ledger, &mut standing, asked, false)?;
    let mut found: Vec<(&Row, f64, Vec<Extra>)> = Vec::new();
    let mut unclosed = 0;
    for (at, row) in standing.rows.iter().enumerate() {
        let gap = row.target.map_or(0.0, |target| target.to_f64() - row.end().mean);
        let Some((projected, period)) = projected.as_ref().and_then(|all| Some((all, of_period(all, row)?))) else {
            continue;
        };
        if gap <= 0.0 {
            continue;
        }
        let (extras, is_closed) = closing(projected, period, at, gap);
        unclosed += usize::from(!is_closed);
        found.push((row, gap, extras));
    }
    let wanted: BTreeSet<i64> =
        found.iter().flat_map(|(.., extras)| extras.iter().map(|extra| extra.item_no)).collect();
    let shown = shown(context, &standing.run, &wanted)?;
    let rows: Vec<Vec<Cell<'_>>> = found
        .iter()
        .flat_map(|(row, gap, extras)| {
            let mut so_far = 0.0;
            (1..)
                .zip(extras)
                .filter_map(|(no, extra)| Some((no, extra, shown.get(&extra.item_no)?)))
                .map(move |(no, extra, item)| {
                    so_far += extra.extra;
                    cells(context, row, (*gap, so_far), no, extra, item)
                })
                .collect::<Vec<_>>()
        })
        .collect();
    let title = titled("Items that close the gap", &standing.periods, context, asked);
    let mut sheet = Sheet::from_rows("target_items", &title, columns(context), &rows)?;
    sheet.notes.append(&mut standing.notes);
    sheet.notes.push("Extra is what is open, less open credit other than money that covers it, x (1 - chance to be paid and applied by the end of the period): what collecting the item now adds to what is expected. The items that add most come first, until they close the gap.".to_owned());
    if unclosed > 0 {
        let what = if unclosed == 1 { "1 gap is".to_owned() } else { format!("{unclosed} gaps are") };
        sheet.notes.push(format!("{what} larger than all open items to be collected could close."));
    }
    if rows.is_empty() && unclosed == 0 {
        sheet.notes.push("No running target has a gap.".to_owned());
    }
    Ok(sheet)
}

fn of_period<'a>(projected: &'a Projected, row: &Row) -> Option<&'a Projection> {
    projected.periods.iter().find(|projection| projection.period == row.period)
}

/// The items of a row by what they add, until the gap is closed; and whether it is.
fn closing(projected: &Projected, projection: &Projection, row: usize, gap: f64) -> (Vec<Extra>, bool) {
    let first = projection.horizon.origin + 1;
    let items = &projected.learnt.reading.book.items;
    let is_of_row = |found: &&Collectable| {
        let shares = &projection.shares[items[found.item as usize].scope as usize];
        shares.iter().any(|share| share.row == row && (share.from..=share.to).contains(&first))
    };
    let extra = |found: &Collectable| {
        let item = &items[found.item as usize];
        let by_day = Line::by_due(item.due_day(), projection.horizon.origin);
        Extra {
            item_no: item.item_no,
            line: found.line.map_or(by_day, |line| Line::ALL[line as usize]),
            paid_rate: if found.amount > 0.0 { found.expected / found.amount } else { 1.0 },
            extra: found.amount - found.expected,
        }
    };
    let of_row = projection.prospect.items.iter().filter(is_of_row);
    let mut extras: Vec<Extra> = of_row.map(extra).filter(|extra| extra.extra > 0.0).collect();
    extras.sort_by(|a, b| b.extra.total_cmp(&a.extra).then(a.item_no.cmp(&b.item_no)));
    let mut so_far = 0.0;
    let needed = extras.iter().position(|extra| {
        so_far += extra.extra;
        so_far >= gap
    });
    if let Some(last) = needed {
        extras.truncate(last + 1);
    }
    (extras, needed.is_some())
}

fn shown(context: &Context<'_>, run: &bind::Run, wanted: &BTreeSet<i64>) -> Result<BTreeMap<i64, Shown>, Error> {
    let mut shown = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(shown);
    }
    bind::bind(context.ledger, run, &["open_item"])?;
    let sql = "select item_no, item_id, customer_id, due_on, open_amount from open_item where not is_credit";
    for batch in context.ledger.query(sql)?.batches {
        let text = |at: usize| batch.column(at).as_string::<i32>();
        let numbers = batch.column(0).as_primitive::<Int64Type>();
        let due = batch.column(3).as_primitive::<Date32Type>();
        let open = batch.column(4).as_primitive::<Decimal128Type>();
        for row in (0..batch.num_rows()).filter(|row| wanted.contains(&numbers.value(*row))) {
            let item = Shown {
                item_id: text(1).value(row).to_owned(),
                customer_id: text(2).value(row).to_owned(),
                due_on: due.is_valid(row).then(|| NaiveDate::from_epoch_days(due.value(row))).flatten(),
                open: Money::from_units(open.value(row)),
            };
            shown.insert(numbers.value(row), item);
        }
    }
    Ok(shown)
}

fn columns(context: &Context<'_>) -> Vec<Column> {
    let mut columns = ["period_start", "period_end", "as_of"].map(|name| named(context, name, Kind::Date)).to_vec();
    columns.extend(["scope", "scope_id", "currency"].map(|name| named(context, name, Kind::Text)));
    columns.push(Column::new("gap", Kind::Amount));
    columns.push(Column::new("rank_no", Kind::Count));
    columns.extend(["item_id", "customer_id"].map(|name| Column::new(name, Kind::Text)));
    columns.push(Column::new("due_on", Kind::Date));
    columns.push(named(context, "line", Kind::Text));
    columns.push(Column::new("open_amount", Kind::Amount));
    columns.push(Column::new("paid_by_end_rate", Kind::Rate).titled("Chance to be collected by then"));
    columns.push(Column::new("extra_amount", Kind::Amount));
    columns.push(Column::new("extra_so_far_amount", Kind::Amount));
    columns
}

fn cells<'a>(
    context: &Context<'_>,
    row: &'a Row,
    (gap, so_far): (f64, f64),
    rank: i64,
    extra: &Extra,
    item: &'a Shown,
) -> Vec<Cell<'a>> {
    let mut cells = vec![Cell::Date(row.period.start), Cell::Date(row.period.end), Cell::Date(context.as_of())];
    cells.extend([row.scope, &row.scope_id, &row.currency].map(Cell::Text));
    cells.extend([amount(gap), Cell::Count(rank)]);
    cells.extend([item.item_id.as_str(), &item.customer_id].map(Cell::Text));
    cells.push(item.due_on.map_or(Cell::Empty, Cell::Date));
    cells.push(Cell::Text(extra.line.name()));
    cells.extend([Cell::Amount(item.open), Cell::Number((extra.paid_rate * 1e9).round() / 1e9)]);
    cells.extend([amount(extra.extra), amount(so_far)]);
    cells
}
