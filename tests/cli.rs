//! The command line: what it refuses, what it answers, in which form and with which exit code.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::support::{Dir, Run, rows};

pub(crate) const HEADER: &str = "item_id,customer_id,kind,issued_on,due_on,currency,amount\n";

const COMMANDS: [&str; 15] = [
    "demo",
    "load",
    "check",
    "items",
    "aging",
    "rollforward",
    "dso",
    "kpi",
    "show",
    "bridge",
    "report",
    "sql",
    "metrics",
    "explain",
    "generate",
];

/// Every report, with arguments that fit the small book.
const REPORTS: [&[&str]; 16] = [
    &["items", "--as-of", "2024-03-31"],
    &["items", "--all", "--as-of", "2024-03-31"],
    &["aging", "--as-of", "2024-03-31", "--by", "customer"],
    &["rollforward", "--from", "2023-12-31", "--as-of", "2024-03-31"],
    &["dso", "--as-of", "2024-03-31"],
    &["kpi", "--from", "2024-02-29", "--as-of", "2024-03-31"],
    &["show", "top_customers", "--as-of", "2024-03-31", "--by", "customer,company"],
    &["show", "concentration", "--as-of", "2024-03-31", "--by", "customer"],
    &["show", "days_late", "--as-of", "2024-03-31"],
    &["show", "roll_rate", "--as-of", "2024-03-31", "--from", "2024-02-10"],
    &["bridge", "--from", "2024-02-10", "--as-of", "2024-03-31", "--metric", "overdue", "--by", "customer"],
    &["bridge", "--from", "2024-02-10", "--as-of", "2024-03-31", "--metric", "dso", "--customers"],
    &["check"],
    &["metrics"],
    &["explain", "overdue_rate", "--rows", "--from", "2024-02-29", "--as-of", "2024-03-31"],
    &["sql", "select * from item order by item_id"],
];

/// A folder with a small book in its ledger.
fn book() -> Dir {
    let dir = Dir::new();
    let lines = "I1,C1,invoice,2024-01-05,2024-02-04,EUR,100.00\nI2,C2,invoice,2024-02-05,2024-03-06,EUR,70.00\n\
                 R1,C1,receipt,2024-02-20,,EUR,-30.00\n";
    dir.file("in/item.csv", format!("{HEADER}{lines}"));
    dir.file("in/application.csv", "credit_item_id,debit_item_id,amount,applied_on\nR1,I1,30,2024-02-20\n");
    dir.ok(&["load", "in"]);
    dir
}

/// Expects a refusal: exit code 2, nothing on standard output, and a message that has every one of these words.
pub(crate) fn refused(run: &Run, words: &[&str]) {
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(!run.stderr.contains("fault in duecast"), "{run:?}");
    for word in words {
        assert!(run.stderr.contains(word), "{word} is not in {run:?}");
    }
}

fn files(dir: &Dir) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir.path()).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

pub(crate) fn program(dir: &Dir, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("duecast"));
    command.args(arguments).current_dir(dir.path()).env_remove("DUECAST_LEDGER").stderr(Stdio::piped());
    command
}

#[test]
fn every_command_has_help_and_none_answers_without_one() {
    let dir = Dir::new();
    let help = dir.ok(&["--help"]);
    for command in COMMANDS {
        assert!(help.contains(&format!("  {command} ")), "{command}");
        let help = dir.ok(&[command, "--help"]);
        assert!(help.contains(&format!("Usage: duecast {command}")) && help.lines().count() > 5, "{help}");
    }
    assert!(dir.ok(&["--version"]).starts_with("duecast "));
    refused(&dir.run(&["ageing"]), &["ageing", "--help"]);
    assert_eq!(dir.run(&[]).code, 2);
    assert_eq!(files(&dir), Vec::<PathBuf>::new());
}

#[test]
fn what_cannot_be_asked_is_refused_before_the_ledger_is_opened() {
    let dir = Dir::new();
    let on = ["aging", "--as-of", "2024-03-31"];
    let cases: [(&[&str], &[&str]); 22] = [
        (&["aging"], &["--as-of"]),
        (&["aging", "--as-of", "2024-02-30"], &["2024-02-30", "YYYY-MM-DD"]),
        (&["aging", "--as-of", "31/03/2024"], &["31/03/2024", "YYYY-MM-DD"]),
        (&["aging", "--as-of", ""], &["YYYY-MM-DD"]),
        (&["--by", "colour"], &["colour", "there are customer, parent, company"]),
        (&["--basis", "payment"], &["payment", "due", "invoice"]),
        (&["--known-at", "yesterday"], &["yesterday", "YYYY-MM-DD"]),
        (&["--buckets", "1-30,32-60,61+"], &["gap", "31"]),
        (&["--buckets", "1-30,30-60,61+"], &["overlap", "30"]),
        (&["--buckets", "1-30,31-60"], &["no end", "31+"]),
        (&["--buckets", "1-30,60-31,61+"], &["60-31"]),
        (&["--buckets", "late"], &["late", "1-30,31-60,61+"]),
        (&["--window", "0"], &["--window"]),
        (&["-f", "docx"], &["docx", "table, csv, json, parquet"]),
        (&["-o", "aging.docx"], &["aging.docx", "-f"]),
        (&["-o", "aging"], &["aging", "-f"]),
        (&["-o", "no/such/aging.csv"], &["no/such"]),
        (&["rollforward", "--as-of", "2024-03-31"], &["--from"]),
        (&["rollforward", "--from", "2024-04-30", "--as-of", "2024-03-31"], &["2024-04-30", "before"]),
        (&["kpi", "--from", "2024-03-31", "--as-of", "2024-03-31"], &["before"]),
        (
            &["bridge", "--from", "2024-02-29", "--as-of", "2024-03-31", "--metric", "cei"],
            &["cei", "balance, overdue and dso"],
        ),
        (&["report", "--as-of", "2024-03-31"], &["--out"]),
    ];
    for (arguments, words) in cases {
        let arguments = if arguments[0].starts_with('-') { [&on, arguments].concat() } else { arguments.to_vec() };
        refused(&dir.run(&arguments), words);
    }
    refused(&dir.run(&["explain", "nonsense"]), &["nonsense", "duecast metrics"]);
    refused(&dir.run(&["check", "nonsense"]), &["nonsense", "applied_more_than_billed"]);
    refused(&dir.run(&["load", "x.csv", "--source", "nonsense"]), &["nonsense", "highradius", "ibm"]);
    refused(&dir.run(&on), &["there is no ledger here", "duecast load"]);
    assert_eq!(files(&dir), Vec::<PathBuf>::new());
}

#[test]
fn every_report_has_every_form_and_all_have_the_same_rows() {
    let dir = book();
    for report in REPORTS {
        let csv = rows(&dir.ok(&[report, &["-f", "csv"]].concat()));
        let json: serde_json::Value = serde_json::from_str(&dir.ok(&[report, &["-f", "json"]].concat())).expect("JSON");
        assert_eq!(json["rows"].as_array().map(Vec::len), Some(csv.len()), "{report:?}");
        assert!(dir.ok(&[report, &["-f", "table"]].concat()).lines().count() > csv.len(), "{report:?}");
        dir.ok(&[report, &["-o", "out.parquet"]].concat());
        let parquet = std::fs::read(dir.path().join("out.parquet")).expect("a file");
        assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"), "{report:?}");
    }
    let svg = dir.ok(&["aging", "--as-of", "2024-03-31", "-f", "svg"]);
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    refused(&dir.run(&["items", "--as-of", "2024-03-31", "-f", "svg"]), &["no chart", "aging_trend", "dispute_funnel"]);
    let split = ["show", "top_customers", "--as-of", "2024-03-31", "--by", "company", "-f", "png"];
    refused(&dir.run(&split), &["not split", "--by"]);
}

#[test]
fn items_written_as_parquet_load_again_and_give_the_same_balance() {
    let dir = book();
    let columns = "select item_id, customer_id, kind, issued_on, due_on, currency, amount from item";
    dir.ok(&["sql", columns, "-o", "item.parquet"]);
    dir.ok(&[
        "sql",
        "select credit_item_id, debit_item_id, amount, applied_on from application",
        "-o",
        "application.parquet",
    ]);
    dir.ok(&["--ledger", "again.duckdb", "load", "item.parquet", "application.parquet"]);
    let aging = ["aging", "--as-of", "2024-03-31", "--by", "customer", "-f", "csv"];
    assert_eq!(dir.ok(&[&["--ledger", "again.duckdb"], aging.as_slice()].concat()), dir.ok(&aging));
}

#[test]
fn the_same_question_has_the_same_bytes() {
    let dir = Dir::new();
    dir.ok(&["generate", "--items", "600", "--out", "in"]);
    dir.run(&["load", "in"]);
    for report in &REPORTS[2..10] {
        let arguments: Vec<&str> =
            report.iter().map(|text| if *text == "2024-03-31" { "2024-06-30" } else { text }).collect();
        let first = dir.run(&arguments);
        assert!((0..2).all(|_| dir.run(&arguments).stdout == first.stdout), "{report:?}");
    }
}

#[test]
fn a_day_before_the_first_item_has_a_heading_and_no_rows() {
    let dir = book();
    for report in ["items", "aging", "dso"] {
        let run = dir.run(&[report, "--as-of", "1999-01-01", "-f", "csv"]);
        assert_eq!((run.code, run.stdout.lines().count()), (0, 1), "{run:?}");
        assert!(run.stderr.contains("Nothing was posted by 1999-01-01"), "{run:?}");
    }
}

#[test]
fn amounts_of_trillions_have_every_report() {
    let dir = Dir::new();
    let mut items = "item_id,customer_id,kind,issued_on,due_on,currency,amount\n".to_owned();
    items += "I1,C,invoice,2024-01-10,2024-02-09,IDR,98765432109876.54\nI2,C,invoice,2024-01-20,2024-02-19,IDR,98765432109876.54\n";
    items += "R1,C,receipt,2024-03-20,,IDR,-98765432109876.54\n";
    dir.file("item.csv", items);
    dir.file(
        "application.csv",
        "application_id,credit_item_id,debit_item_id,applied_on,amount\nA1,R1,I1,2024-03-20,98765432109876.54\n",
    );
    dir.ok(&["load", "item.csv", "application.csv"]);
    for report in duecast::reports::all() {
        dir.ok(&["show", report.name, "--as-of", "2024-03-31", "-f", "csv"]);
    }
}

#[test]
fn every_report_of_the_pack_can_be_shown_alone_on_a_book_without_optional_tables() {
    let dir = book();
    for report in duecast::reports::all() {
        let shown = dir.ok(&["show", report.name, "--as-of", "2024-03-31", "-f", "csv"]);
        let heading = shown.lines().next().unwrap_or_default();
        assert!(!heading.is_empty(), "{}: {shown}", report.name);
    }
    for name in ["top_customers", "concentration", "days_late", "roll_rate", "dispute_funnel"] {
        let svg = dir.ok(&["show", name, "--as-of", "2024-03-31", "-f", "svg"]);
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{name}: {svg}");
    }
    let funnel = dir.run(&["show", "dispute_funnel", "--as-of", "2024-03-31"]);
    assert_eq!((funnel.code, funnel.stdout.lines().count()), (0, 1), "{funnel:?}");
    assert!(funnel.stderr.contains("No dispute table: dispute outcomes not available."), "{funnel:?}");
    for (metric, is_told) in [("dso", true), ("overdue", true), ("balance", false)] {
        let moved = dir.run(&["bridge", "--from", "2024-02-29", "--as-of", "2024-03-31", "--metric", metric]);
        let told = moved.stderr.contains("No dispute table: steps of disputes not available.");
        assert_eq!(told, is_told, "{moved:?}");
    }
    let top = dir.run(&["show", "top_customers", "--as-of", "2024-03-31", "--by", "customer"]);
    assert!(top.stderr.contains("Not split by customer: the rows are customers already."), "{top:?}");
    let customers: Vec<String> = rows(&top.stdout).into_iter().map(|row| row["customer"].clone()).collect();
    assert_eq!(customers, ["C1", "C2"], "{top:?}");
}

#[test]
fn a_failed_check_is_the_first_line_and_the_exit_code_of_every_report() {
    let dir = book();
    dir.file("application_2.csv", "credit_item_id,debit_item_id,amount,applied_on\nR1,I1,500,2024-02-21\n");
    assert_eq!(dir.run(&["load", "application_2.csv"]).code, 1);
    for report in &REPORTS[..6] {
        let table = dir.run(&[report, ["-f", "table"].as_slice()].concat());
        assert!(table.code == 1 && table.stdout.starts_with("CHECK FAILED: applied_more_than_billed"), "{table:?}");
        let csv = dir.run(&[report, ["-f", "csv"].as_slice()].concat());
        assert!(csv.code == 1 && csv.stderr.starts_with("CHECK FAILED: applied_more_than_billed"), "{csv:?}");
    }
    assert_eq!(dir.run(&["check"]).code, 1);
}

#[test]
fn the_ledger_is_that_of_the_option_else_of_the_environment() {
    let dir = book();
    std::fs::rename(dir.path().join("ledger.duckdb"), dir.path().join("b.duckdb")).expect("renamed");
    let code = |arguments: &[&str], ledger: &str| {
        let run = program(&dir, arguments).env("DUECAST_LEDGER", ledger).output().expect("duecast runs");
        run.status.code()
    };
    assert_eq!(code(&["check"], "b.duckdb"), Some(0));
    assert_eq!(code(&["check"], "a.duckdb"), Some(2));
    assert_eq!(code(&["--ledger", "b.duckdb", "check"], "a.duckdb"), Some(0));
    assert_eq!(code(&["check", "--ledger", "b.duckdb"], "a.duckdb"), Some(0));
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let dir = book();
    for arguments in [["sql", "select * from range(200000)"].as_slice(), &["metrics"], &["--help"]] {
        let mut child = program(&dir, arguments).stdout(Stdio::piped()).spawn().expect("duecast runs");
        let mut first = [0_u8; 1];
        child.stdout.take().expect("a pipe").read_exact(&mut first).expect("a byte");
        let output = child.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(0) && !said.contains("panicked"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let dir = book();
    refused(&dir.run(&["report", "--as-of", "2024-03-31", "--out", "in/item.csv"]), &["in/item.csv"]);
    refused(&dir.run(&["report", "--as-of", "2024-03-31", "--out", "in/item.csv/pack"]), &["in/item.csv/pack"]);
    refused(&dir.run(&["aging", "--as-of", "2024-03-31", "-o", "in/item.csv/x.csv"]), &["in/item.csv"]);
    refused(&dir.run(&["generate", "--items", "10", "--out", "in/item.csv"]), &["in/item.csv"]);
}

#[cfg(unix)]
#[test]
fn a_written_file_can_be_read_by_whom_other_files_can() {
    use std::os::unix::fs::PermissionsExt;
    let dir = book();
    let mode = |name: &str| std::fs::metadata(dir.path().join(name)).expect("a file").permissions().mode();
    dir.ok(&["aging", "--as-of", "2024-03-31", "-o", "aging.csv"]);
    assert_eq!(mode("aging.csv"), mode("in/item.csv"));
    dir.ok(&["report", "--as-of", "2024-03-31", "--out", "pack"]);
    assert_eq!(mode("pack/index.html"), mode("in/item.csv"));
}

#[test]
fn a_query_reads_the_ledger_and_its_views() {
    let dir = book();
    let query = "with a as (select count(*) as n from item) select n from a;";
    assert_eq!(dir.ok(&["sql", query, "-f", "csv"]), "n\n3\n");
    let query = "SELECT count(*) AS n FROM open_item WHERE item_id <> ';' -- those that are open";
    assert_eq!(dir.ok(&["sql", query, "--as-of", "2024-01-31", "-f", "csv"]), "n\n1\n");
    refused(&dir.run(&["sql", "select nope from item"]), &["nope"]);
    for asked in [
        "with recursive n as (select 1 as i union all select i + 1 from n where i < 3) select max(i) as n from n",
        "from (select 1 as n union select 3) order by n desc limit 1",
        "select max(n) as n from unnest([1, 2, 3]) as t(n), range(2), generate_series(1, 2)",
    ] {
        assert_eq!(dir.ok(&["sql", asked, "-f", "csv"]), "n\n3\n", "{asked}");
    }
}

#[test]
fn a_query_cannot_read_or_write_files_change_anything_or_reach_the_network() {
    let dir = book();
    dir.file("secret.csv", "a\nhidden\n");
    let (before, ledger) = (files(&dir), std::fs::read(dir.path().join("ledger.duckdb")).expect("a ledger"));
    let statements = [
        "copy item to 'out.csv'",
        "attach 'other.duckdb' as other",
        "install httpfs",
        "load httpfs",
        "pragma database_list",
        "set threads = 1",
        "export database 'out'",
        "create temp table t (a int)",
        "delete from item",
        "drop table item",
        "checkpoint",
        "begin",
        "call pragma_version()",
    ];
    let selects = [
        "select * from read_csv('secret.csv')",
        "select * from 'secret.csv'",
        "select * from read_text('secret.csv')",
        "select * from glob('*')",
        "select * from sniff_csv('secret.csv')",
        "select * from read_csv('http://localhost:1/a.csv')",
        "select 1; select 2",
        "",
        "with x as (copy (select 1) to 'ledger.duckdb' (format csv, use_tmp_file false)) select 1",
        "with x as (copy (select 1) to 'ledger.duckdb.wal' (format csv)) select 1",
        "select * from (with x as (copy item to 'ledger.duckdb.tmp/a.csv') select 1)",
        "select * from query('with x as (copy (select 1) to ''ledger.duckdb'' (format csv, use_tmp_file false)) select 1')",
        "with x as (insert into item select * from item returning *) select * from x",
        "with x as (update run_setting set is_net = true returning *) select * from x",
        "with x as (delete from run_date returning *) select * from x",
        "select octet_length(content) from query('select content from read_blob(''ledger.duckdb'')')",
        "select * from main.query('select 1')",
        "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))",
        "select * from enable_logging(storage = 'file', storage_config = {'path': 'logs'})",
    ];
    let inside =
        ["copy item to 'out.csv'", "attach 'other.duckdb' as other", "create temp view item as select 1", "checkpoint"];
    let alone = statements.iter().chain(&selects).map(|text| (*text).to_owned());
    let inside = inside.iter().map(|text| format!("select 1); {text}; select * from (select 2"));
    let mut passed = Vec::new();
    for query in alone.chain(inside) {
        let run = dir.run(&["sql", &query, "-f", "csv"]);
        if run.code != 2 || !run.stdout.is_empty() || run.stderr.trim().is_empty() || run.stderr.contains("hidden\n") {
            passed.push(query);
        }
    }
    assert_eq!(passed, Vec::<String>::new());
    assert_eq!(files(&dir), before);
    assert!(ledger == std::fs::read(dir.path().join("ledger.duckdb")).expect("a ledger"));
}

#[test]
fn a_day_long_after_the_last_posting_is_said_to_be_unknown() {
    let dir = Dir::new();
    dir.file("item.csv", format!("{HEADER}I1,C1,invoice,2024-01-05,2024-02-04,EUR,5\n"));
    dir.ok(&["load", "item.csv"]);
    let said = |as_of: &str| dir.run(&["aging", "--as-of", as_of]).stderr;
    assert!(!said("2024-01-12").contains("The ledger ends"));
    assert!(said("2024-01-13").contains("The ledger ends on 2024-01-05: no later posting was loaded"));
}
