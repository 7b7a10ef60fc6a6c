//! Both files as Office reads them: parts, relationships, ids, and what stands on the pages.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use roxmltree::Document;

use super::*;
use crate::domain::money::Money;
use crate::sheet::{Cell, Chart, Column, Kind};

const NAME: &str = "<b>\"Őrség & Társa\" Kft.</b> 上海贸易\u{202e}\u{1b}";

/// Rows of a customer each, the first with the name that is hard to write.
fn customers(count: usize) -> Sheet {
    let columns = vec![Column::new("customer", Kind::Text), Column::new("open_amount", Kind::Amount).totalled()];
    let names: Vec<String> =
        (0..count).map(|at| if at == 0 { NAME.to_owned() } else { format!("Customer {at}") }).collect();
    let rows: Vec<Vec<Cell<'_>>> =
        names.iter().map(|name| vec![Cell::Text(name), Cell::Amount(Money::from_units(1_234_567_800))]).collect();
    Sheet::from_rows("top_customers", NAME, columns, &rows)
        .expect("a sheet")
        .noted(NAME)
        .charted(Chart::Bars { category: "customer".into(), values: vec!["open_amount".into()] })
}

/// Three pages under two headings, one of them without a picture.
fn pages(count: usize) -> Vec<Page> {
    let page = |heading| {
        Page::of_sheet(heading, &customers(count), &["customer", "open_amount"], "top_customers.csv").expect("a page")
    };
    let table = Table::of_cells(
        &[("Figure", super::Holds::Texts), ("Value", super::Holds::Numbers)],
        &[vec![(Cell::Text(NAME), Kind::Text), (Cell::Number(0.25), Kind::Rate)]],
    );
    let bare = Page { heading: "C & D?".to_owned(), table, ..Page::default() };
    vec![page("<A>?"), page("<A>?"), bare]
}

fn cover() -> Cover {
    Cover { title: format!("Receivables {NAME}"), alerts: vec!["Σ <0".to_owned()], lines: vec![NAME.to_owned(); 20] }
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a part");
        let (name, mut bytes) = (file.name().expect("a name").into_owned(), Vec::new());
        file.read_to_end(&mut bytes).expect("its bytes");
        assert!(parts.insert(name.clone(), bytes).is_none(), "{name} twice");
    }
    parts
}

fn both(count: usize) -> [BTreeMap<String, Vec<u8>>; 2] {
    let (cover, pages) = (cover(), pages(count));
    [deck(&cover, &pages), document(&cover, &pages)].map(|bytes| parts(&bytes.expect("a file")))
}

fn text(part: &[u8]) -> &str {
    std::str::from_utf8(part).expect("UTF-8")
}

/// The texts of a part's runs.
fn runs(part: &[u8]) -> Vec<String> {
    let document = Document::parse(text(part)).expect("XML");
    let runs = document.descendants().filter(|node| node.tag_name().name() == "t");
    runs.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

/// `../media/image1.png`, as a part of the folder of `ppt/slides/slide1.xml` names it.
fn resolved(source: &str, target: &str) -> String {
    let mut folders: Vec<&str> = source.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            ".." => drop(folders.pop()),
            step => folders.push(step),
        }
    }
    folders.join("/")
}

#[test]
fn every_part_is_xml_has_a_type_and_is_named_by_another() {
    for parts in both(3) {
        let mut named: BTreeSet<String> = BTreeSet::from(["[Content_Types].xml".to_owned()]);
        for (name, bytes) in parts.iter().filter(|(name, _)| !name.ends_with(".png")) {
            let document = Document::parse(text(bytes)).unwrap_or_else(|error| panic!("{name}: {error}"));
            if name.ends_with(".rels") {
                named.insert(name.clone());
                let source = name.replace("_rels/", "").replace(".rels", "");
                let targets = document.descendants().filter_map(|node| node.attribute("Target"));
                named.extend(targets.map(|target| resolved(&source, target)));
            }
        }
        assert_eq!(named, parts.keys().cloned().collect(), "parts that are named, and parts that are there");
        let types = Document::parse(text(&parts["[Content_Types].xml"])).expect("XML");
        let typed: BTreeSet<&str> = types.descendants().filter_map(|node| node.attribute("PartName")).collect();
        for name in parts.keys().filter(|name| name.ends_with(".xml") && !name.starts_with('[')) {
            assert!(typed.contains(format!("/{name}").as_str()), "{name} has no type");
        }
        assert!(typed.iter().all(|name| parts.contains_key(&name[1..])), "{typed:?}");
    }
}

#[test]
fn relationships_that_a_part_uses_are_its_own_and_ids_are_its_alone() {
    const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    for parts in both(3) {
        for (name, bytes) in parts.iter().filter(|(name, _)| name.ends_with(".xml") && name.contains('/')) {
            let (folder, file) = name.rsplit_once('/').expect("a folder");
            let rels = parts.get(&format!("{folder}/_rels/{file}.rels")).map_or("", |bytes| text(bytes));
            let document = Document::parse(text(bytes)).expect("XML");
            let mut ids = BTreeSet::new();
            for node in document.descendants().filter(roxmltree::Node::is_element) {
                for attribute in node.attributes().filter(|attribute| attribute.namespace() == Some(RELATIONSHIPS)) {
                    assert!(rels.contains(&format!("Id=\"{}\"", attribute.value())), "{name}: {}", attribute.value());
                }
                if matches!(node.tag_name().name(), "docPr" | "bookmarkStart" | "sldId" | "sldLayoutId")
                    || (node.tag_name().name() == "cNvPr" && name.starts_with("ppt/"))
                {
                    let id = node.attributes().find(|a| a.namespace().is_none() && matches!(a.name(), "id"));
                    let id = id.map_or_else(|| node.attributes().next().map(|a| a.value()), |a| Some(a.value()));
                    assert!(
                        ids.insert((node.tag_name().name().to_owned(), id.map(str::to_owned))),
                        "{name}: {id:?} twice"
                    );
                }
            }
        }
    }
}

#[test]
fn names_are_text_and_nothing_hides_in_them() {
    let shown = shown::visible(NAME).into_owned();
    assert_eq!(shown, r#"<b>"Őrség & Társa" Kft.</b> 上海贸易\u{202e}\u{1b}"#);
    let [deck, document] = both(3);
    let slide = &deck["ppt/slides/slide2.xml"];
    assert!(runs(slide).iter().filter(|run| **run == shown).count() >= 3, "subject, table and note");
    let page = Document::parse(text(slide)).expect("XML");
    let words = page.descendants().find_map(|node| node.attribute("descr")).expect("words for the picture");
    assert!(words.contains(&shown) && words.contains("Customer 1"), "{words}");
    assert!(runs(&document["word/document.xml"]).contains(&shown));
    assert!(runs(&document["word/footer1.xml"])[0].ends_with(&shown));
}

#[test]
fn a_slide_shows_the_rows_it_has_room_for_and_totals_of_all() {
    let [deck, document] = both(100);
    let slide = Document::parse(text(&deck["ppt/slides/slide2.xml"])).expect("XML");
    let rows = slide.descendants().filter(|node| node.tag_name().name() == "tr").count();
    // A head, a total and the line that says how many more there are stand among them.
    let texts = runs(&deck["ppt/slides/slide2.xml"]);
    assert!(texts.contains(&"12,345,678.00".to_owned()) && texts.contains(&"Total".to_owned()));
    let left = format!("{} more rows are in top_customers.csv.", 100 - (rows - 3));
    assert!(texts.contains(&left), "{left} {texts:?}");
    let frames = slide.descendants().filter(|node| node.tag_name().name() == "xfrm");
    for frame in frames {
        let length = |tag: &str, name: &str| -> i64 {
            let node = frame.children().find(|node| node.tag_name().name() == tag).expect("a place");
            node.attribute(name).and_then(|value| value.parse().ok()).expect("a length")
        };
        assert!(length("off", "y") + length("ext", "cy") <= 6_858_000, "below the slide");
        assert!(length("off", "x") + length("ext", "cx") <= 12_192_000 - 400_000, "beyond the margin");
    }
    let texts = runs(&document["word/document.xml"]);
    assert!(texts.contains(&"85 more rows are in top_customers.csv.".to_owned()));
    assert!(texts.contains(&"1,234,567,800.00".to_owned()) || texts.contains(&"12,345,678.00".to_owned()));
}

#[test]
fn heads_of_tables_repeat_and_shared_notes_are_said_once() {
    let [_, document] = both(3);
    let parsed = Document::parse(text(&document["word/document.xml"])).expect("XML");
    let count = |name: &str| parsed.descendants().filter(|node| node.tag_name().name() == name).count();
    assert_eq!((count("tblHeader"), count("tbl")), (3, 3));
    let notes = parsed.descendants().filter(|node| node.tag_name().name() == "pStyle");
    let styles: Vec<&str> = notes.filter_map(|node| node.attributes().next().map(|a| a.value())).collect();
    let of = |name: &str| styles.iter().filter(|style| **style == name).count();
    assert_eq!((of("Heading1"), of("Heading2"), of("TOC1")), (2, 3, 2));
}

#[test]
fn layers_over_days_become_a_column_for_each_of_the_last_days() {
    let columns =
        vec![Column::new("as_of", Kind::Date), Column::new("bucket", Kind::Text), Column::new("rate", Kind::Rate)];
    let day = |month| Cell::Date(chrono::NaiveDate::from_ymd_opt(2024, month, 28).expect("a day"));
    let mut rows: Vec<Vec<Cell<'_>>> =
        (1..=4).map(|month| vec![day(month), Cell::Text("current"), Cell::Number(f64::from(month) / 10.0)]).collect();
    rows.push(vec![day(4), Cell::Text("1-30"), Cell::Empty]);
    let chart = Chart::Lines { day: "as_of".into(), series: "bucket".into(), value: "rate".into() };
    let sheet = Sheet::from_rows("trend", "Trend", columns.clone(), &rows).expect("a sheet").charted(chart.clone());
    let table = Table::of_sheet(&sheet, &["bucket"], "trend.csv").expect("a table");
    let heads: Vec<&str> = table.heads.iter().map(|head| head.title.as_str()).collect();
    assert_eq!(heads, ["Bucket", "2024-02-28", "2024-03-28", "2024-04-28"]);
    assert_eq!(table.rows, [["current", "20.0%", "30.0%", "40.0%"], ["1-30", "", "", ""]]);
    assert_eq!(table.left_out(2).as_deref(), Some("Rate, on the last 3 of 4 dates."));
    // Two values of a line on a day cannot stand in one cell.
    rows.push(rows[3].clone());
    let sheet = Sheet::from_rows("trend", "Trend", columns, &rows).expect("a sheet").charted(chart);
    assert_eq!(Table::of_sheet(&sheet, &["bucket"], "trend.csv").expect("a table").heads.len(), 1);
    assert!(Table::of_sheet(&sheet, &["no_such_column"], "trend.csv").is_err());
}

#[test]
fn currencies_become_columns_below_one_chart_and_rows_of_their_own_follow_each_other() {
    let columns = vec![
        Column::new("currency", Kind::Text),
        Column::new("step", Kind::Text),
        Column::new("step_no", Kind::Count),
        Column::new("amount", Kind::Amount),
        Column::new("is_total", Kind::Flag),
    ];
    let row = |(currency, step, no, whole): (&'static str, &'static str, i64, i128)| {
        let amount = Cell::Amount(Money::from_units(whole * 10_000));
        vec![Cell::Text(currency), Cell::Text(step), Cell::Count(no), amount, Cell::Flag(no != 2)]
    };
    let rows =
        [("EUR", "opening", 1, 5), ("EUR", "closing", 3, 5), ("USD", "opening", 1, 1), ("USD", "fees", 2, 2)].map(row);
    let of = |chart| Sheet::from_rows("bridge", "Bridge", columns.clone(), &rows).expect("a sheet").charted(chart);
    let waterfall = of(Chart::Waterfall { step: "step".into(), value: "amount".into(), total: "is_total".into() });
    let page = Page::of_currencies("Why?", &waterfall, &[], "bridge.csv").expect("a page");
    let heads: Vec<&str> = page.table.heads.iter().map(|head| head.title.as_str()).collect();
    assert_eq!(heads, ["Step", "EUR", "USD"]);
    let expected = [["opening", "5.00", "1.00"], ["fees", "", "2.00"], ["closing", "5.00", ""]];
    assert_eq!(page.table.rows, expected, "in the order of the steps");
    let picture = page.picture.as_ref().expect("a chart");
    assert!(picture.width > 2 * picture.height, "side by side: {} x {}", picture.width, picture.height);
    let slides = parts(&deck(&Cover::default(), &[page]).expect("a deck"));
    assert!(runs(&slides["ppt/slides/slide2.xml"]).contains(&"fees".to_owned()), "the table has room");
    let bars = of(Chart::Bars { category: "step".into(), values: vec!["amount".into()] });
    assert!(Page::of_currencies("Who?", &bars, &[], "bridge.csv").expect("a page").table.is_empty());
    let page = Page::of_currencies("Who?", &bars, &["step", "amount"], "bridge.csv").expect("a page");
    let expected =
        [["EUR", "opening", "5.00"], ["EUR", "closing", "5.00"], ["USD", "opening", "1.00"], ["USD", "fees", "2.00"]];
    assert_eq!(page.table.rows, expected);
}

#[test]
fn of_long_lists_each_currency_has_as_many_rows_and_they_stand_on_a_slide_after_the_chart() {
    let columns = vec![
        Column::new("currency", Kind::Text),
        Column::new("customer", Kind::Text),
        Column::new("amount", Kind::Amount).totalled(),
    ];
    let names: Vec<String> = (0..20).map(|number| format!("Customer {number}")).collect();
    let row = |code: &'static str| {
        names
            .iter()
            .map(move |name| vec![Cell::Text(code), Cell::Text(name.as_str()), Cell::Amount(Money::from_units(10_000))])
    };
    let rows: Vec<Vec<Cell<'_>>> = row("EUR").chain(row("USD")).collect();
    let chart = Chart::Bars { category: "customer".into(), values: vec!["amount".into()] };
    let sheet = Sheet::from_rows("top", "Top", columns, &rows).expect("a sheet").charted(chart);
    let page = Page::of_currencies("Who?", &sheet, &["customer", "amount"], "top.csv").expect("a page");
    let codes: Vec<&str> = page.table.rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(codes, [["EUR"; 7], ["USD"; 7]].concat());
    let totals: Vec<&str> = page.table.totals.iter().map(|row| row[2].as_str()).collect();
    assert_eq!(totals, ["20.00", "20.00"], "of all rows, shown or not");
    let slides = parts(&deck(&Cover::default(), &[page]).expect("a deck"));
    let has = |slide: u8, tag| text(&slides[&format!("ppt/slides/slide{slide}.xml")]).contains(tag);
    assert!(has(2, "<p:pic>") && !has(2, "<a:tbl>"));
    assert!(has(3, "<a:tbl>") && !has(3, "<p:pic>"));
    let alone = runs(&slides["ppt/slides/slide3.xml"]);
    assert!(alone.contains(&"26 more rows are in top.csv.".to_owned()), "{alone:?}");
}

#[test]
fn of_a_split_sheet_each_part_is_in_the_table_with_the_last_day() {
    let columns = vec![
        Column::new("as_of", Kind::Date),
        Column { is_split: true, ..Column::new("company", Kind::Text) },
        Column::new("customer", Kind::Text),
    ];
    let day = |month| Cell::Date(chrono::NaiveDate::from_ymd_opt(2024, month, 28).expect("a day"));
    let companies: Vec<String> = (10..20).map(|no| format!("C{no}")).collect();
    let rows: Vec<Vec<Cell<'_>>> = [11, 12]
        .iter()
        .flat_map(|month| companies.iter().map(move |company| (month, company)))
        .flat_map(|(month, company)| {
            ["first", "second"].map(|name| vec![day(*month), Cell::Text(company), Cell::Text(name)])
        })
        .collect();
    let sheet = Sheet::from_rows("top", "Top", columns, &rows).expect("a sheet");
    let table = Table::of_sheet(&sheet, &["as_of", "company", "customer"], "top.csv").expect("a table");
    let shown: Vec<String> = table.rows.iter().map(|row| row.join(" ")).collect();
    let expected: Vec<String> = companies.iter().map(|company| format!("2024-12-28 {company} first")).collect();
    assert_eq!(shown, expected);
}

#[test]
fn customers_of_one_name_in_two_currencies_are_no_row() {
    let columns = ["currency", "step", "customer"].map(|name| Column::new(name, Kind::Text));
    let columns = columns.into_iter().chain([Column::new("change", Kind::Amount)]).collect();
    let row = |texts: [&'static str; 3]| {
        let cells = texts.map(Cell::Text).into_iter();
        cells.chain([Cell::Amount(Money::from_units(10_000))]).collect::<Vec<_>>()
    };
    let rows = [["EUR", "A", "Müller"], ["USD", "B", "Müller"]].map(row);
    let chart = Chart::StackedBars { category: "customer".into(), series: None, value: "change".into() };
    let sheet = Sheet::from_rows("bridge", "Bridge", columns, &rows).expect("a sheet").charted(chart);
    assert!(Page::of_currencies("Who?", &sheet, &[], "bridge.csv").expect("a page").table.is_empty());
}

#[test]
fn the_same_pages_give_the_same_bytes_and_no_rows_are_no_fault() {
    let (cover, pages) = (cover(), pages(0));
    for make in [deck, document] {
        assert!(make(&cover, &pages).expect("a file") == make(&cover, &pages).expect("a file"));
        assert!(make(&Cover::default(), &[]).is_ok());
    }
}
