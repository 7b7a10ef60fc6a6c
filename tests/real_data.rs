//! Real data, where the machine has it: what it must give is computed from its files or stated beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Dir, real_data, rows, units};

type Row = BTreeMap<String, String>;

fn csv_file(path: &Path) -> Vec<Row> {
    rows(&std::fs::read_to_string(path).expect("a CSV file"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is a number"))
}

/// Loads through the mapping and gives the report as JSON.
fn load(dir: &Dir, source: &str, files: &[PathBuf]) -> Value {
    let mut arguments = vec!["load", "--source", source, "-f", "json"];
    arguments.extend(files.iter().map(|file| text(file)));
    serde_json::from_str(&dir.ok(&arguments)).expect("a load report in JSON")
}

/// The notes of a load report, joined.
fn notes(report: &Value) -> String {
    let tables = report.as_array().expect("a list of tables").iter();
    tables.flat_map(|table| table["notes"].as_array().expect("notes")).map(|note| format!("{note}\n")).collect()
}

// ---- IBM late payment histories

fn ibm_ledger(folder: &Path, file: &str) -> (Dir, String) {
    let dir = Dir::new();
    let notes = notes(&load(&dir, "ibm", &[folder.join(file)]));
    (dir, notes)
}

#[test]
fn the_two_copies_of_ibm_load_alike_whatever_their_date_order_and_zeros() {
    let Some(folder) = real_data("ibm") else { return };
    let (one, one_notes) = ibm_ledger(&folder, "WA_Fn-UseC_-Accounts-Receivable.csv");
    let (two, two_notes) = ibm_ledger(&folder, "variant_ddmmyyyy_pedroteles.csv");
    assert!(one_notes.contains("dates are read as M/D/YYYY"), "{one_notes}");
    assert!(two_notes.contains("dates are read as DD/MM/YYYY"), "{two_notes}");
    assert!(one_notes.contains("a receipt of the full amount on that day is implied"), "{one_notes}");
    let items =
        "select item_id, customer_id, kind, issued_on, posted_on, due_on, currency, amount from item order by all";
    let settled = "select credit_item_id, debit_item_id, amount, applied_on from application order by all";
    for query in [items, settled] {
        assert!(one.ok(&["sql", query]) == two.ok(&["sql", query]), "the copies differ in {query}");
    }
    let source = csv_file(&folder.join("WA_Fn-UseC_-Accounts-Receivable.csv"));
    assert_eq!(rows(&one.ok(&["sql", items])).len(), 2 * source.len(), "invoices, and what their settling implies");
}

/// Count, and amount in ten-thousandths, of the named buckets on a day.
fn in_buckets(aging: &[Row], on: &str, buckets: &[&str]) -> (i128, i128) {
    let chosen = aging.iter().filter(|r| r["as_of"] == on && (buckets.is_empty() || buckets.contains(&&*r["bucket"])));
    chosen.fold((0, 0), |(n, amount), r| (n + units(&r["item_count"]) / 10_000, amount + units(&r["open_amount"])))
}

fn dso_of<'a>(trend: &'a [Row], on: &str, method: &str) -> &'a Row {
    trend.iter().find(|r| r["as_of"] == on && r["method"] == method).unwrap_or_else(|| panic!("no {method} on {on}"))
}

#[test]
fn the_golden_figures_of_ibm_are_reproduced_for_every_month_end() {
    let Some(folder) = real_data("ibm") else { return };
    let golden = csv_file(&folder.join("golden_month_end_kpis.csv"));
    assert_eq!(golden.len(), 25);
    let (dir, _) = ibm_ledger(&folder, "WA_Fn-UseC_-Accounts-Receivable.csv");
    let (mut aging, mut dso) = (Vec::new(), Vec::new());
    // A pack holds 13 month ends.
    for (out, as_of) in [("a", &golden[12]["as_of"]), ("b", &golden[24]["as_of"])] {
        dir.ok(&["report", "--out", out, "--as-of", as_of]);
        let trend = |name: &str| {
            let all = csv_file(&dir.path().join(out).join(name)).into_iter();
            all.filter(|r| out == "a" || r["as_of"] > golden[12]["as_of"]).collect::<Vec<_>>()
        };
        aging.extend(trend("aging_trend.csv"));
        dso.extend(trend("dso_trend.csv"));
    }
    for month in &golden {
        let on = month["as_of"].as_str();
        let wanted = |column: &str| (number(&month[column]) * 10_000.0).round() as i128;
        let (count, amount) = in_buckets(&aging, on, &[]);
        assert_eq!((count * 10_000, amount), (wanted("open_n"), wanted("open_amt")), "{on}");
        let buckets: [(&str, &[&str]); 4] =
            [("current_amt", &["not_due"]), ("d1_30", &["1-30"]), ("d31_60", &["31-60"]), ("d60p", &["61-90", "91+"])];
        for (column, names) in buckets {
            assert_eq!(in_buckets(&aging, on, names).1, wanted(column), "{column} on {on}");
        }
        assert_eq!(units(&dso_of(&dso, on, "simple")["sales_amount"]), wanted("sales_90d"), "{on}");
        // Golden figures are rounded to 4 places; the delinquent one is the difference of two that were.
        for (column, method, within) in [
            ("dso_90d", "simple", 6e-5),
            ("best_possible_dso_90d", "best_possible", 6e-5),
            ("avg_days_delinquent", "delinquent", 1.1e-4),
            ("dso_countback_months", "count_back", 6e-5),
        ] {
            let found = number(&dso_of(&dso, on, method)["dso_days"]);
            assert!((found - number(&month[column])).abs() < within, "{column}: {found}, not as in {month:?}");
        }
    }
}

#[test]
fn the_golden_cei_of_ibm_is_reproduced_for_every_month() {
    let Some(folder) = real_data("ibm") else { return };
    let (dir, _) = ibm_ledger(&folder, "WA_Fn-UseC_-Accounts-Receivable.csv");
    let mut from = "2011-12-31".to_owned();
    for month in csv_file(&folder.join("golden_month_end_kpis.csv")) {
        let kpi = rows(&dir.ok(&["kpi", "--from", &from, "--as-of", &month["as_of"]]));
        let cei = kpi.iter().find(|r| r["metric"] == "cei").expect("a cei");
        assert!((number(&cei["value"]) - number(&month["cei_month_pct"])).abs() < 6e-5, "{cei:?}, not {month:?}");
        from.clone_from(&month["as_of"]);
    }
}

// ---- HighRadius: cleared and open items of one SAP ledger

fn stripped(customer: &str) -> &str {
    customer.trim_start_matches('0')
}

#[test]
fn highradius_loads_whole_with_every_trap_handled_or_reported() {
    let Some(folder) = real_data("highradius") else { return };
    let files = [folder.join("closed_dev_32000.csv"), folder.join("open_extractA_9681.csv")];
    let (closed, open) = (csv_file(&files[0]), csv_file(&files[1]));
    let master = csv_file(&folder.join("customers_seen_in_open.csv"));
    let companies: BTreeMap<&str, &str> =
        master.iter().map(|r| (stripped(&r["cust_number"]), &*r["business_code"])).collect();
    let dir = Dir::new();
    let report = load(&dir, "highradius", &files);
    assert!(report.as_array().expect("tables").iter().all(|table| table["rows_rejected"] == 0), "{report}");

    // Cleared rows name no company: it is looked up by the stripped number; where it is not found, this is said.
    let mut expected: BTreeMap<(String, String), (i128, i128)> = BTreeMap::new();
    let mut add = |company: &str, amount: &str| {
        let currency = if company == "CA02" { "CAD" } else { "USD" };
        let sum = expected.entry((company.to_owned(), currency.to_owned())).or_default();
        *sum = (sum.0 + 1, sum.1 + units(amount));
    };
    for r in &closed {
        add(companies.get(stripped(&r["cust_number"])).copied().unwrap_or("unknown"), &r["total_open_amount"]);
    }
    open.iter().for_each(|r| add(&r["business_code"], &r["total_open_amount"]));
    let query =
        "select company, currency, count(*) as n, sum(amount) as s from item where kind = 'invoice' group by all";
    let found = rows(&dir.ok(&["sql", query])).into_iter();
    let found =
        found.map(|r| ((r["company"].clone(), r["currency"].clone()), (units(&r["n"]) / 10_000, units(&r["s"]))));
    assert_eq!(found.collect::<BTreeMap<_, _>>(), expected);
    let unknown = closed.iter().filter(|r| !companies.contains_key(stripped(&r["cust_number"]))).count();
    assert!(notes(&report).contains(&format!("{unknown} rows: the customer is not in customers_seen_in_open.csv")));

    // Two spellings of a number are one customer, and equal rows stay apart.
    let customers: BTreeSet<&str> = closed.iter().chain(&open).map(|r| stripped(&r["cust_number"])).collect();
    let counts =
        "select count(distinct customer_id) as customers, count(*) filter (where kind = 'invoice') as invoices,
       count(*) filter (where kind = 'receipt') as receipts from item";
    let counts = &rows(&dir.ok(&["sql", counts]))[0];
    assert_eq!(counts["customers"], customers.len().to_string());
    assert_eq!(counts["invoices"], (closed.len() + open.len()).to_string());
    assert_eq!(counts["receipts"], closed.len().to_string(), "one implied by each clearing date");
    let copy = |r: &Row| ["cust_number", "total_open_amount", "due_in_date", "clear_date"].map(|name| r[name].clone());
    let copies = closed.len() - closed.iter().map(copy).collect::<BTreeSet<_>>().len();
    let kept = "select count(*) - count(distinct (i.customer_id, i.amount, i.due_on, a.applied_on)) as copies
       from item i join application a on a.debit_item_id = i.item_id";
    assert_eq!(rows(&dir.ok(&["sql", kept]))[0]["copies"], copies.to_string());

    let ends = "2019-02-28 2019-03-31 2019-04-30 2019-05-31 2019-06-30 2019-07-31 2019-08-31 2019-09-30";
    let ends: Vec<&str> = ends.split(' ').collect();
    for month in ends.windows(2) {
        let lines = rows(&dir.ok(&["rollforward", "--from", month[0], "--as-of", month[1]]));
        let differences: Vec<_> = lines.iter().filter(|r| r["line"] == "difference").collect();
        assert_eq!(differences.len(), 2, "CAD and USD: {lines:?}");
        assert!(differences.iter().all(|r| units(&r["amount"]) == 0), "{lines:?}");
    }
}

// ---- QuickBooks: a mapping of one's own

const QUICKBOOKS: &str = r#"name = "quickbooks"
version = 1
values = { date_formats = ["YYYY-MM-DD"] }
[[table]]
table = "item"
[table.columns]
item_id = "id"
customer_id = "customer_id"
kind = { constant = "invoice" }
issued_on = "transaction_date"
due_on = "due_date"
currency = "currency_id"
amount = "total_amount"
"#;

#[test]
fn quickbooks_invoices_load_through_a_mapping_and_deleted_ones_are_reported() {
    let Some(folder) = real_data("quickbooks") else { return };
    let file = folder.join("invoice_data.csv");
    let (deleted, kept): (Vec<_>, Vec<_>) =
        csv_file(&file).into_iter().partition(|r| r["_fivetran_deleted"].eq_ignore_ascii_case("true"));
    let dir = Dir::new();
    dir.file("quickbooks.toml", QUICKBOOKS);
    let run = dir.run(&["load", "--source", "quickbooks.toml", "-f", "json", text(&file)]);
    assert_eq!(run.code, 1, "what was deleted softly has neither customer nor amount left: {run:?}");
    let report: Value = serde_json::from_str(&run.stdout).expect("a load report in JSON");
    assert_eq!(report[0]["rows_rejected"], deleted.len());
    assert_eq!(report[0]["rows_loaded"], kept.len());
    let aging = rows(&dir.ok(&["aging", "--as-of", "2021-02-28"]));
    for currency in ["EUR", "USD"] {
        let billed = kept.iter().filter(|r| r["currency_id"] == currency).map(|r| units(&r["total_amount"]));
        let owed = aging.iter().filter(|r| r["currency"] == currency).map(|r| units(&r["open_amount"]));
        assert_eq!(owed.sum::<i128>(), billed.sum::<i128>(), "{currency}");
    }
}

// ---- ERPNext: the receivables report's own test cases

/// Cases that a ledger of items and applications does not have, and why.
const NOT_APPLICABLE: [(&str, &str); 2] = [
    ("fx_revaluation", "no book value in a second currency is kept, so there is nothing to revalue"),
    ("missing_party_on_ledger_line", "an item without a customer is a rejected row, kept and shown with its line"),
];
const ANY_TOTAL: i128 = 1_180_000; // the G of a case
const TODAY: &str = "2024-03-31";
const TOMORROW: &str = "2024-04-01";

/// One item of a case; `left` is what is open of it, both in ten-thousandths without sign.
#[derive(Debug)]
struct Line {
    voucher: String,
    kind: &'static str,
    unit: String,
    on: &'static str,
    due: String,
    currency: &'static str,
    amount: i128,
    left: i128,
}

/// A case as items and applications; its customer is its id.
#[derive(Debug, Default)]
struct Book {
    lines: Vec<Line>,
    applied: Vec<(usize, usize, i128, &'static str)>,
}

fn money(value: &Value) -> i128 {
    match value.as_str() {
        Some("G") => ANY_TOTAL,
        Some("G/2") => ANY_TOTAL / 2,
        _ => units(&value.to_string()),
    }
}

fn day(event: &Value) -> &'static str {
    match event["date"].as_str() {
        Some("T-1") => "2024-03-30",
        Some("T+1") => TOMORROW,
        _ => TODAY,
    }
}

/// Due date and share in hundredths of each term; a single one of 30 days without a schedule.
fn terms(event: &Value) -> Vec<(&'static str, i128)> {
    match event["schedule"].as_str() {
        Some(text) if text.starts_with("split_30_50_20") || text == "60/100/40" => {
            vec![("2024-04-30", 30), ("2024-05-30", 50), ("2024-06-29", 20)]
        }
        Some("50% due T, 50% due T+30") => vec![(TODAY, 50), ("2024-04-30", 50)],
        None => vec![("2024-04-30", 100)],
        Some(other) => panic!("a schedule not known: {other}"),
    }
}

impl Book {
    fn of(case: &Value) -> Self {
        let mut book = Self::default();
        for event in case["events"].as_array().expect("events") {
            if event["invoice"].is_string() { book.bill(event) } else { book.credit(event) }
        }
        book
    }

    fn push(&mut self, voucher: &str, kind: &'static str, event: &Value, amount: i128) -> usize {
        let is_usd = event.as_object().expect("an event").keys().any(|key| key.ends_with("_usd"));
        let unit = event["cost_center"].as_str().or(event["sales_partner"].as_str()).unwrap_or_default().to_owned();
        let (currency, voucher) = (if is_usd { "USD" } else { "EUR" }, voucher.to_owned());
        let (on, due, left) = (day(event), String::new(), amount);
        self.lines.push(Line { voucher, kind, unit, on, due, currency, amount, left });
        self.lines.len() - 1
    }

    fn bill(&mut self, event: &Value) {
        let voucher = event["invoice"].as_str().expect("a voucher");
        let total = money(event.get("amount_usd").unwrap_or(&event["amount"]));
        for (due, share) in terms(event) {
            let line = self.push(voucher, "invoice", event, total * share / 100);
            self.lines[line].due = due.to_owned();
            // An advance is spread over the terms alike.
            if event["auto_allocate_advance"] == true {
                let advance = self.lines.iter().position(|l| l.kind == "receipt").expect("an advance");
                let part = self.lines[advance].amount * share / 100;
                self.settle(advance, line, part, TODAY);
            }
        }
        if let Some(paid) = event.get("paid_at_sale") {
            let receipt = self.push("POS", "receipt", event, money(paid));
            self.apply(receipt, voucher, i128::MAX);
        }
    }

    /// Money, credit notes and journals.
    fn credit(&mut self, event: &Value) {
        let field = |names: &[&str]| names.iter().find_map(|name| event.get(*name));
        if let Some(moved) = event["journal"].as_str() {
            // "debit CN1 100 / credit INV2 100"
            let words: Vec<&str> = moved.split_whitespace().collect();
            let note = self.lines.iter().position(|l| l.voucher == words[1]).expect("the credit note");
            self.apply(note, words[5], units(words[6]));
        } else if let Some(amount) = event.get("credit_note") {
            let note = self.push("CN1", "credit_note", event, money(amount));
            let is_alone =
                event["mode"] == "own outstanding" || event["standalone_because_invoice_partly_paid"] == true;
            if let Some(voucher) = event["against"].as_str().filter(|_| !is_alone) {
                self.apply(note, voucher, i128::MAX);
            }
        } else if let Some(amount) = field(&["advance_payment", "advance_usd"]) {
            self.push("ADV", "receipt", event, money(amount));
        } else if let Some(amount) = event.get("journal_credit_to_customer") {
            self.push("JV", "adjustment", event, money(amount));
        } else if let Some(amount) = field(&["payment", "payment_usd", "journal_receipt"]) {
            self.pay(event, amount);
        } else {
            panic!("an event not known: {event}");
        }
    }

    fn pay(&mut self, event: &Value, amount: &Value) {
        let parts = amount.as_object().or(event["allocate"].as_object());
        let total = amount.as_object().map_or_else(|| money(amount), |parts| parts.values().map(money).sum());
        let receipt = self.push("PAY", "receipt", event, total);
        match (parts, event["against"].as_str()) {
            (Some(parts), _) => {
                let debit = parts.iter().find(|(_, part)| money(part) > 0).expect("an invoice").0;
                // A negative part is a credit note taken together with the money.
                for (voucher, part) in parts.iter().filter(|(_, part)| money(part) < 0) {
                    let note = self.lines.iter().position(|l| l.voucher.starts_with(voucher)).expect("a credit note");
                    self.settle_on(note, debit, -money(part), day(event));
                }
                for (voucher, part) in parts.iter().filter(|(_, part)| money(part) > 0) {
                    self.apply(receipt, voucher, money(part));
                }
            }
            (None, voucher) => self.apply(receipt, voucher.unwrap_or("INV1"), i128::MAX),
        }
    }

    /// Settles the terms of a voucher, oldest first, with up to `most` of a credit.
    fn apply(&mut self, credit: usize, voucher: &str, most: i128) {
        let on = self.lines[credit].on;
        self.settle_on(credit, voucher, most, on);
    }

    fn settle_on(&mut self, credit: usize, voucher: &str, most: i128, on: &'static str) {
        let mut most = most;
        for debit in 0..self.lines.len() {
            if self.lines[debit].voucher == voucher && self.lines[debit].kind == "invoice" {
                let part = most.min(self.lines[credit].left).min(self.lines[debit].left);
                most -= part;
                self.settle(credit, debit, part, on);
            }
        }
    }

    fn settle(&mut self, credit: usize, debit: usize, part: i128, on: &'static str) {
        if part > 0 {
            self.applied.push((credit, debit, part, on));
            self.lines[credit].left -= part;
            self.lines[debit].left -= part;
        }
    }

    fn write(&self, case: &str, items: &mut String, applications: &mut String) {
        let decimal = |units: i128| format!("{}.{:04}", units / 10_000, units % 10_000);
        for (n, line) in self.lines.iter().enumerate() {
            let Line { voucher, kind, unit, on, due, currency, amount, .. } = line;
            let (sign, amount) = (if *kind == "invoice" { "" } else { "-" }, decimal(*amount));
            items.push_str(&format!(
                "{case}:{n}:{voucher},{case}:{voucher},{case},{kind},{on},{due},{currency},{sign}{amount},{unit}\n"
            ));
        }
        for (credit, debit, part, on) in &self.applied {
            let id = |n: &usize| format!("{case}:{n}:{}", self.lines[*n].voucher);
            applications.push_str(&format!("{},{},{},{on}\n", id(credit), id(debit), decimal(*part)));
        }
    }
}

/// What a case expects of its rows, each with its voucher where it is named.
fn expected_rows(case: &Value) -> Vec<(Option<&str>, &Value)> {
    let single = ["expect_row", "expect_first_row", "expect_last_row", "expect_usd"].map(|name| &case[name]);
    let listed = case["expect_rows"].as_array().into_iter().flatten();
    let listed = single.into_iter().filter(|row| row.is_object()).chain(listed);
    let named = case["expect_rows"].as_object().into_iter().flatten();
    let named = named.map(|(voucher, row)| (Some(voucher.as_str()), row));
    listed.map(|row| (row["voucher"].as_str(), row)).chain(named).collect()
}

/// Compares a row of a case with the item it stands for: today, and tomorrow, when the future payments have come.
fn compare(expected: &Value, item: &Row, [today, tomorrow]: [i128; 2], document_total: i128) {
    let amount = units(&item["amount"]);
    let cleared = if amount > 0 { amount - today } else { -today };
    let is_posted = item["posted_on"].as_str() <= TODAY;
    for (column, value) in expected.as_object().expect("a row") {
        let found = match column.as_str() {
            "invoiced" | "invoiced_acct" => amount.max(0),
            "grand_total" => document_total.max(0),
            "outstanding" | "outstanding_acct" if is_posted => today,
            "paid" if is_posted => cleared - expected.get("credit_note").map_or(0, money),
            "credit_note" if is_posted => cleared - expected.get("paid").map_or(0, money),
            "remaining" => tomorrow,
            "future" if is_posted => today - tomorrow,
            // The rest are names, amounts in the book currency, or of a payment that is not there yet today.
            _ => continue,
        };
        assert_eq!(found, money(value), "{column} of {item:?}");
    }
    assert!(expected.get("account_currency").is_none_or(|currency| *currency == item["currency"]), "{item:?}");
}

fn check(case: &Value, dir: &Dir, today: &[Row], tomorrow: &[Row]) {
    let id = case["id"].as_str().expect("an id");
    let open =
        |on: &[Row], item: &str| on.iter().find(|r| r["item_id"] == item).map_or(0, |r| units(&r["open_amount"]));
    let mut all: Vec<&Row> = tomorrow.iter().filter(|r| r["customer_id"] == id).collect();
    all.sort_by_key(|r| &r["item_id"]);
    let total = |document: &str| all.iter().filter(|r| r["document_no"] == document).map(|r| units(&r["amount"])).sum();
    let mut found = all.clone();
    found.retain(|r| open(today, &r["item_id"]) != 0 || open(tomorrow, &r["item_id"]) != 0);
    if let Some(owner) = case["filter"]["sales_partner"].as_str() {
        let owned = rows(&dir.ok(&["items", "--as-of", TODAY, "--customer", id, "--business-unit", owner]));
        found.retain(|r| owned.iter().any(|o| o["item_id"] == r["item_id"]));
    }
    let expected = expected_rows(case);
    for (n, (voucher, row)) in expected.iter().enumerate() {
        let by_name = |v: &str| found.iter().find(|r| r["document_no"].starts_with(&format!("{id}:{v}")));
        let n = if case["expect_last_row"].is_object() { found.len() - 1 } else { n };
        let item = voucher.map_or(found.get(n), by_name).unwrap_or_else(|| panic!("{id}: no {voucher:?}: {found:?}"));
        compare(row, item, [today, tomorrow].map(|on| open(on, &item["item_id"])), total(&item["document_no"]));
        if let Some(unit) = row["cost_center"].as_str() {
            let aging = rows(&dir.ok(&["aging", "--as-of", TODAY, "--by", "business_unit", "--customer", id]));
            let owed = aging.iter().filter(|r| r["business_unit"] == unit).map(|r| units(&r["open_amount"]));
            assert_eq!(owed.sum::<i128>(), money(&row["outstanding"]), "{id}: the invoice's unit, not the payment's");
        }
    }
    let count = case["expect_row_count"].as_u64().or(case["expect_rows"].as_array().map(|rows| rows.len() as u64));
    assert!(count.is_none_or(|count| count == found.len() as u64), "{id}: {found:?}");
    let sum: i128 = found.iter().map(|r| open(today, &r["item_id"])).sum();
    let totals = case["expect_totals"].as_object().into_iter().flat_map(|totals| totals.values());
    totals.for_each(|total| assert_eq!([&total["invoiced"], &total["outstanding"]].map(money), [sum; 2], "{id}"));
    for (n, base) in case["expect_outstanding_base"].as_array().into_iter().flatten().enumerate() {
        let rate = units(&case["events"][0]["rate"].to_string()) / 10_000;
        assert_eq!(open(today, &found[n]["item_id"]) * rate, money(base), "{id}: {found:?}");
    }
}

#[test]
fn the_cases_of_erpnext_hold_where_they_apply() {
    let Some(folder) = real_data("erpnext_cases") else { return };
    let file = std::fs::read_to_string(folder.join("ar_report_cases.json")).expect("the cases");
    let file: Value = serde_json::from_str(&file).expect("JSON");
    let cases = file["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 27);
    let applies = |case: &&Value| NOT_APPLICABLE.iter().all(|(id, _)| case["id"] != *id);
    let mut items = "item_id,document_no,customer_id,kind,issued_on,due_on,currency,amount,business_unit\n".to_owned();
    let mut applications = "credit_item_id,debit_item_id,amount,applied_on\n".to_owned();
    for case in cases.iter().filter(applies) {
        Book::of(case).write(case["id"].as_str().expect("an id"), &mut items, &mut applications);
    }
    let dir = Dir::new();
    dir.file("in/item.csv", items);
    dir.file("in/application.csv", applications);
    dir.ok(&["load", "in"]);
    let [today, tomorrow] = [TODAY, TOMORROW].map(|on| rows(&dir.ok(&["items", "--all", "--as-of", on])));
    let (checked, passed_over): (Vec<_>, Vec<_>) = cases.iter().partition(applies);
    assert_eq!(passed_over.len(), NOT_APPLICABLE.len());
    checked.into_iter().for_each(|case| check(case, &dir, &today, &tomorrow));
}
