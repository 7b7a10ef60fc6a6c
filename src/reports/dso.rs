//! Days sales outstanding, by every method.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{Context, Part, Report, Spec, column, filter_note, missing_notes, titled};
use crate::catalog::bind::{self, Run};
use crate::domain::money::Money;
use crate::domain::period::{month_end, parse_day};
use crate::error::Error;
use crate::ledger::frame::Frame;
use crate::metrics::count_back::{CountBack, Month, count_back};
use crate::sheet::{Kind, Sheet};
use crate::sql_text::literal;

pub(super) const REPORT: Report = Report { name: "dso", answers: "how many days of sales are owed", make };

const SPEC: Spec = Spec {
    name: "dso",
    view: "dso_table",
    parts: &[
        column("as_of", Kind::Date),
        column("currency", Kind::Text),
        Part::By,
        column("method", Kind::Text),
        column("window_days", Kind::Days),
        column("receivable_amount", Kind::Amount),
        column("sales_amount", Kind::Amount),
        // Sums of doubles differ in their last digits from run to run; nine decimals do not.
        Part::Column("dso_days", "round(dso_days, 9)", Kind::Number, false),
        column("note", Kind::Text),
    ],
    order: "as_of, list_position(['simple', 'average_balance', 'count_back', 'sales_weighted', 'best_possible', 'delinquent', 'true'], method)",
};

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let mut sheet = sheet(context, "dso", &titled(&of_sales("DSO", context), context))?;
    sheet.notes.push(format!(
        "Receivable is the whole balance, open credits included, for simple and count-back; for average balance the mean of two balances, for best possible what is not yet due and for delinquent the rest, for sales-weighted and true open sales alone. Sales are invoices, debit notes and credit notes posted in the {} days up to the day, {}; count-back and sales-weighted go by calendar month.",
        context.run.window_days,
        if context.run.is_net { "without tax" } else { "tax included" }
    ));
    sheet.notes.extend(before_first_note(context, context.run.days.iter().map(|day| day.as_of))?);
    sheet.notes.extend(missing_notes(context, &[])?);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}

/// What is measured in days of sales, and of which sales where these are not the usual ones.
pub(super) fn of_sales(what: &str, context: &Context<'_>) -> String {
    let Run { window_days, is_net, .. } = &context.run;
    let tax = if *is_net { " without tax" } else { "" };
    match window_days {
        90 if !is_net => what.to_owned(),
        _ => format!("{what}, by sales of {window_days} days{tax}"),
    }
}

/// That sales of the window are missing, where it begins before the ledger does on one of some days.
pub(super) fn before_first_note(
    context: &Context<'_>,
    days: impl Iterator<Item = NaiveDate>,
) -> Result<Option<String>, Error> {
    let rows = context.ledger.texts("select min(posted_on) from item")?;
    let Some(first_on) = rows.first().and_then(|row| row[0].as_deref()).map(parse_day).transpose()? else {
        return Ok(None);
    };
    let whole_from = first_on + Days::new(u64::from(context.run.window_days.unsigned_abs()) - 1);
    Ok(days.min().filter(|earliest| *earliest < whole_from).map(|_| {
        format!("The ledger's first item is of {first_on}: a window that ends before {whole_from} lacks sales, and its DSO may be too high.")
    }))
}

/// DSO by every method on each day of the run.
pub(super) fn sheet(context: &Context<'_>, name: &'static str, title: &str) -> Result<Sheet, Error> {
    bind::bind_kept(context.ledger, &context.run, "dso", &["dso", "dso_count_back_month"])?;
    context.ledger.run(
        "create or replace temp table dso_table as
         select as_of, currency, scope_key, replace(method, 'dso_', '') as method, window_days, receivable_amount,
           sales_amount, dso_days, note from dso",
    )?;
    let counted_back = count_back_rows(context)?;
    if !counted_back.is_empty() {
        context.ledger.run(&format!("insert into dso_table values {}", counted_back.join(", ")))?;
    }
    let mut sheet = Spec { name, ..SPEC }.bound_sheet(context, title)?;
    for column in sheet.columns.iter_mut().filter(|column| column.name == "dso_days") {
        column.title = "DSO in days".to_owned();
    }
    Ok(sheet)
}

/// Count-back of one scope on one day, from its months.
#[derive(Debug)]
struct Scope {
    as_of: NaiveDate,
    currency: String,
    scope_key: String,
    balance_amount: Money,
    months: Vec<Month>,
    latest_month: NaiveDate,
}

fn count_back_rows(context: &Context<'_>) -> Result<Vec<String>, Error> {
    let frame = context.ledger.query(
        "select as_of, currency, scope_key, balance_amount, month_days, sales_amount, month_start from dso_count_back_month
         order by as_of, currency, scope_key, month_start desc",
    )?;
    Ok(scopes(&frame)?.iter().map(Scope::values).collect())
}

/// Gathers the months of each scope, latest first, with a month without sales wherever the view has no row.
fn scopes(frame: &Frame) -> Result<Vec<Scope>, Error> {
    let mut scopes: Vec<Scope> = Vec::new();
    for row in frame.texts()? {
        let text = |at: usize| row[at].clone().unwrap_or_default();
        let (as_of, month) = (parse_day(&text(0))?, parse_day(&text(6))?);
        let (currency, scope_key) = (text(1), text(2));
        let same =
            scopes.last().is_some_and(|s| s.as_of == as_of && s.currency == currency && s.scope_key == scope_key);
        if !same {
            let (balance_amount, latest_month) = (text(3).parse()?, month + Months::new(1));
            scopes.push(Scope { as_of, currency, scope_key, balance_amount, months: Vec::new(), latest_month });
        }
        if let (Some(scope), Ok(days), Ok(sales_amount)) = (scopes.last_mut(), text(4).parse(), text(5).parse()) {
            while scope.latest_month - Months::new(1) > month {
                scope.latest_month = scope.latest_month - Months::new(1);
                scope.months.push(Month { days: month_end(scope.latest_month).day(), sales_amount: Money::ZERO });
            }
            scope.latest_month = month;
            scope.months.push(Month { days, sales_amount });
        }
    }
    Ok(scopes)
}

impl Scope {
    /// The row as SQL values.
    fn values(&self) -> String {
        let sales: Money = self.months.iter().map(|m| m.sales_amount).sum();
        let (days, note) = match count_back(self.balance_amount, &self.months) {
            CountBack::Days(days) if days > 0.0 && self.months.iter().any(|m| m.sales_amount < Money::ZERO) => (
                days.to_string(),
                "a month of more credit notes than sales is counted with the month before it".to_owned(),
            ),
            CountBack::Days(days) => (days.to_string(), String::new()),
            CountBack::AtLeast(days) => {
                ("null".to_owned(), format!("not exhausted: all the sales there are go back {days} days"))
            }
            CountBack::NoSales => ("null".to_owned(), "no sales to count back through".to_owned()),
        };
        format!(
            "(date '{}', {}, {}, 'count_back', null, {}, cast({sales} as decimal(38, 4)), {days}, {})",
            self.as_of,
            literal(&self.currency),
            literal(&self.scope_key),
            self.balance_amount,
            literal(&note),
        )
    }
}
