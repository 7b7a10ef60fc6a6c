//! What is made of some of the items says so wherever it is read alone: charts, slides, the page.

use std::fs::File;
use std::io::Read;

use crate::support::{Dir, SAMPLES, rows, sample_pack};

#[test]
fn a_chart_names_what_it_is_narrowed_to_and_no_other_currency_proves_it() {
    let dir = Dir::new();
    dir.ok(&["load", SAMPLES]);
    let customers = rows(&dir.ok(&["aging", "--as-of", "2024-12-31", "--by", "customer", "--currency", "HUF"]));
    let customer = customers[0]["customer_id"].as_str();
    for report in [&["aging"][..], &["forecast"], &["bridge", "--metric", "overdue", "--from", "2024-11-30"]] {
        dir.ok(&[report, &["--as-of", "2024-12-31", "--customer", customer, "-o", "chart.svg"]].concat());
        let chart = std::fs::read_to_string(dir.path().join("chart.svg")).expect("a chart");
        assert!(chart.contains(&format!("customer {customer} only")), "{report:?}: {chart}");
        assert!(!chart.contains("CNY"), "{report:?}: {chart}");
    }
    let scope = ["targets", "--as-of", "2024-12-15", "--scope", "company", "--scope-id", "HU01", "--days"];
    dir.ok(&[&scope[..], &["-o", "chart.svg"]].concat());
    let chart = std::fs::read_to_string(dir.path().join("chart.svg")).expect("a chart");
    assert!(chart.contains("company HU01 only"), "{chart}");
}

#[test]
fn slides_of_some_items_open_with_what_they_are_of() {
    let dir = Dir::new();
    dir.ok(&["load", SAMPLES]);
    dir.ok(&["report", "--out", "pack", "--as-of", "2024-12-31", "--company", "DE01", "-f", "pptx"]);
    let slides = File::open(dir.path().join("pack/receivables.pptx")).expect("slides");
    let mut slides = zip::ZipArchive::new(slides).expect("an archive");
    for (slide, words) in [(1, "company DE01 only"), (1, "EUR of the whole ledger ties"), (2, "company DE01 only")] {
        let mut text = String::new();
        let mut part = slides.by_name(&format!("ppt/slides/slide{slide}.xml")).expect("a slide");
        part.read_to_string(&mut text).expect("text");
        assert!(text.contains(words), "{words} is not on slide {slide}: {text}");
    }
    let page = std::fs::read_to_string(dir.path().join("pack/index.html")).expect("a page");
    assert!(page.contains("<h1>Receivables as of 2024-12-31, company DE01 only</h1>"));
}

#[test]
fn a_table_that_is_cut_on_the_page_keeps_rows_of_every_currency() {
    let page = std::fs::read_to_string(sample_pack().join("index.html")).expect("a page");
    let all = rows(&std::fs::read_to_string(sample_pack().join("forecast.csv")).expect("a forecast"));
    let start = page.find("data-csv=\"forecast.csv\"").expect("the forecast");
    let table = &page[start..start + page[start..].find("</table>").expect("its end")];
    assert!(table.matches("<tr>").count() < all.len(), "all rows have room");
    for row in &all {
        assert!(table.contains(&format!(">{}<", row["currency"])), "{} is left out", row["currency"]);
    }
}

#[test]
fn what_was_known_then_is_said_wherever_a_figure_of_it_stands_alone() {
    let dir = Dir::new();
    dir.ok(&["load", SAMPLES]);
    dir.ok(&["report", "--out", "pack", "--as-of", "2024-12-31", "--known-at", "2024-12-10", "--basis", "invoice"]);
    let page = std::fs::read_to_string(dir.path().join("pack/index.html")).expect("a page");
    assert!(page.contains("<h1>Receivables as of 2024-12-31, as known at 2024-12-10 23:59</h1>"));
    for (chart, words) in
        [("target_days", "known at 2024-12-10"), ("aging", "from the document date"), ("aging_trend", "document date")]
    {
        let drawn = std::fs::read_to_string(dir.path().join(format!("pack/{chart}.svg"))).expect("a chart");
        assert!(drawn.contains(words), "{chart} does not say {words}");
    }
}

#[test]
fn a_promise_on_a_customer_is_kept_in_each_company_that_it_is_in() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        "item_id,company,customer_id,kind,issued_on,due_on,currency,amount\nI1,A,C1,invoice,2024-01-01,2024-01-05,EUR,100\n\
         I2,B,C1,invoice,2024-01-01,2024-01-05,EUR,100\nR1,A,C1,receipt,2024-01-09,,EUR,-100\nR2,B,C1,receipt,2024-01-09,,EUR,-100\n",
    );
    dir.file(
        "application.csv",
        "credit_item_id,debit_item_id,amount,applied_on\nR1,I1,100,2024-01-09\nR2,I2,100,2024-01-09\n",
    );
    dir.file(
        "promise.csv",
        "promise_id,created_on,promised_on,customer_id,amount,currency\nP1,2024-01-06,2024-01-10,C1,200,EUR\n",
    );
    dir.ok(&["load", "item.csv", "application.csv", "promise.csv"]);
    for company in [&[][..], &["--company", "A"], &["--company", "B"]] {
        let kpi = dir.ok(&[&["kpi", "--from", "2023-12-31", "--as-of", "2024-01-31", "-f", "csv"], company].concat());
        let rate = rows(&kpi).into_iter().find(|row| row["metric"] == "promise_kept_rate").expect("a rate");
        assert_eq!((rate["value"].as_str(), rate["denominator"].as_str()), ("1", "1.00"), "{company:?}: {kpi}");
    }
}

/// The text of the pack's document.
fn document(dir: &Dir) -> String {
    let document = File::open(dir.path().join("pack/receivables.docx")).expect("a document");
    let mut text = String::new();
    let mut archive = zip::ZipArchive::new(document).expect("an archive");
    archive.by_name("word/document.xml").expect("its text").read_to_string(&mut text).expect("text");
    text
}

#[test]
fn a_target_of_a_collector_is_on_the_slides_and_a_chart_says_whose_cash_it_has() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        "item_id,company,customer_id,kind,issued_on,due_on,currency,amount\nI1,Small,C1,invoice,2024-11-01,2024-12-05,EUR,1000\n\
         I2,Large,C2,invoice,2024-11-01,2024-12-05,EUR,50000\n",
    );
    dir.file("collector.csv", "collector_id,name\nL1,Léna\n");
    dir.file("assignment.csv", "customer_id,collector_id,from_on\nC1,L1,2024-01-01\n");
    let target = |scope: &str, id: &str| {
        let line = format!("T1,2024-12-01,2024-12-31,{scope},{id},2000,EUR\n");
        dir.file("target.csv", "target_id,period_start,period_end,scope,scope_id,amount,currency\n".to_owned() + &line);
        dir.ok(&["load", "item.csv", "collector.csv", "assignment.csv", "target.csv"]);
    };
    target("company", "Small");
    let days = dir.run(&["targets", "--as-of", "2024-12-15", "--days", "-f", "table"]).stdout;
    assert!(
        days.contains("EUR is of what has a target (company Small): 1 of 2; cash of the others is not in it."),
        "{days}"
    );
    target("collector", "L1");
    dir.ok(&["report", "--out", "pack", "--as-of", "2024-12-15", "-f", "docx"]);
    let text = document(&dir);
    assert!(text.contains("Léna") && text.contains("2,000.00"), "the target that was set is not there");
}

#[test]
fn what_has_no_due_date_is_said_beside_overdue_and_what_is_undefined_is_no_blank() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        "item_id,customer_id,kind,issued_on,due_on,currency,amount\nI1,C1,invoice,2024-12-01,,EUR,1234.5\n",
    );
    dir.ok(&["load", "item.csv"]);
    dir.ok(&["report", "--out", "pack", "--as-of", "2024-12-31", "-f", "docx"]);
    let page = std::fs::read_to_string(dir.path().join("pack/index.html")).expect("a page");
    assert!(page.contains("EUR 1,234.50 of open items has no due date, and is in no overdue figure."));
    let text = document(&dir);
    assert!(text.contains("not defined"), "an undefined figure of the headline is a blank");
}

#[test]
fn roll_rates_and_trends_of_a_split_are_drawn_for_each_of_its_parts() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        "item_id,company,customer_id,kind,issued_on,due_on,currency,amount\nI1,North,C1,invoice,2024-03-01,2024-03-31,EUR,100\n\
         I2,South,C2,invoice,2024-03-01,2024-05-31,EUR,300\n",
    );
    dir.ok(&["load", "item.csv"]);
    for report in ["roll_rate", "aging_trend", "dso_trend", "rollforward", "concentration"] {
        let chart =
            dir.ok(&["show", report, "--by", "company", "--from", "2024-03-31", "--as-of", "2024-04-30", "-f", "svg"]);
        assert!(chart.contains(", EUR, North") && chart.contains(", EUR, South"), "{report}: {chart}");
        assert!(!chart.contains("Not drawn"), "{report}");
    }
}

#[test]
fn a_pack_says_what_it_leaves_out_what_warns_and_which_files_are_not_its_own() {
    let dir = Dir::new();
    let line = |no: usize| format!("I{no},C{no:02},invoice,2024-11-01,,EUR,{}\n", 100 * no);
    let lines: String = (1..=12).map(line).collect();
    dir.file("item.csv", "item_id,customer_id,kind,issued_on,due_on,currency,amount\n".to_owned() + &lines);
    dir.ok(&["load", "item.csv"]);
    let report = |more: &[&str]| {
        let run = dir.run(&[&["report", "--out", "pack", "--as-of", "2024-12-31"], more].concat());
        assert_eq!(run.code, 0, "{run:?}");
        run.stdout + &run.stderr
    };
    assert!(!report(&["-f", "png"]).contains("Not of this pack"));
    let page = std::fs::read_to_string(dir.path().join("pack/index.html")).expect("a page");
    assert!(page.contains("No check of the ledger failed; one warns (12 findings)."));
    assert!(page.contains("Others, not drawn: 300.00 EUR (2 customers, 0.00 overdue)."));
    dir.file("pack/own.csv", "a file of the reader\n");
    let said = report(&["--window", "30", "--net"]);
    let others = said.lines().find(|line| line.starts_with("Not of this pack")).expect("the pictures");
    assert!(others.contains("aging.png") && !others.contains("aging.svg") && !others.contains("own.csv"), "{others}");
    let trend = std::fs::read_to_string(dir.path().join("pack/dso_trend.svg")).expect("a chart");
    assert!(trend.contains("DSO at month ends, by sales of 30 days without tax as of 2024-12-31"), "{trend}");
}
