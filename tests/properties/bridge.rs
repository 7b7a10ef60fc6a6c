//! Bridges on random ledgers: the steps and the customers sum to the change, and both ends are what the reports show.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use duecast::catalog::bind::Run;
use duecast::domain::dimension::Dimension;
use duecast::ledger::store::Ledger;
use duecast::reports::bridge::{self, Metric};
use duecast::reports::{self, Context};
use duecast::sheet::{Cell, Sheet};
use proptest::prelude::*;

use super::{book, day, ledger_of, on};

/// A number of either kind: money in ten-thousandths, which a double holds exactly here, or days.
fn number(cell: Cell<'_>) -> Option<f64> {
    match cell {
        Cell::Amount(money) => Some(money.units() as f64),
        Cell::Number(days) => Some(days),
        _ => None,
    }
}

fn text(cell: Cell<'_>) -> String {
    if let Cell::Text(text) = cell { text.to_owned() } else { String::new() }
}

/// The rows of a sheet: currency and customer (where it is split by it), the label, the number.
fn read(sheet: &Sheet, label: &str, value: &str) -> Vec<((String, String), String, Option<f64>)> {
    let at = |name: &str| sheet.column_index(name);
    let (currency, label, value) = (at("currency").expect("one"), at(label).expect("one"), at(value).expect("one"));
    let key = |row: &[Cell<'_>]| (text(row[currency]), at("customer_id").map_or(String::new(), |at| text(row[at])));
    sheet.rows().map(|row| (key(&row), text(row[label]), number(row[value]))).collect()
}

/// Both ends and the sum between them, by currency and customer.
type Ends = BTreeMap<(String, String), (Option<f64>, Option<f64>, f64)>;

fn ends(sheet: &Sheet) -> Ends {
    let mut found = Ends::new();
    for (key, step, value) in read(sheet, "step", "value") {
        let entry = found.entry(key).or_insert((None, None, 0.0));
        match step.as_str() {
            "opening" => entry.0 = value,
            "closing" => entry.1 = value,
            _ => entry.2 += value.expect("a step has a value"),
        }
    }
    found
}

fn report(ledger: &Ledger, run: &Run, name: &str) -> Sheet {
    let context = Context { ledger, run: run.clone(), show_all: false };
    (reports::find(name).expect("a report").make)(&context).expect("a sheet")
}

/// What the reports of one day say of a figure, by currency and customer.
fn shown(ledger: &Ledger, metric: Metric, as_of: NaiveDate, by: &[Dimension]) -> BTreeMap<(String, String), f64> {
    let run = on(as_of, None, None, by.to_vec());
    if metric == Metric::Dso {
        let rows = read(&report(ledger, &run, "dso"), "method", "dso_days").into_iter();
        return rows
            .filter(|(_, method, _)| method == "simple")
            .filter_map(|(key, _, days)| Some((key, days?)))
            .collect();
    }
    let mut found = BTreeMap::new();
    for (key, bucket, amount) in read(&report(ledger, &run, "aging"), "bucket", "open_amount") {
        let is_late = !["not_due", "no_due_date", "unapplied"].contains(&bucket.as_str());
        if metric == Metric::Balance || is_late {
            *found.entry(key).or_insert(0.0) += amount.expect("an amount");
        }
    }
    found
}

/// Kinds and disputes that the books of the other properties do not have.
fn enrich(ledger: &Ledger) {
    let sql = "update item set kind = case item_no % 4 when 0 then 'credit_note' when 1 then 'write_off' else kind end where amount < 0;
         update item set kind = case item_no % 5 when 0 then 'opening' else kind end where amount > 0;
         insert into dispute (dispute_id, item_id, opened_on, resolved_on)
         select item_id, item_id, posted_on + 10, case when item_no % 2 = 0 then posted_on + 40 end from item where item_no % 3 = 0";
    ledger.run(sql).expect("more kinds and disputes");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn steps_and_customers_sum_to_the_change_between_what_the_reports_show(book in book(), from in 0_u16..150, days in 1_u16..60, by_customer in any::<bool>()) {
        let ledger = ledger_of(&book);
        enrich(&ledger);
        let by = if by_customer { vec![Dimension::Customer] } else { Vec::new() };
        let (from_on, as_of) = (day(from), day(from + days));
        let context = Context { ledger: &ledger, run: on(as_of, Some(from_on), None, by.clone()), show_all: false };
        for metric in [Metric::Balance, Metric::Overdue, Metric::Dso] {
            for customers in [None, Some(1), Some(10)] {
                let sheet = bridge::make(&context, metric, customers).expect("a bridge");
                let (before, after) = (shown(&ledger, metric, from_on, &by), shown(&ledger, metric, as_of, &by));
                let found = ends(&sheet);
                for (key, (opening, closing, moved)) in &found {
                    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
                    // Below half of the last digit that is given.
                    let is_sum = |a: f64, b: f64| (a - b).abs() < 5e-10 + 1e-14 * a.abs().max(b.abs());
                    let usual = |shown: &BTreeMap<_, f64>| if metric == Metric::Dso { shown.get(key).copied() } else { Some(shown.get(key).copied().unwrap_or_default()) };
                    for (end, reported) in [(opening, usual(&before)), (closing, usual(&after))] {
                        prop_assert!(match (end, reported) { (Some(a), Some(b)) => near(*a, b), (None, None) => true, _ => false }, "{:?} {:?} is {:?}, reported {:?}", metric, key, end, reported);
                    }
                    if let (Some(opening), Some(closing)) = (opening, closing) {
                        prop_assert!(is_sum(opening + moved, *closing), "{:?} {:?}: {:?} of {:?}", metric, key, found, sheet);
                    } else {
                        prop_assert_eq!(*moved, 0.0);
                    }
                }
                let missing = before.keys().chain(after.keys()).find(|key| !found.contains_key(key));
                prop_assert_eq!(missing, None);
            }
        }
        let lines = |sheet: &Sheet, label: &str, value: &str| {
            let mut rows = read(sheet, label, value);
            rows.retain(|(_, line, amount)| line != "difference" && (*amount != Some(0.0) || line == "opening" || line == "closing"));
            rows.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
            rows
        };
        let steps = bridge::make(&context, Metric::Balance, None).expect("a bridge");
        let rollforward = report(&ledger, &context.run, "rollforward");
        prop_assert_eq!(lines(&steps, "step", "value"), lines(&rollforward, "line", "amount"));
    }
}

#[test]
fn what_open_credits_cover_is_the_phantom_past_due_of_the_sample() {
    let ledger = Ledger::in_memory().expect("a ledger");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    duecast::load::load(&ledger, &[folder], &duecast::load::LoadOptions::default(), &mut |_| {}).expect("a load");
    let date = |month, day| NaiveDate::from_ymd_opt(2024, month, day).expect("a date");
    let run = on(date(12, 31), Some(date(9, 30)), None, vec![Dimension::Company]);
    duecast::catalog::bind::bind(&ledger, &run, &["overdue_day", "unapplied_kpi"]).expect("views");
    let covered =
        super::sums(&ledger, "select currency, scope_key, covered_amount from overdue_day where observation = 'end'");
    let phantom = super::sums(
        &ledger,
        "select currency, scope_key, numerator from unapplied_kpi where metric = 'phantom_past_due'",
    );
    assert_eq!(covered, phantom);
    assert!(covered.values().any(|amount| *amount > 0));
}
