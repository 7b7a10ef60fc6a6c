//! Every other figure, each with what it was made from.

use super::{Context, Part, Report, Spec, aged, column, filter_note, missing_notes, needs_period, titled_over_period};
use crate::catalog::{bind, header::Query, in_folder};
use crate::error::Error;
use crate::sheet::{Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "kpi", answers: "which figures are there besides, and what are they made from", make };

const SPEC: Spec = Spec {
    name: "kpi",
    view: "kpi_table",
    parts: &[
        column("as_of", Kind::Date),
        Part::Column("from", "from_on", Kind::Date, false),
        column("currency", Kind::Text),
        Part::By,
        column("metric", Kind::Text),
        // Sums of doubles differ in their last digits from run to run; nine decimals do not.
        Part::Column("value", "round(value, 9)", Kind::Number, false),
        column("unit", Kind::Text),
        column("numerator", Kind::Amount),
        column("denominator", Kind::Amount),
        column("note", Kind::Text),
        column("detail", Kind::Text),
    ],
    order: "metric, try_cast(regexp_extract(detail, '^[0-9]+') as int) nulls first, detail",
};

/// The queries that give rows of the kpi report: those named `*_kpi`.
fn kpi_queries() -> impl Iterator<Item = &'static Query> {
    in_folder("metrics").filter(|query| query.name.ends_with("_kpi"))
}

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    needs_period(context, "kpi")?;
    let names: Vec<&str> = kpi_queries().map(|query| query.name.as_str()).collect();
    bind::bind_kept(context.ledger, &context.run, "kpi", &names)?;
    context.ledger.run(
        "create or replace temp table kpi_table (as_of date, from_on date, currency string, scope_key string, metric string,
           detail string, value double, unit string, numerator decimal(38, 4), denominator decimal(38, 4), note string)",
    )?;
    for name in names {
        context.ledger.run(&format!(
            "insert into kpi_table select as_of, from_on, currency, scope_key, metric, detail, value, unit, numerator, denominator, note from {name}"
        ))?;
    }
    let mut sheet = SPEC.bound_sheet(context, &titled_over_period(&aged("Key figures", context), context))?;
    sheet.notes.push("Each figure's definition, source and caveat: duecast explain METRIC. A figure whose table is not in the ledger is not shown.".to_owned());
    sheet.notes.extend(missing_notes(
        context,
        &[("promise", "promise statistics"), ("dispute", "ages, outcomes and days of disputes")],
    )?);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
