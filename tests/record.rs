//! Forecasts that are kept and held against what came, scenarios beside the base, and payment curves, on the shipped sample.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use duecast::ledger::store::Ledger;

use crate::support::{Dir, rows, units};

type Row = BTreeMap<String, String>;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn sample() -> Dir {
    let dir = Dir::new();
    dir.ok(&["load", text(&repository("data-samples"))]);
    dir
}

fn frozen(dir: &Dir, as_of: &str, more: &[&str]) -> String {
    let run = dir.run(&[&["forecast", "--freeze", "--week-start", "next", "--as-of", as_of], more].concat());
    assert_eq!(run.code, 0, "{run:?}");
    run.stderr
}

/// Everything that was frozen, as text.
fn record(dir: &Dir) -> String {
    ["forecast_run", "forecast_week", "forecast_item"]
        .map(|table| dir.ok(&["sql", &format!("select * from {table} order by all")]))
        .concat()
}

/// The steps of each forecast and scope of an answer.
fn bridges(answer: &str) -> Vec<Vec<Row>> {
    let rows = rows(answer);
    let same = |a: &Row, b: &Row| ["forecast_no", "currency", "company"].iter().all(|c| a.get(*c) == b.get(*c));
    rows.chunk_by(same).map(<[Row]>::to_vec).collect()
}

fn adds_up(answer: &str) -> usize {
    let bridges = bridges(answer);
    for steps in &bridges {
        let amount = |row: &Row| units(&row["amount"]);
        let [first, .., last] = steps.as_slice() else { panic!("{steps:?}") };
        assert_eq!((first["step"].as_str(), last["step"].as_str()), ("forecast", "actual"), "{steps:?}");
        let moved: i128 = steps[1..steps.len() - 1].iter().map(amount).sum();
        assert_eq!(amount(first) + moved, amount(last), "{steps:?}");
    }
    bridges.len()
}

#[test]
fn a_frozen_forecast_is_what_was_printed_and_its_items_sum_to_it() {
    let dir = sample();
    let said = frozen(&dir, "2024-09-30", &[]);
    assert!(said.contains("Frozen as forecast 1"), "{said}");
    let printed = dir.ok(&["forecast", "--week-start", "next", "--as-of", "2024-09-30"]);
    let kept = dir.ok(&["sql", "select * from forecast_week"]);
    let key = |row: &Row| [row["week_no"].clone(), row["currency"].clone(), row["line"].clone()];
    let amounts = |row: &Row| ["p10", "p50", "p90", "mean"].map(|name| units(&row[name]));
    let as_map = |csv: &str| rows(csv).iter().map(|row| (key(row), amounts(row))).collect::<BTreeMap<_, _>>();
    assert_eq!(as_map(&kept), as_map(&printed));
    let unequal = "select w.currency, w.line, w.week_no, w.mean, sum(i.expected_amount) from forecast_week w
        left join forecast_item i on i.currency = w.currency and i.line = w.line and i.week_no = w.week_no
        where w.line not in ('total', 'new_billing') group by all having coalesce(sum(i.expected_amount), 0) <> w.mean";
    assert_eq!(rows(&dir.ok(&["sql", unequal])), Vec::<Row>::new());
    let missing =
        "select item_id from open_item where not is_credit and item_id not in (select item_id from forecast_item)";
    assert_eq!(rows(&dir.ok(&["sql", missing, "--as-of", "2024-09-30"])), Vec::<Row>::new());
}

#[test]
fn freezing_twice_changes_nothing_and_a_load_leaves_the_record_alone() {
    let dir = sample();
    frozen(&dir, "2024-09-30", &[]);
    let before = record(&dir);
    let again = frozen(&dir, "2024-09-30", &[]);
    assert!(again.contains("Frozen already as forecast 1") && again.contains("nothing was changed"), "{again}");
    assert_eq!(record(&dir), before);
    let late = "item_id,customer_id,kind,issued_on,due_on,currency,amount\nLATE1,C100001,invoice,2024-09-01,2024-10-01,EUR,999999\n";
    dir.file("late.csv", late);
    dir.ok(&["load", "late.csv", "--table", "item"]);
    assert_eq!(record(&dir), before);
    let said = frozen(&dir, "2024-09-30", &[]);
    assert!(said.contains("Frozen as forecast 2"), "another snapshot is another forecast: {said}");
}

#[test]
fn the_reasons_of_a_miss_sum_exactly_to_it() {
    let dir = sample();
    frozen(&dir, "2024-06-30", &[]);
    frozen(&dir, "2024-09-30", &[]);
    frozen(&dir, "2024-09-30", &["--open-only"]);
    frozen(&dir, "2024-08-31", &["--by", "company"]);
    let compare = |more: &[&str]| dir.ok(&[&["forecast", "--compare"], more].concat());
    let miss = compare(&["--as-of", "2024-12-31"]);
    assert_eq!(adds_up(&miss), 15, "three forecasts of five currencies: {miss}");
    assert_eq!(adds_up(&compare(&["customers", "--as-of", "2024-12-31"])), 15);
    assert!(adds_up(&compare(&["--as-of", "2024-10-10", "--by", "company"])) > 5);
    // What came is what the ledger says came.
    let came = "select currency, -sum(amount) as amount from item where kind in ('receipt', 'down_payment')
        and posted_on > date '2024-09-30' and posted_on <= date '2024-12-30' and currency = 'GBP' group by currency";
    let received = units(&rows(&dir.ok(&["sql", came]))[0]["amount"]);
    let returned = "select coalesce(sum(i.amount), 0) as amount from item i join item r on r.item_id = i.reversal_of
        where r.kind in ('receipt', 'down_payment') and i.currency = 'GBP'
        and i.posted_on > date '2024-09-30' and i.posted_on <= date '2024-12-30'";
    let returned = units(&rows(&dir.ok(&["sql", returned]))[0]["amount"]);
    let actual = rows(&miss)
        .into_iter()
        .find(|row| row["forecast_no"] == "2" && row["currency"] == "GBP" && row["step"] == "actual")
        .expect("GBP came");
    assert_eq!(units(&actual["amount"]), received - returned);
    let run = dir.run(&["forecast", "--compare", "scores", "--as-of", "2024-12-31"]);
    let scores = rows(&run.stdout);
    assert!(scores.iter().any(|row| row["horizon"] == "1-4" && row["line"] == "total" && row["forecasts"] == "8"));
    for note in
        ["1 of 3 frozen forecasts is not scored", "No evidence: 2 of 2 forecasts were stored more than 7 days after"]
    {
        assert!(run.stderr.contains(note), "{note}: {}", run.stderr);
    }
    compare(&["--forecast-no", "2", "--as-of", "2024-12-31", "-o", "miss.svg"]);
    assert!(std::fs::read_to_string(dir.path().join("miss.svg")).expect("a chart").contains("Late payers"));
}

#[test]
fn the_record_refuses_what_it_cannot_answer_and_says_why() {
    let dir = sample();
    let refused = |arguments: &[&str], word: &str| {
        let run = dir.run(arguments);
        assert!(run.code == 2 && run.stderr.contains(word) && run.stdout.is_empty(), "{word}: {run:?}");
    };
    refused(&["forecast", "--compare", "--as-of", "2024-12-31"], "no forecast was frozen in this ledger");
    let ledger = dir.path().join("ledger.duckdb");
    // A ledger of before there were frozen forecasts gets their tables with the first.
    let older = Ledger::open_for_load(&ledger).expect("a ledger");
    older.run("drop table forecast_run; drop table forecast_week; drop table forecast_item").expect("tables");
    let freeze = ["forecast", "--freeze", "--as-of", "2024-12-31"];
    refused(&freeze, "is in use by another program");
    older.keep().expect("kept");
    refused(&["forecast", "--compare", "--as-of", "2024-12-31"], "no forecast was frozen in this ledger");
    dir.ok(&freeze);
    refused(&["forecast", "--compare", "--as-of", "2024-12-31"], "frozen: forecast 1 of 2024-12-31");
    refused(&["forecast", "--compare", "best", "--as-of", "2024-12-31"], "miss, customers and scores");
    refused(&["forecast", "--freeze", "--compare", "--as-of", "2024-12-31"], "cannot be used with");
    refused(&["--ledger", "none.duckdb", "forecast", "--freeze", "--as-of", "2024-12-31"], "there is no ledger here");
}

#[test]
fn shipped_scenarios_stand_beside_the_base() {
    let dir = sample();
    let plain = rows(&dir.ok(&["forecast", "--as-of", "2024-09-30"]));
    for name in ["slower_payments", "stress"] {
        let file = repository(&format!("docs/scenarios/{name}.toml"));
        let answer = rows(&dir.ok(&["forecast", "--as-of", "2024-09-30", "--scenario", text(&file)]));
        let (base, then): (Vec<&Row>, Vec<&Row>) = answer.iter().partition(|row| row["scenario"] == "base");
        assert_eq!((base.len(), then.len()), (plain.len(), plain.len()));
        let is_same = |(base, plain): (&&Row, &Row)| plain.iter().all(|(column, cell)| base[column] == *cell);
        assert!(base.iter().zip(&plain).all(|pair| is_same((pair.0, pair.1))), "{name}: the base is the forecast");
        for (base, then) in base.iter().zip(&then) {
            assert_eq!(units(&then["difference"]), units(&then["mean"]) - units(&base["mean"]));
            if base["line"] == "total" {
                let so_far = |row: &Row| units(&row["cumulative_mean"]);
                assert!(so_far(then) < so_far(base), "{name}: {then:?}");
            }
        }
    }
}

#[test]
fn a_scenario_that_cannot_be_is_refused_with_what_there_is() {
    let dir = sample();
    let cases = [
        ("name = \"x\"\n", "changes nothing"),
        ("name = \"x\"\n[[change]]\nsegment = [\"key_account\"]\n", "change 1: says nothing that changes"),
        ("name = \"x\"\n[[change]]\nslow = 3\n", "unknown field `slow`"),
        ("name = \"x\"\n[[change]]\nslower_days = 0\n", "slower_days = 0: a number of days from 1 to 365"),
        ("name = \"x\"\n[[change]]\nbilling_falls_rate = 20\n", "a share from 0 to 1"),
        ("name = \"x\"\n[[change]]\ncompany = []\nslower_days = 1\n", "company = []: name at least one"),
        ("name = \"base\"\n[[change]]\nslower_days = 1\n", "a name of its own"),
        (
            "name = \"x\"\n[[change]]\nsegment = [\"keys\"]\nslower_days = 1\n",
            "there is no segment \"keys\"; there are key_account, mid_market, public_sector, small_business",
        ),
        (
            "name = \"x\"\n[[change]]\ncustomer = [\"C0\"]\nslower_days = 1\n",
            "there is no customer \"C0\"; there are C1",
        ),
    ];
    for (scenario, word) in cases {
        dir.file("what_if.toml", scenario);
        let run = dir.run(&["forecast", "--as-of", "2024-09-30", "--scenario", "what_if.toml"]);
        assert!(run.code == 2 && run.stderr.contains(word), "{word}: {run:?}");
    }
    let run = dir.run(&["forecast", "--as-of", "2024-09-30", "--scenario", "none.toml"]);
    assert!(run.code == 2 && run.stderr.contains("none.toml: cannot be read as a scenario"), "{run:?}");
}

#[test]
fn a_customers_curve_rises_beside_those_of_its_segment_and_the_book() {
    let dir = sample();
    let explain = |more: &[&str]| dir.run(&[&["explain", "payment_curve"], more].concat());
    let run = explain(&["--customer", "C100068", "--as-of", "2024-12-31"]);
    assert_eq!(run.code, 0, "{run:?}");
    let answer = rows(&run.stdout);
    let curves: Vec<&[Row]> = answer.chunk_by(|a, b| a["curve_no"] == b["curve_no"]).collect();
    let names: Vec<&str> = curves.iter().map(|curve| curve[0]["curve"].as_str()).collect();
    assert_eq!(names, ["C100068", "segment key_account", "the book"]);
    for curve in curves {
        let paid: Vec<f64> = curve.iter().map(|row| row["paid_rate"].parse().expect("a rate")).collect();
        assert!(paid.windows(2).all(|pair| pair[0] <= pair[1]) && paid[0] >= 0.0, "{paid:?}");
        assert!(paid.last().is_some_and(|last| (0.5..=1.0).contains(last)), "{paid:?}");
        assert_eq!(curve.last().expect("a day")["days_since_due"], "120");
    }
    let run = explain(&["--customer", "NOBODY", "--as-of", "2024-12-31"]);
    assert!(run.code == 2 && run.stderr.contains("customer NOBODY was not billed"), "{run:?}");
    let run = explain(&["--as-of", "2024-12-31"]);
    assert!(run.code == 2 && run.stderr.contains("--customer ID --as-of DATE"), "{run:?}");
}

#[test]
fn a_backtest_is_the_forecast_of_its_day_and_scores_it_as_the_record_does() {
    let dir = sample();
    let day = "2024-06-30";
    let points = |more: &[&str]| -> Vec<Row> {
        let asked = ["backtest", "--from", day, "--to", day, "--points", "-f", "csv"];
        rows(&dir.ok(&[&asked[..], more].concat())).into_iter().filter(|row| row["method"] == "duecast").collect()
    };
    let forecast = rows(&dir.ok(&["forecast", "--as-of", day, "--known-at", day, "--week-start", "next", "-f", "csv"]));
    let backtest = points(&[]);
    assert_eq!(backtest.len(), 65);
    for point in &backtest {
        let is_same = |row: &&Row| {
            row["line"] == "total" && row["week_no"] == point["week_no"] && row["currency"] == point["currency"]
        };
        let week = forecast.iter().find(is_same).expect("a week of the forecast");
        for value in ["p10", "p50", "p90"] {
            assert_eq!(week[value], point[value], "{point:?}");
        }
        // A total is the sum of its lines as they are printed.
        assert!((units(&week["mean"]) - units(&point["mean"])).abs() <= 300, "{point:?}");
    }
    // What came of a week is the same however far ahead is looked, and is what the record of frozen forecasts says.
    let came = |points: &[Row], weeks: i64| -> BTreeMap<String, i128> {
        let mut sums = BTreeMap::new();
        for row in points.iter().filter(|row| row["week_no"].parse::<i64>().expect("a week") <= weeks) {
            *sums.entry(row["currency"].clone()).or_default() += units(&row["actual"]);
        }
        sums
    };
    let short = came(&points(&["--open-only", "--weeks", "5"]), 5);
    assert_eq!(short, came(&points(&["--open-only", "--weeks", "13"]), 5));
    frozen(&dir, day, &["--open-only", "--weeks", "5", "--known-at", day]);
    let answer = rows(&dir.ok(&["forecast", "--compare", "--as-of", "2024-12-31", "-f", "csv"]));
    for step in answer.iter().filter(|row| row["step"] == "actual") {
        assert_eq!(units(&step["amount"]), short[&step["currency"]], "{step:?}");
    }
}

#[test]
fn what_becomes_of_a_customer_later_is_not_in_the_forecast_of_a_past_day() {
    let dir = sample();
    let backtest = |by: &str| {
        let asked =
            ["backtest", "--from", "2024-06-30", "--to", "2024-06-30", "--points", "--by", by, "--currency", "EUR"];
        dir.ok(&[&asked[..], &["-f", "csv"]].concat())
    };
    let before = ["segment", "collector"].map(backtest);
    let customers = rows(&std::fs::read_to_string(repository("data-samples/customer.csv")).expect("customers"));
    let mut later = "customer_id,valid_from,name,segment,country\n".to_owned();
    let mut assigned = "customer_id,collector_id,from_on,cover\n".to_owned();
    let ids: BTreeSet<&String> =
        customers.iter().filter(|c| c["valid_from"].as_str() < "2024-07-01").map(|c| &c["customer_id"]).collect();
    for id in ids {
        later.push_str(&format!("{id},2024-07-15,New name,other,HU\n"));
        assigned.push_str(&format!("{id},NEW,2024-07-15,cover\n"));
    }
    dir.file("later.csv", later);
    dir.file("assigned.csv", assigned);
    dir.run(&["load", "later.csv", "--table", "customer"]);
    dir.run(&["load", "assigned.csv", "--table", "assignment"]);
    let moved = dir.ok(&["kpi", "--from", "2024-11-30", "--as-of", "2024-12-31", "--by", "collector", "-f", "csv"]);
    assert!(moved.contains("NEW"));
    assert_eq!(["segment", "collector"].map(backtest), before);
}

#[test]
fn what_credit_covers_stands_on_the_same_line_in_the_record_as_in_the_items() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        "item_id,customer_id,kind,issued_on,due_on,currency,amount\nLATE,C1,invoice,2024-01-05,2024-02-04,EUR,60\n\
         AHEAD,C1,invoice,2024-03-05,2024-05-04,EUR,30\nCREDIT,C1,credit_note,2024-03-06,,EUR,-90\nOTHER,C2,invoice,2024-03-05,2024-05-04,EUR,50\n",
    );
    dir.ok(&["load", "item.csv"]);
    let items = rows(&dir.ok(&["forecast", "--items", "--as-of", "2024-03-31", "-f", "csv"]));
    frozen(&dir, "2024-03-31", &[]);
    let kept = "select i.item_id, f.line from forecast_item f join item i on i.item_id = f.item_id group by all";
    let kept: BTreeMap<String, String> = rows(&dir.ok(&["sql", kept, "-f", "csv"]))
        .into_iter()
        .map(|r| (r["item_id"].clone(), r["line"].clone()))
        .collect();
    assert_eq!(kept["LATE"], "overdue");
    for item in &items {
        assert_eq!(kept[&item["item_id"]], item["line"], "{item:?}");
    }
    assert_eq!((items.len(), kept.len()), (3, 3));
}
