//! Why the balance moved: the roll-forward's own lines.

use std::collections::BTreeMap;

use super::super::Context;
use super::value::Value;
use super::{Move, Side, Step};
use crate::catalog::bind;
use crate::domain::money::Money;
use crate::error::Error;

pub(super) fn moves(context: &Context<'_>) -> Result<Vec<Move>, Error> {
    bind::bind_kept(context.ledger, &context.run, "bridge", &["rollforward_line", "customer_balance_change"])?;
    let mut moves: BTreeMap<(String, String), Move> = BTreeMap::new();
    let lines = context.ledger.texts(
        "select currency, scope_key, amount, line_no, line from rollforward_line where line <> 'difference'
         order by currency, scope_key, line_no, line",
    )?;
    for row in lines {
        let text = |at: usize| row[at].clone().unwrap_or_default();
        let value = Value::Amount(text(2).parse()?);
        let m = moves.entry((text(0), text(1))).or_insert_with(|| none(text(0), text(1)));
        match text(4).as_str() {
            "opening" => m.opening.value = Some(value),
            "closing" => m.closing.value = Some(value),
            line => {
                let step_no = text(3).parse().unwrap_or_default();
                m.steps.push(Step { step_no, step: line.to_owned(), value, note: String::new() });
            }
        }
    }
    for row in context.ledger.texts(
        "select currency, scope_key, change_amount, customer_id from customer_balance_change where change_amount <> 0",
    )? {
        let text = |at: usize| row[at].clone().unwrap_or_default();
        if let Some(m) = moves.get_mut(&(text(0), text(1))) {
            m.customers.push((text(3), Value::Amount(text(2).parse()?)));
        }
    }
    Ok(moves.into_values().collect())
}

/// A currency and scope in which nothing is open on either day.
pub(super) fn none(currency: String, scope_key: String) -> Move {
    let side = || Side { value: Some(Value::Amount(Money::ZERO)), note: String::new() };
    Move { currency, scope_key, opening: side(), closing: side(), steps: Vec::new(), customers: Vec::new() }
}
