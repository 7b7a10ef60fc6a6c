//! A customer's payment curve against its segment's and the book's.

use super::read::{self, Reading, day_number};
use super::{HISTORY_DAYS, unlearnt};
use crate::catalog::bind::Run;
use crate::error::Error;
use crate::models::forecast::book::{Day, Origin};
use crate::models::forecast::outlook::Fit;
use crate::models::forecast::paid_share;
use crate::reports::{Context, named, titled};
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

/// Days of bills that a curve is shown for: a year, so that each season is in it.
const BILL_DAYS: Day = 365;

/// Days before and after due that are shown.
const MOST_BEFORE_DAYS: Day = 90;
const AFTER_DAYS: Day = 120;

/// A curve: what it is called and the bills it is of.
struct Curve {
    name: String,
    bills: Vec<u32>,
    paid: Vec<f64>,
}

/// Which share of a bill is expected to be paid by how many days after due, from its posting on: of the customer, of its segment
/// and of the whole book: `as_of, curve_no, curve, days_since_due, paid_rate`.
///
/// # Errors
/// [`Error::Usage`] where the customer was never billed by the day; [`Error::Internal`] where the ledger cannot be read.
pub fn curve(context: &Context<'_>, customer_id: &str) -> Result<Sheet, Error> {
    // A curve is shrunk towards the book's: the book must be there, whatever is asked for.
    let run = Run { by: Vec::new(), filters: Vec::new(), ..context.run.clone() };
    let reading = read::read(context.ledger, &run, HISTORY_DAYS)?;
    let origin = Origin::with_hindsight(day_number(context.as_of()));
    let mut curves = curves(&reading, origin, customer_id).ok_or_else(|| {
        Error::usage(format!(
            "explain payment_curve: customer {customer_id} was not billed in the three years up to {}; duecast aging --by customer lists customers",
            context.as_of()
        ))
    })?;
    let fit = Fit::new(&reading.book, origin);
    let terms = |at: &u32| {
        let item = &reading.book.items[*at as usize];
        item.due_day() - item.posted
    };
    let first = -curves[0].bills.iter().map(terms).max().unwrap_or(0).clamp(0, MOST_BEFORE_DAYS);
    for curve in &mut curves {
        curve.paid = paid_share::by_age(&reading.book, &fit, &curve.bills, first, AFTER_DAYS);
    }
    let columns = vec![
        named(context, "as_of", Kind::Date),
        named(context, "curve_no", Kind::Count),
        Column::new("curve", Kind::Text),
        Column::new("days_since_due", Kind::Days),
        Column::new("paid_rate", Kind::Rate).titled("Share paid"),
    ];
    let mut rows = Vec::new();
    for (curve, curve_no) in curves.iter().zip(1..) {
        for (days, paid) in (i64::from(first)..).zip(&curve.paid) {
            let mut row = vec![Cell::Date(context.as_of()), Cell::Count(curve_no), Cell::Text(&curve.name)];
            // Nine decimals are the same on every machine.
            row.extend([Cell::Count(days), Cell::Number((paid * 1e9).round() / 1e9)]);
            rows.push(row);
        }
    }
    let title = titled(&format!("Payment curve of {customer_id}"), &Context { run, ..*context });
    let sheet = Sheet::from_rows("payment_curve", &title, columns, &rows)?;
    let column = str::to_owned;
    let chart = Chart::Curve { x: column("days_since_due"), y: column("paid_rate"), series: Some(column("curve")) };
    let mut sheet = sheet.charted(chart);
    sheet.notes.extend(unlearnt(&reading.book, origin));
    Ok(sheet
        .noted("Share of a bill expected to be paid by the end of so many days after it was due, had it just been posted; disputes, promises and plans aside.")
        .noted(curves.iter().map(|curve| curve.in_words(first)).collect::<Vec<_>>().join(" ")))
}

impl Curve {
    /// `C100068: 24 bills, half paid 12 days after due, 97% by 120 days after.`
    fn in_words(&self, first: Day) -> String {
        let half = (first..).zip(&self.paid).find(|(_, paid)| **paid >= 0.5).map(|(days, _)| days);
        let half = match half {
            None => format!("less than half paid {AFTER_DAYS} days after due"),
            Some(0) => "half paid on the day due".to_owned(),
            Some(days @ (-1 | 1)) => format!("half paid 1 day {} due", if days < 0 { "before" } else { "after" }),
            Some(days) if days < 0 => format!("half paid {} days before due", -days),
            Some(days) => format!("half paid {days} days after due"),
        };
        let end = self.paid.last().copied().unwrap_or(0.0) * 100.0;
        let bills = if self.bills.len() == 1 { "1 bill".to_owned() } else { format!("{} bills", self.bills.len()) };
        format!("{}: {bills}, {half}, {end:.0}% by {AFTER_DAYS} days after.", self.name)
    }
}

/// The bills behind each curve, those of the last year where there are any; none where the customer has no bill.
fn curves(reading: &Reading, origin: Origin, customer_id: &str) -> Option<Vec<Curve>> {
    let book = &reading.book;
    let payer = book.payers.iter().position(|name| name == customer_id)? as u32;
    let of_last_year = |is_meant: &dyn Fn(&crate::models::forecast::book::Item) -> bool| -> Vec<u32> {
        let is_bill = |at: &u32| {
            let item = &book.items[*at as usize];
            item.is_bill && origin.sees(item.posted, item.known) && is_meant(item)
        };
        let all: Vec<u32> = (0..book.items.len() as u32).filter(is_bill).collect();
        let is_recent = |at: &u32| book.items[*at as usize].posted > origin.day - BILL_DAYS;
        let recent: Vec<u32> = all.iter().copied().filter(is_recent).collect();
        if recent.is_empty() { all } else { recent }
    };
    let own = of_last_year(&|item| item.payer == payer);
    let newest = own.iter().max_by_key(|at| (book.items[**at as usize].posted, **at))?;
    let segment = &reading.strata[book.items[*newest as usize].stratum as usize][2];
    let made = |name: String, bills: Vec<u32>| Curve { name, bills, paid: Vec::new() };
    let mut curves = vec![made(customer_id.to_owned(), own)];
    if !segment.is_empty() {
        let bills = of_last_year(&|item| reading.strata[item.stratum as usize][2] == *segment);
        curves.push(made(format!("segment {segment}"), bills));
    }
    curves.push(made("the book".to_owned(), of_last_year(&|_| true)));
    Some(curves)
}
