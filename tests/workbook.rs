//! The workbook of the pack, opened and recalculated by LibreOffice.

use std::io::BufReader;
use std::path::Path;

use calamine::{Data, DataType, Reader, Xlsx};
use chrono::NaiveDate;
use duecast::domain::money::Money;
use duecast::render::xlsx::{self, Cover, Page};
use duecast::sheet::{Cell, Chart, Column, Kind, Sheet};

use crate::support::libreoffice::converted;
use crate::support::{Dir, SAMPLES, rows, sample_pack, units};

type Book = Xlsx<BufReader<std::fs::File>>;

fn opened(path: &Path) -> Book {
    calamine::open_workbook(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The workbook as LibreOffice writes it after it has calculated every formula anew, where this machine has LibreOffice.
fn recalculated(workbook: &Path) -> Option<Book> {
    let (_dir, path) = converted(workbook, "xlsx")?;
    Some(opened(&path))
}

/// Whether two cells say the same: LibreOffice writes numbers in fifteen digits, half a unit in the last may be lost.
fn is_same(found: &Data, cell: &Data) -> bool {
    match (found.as_f64(), cell.as_f64()) {
        (Some(found), Some(number)) => (found - number).abs() <= 5e-15 * number.abs(),
        _ => found.to_string() == cell.to_string(),
    }
}

/// Sees that what we wrote as a result is what the formulas give, and the rest is as it was. Gives the number of formulas.
fn compare(ours: &mut Book, theirs: &mut Book) -> usize {
    assert_eq!(ours.sheet_names(), theirs.sheet_names());
    let mut formula_count = 0;
    for name in ours.sheet_names() {
        let formulas = ours.worksheet_formula(&name).expect("formulas");
        formula_count += formulas.used_cells().filter(|(_, _, formula)| !formula.is_empty()).count();
        let (ours, theirs) =
            (ours.worksheet_range(&name).expect("cells"), theirs.worksheet_range(&name).expect("cells"));
        for (row, column, cell) in ours.used_cells() {
            let at = (row as u32, column as u32);
            let found = theirs.get_value(at).unwrap_or(&Data::Empty);
            assert!(!matches!(found, Data::Error(_)), "{name} {at:?}: {found}");
            assert!(is_same(found, cell), "{name} {at:?}: {found}, not {cell}");
        }
    }
    formula_count
}

#[test]
fn the_workbook_of_the_sample_recalculates_to_the_same_numbers_without_an_error() {
    let path = sample_pack().join("receivables.xlsx");
    let mut ours = opened(&path);
    let Some(mut theirs) = recalculated(&path) else { return };
    let formula_count = compare(&mut ours, &mut theirs);
    assert!(formula_count >= 10, "{formula_count} formulas");
}

/// A sheet of steps with every kind of column, in two currencies and a row without one.
fn steps() -> Sheet {
    let columns = vec![
        Column::new("currency", Kind::Text),
        Column::new("step", Kind::Text),
        Column::new("on", Kind::Date),
        Column::new("amount", Kind::Amount).totalled(),
        Column::new("overdue_amount", Kind::Amount).totalled(),
        Column::new("share", Kind::Rate),
        Column::new("is_total", Kind::Flag),
    ];
    let rows = [
        ("EUR", "Opening", 1_200_000, 0.1, true),
        ("EUR", "Szállító Ipari Kft. és társai", 345_678, 0.2, false),
        ("EUR", "=1+1", -1_900_000, 0.35, false),
        ("EUR", "上海贸易公司", 800_000, 0.6, false),
        ("EUR", "Closing", 445_678, 1.0, true),
        ("USD", "Opening", 10, 0.5, true),
        ("USD", "\"quoted\" 'name'", -20, 0.75, false),
        ("USD", "Closing", -10, 1.0, true),
        ("", "Opening", 1, 1.0, true),
    ];
    let first = NaiveDate::from_ymd_opt(2024, 1, 31).expect("a day");
    let row =
        |(at, (currency, step, whole, share, is_total)): (usize, &(&'static str, &'static str, i128, f64, bool))| {
            let day = first + chrono::Months::new(at as u32);
            vec![
                if currency.is_empty() { Cell::Empty } else { Cell::Text(currency) },
                Cell::Text(step),
                Cell::Date(day),
                Cell::Amount(Money::from_units(whole * 10_000 + 1)),
                Cell::Amount(Money::from_units(whole * 2_500)),
                Cell::Number(*share),
                Cell::Flag(*is_total),
            ]
        };
    let rows: Vec<Vec<Cell<'_>>> = rows.iter().enumerate().map(row).collect();
    Sheet::from_rows("steps", "Steps", columns, &rows).expect("a sheet")
}

#[test]
fn every_kind_of_chart_opens_beside_totals_of_several_currencies() {
    let name = str::to_owned;
    let (step, amount, share) = (|| name("step"), || name("amount"), || name("share"));
    let charts = [
        Chart::StackedBars { category: step(), series: None, value: amount() },
        Chart::StackedBars { category: name("on"), series: Some(step()), value: amount() },
        Chart::Lines { day: name("on"), series: name("currency"), value: share() },
        Chart::Bars { category: step(), values: vec![amount(), name("overdue_amount")] },
        Chart::Waterfall { step: step(), value: amount(), total: name("is_total") },
        Chart::Curve { x: share(), y: share(), series: None },
        Chart::Heat { row: step(), column: name("currency"), value: share() },
        Chart::Funnel { stage: step(), value: amount(), apart: vec![step()] },
    ];
    let sheets: Vec<Sheet> = charts.into_iter().map(|chart| steps().charted(chart)).collect();
    let pages: Vec<Page<'_>> = sheets
        .iter()
        .map(|sheet| Page { tab: "Steps: [a/b]".to_owned(), sheet, csv_name: None, max_rows: None })
        .collect();
    let cover = Cover { title: "Charts".to_owned(), ..Cover::default() };
    let dir = Dir::new();
    let path = dir.file("charts.xlsx", xlsx::workbook(&cover, &pages).expect("a workbook"));
    let Some(mut theirs) = recalculated(&path) else { return };
    assert_eq!(compare(&mut opened(&path), &mut theirs), sheets.len() * 6, "two totals of three currencies a sheet");
}

#[test]
fn the_same_ledger_gives_the_same_bytes() {
    let dir = Dir::new();
    dir.ok(&["load", SAMPLES]);
    dir.ok(&["report", "--out", "again", "--as-of", "2024-12-31"]);
    let bytes = |folder: &Path| std::fs::read(folder.join("receivables.xlsx")).expect("a workbook");
    assert!(bytes(sample_pack()) == bytes(&dir.path().join("again")), "the workbooks differ");
}

#[test]
fn totals_of_the_workbook_are_the_sums_of_the_csv() {
    let csv = rows(&std::fs::read_to_string(sample_pack().join("items.csv")).expect("the items"));
    let mut book = opened(&sample_pack().join("receivables.xlsx"));
    let range = book.worksheet_range("Open items").expect("the items' sheet");
    let totals: Vec<_> = range.rows().filter(|row| row[0].to_string().starts_with("Total ")).collect();
    assert_eq!(totals.len(), 5);
    let column = range.rows().find_map(|row| row.iter().position(|cell| *cell == "Open amount"));
    for total in totals {
        let currency = total[0].to_string().replace("Total ", "");
        let sum: i128 =
            csv.iter().filter(|row| row["currency"] == currency).map(|row| units(&row["open_amount"])).sum();
        let found = total[column.expect("the column")].to_string();
        assert_eq!(units(&found), sum, "{currency}");
    }
}

#[test]
fn a_long_worksheet_whose_temporary_file_cannot_be_written_is_an_error_that_says_where() {
    let dir = Dir::new();
    let mut items = "item_id,customer_id,kind,issued_on,due_on,currency,amount\n".to_owned();
    for at in 0..21_000 {
        items += &format!("I{at},C{},invoice,2024-01-01,2024-02-01,EUR,{at}.25\n", at % 50 + 1);
    }
    dir.file("item.csv", items);
    dir.ok(&["load", "item.csv"]);
    // A file may grow to 64 blocks: what is like a full disk, on every machine.
    let run = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"])
        .arg(assert_cmd::cargo::cargo_bin!("duecast"))
        .args(["items", "--as-of", "2024-03-31", "-o", "items.xlsx"])
        .current_dir(dir.path())
        .env("TMPDIR", dir.path())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{said}");
    let folder = dir.path().display();
    assert!(
        said.contains(&format!("{folder}: the temporary file of a long worksheet cannot be written here: ")),
        "{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
    assert!(!dir.path().join("items.xlsx").exists());
}
