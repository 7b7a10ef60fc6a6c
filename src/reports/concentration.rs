//! How much of what is owed hangs on few customers.

use super::{Context, Part, Report, Spec, column, filter_note, missing_notes, retitle, titled, without_split};
use crate::catalog::bind;
use crate::domain::dimension::Dimension;
use crate::domain::money::Money;
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
    let (x, y) = ("customer_rate".to_owned(), "balance_rate".to_owned());
    sheet.chart = Some(Chart::Curve { x, y, series: None });
    sheet.notes.push("Customers of one parent are one; the parent of a parent is not looked for.".to_owned());
    sheet.notes.extend(left_out(&context)?);
    sheet.notes.extend(not_split);
    sheet.notes.extend(missing_notes(&context, &[("customer", "parents of customers")])?);
    let narrowed = filter_note(&context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}

/// Customers in credit that are named, in each currency.
const NAMED_MOST: u64 = 3;

/// A sentence about customers in credit, who have no place on the curve: those furthest in credit by name.
fn left_out(context: &Context<'_>) -> Result<Option<String>, Error> {
    let rows = context.ledger.texts(&format!(
        "with left_out as (
           select currency, group_id, cast(sum(balance_amount) as decimal(38, 4)) as amount
           from group_balance where not is_owing group by currency, group_id
         )
         select currency, count(*) over (partition by currency), group_id, amount from left_out
         qualify row_number() over (partition by currency order by amount, group_id) <= {NAMED_MOST}
         order by currency, amount, group_id"
    ))?;
    let mut of_currency: Vec<(String, u64, Vec<String>)> = Vec::new();
    for row in rows {
        let text = |at: usize| row[at].clone().unwrap_or_default();
        let amount = text(3).parse::<Money>().map_or_else(|_| text(3), Money::grouped);
        let named = format!("{} {amount}", text(2));
        match of_currency.last_mut().filter(|(currency, ..)| *currency == text(0)) {
            Some((.., names)) => names.push(named),
            None => of_currency.push((text(0), text(1).parse().unwrap_or_default(), vec![named])),
        }
    }
    let said = of_currency.iter().map(|(currency, count, names)| {
        let more = if *count > NAMED_MOST { " and others" } else { "" };
        format!("{currency}: {count} ({}{more})", names.join(", "))
    });
    let said = said.collect::<Vec<_>>().join("; ");
    Ok((!said.is_empty()).then(|| format!("Customers left out of the curve, as they owe nothing on balance: {said}.")))
}
