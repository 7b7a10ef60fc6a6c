//! `index.html`: what matters first, why it can be trusted, then a section a question.

use std::collections::BTreeMap;

use super::super::proof::CHECK_FAILED;
use super::{Made, PackFile};
use crate::domain::money::Money;
use crate::error::Error;
use crate::render::html::{Drill, LeadFigure, LeadGroup, Level, Page, Part};
use crate::sheet::{Cell, Kind, Sheet};

/// Rows of a table shown on the page; all of them are in its CSV.
const PAGE_ROWS: usize = 200;
/// Rows of customers and of items behind the buckets, so that the page of the largest book stays under 5 MB.
const CUSTOMER_ROWS: usize = 4_000;
const ITEM_ROWS: usize = 12_000;

pub(super) fn page(made: &Made) -> Result<Vec<PackFile>, Error> {
    let headline = made.sheet("headline");
    let (alerts, proof) = proof_lines(made);
    // What the page opens with has no section again.
    let sections = made.reports.iter().filter(|(_, sheet)| sheet.name != "headline");
    let page = Page {
        title: super::title(&made.run),
        alerts,
        proof,
        lead: headline.map(lead).unwrap_or_default(),
        lead_notes: headline.map(|sheet| sheet.notes.clone()).unwrap_or_default(),
        parts: sections.map(|(report, sheet)| part(report.answers, sheet)).collect(),
        drill: drill(made),
    };
    Ok(vec![PackFile { name: "index.html".to_owned(), bytes: page.render()?.into_bytes() }])
}

/// Alerts, and why the figures can be trusted.
pub(super) fn proof_lines(made: &Made) -> (Vec<String>, Vec<String>) {
    let (mut alerts, mut proof) = (made.proof.alerts.clone(), made.proof.lines.clone());
    if let Some(rollforward) = made.sheet("rollforward") {
        movement_lines(rollforward, &mut alerts, &mut proof);
    }
    proof.extend(made.sheet("aging").map(undated_lines).unwrap_or_default());
    if made.sheet("rejected_rows").is_some_and(|sheet| sheet.row_count() == 0) {
        proof.push("No row of the loaded files was rejected.".to_owned());
    }
    if !alerts.iter().any(|alert| alert.starts_with(CHECK_FAILED)) {
        let warned = made.sheet("checks").map(warnings).unwrap_or_default();
        proof.push(format!("No check of the ledger failed{warned}."));
    }
    (alerts, proof)
}

/// `; 2 of them warn (426 findings)`, where checks that are no errors found something.
fn warnings(checks: &Sheet) -> String {
    let Some(at) = checks.column_index("finding_count") else { return String::new() };
    let found = || checks.cells(at).filter_map(|cell| if let Cell::Count(count) = cell { Some(count) } else { None });
    let (checks, findings) = (found().filter(|count| *count > 0).count(), found().sum::<i64>());
    match (checks, findings) {
        (0, _) => String::new(),
        (1, 1) => "; one warns (1 finding)".to_owned(),
        (1, _) => format!("; one warns ({findings} findings)"),
        _ => format!("; {checks} warn ({findings} findings)"),
    }
}

/// What has no due date can never be overdue: a sentence a currency.
fn undated_lines(aging: &Sheet) -> Vec<String> {
    let place = |name| aging.column_index(name).unwrap_or_default();
    let [currency, bucket, amount] = ["currency", "bucket", "open_amount"].map(place);
    let mut sums: BTreeMap<&str, Money> = BTreeMap::new();
    for row in aging.rows() {
        if let (Cell::Text(currency), Cell::Text("no_due_date"), Cell::Amount(amount)) =
            (row[currency], row[bucket], row[amount])
        {
            *sums.entry(currency).or_insert(Money::ZERO) += amount;
        }
    }
    let undated = sums.into_iter().filter(|(_, amount)| *amount != Money::ZERO);
    undated
        .map(|(currency, amount)| {
            format!("{currency} {} of open items has no due date, and is in no overdue figure.", amount.grouped())
        })
        .collect()
}

fn part<'a>(answers: &str, sheet: &'a Sheet) -> Part<'a> {
    Part {
        anchor: sheet.name.clone(),
        heading: question(answers),
        sheet,
        csv_name: Some(format!("{}.csv", sheet.name)),
        max_rows: Some(PAGE_ROWS),
    }
}

/// `what is owed` as a heading.
pub(super) fn question(answers: &str) -> String {
    let mut chars = answers.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}?", first.to_uppercase(), chars.as_str()))
}

/// The figures of the headline, a group a currency.
fn lead(sheet: &Sheet) -> Vec<LeadGroup<'_>> {
    let place = |name| sheet.column_index(name).unwrap_or_default();
    let [currency, figure, unit, note] = ["currency", "figure", "unit", "note"].map(place);
    let amounts = ["amount", "change_amount"].map(place);
    let values = ["value", "change_value"].map(place);
    let mut groups: Vec<LeadGroup<'_>> = Vec::new();
    for row in sheet.rows() {
        let text = |at: usize| if let Cell::Text(text) = row[at] { text } else { "" };
        let hundredth = |cell| if let Cell::Number(x) = cell { Cell::Number(x / 100.0) } else { cell };
        let (kind, unit, [value, change]) = match text(unit) {
            "amount" => (Kind::Amount, "", amounts.map(|at| row[at])),
            "rate" => (Kind::Rate, "", values.map(|at| row[at])),
            "percent" => (Kind::Rate, "", values.map(|at| hundredth(row[at]))),
            unit => (Kind::Number, unit, values.map(|at| row[at])),
        };
        let shown =
            LeadFigure { label: text(figure).to_owned(), value, change, kind, unit, note: text(note).to_owned() };
        match groups.last_mut().filter(|group| group.heading == text(currency)) {
            Some(group) => group.figures.push(shown),
            None => groups.push(LeadGroup { heading: text(currency).to_owned(), figures: vec![shown] }),
        }
    }
    groups
}

/// Opening + movements = closing, a sentence a currency, from the rows of the roll-forward.
fn movement_lines(rollforward: &Sheet, alerts: &mut Vec<String>, proof: &mut Vec<String>) {
    let place = |name| rollforward.column_index(name).unwrap_or_default();
    let [currency, line, amount] = ["currency", "line", "amount"].map(place);
    // Opening, movements and closing of each currency, whatever it is split by.
    let mut sums: BTreeMap<&str, [Money; 3]> = BTreeMap::new();
    for row in rollforward.rows() {
        if let (Cell::Text(currency), Cell::Text(line), Cell::Amount(amount)) = (row[currency], row[line], row[amount])
        {
            let [opening, movement, closing] = sums.entry(currency).or_insert([Money::ZERO; 3]);
            match line {
                "opening" => *opening += amount,
                "closing" => *closing += amount,
                "difference" => {}
                _ => *movement += amount,
            }
        }
    }
    if sums.is_empty() {
        proof.push("Opening 0.00 + movements 0.00 = closing 0.00: nothing was open and nothing moved.".to_owned());
    }
    for (currency, [opening, movement, closing]) in sums {
        let sign = if movement < Money::ZERO { "-" } else { "+" };
        let size = if movement < Money::ZERO { Money::ZERO - movement } else { movement };
        let sum = format!("opening {} {sign} movements {}", opening.grouped(), size.grouped());
        if opening + movement == closing {
            proof.push(format!("{currency}: {sum} = closing {}.", closing.grouped()));
        } else {
            alerts.push(format!("{currency} DOES NOT ROLL FORWARD: {sum} is not closing {}.", closing.grouped()));
        }
    }
}

/// From a bucket to its customers and on to their items, where the ageing is of the whole of each currency.
fn drill<'a>(made: &'a Made) -> Option<Drill<'a>> {
    if !made.run.by.is_empty() {
        return None;
    }
    let customers = Level {
        title: "Customers".to_owned(),
        sheet: &made.by_customer,
        keys: vec!["currency", "bucket"],
        columns: vec!["customer_id", "customer_name", "item_count", "open_amount"],
        largest_by: "open_amount",
        most: CUSTOMER_ROWS,
        csv_name: format!("{}.csv", made.by_customer.name),
    };
    let items = Level {
        title: "Items".to_owned(),
        sheet: made.sheet("items")?,
        keys: vec!["currency", "bucket", "customer_id"],
        columns: vec!["item_id", "kind", "issued_on", "due_on", "amount", "open_amount", "past_due_days"],
        largest_by: "open_amount",
        most: ITEM_ROWS,
        csv_name: "items.csv".to_owned(),
    };
    Some(Drill { anchor: "aging".to_owned(), levels: vec![customers, items] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Column;

    fn rollforward(closing: i128) -> Sheet {
        let columns = vec![
            Column::new("currency", Kind::Text),
            Column::new("line", Kind::Text),
            Column::new("amount", Kind::Amount),
        ];
        let lines = [("opening", 100), ("invoice", 50), ("receipt", -70), ("closing", closing), ("difference", 0)];
        let row =
            |(line, whole)| [Cell::Text("EUR"), Cell::Text(line), Cell::Amount(Money::from_units(whole * 10_000))];
        let rows: Vec<Vec<Cell<'_>>> = lines.into_iter().map(|line| row(line).to_vec()).collect();
        Sheet::from_rows("rollforward", "Roll-forward", columns, &rows).expect("a sheet")
    }

    #[test]
    fn the_movements_lead_from_the_opening_to_the_closing_balance_or_it_is_an_alert() {
        let (mut alerts, mut proof) = (Vec::new(), Vec::new());
        movement_lines(&rollforward(80), &mut alerts, &mut proof);
        assert_eq!(proof, ["EUR: opening 100.00 - movements 20.00 = closing 80.00."]);
        assert!(alerts.is_empty());
        movement_lines(&rollforward(81), &mut alerts, &mut proof);
        assert_eq!(alerts, ["EUR DOES NOT ROLL FORWARD: opening 100.00 - movements 20.00 is not closing 81.00."]);
    }

    #[test]
    fn a_question_is_a_heading() {
        assert_eq!(question("what is owed, and how late is it"), "What is owed, and how late is it?");
    }
}
