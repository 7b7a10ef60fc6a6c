//! What a clearing date implies: a receipt of the same amount on that day, and its application.
//!
//! A credit item (a negative amount) that is cleared was used up, not paid: its counterpart is an adjustment of the
//! same amount, to which the credit item is applied. An item of amount zero implies nothing.

use std::collections::BTreeMap;

use super::TableRule;
use super::rule::{Condition, Rule, Source};

/// Prefix of the identifier of an implied receipt, so that it cannot meet an item of the source.
const RECEIPT_PREFIX: &str = "cleared:";

/// Prefix of the identifier of an implied application.
const APPLICATION_PREFIX: &str = "clearing:";

/// Columns of the item that its implied receipt shares.
const SHARED: [&str; 4] = ["company", "customer_id", "currency", "business_unit"];

/// The item's rule, and the rules of the receipt and the application that `cleared_on` implies.
///
/// # Errors
/// A sentence, where the rule is not for items or lacks what the implied rows need.
pub(super) fn expand(item: TableRule, cleared_on: &Rule) -> Result<[TableRule; 3], String> {
    if item.table != "item" {
        return Err(format!("cleared_on is for the table item, not for {}", item.table));
    }
    let part = |name: &str| {
        item.columns.get(name).cloned().ok_or_else(|| format!("cleared_on needs a rule for the column {name} of item"))
    };
    let (item_id, amount) = (part("item_id")?, part("amount")?);
    let receipt_id = prefixed(&item_id, RECEIPT_PREFIX);
    let by_sign = |positive: Rule, negative: Rule| Rule {
        source: Source::BySign {
            amount: Box::new(amount.clone()),
            positive: Box::new(positive),
            negative: Box::new(negative),
        },
        ..Rule::default()
    };
    let mut when = item.when.clone();
    when.extend([Condition::Filled(cleared_on.clone(), true), Condition::NotZero(amount.clone())]);

    let mut receipt: BTreeMap<String, Rule> =
        SHARED.iter().filter_map(|&name| item.columns.get(name).map(|rule| (name.to_owned(), unnoted(rule)))).collect();
    let negated = Rule { is_negated: !amount.is_negated, ..amount.clone() };
    receipt.extend([
        ("item_id".to_owned(), receipt_id.clone()),
        ("kind".to_owned(), by_sign(Rule::constant("receipt"), Rule::constant("adjustment"))),
        ("issued_on".to_owned(), cleared_on.clone()),
        ("posted_on".to_owned(), cleared_on.clone()),
        ("amount".to_owned(), negated),
    ]);
    let application = BTreeMap::from([
        ("application_id".to_owned(), prefixed(&item_id, APPLICATION_PREFIX)),
        ("credit_item_id".to_owned(), by_sign(receipt_id.clone(), item_id.clone())),
        ("debit_item_id".to_owned(), by_sign(item_id, receipt_id)),
        ("amount".to_owned(), Rule { is_absolute: true, ..amount }),
        ("applied_on".to_owned(), cleared_on.clone()),
    ]);
    let implied = |table: &str, columns| TableRule {
        table: table.to_owned(),
        is_implied: true,
        is_distinct: false,
        cleared_on: None,
        when: when.clone(),
        columns,
    };
    let rules = [implied("item", receipt), implied("application", application)];
    let [receipt, application] = rules;
    Ok([TableRule { cleared_on: Some(cleared_on.clone()), ..item }, receipt, application])
}

fn prefixed(rule: &Rule, prefix: &str) -> Rule {
    Rule { prefix: format!("{prefix}{}", rule.prefix), ..rule.clone() }
}

/// The rule without its note, which the item itself already gives.
fn unnoted(rule: &Rule) -> Rule {
    Rule { default_note: None, ..rule.clone() }
}
