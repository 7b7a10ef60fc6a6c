//! Why overdue moved: what was applied to what was overdue, and what became overdue.

use std::collections::BTreeMap;

use super::super::Context;
use super::balance::none;
use super::value::Value;
use super::{Move, Side, Step};
use crate::catalog::bind;
use crate::domain::money::Money;
use crate::error::Error;

pub(super) fn moves(context: &Context<'_>) -> Result<Vec<Move>, Error> {
    bind::bind_kept(context.ledger, &context.run, "bridge", &["overdue_day", "overdue_step"])?;
    let mut moves: BTreeMap<(String, String), Move> = BTreeMap::new();
    let days = context.ledger.texts(
        "select currency, scope_key, observation, overdue_amount, disputed_amount, covered_amount from overdue_day",
    )?;
    for row in days {
        let text = |at: usize| row[at].clone().unwrap_or_default();
        let m = moves.entry((text(0), text(1))).or_insert_with(|| none(text(0), text(1)));
        let note = of_which(text(4).parse()?, text(5).parse()?);
        let side = Side { value: Some(Value::Amount(text(3).parse()?)), note };
        if text(2) == "start" { m.opening = side } else { m.closing = side }
    }
    let steps = context.ledger.texts(
        "select currency, scope_key, step_no, step, customer_id, amount from overdue_step
         order by currency, scope_key, step_no, customer_id",
    )?;
    let mut changes: BTreeMap<(String, String, String), Value> = BTreeMap::new();
    for row in steps {
        let text = |at: usize| row[at].clone().unwrap_or_default();
        let value = Value::Amount(text(5).parse()?);
        let m = moves.entry((text(0), text(1))).or_insert_with(|| none(text(0), text(1)));
        match m.steps.last_mut().filter(|last| last.step == text(3)) {
            Some(last) => last.value = last.value + value,
            None => {
                let step_no = text(2).parse().unwrap_or_default();
                m.steps.push(Step { step_no, step: text(3), value, note: String::new() });
            }
        }
        let change = changes.entry((text(0), text(1), text(4))).or_insert(Value::Amount(Money::ZERO));
        *change = *change + value;
    }
    for ((currency, scope_key, customer), value) in changes {
        if let Some(m) = moves.get_mut(&(currency, scope_key)) {
            m.customers.push((customer, value));
        }
    }
    Ok(moves.into_values().collect())
}

fn of_which(disputed: Money, covered: Money) -> String {
    let part =
        |amount: Money, what: &str| (amount != Money::ZERO).then(|| format!("{} of it {what}", amount.grouped()));
    let parts = [part(disputed, "in dispute"), part(covered, "covered by open credits of the same customers")];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
