//! When each open item will be paid.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type};

use super::read::{self, day_number};
use super::{HISTORY_DAYS, date, unlearnt};
use crate::catalog::bind;
use crate::domain::money::Money;
use crate::error::Error;
use crate::models::forecast::Line;
use crate::models::forecast::book::{Book, Day, Origin};
use crate::models::forecast::horizon::Horizon;
use crate::models::forecast::outlook::{Fit, Outlook};
use crate::reports::{Context, filter_note, titled};
use crate::sheet::{Cell, Column, Kind, Sheet};

/// Days looked ahead: what is not paid within three years is taken never to be.
const LONGEST_DAYS: Day = 1096;

/// Days of `paid_within_30_rate`.
const SOON_DAYS: usize = 30;

/// Each open item: when it will be paid and whether: `as_of, item_id, customer_id, currency, open_amount, due_on, p10_on, p50_on,
/// p90_on, mean_on, paid_within_30_rate, never_rate`, then its line.
///
/// # Errors
/// [`Error::Internal`] where the ledger cannot be read.
pub fn items(context: &Context<'_>) -> Result<Sheet, Error> {
    let reading = read::read(context.ledger, &context.run, HISTORY_DAYS)?;
    let book = &reading.book;
    let origin = Origin::with_hindsight(day_number(context.as_of()));
    let fit = Fit::new(book, origin);
    let horizon = Horizon { origin: origin.day, ends: (1..=LONGEST_DAYS).map(|day| origin.day + day).collect() };
    bind::bind(context.ledger, &context.run, &["open_item"])?;
    let sql = "select item_no, item_id, customer_id, currency, open_amount, due_on from open_item where not is_credit
        order by currency, customer_id, due_on nulls last, item_id";
    let batches = context.ledger.query(sql)?.batches;
    let courses = Courses::new(book, origin, &fit, &horizon);
    let mut rows = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            rows.push(row_of(context, batch, row, &courses));
        }
    }
    let mut sheet =
        Sheet::from_rows("forecast_items", &titled("When open items will be paid", context), columns(), &rows)?;
    sheet.notes.extend(filter_note(context, &sheet));
    sheet.notes.extend(unlearnt(book, origin));
    sheet.notes.push(
        "One item in ten is paid by its p10_on, half by p50_on, nine in ten by p90_on; empty where that is not within three years. mean_on is of the part that is paid; never_rate, the chance that it is not within three years."
            .to_owned(),
    );
    sheet
        .notes
        .push("Open credit of a customer is taken off its oldest items first, as paid on the day itself.".to_owned());
    Ok(sheet)
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("as_of", Kind::Date),
        Column::new("item_id", Kind::Text),
        Column::new("customer_id", Kind::Text),
        Column::new("currency", Kind::Text),
        Column::new("open_amount", Kind::Amount).totalled(),
        Column::new("due_on", Kind::Date),
        Column::new("p10_on", Kind::Date),
        Column::new("p50_on", Kind::Date),
        Column::new("p90_on", Kind::Date),
        Column::new("mean_on", Kind::Date),
        Column::new("paid_within_30_rate", Kind::Rate),
        Column::new("never_rate", Kind::Rate),
        Column::new("line", Kind::Text),
    ]
}

fn row_of<'a>(context: &Context<'_>, batch: &'a RecordBatch, row: usize, courses: &Courses<'_>) -> Vec<Cell<'a>> {
    let text = |at: usize| {
        let column = batch.column(at).as_string::<i32>();
        if column.is_null(row) { Cell::Empty } else { Cell::Text(column.value(row)) }
    };
    let item_no = batch.column(0).as_primitive::<Int64Type>().value(row);
    let open_units = batch.column(4).as_primitive::<Decimal128Type>().value(row);
    let open = Money::from_units(open_units);
    let due = batch.column(5).as_primitive::<Date32Type>();
    let course = courses.of(item_no, open.to_f64());
    let mut cells = vec![Cell::Date(context.as_of()), text(1), text(2), text(3), Cell::Amount(open)];
    cells.push(if due.is_null(row) { Cell::Empty } else { date(due.value(row)) });
    cells.extend([0.1, 0.5, 0.9].map(|share| course.day_of(share).map_or(Cell::Empty, date)));
    cells.push(course.mean_day().map_or(Cell::Empty, date));
    let paid_by = |days: usize| course.paid.get(days - 1).copied().unwrap_or(course.covered);
    cells.push(Cell::Number(paid_by(SOON_DAYS)));
    cells.push(Cell::Number((1.0 - paid_by(LONGEST_DAYS as usize)).max(0.0)));
    cells.push(Cell::Text(course.line.name()));
    cells
}

/// The claims of an outlook by item.
struct Courses<'a> {
    book: &'a Book,
    outlook: Outlook,
    origin: Day,
    /// Claims in the order of their items.
    by_item: Vec<(u32, u32)>,
}

/// Share of an item paid by the end of each day after the origin.
struct Course {
    origin: Day,
    paid: Vec<f64>,
    /// Share that open credit covers.
    covered: f64,
    line: Line,
}

impl<'a> Courses<'a> {
    fn new(book: &'a Book, origin: Origin, fit: &Fit, horizon: &Horizon) -> Self {
        let outlook = Outlook::new(book, origin, fit, horizon);
        let mut by_item: Vec<(u32, u32)> = outlook.items.iter().copied().zip(0..).collect();
        by_item.sort_unstable();
        Self { book, outlook, origin: origin.day, by_item }
    }

    fn of(&self, item_no: i64, open_amount: f64) -> Course {
        let place = self.book.place_of(item_no).map_or(u32::MAX, |at| at as u32);
        let from = self.by_item.partition_point(|(item, _)| *item < place);
        let claims: Vec<usize> =
            self.by_item[from..].iter().take_while(|(item, _)| *item == place).map(|(_, at)| *at as usize).collect();
        let claimed: f64 = claims.iter().map(|at| self.outlook.claims[*at].amount).sum();
        let covered = (1.0 - claimed / open_amount).clamp(0.0, 1.0);
        let spans = self.outlook.spans;
        let mut paid = vec![covered; spans];
        for at in &claims {
            let share = self.outlook.claims[*at].amount / open_amount;
            let rates = &self.outlook.paid_rates[at * spans..(at + 1) * spans];
            paid.iter_mut().zip(rates).for_each(|(sum, rate)| *sum += share * rate);
        }
        let item = self.book.items.get(place as usize);
        let unclaimed = item.map_or(Line::Due, |item| Line::by_due(item.due_day(), self.origin));
        let line = claims.first().map_or(unclaimed, |at| Line::ALL[self.outlook.claims[*at].line as usize]);
        Course { origin: self.origin, paid, covered, line }
    }
}

impl Course {
    /// The first day by whose end a share is paid.
    fn day_of(&self, share: f64) -> Option<Day> {
        if self.covered >= share {
            return Some(self.origin);
        }
        let at = self.paid.partition_point(|paid| *paid < share);
        (at < self.paid.len()).then(|| self.origin + 1 + at as Day)
    }

    /// The mean day of what is paid.
    fn mean_day(&self) -> Option<Day> {
        let all = *self.paid.last()?;
        let before = std::iter::once(&self.covered).chain(&self.paid);
        let days: f64 =
            (1..).zip(before.zip(&self.paid)).map(|(day, (before, by_now))| f64::from(day) * (by_now - before)).sum();
        (all > 0.0).then(|| self.origin + (days / all).round() as Day)
    }
}
