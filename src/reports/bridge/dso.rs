//! Why simple DSO moved.

use std::collections::BTreeMap;

use super::super::Context;
use super::value::{Value, parts_of};
use super::{Move, Side, Step};
use crate::catalog::bind;
use crate::domain::money::Money;
use crate::error::Error;
use crate::metrics::dso_bridge::{Component, STEPS, bridge};

/// The customers of one currency and scope, each on both days.
type Customers = BTreeMap<String, (Component, Component)>;

pub(super) fn moves(context: &Context<'_>) -> Result<Vec<Move>, Error> {
    bind::bind_kept(context.ledger, &context.run, "bridge", &["dso_component"])?;
    let rows = context.ledger.texts(
        "select currency, scope_key, customer_id, observation, sales_amount, billed_amount, term_amount_days,
           expected_amount, not_due_amount, other_not_due_amount, late_amount, disputed_amount, no_due_date_amount,
           credit_amount, written_off_amount
         from dso_component",
    )?;
    let mut scopes: BTreeMap<(String, String), Customers> = BTreeMap::new();
    for row in rows {
        let text = |at: usize| row[at].clone().unwrap_or_default();
        let customers = scopes.entry((text(0), text(1))).or_default();
        let (start, end) = customers.entry(text(2)).or_default();
        *(if text(3) == "start" { start } else { end }) = component(&row)?;
    }
    Ok(scopes
        .into_iter()
        .map(|((currency, scope_key), customers)| of_scope(context, currency, scope_key, &customers))
        .collect())
}

fn component(row: &[Option<String>]) -> Result<Component, Error> {
    let money = |at: usize| row[at].as_deref().unwrap_or("0").parse::<Money>();
    Ok(Component {
        sales: money(4)?,
        billed: money(5)?,
        term_days: money(6)?,
        expected: money(7)?,
        not_due: money(8)?,
        other_not_due: money(9)?,
        late: money(10)?,
        disputed: money(11)?,
        no_due_date: money(12)?,
        credit: money(13)?,
        written_off: money(14)?,
    })
}

fn of_scope(context: &Context<'_>, currency: String, scope_key: String, customers: &Customers) -> Move {
    let components: Vec<(Component, Component)> = customers.values().copied().collect();
    let found = bridge(&components, context.run.window_days);
    let mut totals = [0.0; STEPS.len()];
    for steps in &found.customers {
        for (total, step) in totals.iter_mut().zip(steps) {
            *total += step;
        }
    }
    // Without steps where one of the days has no DSO.
    let (opening, closing) = found.opening.zip(found.closing).unwrap_or_default();
    let is_defined = !found.customers.is_empty();
    let totals = parts_of(opening, closing, totals.into_iter().filter(|_| is_defined));
    let steps = (10..).zip(STEPS).zip(totals).map(|((step_no, step), value)| Step {
        step_no,
        step: step.to_owned(),
        value,
        note: if step == "terms" { terms_note(&components) } else { String::new() },
    });
    let changes = parts_of(opening, closing, found.customers.iter().map(|steps| steps.iter().sum()));
    let start: Money = components.iter().map(|(start, _)| start.sales).sum();
    let end: Money = components.iter().map(|(_, end)| end.sales).sum();
    Move {
        opening: side(found.opening, start),
        closing: side(found.closing, end),
        steps: steps.collect(),
        customers: customers.keys().cloned().zip(changes).collect(),
        currency,
        scope_key,
    }
}

fn side(days: Option<f64>, sales: Money) -> Side {
    let note = match days {
        Some(_) => "",
        None if sales < Money::ZERO => "credit notes exceed sales in the window",
        None => "no sales in the window",
    };
    Side { value: days.map(Value::Days), note: note.to_owned() }
}

/// The terms of an average bill of the window on both days, mix included.
fn terms_note(components: &[(Component, Component)]) -> String {
    let average = |on: fn(&(Component, Component)) -> &Component| {
        let sum = |part: fn(&Component) -> Money| components.iter().map(|pair| part(on(pair))).sum::<Money>().to_f64();
        sum(|c| c.term_days) / sum(|c| c.billed)
    };
    let (before, after) = (average(|pair| &pair.0), average(|pair| &pair.1));
    if before.is_finite() && after.is_finite() {
        format!("terms of an average bill, mix included: {before:.1} days before, {after:.1} after")
    } else {
        String::new()
    }
}
