//! Customers named in any script, at any length, and like a program: each stands in every file of the pack as the text it is.

use std::fs;
use std::io::Read;
use std::path::Path;

use calamine::{Reader, Xlsx};
use serde_json::json;

use crate::support::chromium::Chromium;
use crate::support::libreoffice::converted;
use crate::support::{Dir, rows};

const NAMES: [&str; 6] = [
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://example.com\")",
    "上海国际贸易有限责任公司第二分公司",
    "Árvíztűrő Tükörfúrógép Gyártó és Kereskedelmi Korlátolt Felelősségű Társaság",
    "Общество с ограниченной ответственностью «Ромашка»",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft-und-Söhne-Verwaltungsholding",
];

/// A pack of a book in which each of them owes something.
fn pack() -> Dir {
    let dir = Dir::new();
    let mut items = "item_id,customer_id,kind,issued_on,due_on,currency,amount\n".to_owned();
    let mut customers = "customer_id,name\n".to_owned();
    for (at, name) in NAMES.iter().enumerate() {
        items += &format!("I{at},C{at},invoice,2024-01-0{0},2024-02-0{0},EUR,{1}.25\n", at + 1, 1_000 - at * 100);
        customers += &format!("C{at},\"{}\"\n", name.replace('"', "\"\""));
    }
    dir.file("item.csv", items);
    dir.file("customer.csv", customers);
    dir.ok(&["load", "item.csv", "customer.csv"]);
    dir.ok(&["report", "--out", "pack", "--as-of", "2024-03-31", "--format", "pptx,docx,png"]);
    dir
}

/// The text of a part of an Office file, its entities as the characters they stand for, without the breaks that layout needs.
fn texts(file: &Path, part: &str) -> String {
    let mut archive = zip::ZipArchive::new(fs::File::open(file).expect("a file")).expect("an archive");
    let names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(std::borrow::Cow::into_owned)
        .filter(|name| name.starts_with(part))
        .collect();
    let mut text = String::new();
    for name in names.iter().filter(|name| name.ends_with(".xml")) {
        archive.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
    }
    let plain = [("&#x2f;", "/"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    plain.iter().fold(text, |text, (entity, character)| text.replace(entity, character))
}

#[test]
fn every_file_of_the_pack_has_the_names_as_they_are() {
    let dir = pack();
    let file = |name: &str| dir.path().join("pack").join(name);
    let csv = rows(&fs::read_to_string(file("top_customers.csv")).expect("a file"));
    let mut workbook: Xlsx<_> = calamine::open_workbook(file("receivables.xlsx")).expect("a workbook");
    let sheet = workbook.worksheet_range("Top customers").expect("a sheet");
    let formulas = workbook.worksheet_formula("Top customers").expect("formulas");
    let (slides, document) =
        (texts(&file("receivables.pptx"), "ppt/slides/"), texts(&file("receivables.docx"), "word/document"));
    for name in NAMES {
        // A table of a spreadsheet must not run it, and one of a slide has no room for the whole of a long one.
        let quoted = if name.starts_with('=') { format!("'{name}") } else { name.to_owned() };
        assert!(csv.iter().any(|row| row["customer"] == quoted), "{name}: CSV");
        assert!(sheet.used_cells().any(|(.., cell)| *cell == name), "{name}: workbook");
        let start: String = name.chars().take(40).collect();
        assert!(slides.contains(&start), "{name}: slides");
        assert!(document.contains(&start), "{name}: document");
    }
    assert!(!formulas.used_cells().any(|(.., formula)| formula.contains("HYPERLINK")));
    let chart = fs::read_to_string(file("top_customers.svg")).expect("a chart");
    assert!(!chart.contains("<script") && chart.contains("&lt;script&gt;"), "a chart has no program");
    for (name, format) in [("receivables.pptx", "pdf"), ("receivables.docx", "pdf"), ("receivables.xlsx", "xlsx")] {
        let Some((_dir, made)) = converted(&file(name), format) else { return };
        assert!(fs::metadata(made).expect("a file").len() > 10_000, "{name}");
    }
}

#[test]
fn the_page_with_such_names_runs_nothing_and_fits_its_screen() {
    let dir = pack();
    let Some(mut page) = Chromium::start() else { return };
    page.open(&dir.path().join("pack/index.html"));
    let shown = page.value(
        "[...document.querySelectorAll('#top_customers tbody tr')].flatMap((row) => [...row.cells].map((cell) => cell.textContent))",
    );
    let shown = shown.as_array().expect("names");
    for name in NAMES {
        assert!(shown.contains(&json!(name)), "{name}: {shown:?}");
    }
    for width in [360, 1280] {
        let screen = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500 });
        page.ask("Emulation.setDeviceMetricsOverride", screen);
        let over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.value(over), 0, "nothing reaches over the side of {width} pixels");
    }
    assert_eq!(page.of("Page.javascriptDialogOpening").len() + page.of("Runtime.exceptionThrown").len(), 0);
}
