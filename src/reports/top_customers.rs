//! Who owes the most.

use super::{
    Context, NOT_DRAWN, Part, Report, Spec, column, filter_note, is_split, missing_notes, retitle, titled,
    without_split,
};
use crate::domain::dimension::Dimension;
use crate::error::Error;
use crate::sheet::{Cell, Chart, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "top_customers", answers: "who owes the most, and how much of it is overdue", make };

/// Customers that have a place of their own, as `top_customer` ranks them.
const RANKED: i64 = 10;

const SPEC: Spec = Spec {
    name: "top_customers",
    view: "top_customer",
    parts: &[
        column("as_of", Kind::Date),
        column("currency", Kind::Text),
        Part::By,
        column("rank_no", Kind::Count),
        column("customer_id", Kind::Text),
        column("customer", Kind::Text),
        Part::Column("open_amount", "open_amount", Kind::Amount, true),
        Part::Column("overdue_amount", "overdue_amount", Kind::Amount, true),
        Part::Column("unapplied_amount", "unapplied_amount", Kind::Amount, true),
        // Nine decimals of a ratio are the same on every machine.
        Part::Column("open_rate", "round(open_rate, 9)", Kind::Rate, false),
        column("past_due_days", Kind::Days),
        Part::Column("item_count", "item_count", Kind::Count, true),
        Part::Column("customer_count", "customer_count", Kind::Count, true),
    ],
    order: "as_of, rank_no",
};

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let (context, not_split) = without_split(context, &[Dimension::Customer]);
    let mut sheet = SPEC.sheet(&context, &titled("Top customers", &context))?;
    retitle(&mut sheet, &[("open_rate", "Share of balance"), ("past_due_days", "Oldest past due days")]);
    if let (Some(id), Some(name)) = (sheet.column_index("customer_id"), sheet.column_index("customer")) {
        // Where no customer has a name, its id stands for it: once is enough.
        let has_names = sheet.rows().any(|row| row[id] != Cell::Empty && row[id] != row[name]);
        sheet.columns[id].is_aside = !has_names;
    }
    if !is_split(&context) {
        let values = ["open_amount", "overdue_amount"].map(str::to_owned).to_vec();
        sheet.chart = Some(Chart::Bars { category: "customer".to_owned(), values });
        sheet.chart_rows = Some(Box::new(without_others(&sheet)?));
    } else {
        sheet.notes.push(NOT_DRAWN.to_owned());
    }
    sheet.notes.push("The rows of a currency sum to its balance. Overdue is before unapplied credits, which lower what a customer owes: it can be more than the open amount.".to_owned());
    sheet.notes.extend(not_split);
    sheet.notes.extend(missing_notes(&context, &[("customer", "names of customers")])?);
    let narrowed = filter_note(&context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}

/// The customers alone: all others together owe many times what any of them does, and would set the scale.
fn without_others(sheet: &Sheet) -> Result<Sheet, Error> {
    let is_customer = |row: &Vec<Cell<'_>>| {
        sheet.column_index("rank_no").is_some_and(|at| matches!(row[at], Cell::Count(rank) if rank <= RANKED))
    };
    let (ranked, others): (Vec<_>, Vec<_>) = sheet.rows().partition(is_customer);
    let drawn = Sheet::from_rows(&sheet.name, &sheet.title, sheet.columns.clone(), &ranked)?;
    let at = ["currency", "customer_count", "open_amount", "overdue_amount"].map(|name| sheet.column_index(name));
    let [Some(currency), Some(count), Some(open), Some(overdue)] = at else { return Ok(drawn) };
    let of_currency = |row: &Vec<Cell<'_>>| match [row[currency], row[count], row[open], row[overdue]] {
        [Cell::Text(currency), Cell::Count(count), Cell::Amount(open), Cell::Amount(overdue)] => {
            Some(format!("{} {currency} ({count} customers, {} overdue)", open.grouped(), overdue.grouped()))
        }
        _ => None,
    };
    let left_out: Vec<String> = others.iter().filter_map(of_currency).collect();
    Ok(if left_out.is_empty() { drawn } else { drawn.noted(format!("Others, not drawn: {}.", left_out.join("; "))) })
}
