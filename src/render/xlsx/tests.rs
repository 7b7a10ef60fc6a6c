//! Workbooks read back.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

use super::*;
use crate::domain::money::Money;
use crate::sheet::{Cell, Chart, Column, Kind};

type Book = Xlsx<Cursor<Vec<u8>>>;

fn opened_again(bytes: Vec<u8>) -> Book {
    Xlsx::new(Cursor::new(bytes)).expect("a workbook")
}

fn rendered(sheet: &Sheet) -> Book {
    opened_again(render(sheet, &RenderOptions::default()).expect("rendered"))
}

fn cells(book: &mut Book) -> Range<Data> {
    book.worksheet_range_at(0).expect("a worksheet").expect("its cells")
}

fn formulas(book: &mut Book) -> Vec<String> {
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_formula(&name).expect("formulas");
    range.used_cells().map(|(_, _, formula)| formula.to_owned()).filter(|formula| !formula.is_empty()).collect()
}

/// The rows of a worksheet as text, empty cells at the end of a row left out.
fn lines(range: &Range<Data>) -> Vec<String> {
    range
        .rows()
        .map(|row| row.iter().map(Data::to_string).collect::<Vec<_>>().join("|"))
        .map(|line| line.trim_end_matches('|').to_owned())
        .collect()
}

fn amount(units: i128) -> Cell<'static> {
    Cell::Amount(Money::from_units(units))
}

/// Amounts in ten-thousandths by currency.
fn book_of(rows: &[(&str, i128)]) -> Sheet {
    let columns = vec![Column::new("currency", Kind::Text), Column::new("open_amount", Kind::Amount).totalled()];
    let rows: Vec<Vec<Cell<'_>>> = rows
        .iter()
        .map(|(currency, units)| {
            vec![if currency.is_empty() { Cell::Empty } else { Cell::Text(currency) }, amount(*units)]
        })
        .collect();
    Sheet::from_rows("open", "Open", columns, &rows).expect("a sheet")
}

#[test]
fn every_kind_of_cell_reads_back_below_the_title_and_the_notes() {
    let kinds = [Kind::Text, Kind::Date, Kind::Timestamp, Kind::Amount, Kind::Count, Kind::Rate, Kind::Flag];
    let columns = kinds.iter().map(|kind| Column::new(&format!("{kind:?}").to_lowercase(), *kind)).collect();
    let day = chrono::NaiveDate::from_ymd_opt(2024, 12, 31).expect("a day");
    let full = vec![
        Cell::Text("Kovács 上海"),
        Cell::Date(day),
        Cell::Timestamp(day.and_hms_opt(12, 0, 0).expect("a time")),
        amount(-12_345_678),
        Cell::Count(3),
        Cell::Number(0.125),
        Cell::Flag(true),
    ];
    let mut sheet = Sheet::from_rows("aging_trend", "Ageing", columns, &[full, vec![Cell::Empty; 7]])
        .expect("a sheet")
        .noted("A note.");
    sheet.alerts.push("An alert.".to_owned());
    let bytes = render(&sheet, &RenderOptions::default()).expect("rendered");
    assert_eq!(bytes, render(&sheet, &RenderOptions::default()).expect("rendered again"));
    let mut book = opened_again(bytes);
    assert_eq!(book.sheet_names(), ["Aging trend"]);
    let range = cells(&mut book);
    assert_eq!(
        lines(&range),
        [
            "Ageing",
            "An alert.",
            "A note.",
            "",
            "Text|Date|Timestamp|Amount|Count|Rate|Flag",
            "Kovács 上海|45657|45657.5|-1234.5678|3|0.125|yes"
        ]
    );
    assert_eq!(range.get_value((5, 3)), Some(&Data::Float(-1234.5678)));
}

#[test]
fn text_that_looks_like_a_formula_an_escape_or_a_number_stays_text() {
    let texts = [
        "=HYPERLINK(\"http://x\",\"pay\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "{=1}",
        "_x0041_",
        "00123",
        "a\u{1}b",
        " spaced ",
        "https://x",
    ];
    for row_count in [texts.len(), ROWS_KEPT + 1] {
        let rows: Vec<Vec<Cell<'_>>> =
            texts.iter().cycle().take(row_count).map(|text| vec![Cell::Text(text)]).collect();
        let sheet = Sheet::from_rows("x", "X", vec![Column::new("name", Kind::Text)], &rows).expect("a sheet");
        let mut book = rendered(&sheet);
        assert_eq!(formulas(&mut book), Vec::<String>::new());
        let range = cells(&mut book);
        let found: Vec<Data> =
            (3..3 + texts.len() as u32).map(|row| range.get_value((row, 0)).expect("a cell").clone()).collect();
        let wanted: Vec<Data> =
            texts.iter().map(|text| Data::String(super::super::shown::visible(text).into_owned())).collect();
        assert_eq!(found, wanted);
    }
}

#[test]
fn one_currency_is_totalled_by_a_formula_that_follows_the_filter() {
    let mut book = rendered(&book_of(&[("EUR", 10_000), ("EUR", 2)]));
    assert_eq!(formulas(&mut book), ["ROUND(SUBTOTAL(109,B4:B5),4)"]);
    assert_eq!(lines(&cells(&mut book))[3..], ["EUR|1", "EUR|0.0002", "Total EUR|1.0002"]);
}

#[test]
fn several_currencies_are_totalled_apart_by_formulas() {
    let mut book = rendered(&book_of(&[("USD", 10_000), ("EUR", 20_000), ("", 40_000), ("USD", 1)]));
    assert_eq!(
        formulas(&mut book),
        [
            "ROUND(SUMIFS(B5:B8,A5:A8,\"=\"),4)",
            "ROUND(SUMIFS(B5:B8,A5:A8,\"=EUR\"),4)",
            "ROUND(SUMIFS(B5:B8,A5:A8,\"=USD\"),4)"
        ]
    );
    assert_eq!(lines(&cells(&mut book))[8..], ["Total without currency|4", "Total EUR|2", "Total USD|1.0001"]);
}

#[test]
fn currencies_that_a_formula_would_mix_up_are_totalled_as_values() {
    let mut book = rendered(&book_of(&[("EUR", 10_000), ("eur", 20_000)]));
    assert_eq!(formulas(&mut book), Vec::<String>::new());
    assert_eq!(lines(&cells(&mut book))[6..], ["Total EUR|1", "Total eur|2"]);
}

#[test]
fn an_amount_too_long_for_a_spreadsheet_is_text_and_its_total_exact() {
    let mut book = rendered(&book_of(&[("EUR", 12_345_678_901_234_567), ("EUR", 1)]));
    assert_eq!(formulas(&mut book), Vec::<String>::new());
    let lines = lines(&cells(&mut book));
    assert_eq!(
        lines[1],
        "1 number has more than the 15 digits a spreadsheet keeps: to stay exact they stand as text, and their column's total as a value."
    );
    assert_eq!(lines[4..], ["EUR|1,234,567,890,123.4567", "EUR|0.0001", "Total EUR|1,234,567,890,123.4568"]);
}

#[test]
fn a_long_sheet_is_streamed_whole_and_a_cut_one_says_where_the_rest_is() {
    let rows: Vec<(&str, i128)> = (0..=ROWS_KEPT as i128).map(|units| ("EUR", units * 100)).collect();
    let sheet = book_of(&rows);
    let mut book = rendered(&sheet);
    let range = cells(&mut book);
    assert_eq!(range.height(), rows.len() + 4);
    assert_eq!(lines(&range)[rows.len() + 3], "Total EUR|2000100");

    let page = Page { tab: "Open".to_owned(), sheet: &sheet, csv_name: Some("open.csv".to_owned()), max_rows: Some(2) };
    let mut book = opened_again(workbook(&Cover::default(), &[page]).expect("a workbook"));
    let range = book.worksheet_range("Open").expect("the page");
    assert_eq!(
        lines(&range),
        [
            "Open",
            "CUT: these are the first 2 of 20,001 rows; all of them are in open.csv.",
            "",
            "Currency|Open amount",
            "EUR|0",
            "EUR|0.01",
            "Total EUR of all rows|2000100"
        ]
    );
    assert!(book.worksheet_formula("Open").expect("formulas").is_empty());
}

#[test]
fn what_does_not_fit_above_the_table_stands_below_it() {
    let mut sheet = book_of(&[("EUR", 10_000)]);
    sheet.notes = (1..=10).map(|n| format!("Note {n}.")).collect();
    let lines = lines(&cells(&mut rendered(&sheet)));
    assert_eq!(lines[7..10], ["Note 7.", "3 more notes stand below the table.", ""]);
    assert_eq!(lines[10..], ["Currency|Open amount", "EUR|1", "Total EUR|1", "", "Note 8.", "Note 9.", "Note 10."]);
}

#[test]
fn a_table_without_rows_says_so() {
    let lines = lines(&cells(&mut rendered(&book_of(&[]))));
    assert!(lines.contains(&"No rows.".to_owned()), "{lines:?}");
}

#[test]
fn a_cover_names_the_proof_the_figures_and_every_page() {
    let (one, two) = (book_of(&[("EUR", 10_000)]), book_of(&[]));
    let page =
        |tab: &str, sheet| Page { tab: tab.to_owned(), sheet, csv_name: Some("open.csv".to_owned()), max_rows: None };
    let cover = Cover {
        title: "Book".to_owned(),
        alerts: vec!["Alert.".to_owned()],
        notes: vec!["EUR ties.".to_owned()],
        figures: Some(&one),
    };
    let mut book = opened_again(workbook(&cover, &[page("Cover", &one), page("A/B's", &two)]).expect("a workbook"));
    assert_eq!(book.sheet_names(), ["Cover", "Cover (2)", "A B's"]);
    let range = cells(&mut book);
    assert_eq!(
        lines(&range),
        [
            "Book",
            "Alert.",
            "EUR ties.",
            "",
            "Open",
            "Currency|Open amount",
            "EUR|1",
            "",
            "Contents",
            "Sheet|Shows|||||Rows|All rows in",
            "Cover (2)|Open|||||1|open.csv",
            "A B's|Open|||||0|open.csv"
        ]
    );
}

#[test]
fn a_chart_is_drawn_from_cells_right_of_the_table_one_block_a_currency() {
    let chart = Chart::StackedBars { category: "currency".to_owned(), series: None, value: "open_amount".to_owned() };
    let sheet = book_of(&[("EUR", 10_000), ("USD", -20_000)]).charted(chart);
    let range = cells(&mut rendered(&sheet));
    let right: Vec<String> =
        lines(&range).iter().map(|line| line.split('|').skip(14).collect::<Vec<_>>().join("|")).collect();
    assert_eq!(
        right,
        ["", "", "", "", "Open amount, EUR", "|Open amount", "EUR|1", "", "Open amount, USD", "|Open amount", "USD|-2"]
    );
}
