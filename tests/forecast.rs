//! `forecast` by the command line: its chart, what it is converted at, and books at the edge of what can be forecast.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::{Dir, SAMPLES, rows, units};

fn sample() -> Dir {
    let dir = Dir::new();
    dir.ok(&["load", SAMPLES]);
    dir
}

/// Thousands as a chart says them.
fn short(amount: &str) -> String {
    let thousands = units(amount) as f64 / 10_000_000.0;
    if thousands < 100.0 { format!("{thousands:.1}\u{a0}k") } else { format!("{thousands:.0}\u{a0}k") }
}

#[test]
fn the_chart_shows_what_came_before_and_ends_with_the_range_of_the_last_week() {
    let dir = sample();
    let forecast = ["forecast", "--as-of", "2024-12-31", "--week-start", "next", "--currency", "EUR"];
    dir.ok(&[&forecast[..], &["-o", "fan.svg"]].concat());
    let chart = std::fs::read_to_string(dir.path().join("fan.svg")).expect("a chart");
    let came = dir.ok(&[
        "sql",
        "select cast(sum(-i.amount) as decimal(18,1)) as came from item i left join item r on r.item_id = i.reversal_of
            where (i.kind in ('receipt', 'down_payment') or r.kind in ('receipt', 'down_payment')) and i.currency = 'EUR' and i.posted_on between '2024-12-25' and '2024-12-31'",
    ]);
    let came = short(&rows(&came)[0]["came"]);
    assert!(chart.contains(&format!("to {came} on 2024-12-31; Forecast, median")), "{came}: {chart}");
    let weeks = rows(&dir.ok(&forecast));
    let last = weeks.iter().rfind(|row| row["line"] == "total").expect("a last week");
    let [p10, p90, end] = [short(&last["p10"]), short(&last["p90"]), last["week_end"].clone()];
    assert!(chart.contains(&format!("({p10} to {p90}) on {end}")), "{p10} to {p90} on {end}: {chart}");
    assert!(chart.contains(">as of 2024-12-31</text>"));
}

#[test]
fn the_mean_of_all_weeks_so_far_is_the_sum_of_theirs() {
    let dir = sample();
    let weeks = rows(&dir.ok(&["forecast", "--as-of", "2024-12-31", "--currency", "EUR"]));
    let mut so_far = 0;
    for total in weeks.iter().filter(|row| row["line"] == "total") {
        so_far += units(&total["mean"]);
        assert_eq!(units(&total["cumulative_mean"]), so_far, "{total:?}");
    }
    assert!(so_far > 0);
}

#[test]
fn the_first_week_so_far_is_the_first_week() {
    let dir = sample();
    for start in ["monday", "next"] {
        let weeks = rows(&dir.ok(&["forecast", "--as-of", "2024-12-31", "--week-start", start]));
        for first in weeks.iter().filter(|row| row["line"] == "total" && row["week_no"] == "1") {
            for share in ["p10", "p50", "p90", "mean"] {
                assert_eq!(first[share], first[&format!("cumulative_{share}")], "{share} of {first:?}");
            }
        }
    }
}

#[test]
fn an_item_past_due_is_overdue_also_where_open_credit_covers_it() {
    let dir = Dir::new();
    let item =
        |id: &str, kind: &str, due: &str, amount: &str| format!("{id},C1,{kind},2024-01-05,{due},EUR,{amount}\n");
    let lines = [
        item("A", "invoice", "2024-02-04", "10"),
        item("B", "invoice", "2024-12-31", "20"),
        item("R", "receipt", "", "-50"),
    ];
    dir.file("item.csv", "item_id,customer_id,kind,issued_on,due_on,currency,amount\n".to_owned() + &lines.concat());
    dir.ok(&["load", "item.csv"]);
    let items = rows(&dir.ok(&["forecast", "--items", "--as-of", "2024-06-30"]));
    let lines: Vec<[&str; 2]> = items.iter().map(|row| ["item_id", "line"].map(|name| row[name].as_str())).collect();
    assert_eq!(lines, [["A", "overdue"], ["B", "due"]]);
    let curve = dir.run(&["explain", "payment_curve", "--customer", "C1", "--as-of", "2024-06-30"]);
    assert!(format!("{}{}", curve.stdout, curve.stderr).contains("is assumed, not learnt"), "{curve:?}");
}

#[test]
fn a_customer_that_is_not_there_is_named() {
    let dir = sample();
    for more in [&[][..], &["--items"]] {
        let run = dir.run(&[&["forecast", "--as-of", "2024-12-31", "--customer", "NOPE"], more].concat());
        assert!(run.stderr.contains("Only customer NOPE. Nothing of it is in this report"), "{run:?}");
        assert!(run.code == 0 && !run.stderr.contains("too young"), "{run:?}");
    }
}

#[test]
fn a_forecast_that_is_split_has_no_chart_and_says_why() {
    let dir = sample();
    let run = dir.run(&["forecast", "--as-of", "2024-12-31", "--by", "company", "-f", "svg"]);
    assert!(run.code == 2 && run.stderr.contains("forecast has a chart only where it is not split"), "{run:?}");
}

/// A book of bills of one currency: each of so many customers is billed every week from 2023-01-02 to 2024-06-28 at thirty days and
/// pays so many days after due and up to three more, or never.
fn book(currency: &str, customers: i64, late_days: Option<i64>) -> [Vec<String>; 2] {
    let first: chrono::NaiveDate = "2023-01-02".parse().expect("a day");
    let last = "2024-06-28".parse().expect("a day");
    let (mut items, mut applications) = (Vec::new(), Vec::new());
    for no in 0..78 * customers {
        let customer = no % customers;
        let posted = first + chrono::TimeDelta::days(7 * (no / customers) + customer % 5);
        let due = posted + chrono::TimeDelta::days(30);
        let amount = 100 * (1 + no * 7 % 5);
        items.push(format!("I{currency}{no},C{customer},invoice,{posted},{posted},{due},{currency},{amount}"));
        let Some(paid) =
            late_days.map(|late| due + chrono::TimeDelta::days(late + no * 3 % 4)).filter(|on| *on <= last)
        else {
            continue;
        };
        items.push(format!("R{currency}{no},C{customer},receipt,{paid},{paid},,{currency},-{amount}"));
        applications.push(format!("A{currency}{no},R{currency}{no},I{currency}{no},{amount},{paid}"));
    }
    [items, applications]
}

/// A ledger of books.
fn loaded(books: &[[Vec<String>; 2]]) -> Dir {
    let dir = Dir::new();
    let all =
        |at: usize| books.iter().flat_map(|book| book[at].iter()).map(|line| format!("{line}\n")).collect::<String>();
    dir.file("item.csv", format!("item_id,customer_id,kind,issued_on,posted_on,due_on,currency,amount\n{}", all(0)));
    dir.file("application.csv", format!("application_id,credit_item_id,debit_item_id,amount,applied_on\n{}", all(1)));
    dir.ok(&["load", "item.csv", "application.csv"]);
    dir
}

/// The rows of a forecast, none of them below 0, out of order or no number; and the notes.
fn forecast(dir: &Dir, more: &[&str]) -> (Vec<std::collections::BTreeMap<String, String>>, String) {
    let run = dir.run(&[&["forecast", "--as-of", "2024-06-30"], more].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let rows = rows(&run.stdout);
    for row in &rows {
        let [p10, p50, p90] = ["p10", "p50", "p90"].map(|name| units(&row[name]));
        assert!(0 <= p10 && p10 <= p50 && p50 <= p90 && units(&row["mean"]) >= 0, "{row:?}");
    }
    (rows, run.stderr)
}

/// Expected cash of a currency on a line.
fn mean(rows: &[std::collections::BTreeMap<String, String>], currency: &str, line: &str) -> i128 {
    rows.iter().filter(|row| row["currency"] == currency && row["line"] == line).map(|row| units(&row["mean"])).sum()
}

#[test]
fn the_converted_total_is_the_sum_at_the_rates_it_states() {
    let dir = loaded(&[book("EUR", 3, Some(3)), book("HUF", 2, Some(8)), book("USD", 2, Some(-2))]);
    let rates = ["--convert-to", "EUR", "--rate", "HUF=0.5,USD=0.25"];
    let (found, notes) = forecast(&dir, &rates);
    assert!(notes.contains("1 HUF = 0.500000 EUR (as stated); 1 USD = 0.250000 EUR (as stated)"), "{notes}");
    for line in ["due", "overdue", "new_billing", "total"] {
        let parts = mean(&found, "EUR", line) + mean(&found, "HUF", line) / 2 + mean(&found, "USD", line) / 4;
        // Each of the weeks is rounded to a hundredth, in each currency.
        assert!((mean(&found, "all in EUR", line) - parts).abs() <= 13 * 7 * 100, "{line}");
    }
    let (plain, _) = forecast(&dir, &[]);
    let is_own = |row: &&std::collections::BTreeMap<String, String>| row["currency"] != "all in EUR";
    assert!(found.iter().filter(is_own).eq(plain.iter()), "the currencies' own rows are as they were");
    let (split, _) = forecast(&dir, &[&rates[..], &["--by", "customer"]].concat());
    let of_customers = mean(&split, "all in EUR", "due");
    assert!((of_customers - mean(&found, "all in EUR", "due")).abs() <= 3 * 13 * 7 * 100, "split by customer");
}

#[test]
fn the_ledgers_last_rate_by_the_day_converts_and_a_currency_without_one_is_named() {
    let dir = loaded(&[book("EUR", 3, Some(3)), book("HUF", 2, Some(8))]);
    let forecast_in_eur = ["forecast", "--as-of", "2024-06-30", "--convert-to", "EUR"];
    let run = dir.run(&forecast_in_eur);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("there is no exchange rate from HUF to EUR of 2024-06-30 or before"), "{run:?}");
    assert!(run.stderr.contains("--rate HUF=RATE, or leave it out: --currency EUR"), "{run:?}");
    dir.file(
        "fx_rate.csv",
        "on_date,from_currency,to_currency,rate\n2024-06-01,EUR,HUF,500\n2024-06-28,EUR,HUF,400\n2024-07-01,EUR,HUF,300\n",
    );
    dir.ok(&["load", "fx_rate.csv"]);
    let run = dir.run(&forecast_in_eur);
    assert!(run.code == 0 && run.stderr.contains("1 HUF = 0.00250000 EUR (2024-06-28)"), "{run:?}");
}

#[test]
fn where_nothing_is_known_yet_there_are_no_rows_and_a_sentence() {
    let empty = loaded(&[]);
    let (rows, notes) = forecast(&empty, &[]);
    assert!(rows.is_empty() && notes.contains("Nothing was posted by 2024-06-30."), "{notes}");
    let dir = loaded(&[book("EUR", 3, Some(3))]);
    let run = dir.run(&["forecast", "--as-of", "2022-06-30"]);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 1), "{run:?}");
    assert!(run.stderr.contains("Nothing was posted by 2022-06-30."), "{run:?}");
}

#[test]
fn without_any_payment_the_forecast_says_that_it_assumes() {
    let dir = loaded(&[book("EUR", 3, None)]);
    let (rows, notes) = forecast(&dir, &[]);
    assert!(mean(&rows, "EUR", "due") > 0 && mean(&rows, "EUR", "new_billing") > 0);
    assert!(
        notes.contains(
            "No item that is asked for was paid in the 1096 days up to then, so when items are paid is assumed"
        ),
        "{notes}"
    );
    assert!(notes.contains("rests on assumptions alone"), "{notes}");
}

#[test]
fn one_customer_early_payers_a_newcomer_and_yen_are_forecast() {
    for (name, mut given) in [
        ("one customer", book("EUR", 1, Some(2))),
        ("all early", book("EUR", 4, Some(-20))),
        ("a newcomer", book("EUR", 4, Some(3))),
        ("yen", book("JPY", 4, Some(3))),
    ] {
        let currency = if name == "yen" { "JPY" } else { "EUR" };
        given[0].push(format!("INEW,NEW,invoice,2024-06-27,2024-06-27,2024-07-27,{currency},50000"));
        let dir = loaded(&[given]);
        let (rows, _) = forecast(&dir, &["--open-only"]);
        let open = dir.ok(&[
            "sql",
            "select cast(sum(open_amount) as decimal(18,2)) as a from open_item",
            "--as-of",
            "2024-06-30",
        ]);
        let share = mean(&rows, currency, "total") as f64 / units(&crate::support::rows(&open)[0]["a"]) as f64;
        assert!(share > 0.8 && share <= 1.0, "{name}: {share} of what is open comes in a quarter");
    }
}

#[test]
fn eight_years_ahead_are_forecast_week_by_week() {
    let dir = loaded(&[book("EUR", 3, Some(3))]);
    let (rows, _) = forecast(&dir, &["--weeks", "400"]);
    let total: Vec<_> = rows.iter().filter(|row| row["line"] == "total").collect();
    assert_eq!(
        (total.len(), total[399]["week_no"].as_str(), total[399]["week_end"].as_str()),
        (400, "400", "2032-02-29")
    );
    assert!(total.iter().all(|row| units(&row["mean"]) > 0), "billing goes on");
    let range = |week: usize| units(&total[week]["cumulative_p90"]) - units(&total[week]["cumulative_p10"]);
    assert!(range(399) > range(52) && range(52) > range(4), "ranges widen");
}

#[test]
fn a_book_of_credits_alone_says_that_nothing_is_expected() {
    let credit = |no: i64| format!("K{no},C1,credit_note,2024-05-{:02},2024-05-{:02},,EUR,-100", no + 1, no + 1);
    let dir = loaded(&[[(0..20).map(credit).collect(), Vec::new()]]);
    let (rows, notes) = forecast(&dir, &[]);
    assert_eq!(mean(&rows, "EUR", "total"), 0);
    assert!(notes.contains("No cash is expected in EUR: nothing is open beyond the customers' credit"), "{notes}");
}

#[test]
fn a_first_bill_is_forecast_and_nothing_made_up_beside_it() {
    let dir = loaded(&[[vec!["I1,C1,invoice,2024-06-27,2024-06-27,2024-07-27,EUR,5000".to_owned()], Vec::new()]]);
    let (rows, notes) = forecast(&dir, &[]);
    assert!(mean(&rows, "EUR", "due") > 0 && mean(&rows, "EUR", "new_billing") == 0);
    assert!(notes.contains("Billing to come is left out: no bill is older than four weeks."), "{notes}");
}

#[test]
fn what_is_undone_later_and_where_a_file_has_its_rows_change_no_forecast() {
    let as_of = "2024-06-30";
    let forecast = |dir: &Dir| {
        let weeks = dir.ok(&["forecast", "--as-of", as_of]);
        [weeks, dir.ok(&["forecast", "--items", "--as-of", as_of])]
    };
    let dir = sample();
    let before = forecast(&dir);
    let read = |name: &str| std::fs::read_to_string(Path::new(SAMPLES).join(name)).expect("a table of the sample");
    let (item, application) = (read("item.csv"), read("application.csv"));
    let credit_notes: BTreeSet<String> = rows(&item)
        .into_iter()
        .filter(|row| row["kind"] == "credit_note")
        .map(|mut row| row.remove("item_id").expect("an id"))
        .collect();
    let is_undone = |row: &BTreeMap<String, String>| {
        credit_notes.contains(&row["credit_item_id"])
            && row["applied_on"].as_str() <= as_of
            && row["credit_amount"].is_empty()
            && !row["amount"].starts_with('-')
    };
    let undone: Vec<String> = rows(&application)
        .into_iter()
        .filter(is_undone)
        .map(|row| {
            let [no, credit, debit, amount] =
                ["application_id", "credit_item_id", "debit_item_id", "amount"].map(|name| &row[name]);
            format!("undo-{no},{credit},{debit},-{amount},,2024-07-05,2024-07-05T10:00:00,\n")
        })
        .collect();
    assert!(undone.len() > 50, "{}", undone.len());
    dir.file("application.csv", application + &undone.concat());
    let (header, lines) = item.split_once('\n').expect("a header");
    let turned: Vec<&str> = [header].into_iter().chain(lines.lines().rev()).collect();
    dir.file("item.csv", turned.join("\n") + "\n");
    assert!(dir.run(&["load", "item.csv", "application.csv"]).code < 2);
    assert_eq!(forecast(&dir), before);
}
