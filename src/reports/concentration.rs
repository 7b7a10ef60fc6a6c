//! How much of what is owed hangs on few customers.

use super::{
    Context, Part, Report, Spec, column, filter_note, is_split, missing_notes, retitle, titled, without_split,
};
use crate::catalog::bind;
use crate::domain::dimension::Dimension;
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "concentration", answers: "how much of what is owed hangs on few customers", make };

const SPEC: Spec = Spec {
    name: "concentration",
    view: "concentration_point",
    parts: &[
        column("as_of", Kind::Date),
        column("currency", Kind::Text),
        Part::By,
        column("customer_count", Kind::Count),
        // Nine decimals of a ratio are the same on every machine.
        Part::Column("customer_rate", "round(customer_rate, 9)", Kind::Rate, false),
        column("balance_amount", Kind::Amount),
        Part::Column("balance_rate", "round(balance_rate, 9)", Kind::Rate, false),
    ],
    order: "as_of, customer_count",
};

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let (context, not_split) = without_split(context, &[Dimension::Customer, Dimension::Parent]);
    bind::bind_kept(context.ledger, &context.run, "concentration", &["concentration_point"])?;
    let mut sheet = SPEC.bound_sheet(&context, &titled("Concentration", &context))?;
    retitle(
        &mut sheet,
        &[
            ("customer_count", "Largest customers"),
            ("customer_rate", "Share of customers"),
            ("balance_amount", "Owed by them"),
            ("balance_rate", "Share of what is owed"),
        ],
    );
    if !is_split(&context) {
        let (x, y) = ("customer_rate".to_owned(), "balance_rate".to_owned());
        sheet.chart = Some(Chart::Curve { x, y, series: None });
    }
    sheet.notes.push("Customers of one parent are one; the parent of a parent is not looked for.".to_owned());
    sheet.notes.extend(left_out(&context)?);
    sheet.notes.extend(not_split);
    sheet.notes.extend(missing_notes(&context, &[("customer", "parents of customers")])?);
    let narrowed = filter_note(&context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}

/// A sentence about customers in credit, who have no place on the curve.
fn left_out(context: &Context<'_>) -> Result<Option<String>, Error> {
    let rows = context.ledger.texts(
        "select currency, cast(count(distinct group_id) as string) from group_balance where not is_owing group by currency order by currency",
    )?;
    let counts: Vec<String> =
        rows.into_iter().map(|row| row.into_iter().flatten().collect::<Vec<_>>().join(": ")).collect();
    Ok((!counts.is_empty()).then(|| {
        let counts = counts.join(", ");
        format!("Customers left out of the curve, as they owe nothing on balance: {counts}.")
    }))
}
