//! `targets` on the sample: the contract of its columns, what a running and an ended period show, and a ledger without targets.

use std::path::Path;

use crate::support::{Dir, rows, units};

const CONTRACT: &str = "period_start,period_end,as_of,scope,scope_id,currency,target_amount,collectable_frozen,collectable_now,\
    collected,credited,written_off,remaining,pace_rate,expected_end,p10_end,p90_end,reach_probability,gap";

/// The sample, its target table or not.
fn ledger(has_targets: bool) -> Dir {
    let dir = Dir::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    let mut files = Vec::new();
    for table in ["item", "application", "customer", "collector", "assignment", "calendar", "target"] {
        if has_targets || table != "target" {
            files.push(samples.join(format!("{table}.csv")).to_str().expect("a path in UTF-8").to_owned());
        }
    }
    let arguments: Vec<&str> = std::iter::once("load").chain(files.iter().map(String::as_str)).collect();
    assert!(dir.run(&arguments).code < 2);
    dir
}

fn answer(dir: &Dir, arguments: &[&str]) -> String {
    let run = dir.run(&[&["targets"], arguments].concat());
    assert!(run.code < 2, "{run:?}");
    run.stdout
}

#[test]
fn a_running_period_has_a_chance_and_its_parts_add_up() {
    let dir = ledger(true);
    let csv = answer(&dir, &["--as-of", "2024-11-14"]);
    assert!(csv.starts_with(CONTRACT), "{}", csv.lines().next().unwrap_or_default());
    let rows = rows(&csv);
    assert!(
        ["company", "business_unit", "team", "collector"].iter().all(|scope| rows.iter().any(|r| r["scope"] == *scope))
    );
    for row in rows.iter().filter(|row| !row["target_amount"].is_empty()) {
        let amount = |name: &str| units(&row[name]);
        let parts: i128 = ["collected", "credited", "written_off", "remaining"].map(amount).iter().sum();
        assert_eq!(parts, amount("collectable_now"), "{row:?}");
        let chance: f64 = row["reach_probability"].parse().expect("a chance");
        assert!(chance > 0.0 && chance < 1.0, "{row:?}");
        assert_eq!(amount("gap"), amount("target_amount") - amount("expected_end"), "{row:?}");
        assert!(amount("p10_end") <= amount("p90_end") && amount("collected") <= amount("p10_end"), "{row:?}");
    }
    assert_eq!(csv, answer(&dir, &["--as-of", "2024-11-14"]), "the same again");
    let team_of = |scope: &str| -> i128 {
        rows.iter().filter(|r| r["scope"] == scope && r["currency"] == "EUR").map(|r| units(&r["collected"])).sum()
    };
    assert_eq!(team_of("company"), team_of("business_unit"), "each item has one of each");
}

#[test]
fn an_ended_period_is_certain_and_can_be_asked_for_later() {
    let dir = ledger(true);
    let then = answer(&dir, &["--as-of", "2024-10-31", "--scope", "company"]);
    for row in rows(&then) {
        let is_reached = units(&row["collected"]) >= units(&row["target_amount"]);
        assert_eq!(row["reach_probability"], if is_reached { "1" } else { "0" }, "{row:?}");
        assert_eq!(row["expected_end"], row["collected"]);
    }
    let later = answer(&dir, &["--as-of", "2024-12-31", "--scope", "company", "--period-start", "2024-10-01"]);
    let collected = |csv: &str| rows(csv).iter().map(|row| row["collected"].clone()).collect::<Vec<_>>();
    assert_eq!(collected(&later), collected(&then), "what was collected in a period stays so");
    let all = rows(&answer(&dir, &["--as-of", "2024-10-31", "--scope", "company", "--all"]));
    assert!(all.iter().any(|row| row["period_start"] == "2023-10-01"));
}

#[test]
fn the_items_of_a_gap_close_it_with_none_too_many() {
    let dir = ledger(true);
    let rows = rows(&answer(&dir, &["--as-of", "2024-11-14", "--items"]));
    assert!(!rows.is_empty());
    for pair in rows.windows(2).filter(|pair| pair[1]["rank_no"] != "1") {
        assert!(units(&pair[0]["extra_amount"]) >= units(&pair[1]["extra_amount"]), "{pair:?}");
        assert!(units(&pair[0]["extra_so_far_amount"]) < units(&pair[0]["gap"]), "closed before: {pair:?}");
    }
}

#[test]
fn what_would_come_in_time_but_be_applied_too_late_counts_when_it_is_collected_now() {
    let dir = Dir::new();
    let mut items = "item_id,company,customer_id,kind,issued_on,posted_on,due_on,amount,currency\n".to_owned();
    let mut applications = "application_id,debit_item_id,credit_item_id,applied_on,amount\n".to_owned();
    let first = chrono::NaiveDate::from_ymd_opt(2023, 6, 1).expect("a day");
    for no in 0..80 {
        let day = |days: u64| first + chrono::Days::new(5 * no + days);
        let (issued, due, applied) = (day(0), day(30), day(50));
        items += &format!("I{no},A,C{},invoice,{issued},{issued},{due},100,EUR\n", no % 4);
        items += &format!("R{no},A,C{},receipt,{due},{due},,-100,EUR\n", no % 4);
        applications += &format!("A{no},I{no},R{no},{applied},100\n");
    }
    items += "LAST,A,C1,invoice,2024-08-20,2024-08-20,2024-09-19,1000,EUR\n";
    items += "COVERED,A,C2,invoice,2024-08-20,2024-08-20,2024-09-19,600,EUR\nMONEY,A,C2,receipt,2024-09-14,2024-09-14,,-600,EUR\n";
    items += "NETTED,A,C3,invoice,2024-08-20,2024-08-20,2024-09-19,300,EUR\nNOTE,A,C3,credit_note,2024-09-14,2024-09-14,,-300,EUR\n";
    dir.file("item.csv", &items);
    dir.file("application.csv", &applications);
    dir.file(
        "target.csv",
        "target_id,scope,scope_id,period_start,period_end,currency,amount\nT,company,A,2024-09-01,2024-09-30,EUR,5000\n",
    );
    dir.ok(&["load", "item.csv", "application.csv", "target.csv"]);
    let found = rows(&answer(&dir, &["--as-of", "2024-09-15", "--items"]));
    let extra = |id: &str| found.iter().find(|row| row["item_id"] == id).map(|row| units(&row["extra_amount"]));
    assert_eq!(extra("LAST"), Some(units("1000.00")), "{found:?}");
    assert_eq!(extra("COVERED"), Some(units("600.00")), "the money is there, and is applied too late: {found:?}");
    assert_eq!(extra("NETTED"), None, "a credit note is not cash: {found:?}");
}

#[test]
fn without_targets_progress_is_shown_and_a_note_says_what_is_missing() {
    let dir = ledger(false);
    let run = dir.run(&["targets", "--as-of", "2024-11-14"]);
    assert!(
        run.stderr.contains("No target table: progress is shown without targets, pace and probability."),
        "{run:?}"
    );
    let found = rows(&run.stdout);
    assert!(
        !found.is_empty() && found.iter().all(|row| row["scope"] == "company" && row["period_start"] == "2024-11-01")
    );
    for name in ["target_amount", "pace_rate", "reach_probability", "gap"] {
        assert!(found.iter().all(|row| row[name].is_empty()), "{name}");
    }
    assert!(
        found.iter().any(|row| units(&row["collected"]) > 0 && units(&row["expected_end"]) > units(&row["collected"]))
    );
    let days = dir.run(&["targets", "--as-of", "2024-11-14", "--days"]).stdout;
    assert!(rows(&days).iter().all(|row| ["collected", "expected"].contains(&row["line"].as_str())));
}

#[test]
fn a_filter_names_targets_and_what_is_not_there_is_refused() {
    let dir = ledger(true);
    let found = rows(&answer(&dir, &["--as-of", "2024-11-14", "--company", "DE01"]));
    assert!(!found.is_empty() && found.iter().all(|row| row["scope"] == "company" && row["scope_id"] == "DE01"));
    let whole = rows(&answer(&dir, &["--as-of", "2024-11-14", "--scope", "company", "--scope-id", "DE01"]));
    assert_eq!(found, whole);
    for (arguments, said) in [
        (["--scope", "country"], "--scope country: there are company, business_unit, team, collector"),
        (["--scope-id", "DE01"], "--scope-id needs to know what it names"),
        (["--period-start", "2024-11-02"], "--period-start 2024-11-02: no period of a target"),
    ] {
        let run = dir.run(&[&["targets", "--as-of", "2024-11-14"], &arguments[..]].concat());
        assert!(run.code == 2 && run.stderr.contains(said), "{run:?}");
    }
}

#[test]
fn nothing_after_the_day_reaches_a_chance() {
    let dir = ledger(true);
    let arguments = ["--as-of", "2024-11-14", "--known-at", "2024-11-14"];
    let before = answer(&dir, &arguments);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    let item = std::fs::read_to_string(samples.join("item.csv")).expect("the items");
    // Every item of the future costs a hundred times as much.
    let header: Vec<&str> = item.lines().next().expect("a header").split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).expect("a column");
    let (posted, amount) = (at("posted_on"), at("amount"));
    let changed: Vec<String> = item
        .lines()
        .map(|line| {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            if cells[posted].as_str() > "2024-11-14" && cells[posted].starts_with("20") {
                cells[amount].push_str("00");
                cells[amount] = cells[amount].replacen('.', "", 1);
            }
            cells.join(",")
        })
        .collect();
    dir.file("item.csv", changed.join("\n") + "\n");
    assert!(dir.run(&["load", "item.csv"]).code < 2);
    assert_eq!(answer(&dir, &arguments), before);
}

#[test]
fn the_pack_says_of_what_is_to_come_what_the_commands_say() {
    let dir = ledger(true);
    dir.run(&["report", "--out", "pack", "--from", "2024-05-31", "--as-of", "2024-06-14"]);
    for (file, arguments) in
        [("targets", &["targets"][..]), ("target_days", &["targets", "--days"]), ("forecast", &["forecast"])]
    {
        let arguments = [arguments, &["--as-of", "2024-06-14", "-f", "csv"]].concat();
        let in_pack = std::fs::read_to_string(dir.path().join(format!("pack/{file}.csv"))).expect("a file of the pack");
        assert_eq!(in_pack, dir.run(&arguments).stdout, "{file}");
    }
}

#[test]
fn what_was_keyed_after_the_day_of_knowledge_reaches_no_target() {
    let items = "item_id,customer_id,kind,issued_on,due_on,currency,amount,entered_at\n\
        I1,A,invoice,2024-01-05,2024-02-04,EUR,1000,2024-01-05\nI2,A,invoice,2024-02-05,2024-03-04,EUR,30,2024-02-05\n";
    let receipt = "R1,A,receipt,2024-02-20,,EUR,-1000,2024-02-27\n";
    let applied = "credit_item_id,debit_item_id,amount,applied_on,entered_at\nR1,I1,1000,2024-02-20,2024-02-27\n";
    let (with, without) = (Dir::new(), Dir::new());
    with.file("item.csv", format!("{items}{receipt}"));
    with.file("application.csv", applied);
    with.ok(&["load", "item.csv", "application.csv"]);
    without.file("item.csv", items);
    without.ok(&["load", "item.csv"]);
    let asked = ["--as-of", "2024-03-05", "--known-at", "2024-02-25"];
    assert_eq!(answer(&with, &asked), answer(&without, &asked));
    assert_eq!(rows(&answer(&with, &asked))[0]["remaining"], "1030.00");
}

#[test]
fn more_rows_and_fewer_currencies_change_no_number() {
    let dir = ledger(true);
    let asked = ["--as-of", "2024-11-14", "--scope", "company"];
    let plain = rows(&answer(&dir, &asked));
    let all = rows(&answer(&dir, &[&asked[..], &["--all"]].concat()));
    let november: Vec<_> = all.into_iter().filter(|row| row["period_start"] == "2024-11-01").collect();
    assert_eq!(november, plain);
    let euros = rows(&answer(&dir, &[&asked[..], &["--currency", "EUR"]].concat()));
    let of_euro: Vec<_> = plain.into_iter().filter(|row| row["currency"] == "EUR").collect();
    assert_eq!(euros, of_euro);
    let nobody = dir.run(&["targets", "--as-of", "2024-11-14", "--scope", "team", "--scope-id", "nobody"]);
    assert!(nobody.stderr.contains("No target and nothing to collect"), "{nobody:?}");
}

#[test]
fn a_target_is_expected_to_be_met_by_bills_yet_to_be_posted_where_nothing_is_open() {
    // A bill on the tenth of each month, due and paid a week later.
    let (mut items, mut applied) = (String::new(), String::new());
    for month in 0..22 {
        let (year, month) = (2023 + month / 12, 1 + month % 12);
        items += &format!("I{year}{month},A,invoice,{year}-{month:02}-10,{year}-{month:02}-17,EUR,1000\n");
        items += &format!("R{year}{month},A,receipt,{year}-{month:02}-17,,EUR,-1000\n");
        applied += &format!("R{year}{month},I{year}{month},1000,{year}-{month:02}-17\n");
    }
    let dir = Dir::new();
    dir.file("item.csv", format!("item_id,customer_id,kind,issued_on,due_on,currency,amount\n{items}"));
    dir.file("application.csv", format!("credit_item_id,debit_item_id,amount,applied_on\n{applied}"));
    dir.file(
        "target.csv",
        "target_id,period_start,period_end,scope,scope_id,currency,amount\nT,2024-11-01,2024-11-30,company,main,EUR,900\n",
    );
    dir.ok(&["load", "item.csv", "application.csv", "target.csv"]);
    let row = &rows(&answer(&dir, &["--as-of", "2024-11-05"]))[0];
    assert_eq!((row["collectable_now"].as_str(), row["expected_end"].as_str()), ("0.00", "1000.00"));
    assert!(row["reach_probability"].parse::<f64>().expect("a chance") > 0.9, "{row:?}");
}

#[test]
fn a_cover_of_a_few_days_has_what_comes_in_them_however_long_the_period() {
    let (mut items, mut applied) = (String::new(), String::new());
    let monday = chrono::NaiveDate::from_ymd_opt(2023, 1, 2).expect("a day");
    for week in 0..65 {
        let (billed, due) = (monday + chrono::Days::new(7 * week), monday + chrono::Days::new(7 * week + 30));
        items += &format!("I{week},C1,invoice,{billed},{due},EUR,1000\nR{week},C1,receipt,{due},,EUR,-1000\n");
        applied += &format!("R{week},I{week},1000,{due}\n");
    }
    let dir = Dir::new();
    dir.file("item.csv", format!("item_id,customer_id,kind,issued_on,due_on,currency,amount\n{items}"));
    dir.file("application.csv", format!("credit_item_id,debit_item_id,amount,applied_on\n{applied}"));
    dir.file(
        "assignment.csv",
        "customer_id,collector_id,cover,from_on,to_on\nC1,P,primary,2023-01-01,\nC1,V,cover,2024-04-01,2024-04-05\n",
    );
    let target = |no: &str, end: &str, who: &str| format!("{no},2024-04-01,{end},collector,{who},EUR,5000\n");
    let targets = target("T1", "2024-04-30", "V") + &target("T2", "2024-06-30", "V") + &target("T3", "2024-12-31", "V");
    dir.file("target.csv", format!("target_id,period_start,period_end,scope,scope_id,currency,amount\n{targets}"));
    dir.ok(&["load", "item.csv", "application.csv", "assignment.csv", "target.csv"]);
    let found = rows(&answer(&dir, &["--as-of", "2024-04-01", "--scope", "collector"]));
    let ends: Vec<f64> = found.iter().map(|row| row["expected_end"].parse::<f64>().expect("an amount")).collect();
    // One bill is due in these days, on the 3rd.
    assert!(ends.len() == 3 && ends.iter().all(|end| (end - ends[0]).abs() < 1.0 && *end > 500.0), "{found:?}");
}

#[test]
fn the_chart_ends_where_the_table_says() {
    let dir = ledger(true);
    let asked = ["--as-of", "2024-11-14", "--scope", "company"];
    let table = rows(&answer(&dir, &asked));
    let days = rows(&answer(&dir, &[&asked[..], &["--days"]].concat()));
    // Currencies of one company: a line of several is a sum, whose range is its own.
    let alone = |code: &str| table.iter().filter(|row| row["currency"] == code).count() == 1;
    let mut compared = 0;
    for row in table.iter().filter(|row| alone(&row["currency"])) {
        let ends = days.iter().filter(|day| day["currency"] == row["currency"] && day["line"] == "expected");
        let end = ends.max_by_key(|day| &day["day_on"]).expect("an end");
        assert_eq!((&end["lower_amount"], &end["upper_amount"]), (&row["p10_end"], &row["p90_end"]), "{row:?}");
        compared += 1;
    }
    assert!(compared > 1, "{table:?}");
}

#[test]
fn what_does_not_say_when_it_was_keyed_is_known_from_its_own_day_and_not_before() {
    let item = "item_id,customer_id,kind,issued_on,due_on,currency,amount\n\
        I1,A,invoice,2024-06-01,2024-07-01,USD,1000\nI2,A,invoice,2024-04-01,2024-05-01,USD,500\nR2,A,receipt,2024-05-10,,USD,-500\n";
    let applied = "credit_item_id,debit_item_id,amount,applied_on\nR2,I2,500,2024-05-10\n";
    // Each with a row of before what is known, or none, and one of after it.
    let tables = [
        ("dispute", "dispute_id,item_id,opened_on,amount\n", "", "X1,I1,2024-07-15,1000\n"),
        (
            "promise",
            "promise_id,customer_id,item_id,created_on,promised_on,amount\n",
            "",
            "P1,A,I1,2024-07-15,2024-07-25,1000\n",
        ),
        ("placement", "item_id,stage,placed_on\n", "", "I1,legal,2024-07-15\n"),
        ("customer", "customer_id,name,valid_from,status\n", "A,Old,,active\n", "A,New,2024-07-15,insolvent\n"),
        (
            "target",
            "target_id,period_start,period_end,scope,scope_id,currency,amount,frozen_on\n",
            "T1,2024-07-01,2024-07-31,company,main,USD,300,2024-07-01\n",
            "T2,2024-07-01,2024-07-31,company,main,USD,900,2024-07-15\n",
        ),
        (
            "assignment",
            "customer_id,collector_id,cover,from_on\n",
            "A,K1,primary,2024-01-01\n",
            "A,K2,primary,2024-07-15\n",
        ),
        ("fx_rate", "on_date,from_currency,to_currency,rate\n", "2024-07-01,USD,EUR,0.9\n", "2024-07-15,USD,EUR,0.5\n"),
    ];
    let ledgers = [false, true].map(|has_later| {
        let dir = Dir::new();
        dir.file("in/item.csv", item);
        dir.file("in/application.csv", applied);
        for (table, header, before, after) in tables {
            dir.file(&format!("in/{table}.csv"), format!("{header}{before}{}", if has_later { after } else { "" }));
        }
        assert!(dir.run(&["load", "in"]).code < 2);
        dir
    });
    let asked: [&[&str]; 6] = [
        &["forecast", "--items"],
        &["forecast", "--convert-to", "EUR"],
        &["targets", "--all"],
        &["aging", "--by", "collector,segment"],
        &["show", "top_customers"],
        &["kpi", "--from", "2024-06-30", "--by", "collector"],
    ];
    for arguments in asked {
        let of = |dir: &Dir, known_at: &str| {
            let run = dir.run(&[arguments, &["--as-of", "2024-07-20", "--known-at", known_at, "-f", "csv"]].concat());
            assert!(run.code < 2, "{arguments:?}: {run:?}");
            run.stdout
        };
        let [without, with] = &ledgers;
        assert_eq!(of(with, "2024-07-14"), of(without, "2024-07-14"), "{arguments:?}");
        assert_ne!(of(with, "2024-07-15"), of(without, "2024-07-15"), "{arguments:?}");
    }
}
