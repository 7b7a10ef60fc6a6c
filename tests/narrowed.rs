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
