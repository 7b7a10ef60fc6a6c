//! The page of the pack in a real browser: what a reader does with it, what it does by itself, how it looks and prints.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use base64::Engine as _;
use serde_json::{Value, json};

use crate::support::chromium::Chromium;
use crate::support::{Dir, rows, sample_pack, shared_pack, units};

const HOSTILE: &str = "<script>alert(1)</script>";

/// A pack in which one customer is named like a script.
fn small_pack() -> &'static Path {
    static PACK: OnceLock<PathBuf> = OnceLock::new();
    PACK.get_or_init(make_small_pack)
}

fn make_small_pack() -> PathBuf {
    let dir = Dir::new();
    let mut items = "item_id,customer_id,kind,issued_on,due_on,currency,amount\n".to_owned();
    for (at, amount) in [100, 2_000, 30, 1_500, 7].iter().enumerate() {
        items += &format!("I{at},C{},invoice,2024-01-0{},2024-02-0{},EUR,{amount}.25\n", at % 2, at + 1, at + 1);
    }
    items += &format!("X1,{HOSTILE},invoice,2024-01-09,2024-02-09,EUR,55.00\n");
    items += "U1,C0,invoice,2024-03-01,2024-04-30,USD,70.00\n";
    dir.file("item.csv", items);
    dir.file("customer.csv", "customer_id,name\nC1,One & <b>Co</b>\n");
    dir.ok(&["load", "item.csv", "customer.csv"]);
    shared_pack(&dir, "small", &["--as-of", "2024-03-31"])
}

fn open(pack: &Path) -> Option<Chromium> {
    let mut page = Chromium::start()?;
    page.open(&pack.join("index.html"));
    Some(page)
}

/// Nothing was asked of anything but the page's own file, and the console is silent.
fn assert_quiet(page: &Chromium) {
    let asked: Vec<&Value> = page.of("Network.requestWillBeSent");
    let own =
        |request: &&&Value| request["request"]["url"].as_str().is_some_and(|url| url.ends_with("/pack/index.html"));
    assert_eq!((asked.len(), asked.iter().filter(own).count()), (1, 1), "{asked:?}");
    for method in
        ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening"]
    {
        assert_eq!(page.of(method), Vec::<&Value>::new(), "{method}");
    }
}

/// Texts of a column of the items' table, as they stand.
fn items(page: &mut Chromium, column: &str) -> Value {
    page.value(&format!(
        "(() => {{ const table = document.querySelector('#items table');
           const at = [...table.tHead.rows[0].cells].findIndex((head) => head.dataset.name === '{column}');
           return [...table.tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.cells[at].textContent); }})()"
    ))
}

fn filter(page: &mut Chromium, text: &str) {
    page.value(&format!(
        "(() => {{ const box = document.querySelector('#items .tools input');
           box.value = {}; box.dispatchEvent(new Event('input')); }})()",
        json!(text)
    ));
}

#[test]
fn a_table_sorts_by_its_headings_with_the_keyboard() {
    let Some(mut page) = open(small_pack()) else { return };
    let head = "document.querySelector('#items th[data-name=amount]')";
    page.value(&format!("{head}.querySelector('button').focus()"));
    let unsorted = items(&mut page, "amount");
    page.press("Enter", "\r");
    assert_eq!(page.value(&format!("{head}.getAttribute('aria-sort')")), "ascending");
    let ascending = ["7.25", "30.25", "55.00", "70.00", "100.25", "1,500.25", "2,000.25"];
    assert_eq!(items(&mut page, "amount"), json!(ascending));
    page.press("Enter", "\r");
    assert_eq!(page.value(&format!("{head}.getAttribute('aria-sort')")), "descending");
    assert_eq!(items(&mut page, "amount"), json!(ascending.iter().rev().collect::<Vec<_>>()));
    page.press("Enter", "\r");
    assert_eq!(page.value(&format!("{head}.getAttribute('aria-sort')")), Value::Null);
    assert_eq!(items(&mut page, "amount"), unsorted);
    let buckets =
        "[...new Set([...document.querySelectorAll('#aging tbody tr')].map((row) => row.cells[3].textContent))]";
    page.value("document.querySelector('#aging th[data-name=bucket] button').click()");
    let in_order = ["Not due", "1-30", "31-60", "61-90", "91+", "No due date", "Unapplied credits"];
    assert_eq!(page.value(buckets), json!(in_order));
    assert_quiet(&page);
}

#[test]
fn a_table_is_filtered_by_text_number_and_day() {
    let Some(mut page) = open(small_pack()) else { return };
    for (text, found) in [
        ("usd", json!(["U1"])),
        ("1500.25", json!(["I3"])),
        ("1,500.25", json!(["I3"])),
        (">1000 C1", json!(["I1", "I3"])),
        (">=2024-04-01", json!(["U1"])),
        ("<script>", json!(["X1"])),
        ("nothing", json!([])),
    ] {
        filter(&mut page, text);
        assert_eq!(items(&mut page, "item_id"), found, "{text}");
        let count = found.as_array().expect("a list").len();
        let status = page.value("document.querySelector('#items .tools output').textContent");
        assert!(status.as_str().expect("a text").starts_with(&format!("{count} of 7 rows")), "{text}: {status}");
        assert_eq!(page.value("document.querySelector('#items tfoot').hidden"), true);
    }
    filter(&mut page, "");
    assert_eq!(page.value("document.querySelector('#items tfoot').hidden"), false);
    assert_quiet(&page);
}

#[test]
fn the_copy_of_a_table_is_what_its_csv_holds() {
    let Some(mut page) = open(small_pack()) else { return };
    // The clipboard of a browser without a window is not everywhere; what is given to it is.
    page.value("navigator.clipboard.writeText = async (text) => { window.copied = text }");
    for name in ["items", "kpi", "dso", "aging"] {
        let copied = page.value(&format!(
            "document.querySelector('#{name} .tools button').click(), new Promise((done) => setTimeout(() => done(copied)))"
        ));
        let file = std::fs::read_to_string(small_pack().join(format!("{name}.csv"))).expect("a file");
        assert_eq!(copied.as_str(), Some(file.as_str()), "{name}");
    }
    filter(&mut page, "I3");
    let copied = page.value(
        "document.querySelector('#items .tools button').click(), new Promise((done) => setTimeout(() => done(copied)))",
    );
    assert_eq!(rows(copied.as_str().expect("a text")).len(), 1, "the rows that are shown");
}

#[test]
fn what_a_book_does_not_have_is_said_in_words_and_not_drawn() {
    let page = std::fs::read_to_string(small_pack().join("index.html")).expect("a page");
    assert!(!small_pack().join("dispute_funnel.svg").exists() && small_pack().join("dispute_funnel.csv").exists());
    assert!(page.contains("No dispute table: dispute outcomes not available.") && !page.contains("Nothing to draw"));
    assert!(!page.contains("docs/"), "files that a reader of the pack does not have");
}

#[test]
fn a_bucket_opens_its_customers_and_a_customer_its_items_which_sum_to_it() {
    let Some(mut page) = open(small_pack()) else { return };
    let shown = |page: &mut Chromium| {
        page.value(
            "[...document.querySelectorAll('.drill tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))",
        )
    };
    page.value("[...document.querySelectorAll('#aging button.open')].find((b) => b.textContent === '31-60').click()");
    let customers = shown(&mut page);
    assert_eq!(
        customers,
        json!([["C1", "One & <b>Co</b>", "2", "3,500.50"], ["C0", "", "3", "137.75"], [HOSTILE, "", "1", "55.00"]]),
        "the largest first, a name that looks like a script as text"
    );
    assert_eq!(page.value("document.activeElement.textContent"), "Customers: EUR · 31-60");
    page.value("[...document.querySelectorAll('.drill button.open')].find((b) => b.textContent === 'C1').click()");
    let items = shown(&mut page);
    let open_amounts =
        items.as_array().expect("rows").iter().map(|row| units(&row[5].as_str().expect("a text").replace(',', "")));
    assert_eq!(open_amounts.sum::<i128>(), units("3500.50"));
    assert_eq!(page.value("document.querySelector('.drill h3').textContent"), "Items: EUR · 31-60 · C1");
    page.value("document.querySelector('.drill .bar button').click()");
    assert_eq!(shown(&mut page), customers, "back");
    page.value("document.querySelector('.drill .bar button').click()");
    assert_eq!(page.value("document.querySelector('.drill').hidden"), true);
    assert_eq!(page.value("document.activeElement.textContent"), "31-60", "the focus is where it was");

    page.value("document.querySelector('#aging .desk rect.open').dispatchEvent(new Event('click'))");
    assert_eq!(shown(&mut page), customers, "a bar opens what its row opens");
    assert_eq!(page.value("document.querySelectorAll('script').length"), 2, "the page's own and its data");

    page.value("[...document.querySelectorAll('#aging button.open')].find((b) => b.textContent === 'Not due').click()");
    assert_eq!(page.value("document.activeElement.textContent"), "Customers: USD · Not due", "a code reads as words");
    assert_eq!(shown(&mut page), json!([["C0", "", "1", "70.00"]]));
    assert_quiet(&page);
}

#[test]
fn the_page_is_dark_where_the_reader_asks_for_it_and_fits_a_telephone() {
    let Some(mut page) = open(small_pack()) else { return };
    let colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]";
    for (scheme, paper, ink) in
        [("light", "rgb(255, 255, 255)", "rgb(27, 31, 36)"), ("dark", "rgb(22, 25, 29)", "rgb(232, 234, 237)")]
    {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        page.ask("Emulation.setEmulatedMedia", json!({ "features": features }));
        assert_eq!(page.value(colours), json!([paper, ink]), "{scheme}");
    }
    for width in [360, 390, 768, 1400, 1920] {
        let screen = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500 });
        page.ask("Emulation.setDeviceMetricsOverride", screen);
        let over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.value(over), 0, "nothing reaches over the side of {width} pixels");
    }
}

/// The pages of what the browser prints, in points.
fn printed(page: &mut Chromium) -> Vec<[f64; 2]> {
    let printed = page.ask("Page.printToPDF", json!({ "preferCSSPageSize": true, "printBackground": true }));
    let data = printed["data"].as_str().expect("a document");
    let pdf = base64::engine::general_purpose::STANDARD.decode(data).expect("base64");
    let pdf = String::from_utf8_lossy(&pdf);
    let boxes = pdf.split("/MediaBox [").skip(1).filter_map(|rest| rest.split(']').next());
    let size = |size: &str| {
        let points: Vec<f64> = size.split_whitespace().map(|point| point.parse().expect("points")).collect();
        let mut sides = [points[2], points[3]];
        sides.sort_by(f64::total_cmp);
        sides
    };
    boxes.map(size).collect()
}

#[test]
fn the_page_of_the_sample_shows_words_where_its_csv_has_codes() {
    let Some(mut page) = open(sample_pack()) else { return };
    // Names of tables are what a file must be called.
    let codes = page.value(
        "[...document.querySelectorAll('section:not(#loads) :is(td, th, text)')]
           .filter((cell) => cell.checkVisibility() && /^[a-z0-9]+(_[a-z0-9]+)+$/.test(cell.textContent.trim()))
           .map((cell) => `${cell.closest('section').id}: ${cell.textContent}`)",
    );
    assert_eq!(codes, json!([]));
    let aging = std::fs::read_to_string(sample_pack().join("aging.csv")).expect("a file");
    assert!(aging.contains(",not_due,") && !aging.contains("Not due"), "{aging}");
}

#[test]
fn the_page_prints_on_a4_without_its_controls() {
    let Some(mut page) = open(sample_pack()) else { return };
    page.ask("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let seen = "[...document.querySelectorAll('.tools, nav')].filter((node) => node.checkVisibility()).length";
    assert_eq!(page.value(seen), 0);
    let pages = printed(&mut page);
    // Five currencies and nineteen questions.
    assert!((3..=30).contains(&pages.len()), "{} pages", pages.len());
    for [short, long] in pages {
        assert!((short - 595.3).abs() < 1.5 && (long - 841.9).abs() < 1.5, "A4 either way round: {short} {long}");
    }
    // One table wider than the paper between its margins would make every page smaller.
    let between = json!({ "width": 703, "height": 1000, "deviceScaleFactor": 1, "mobile": false });
    page.ask("Emulation.setDeviceMetricsOverride", between);
    let wider = "[...document.querySelectorAll('.table table')].filter((table) => table.checkVisibility() \
        && table.offsetWidth > (table.closest('.across') ? 1032 : 703)).map((table) => table.closest('section').id)";
    assert_eq!(page.value(wider), json!([]));
}

#[test]
fn the_page_of_a_large_book_is_small_soon_drawn_and_its_rows_still_sum() {
    let dir = Dir::new();
    dir.ok(&["generate", "--items", "60000", "--seed", "7", "--out", "book"]);
    dir.run(&["load", "book"]);
    dir.run(&["report", "--out", "pack", "--as-of", "2024-12-31"]);
    let size = std::fs::metadata(dir.path().join("pack/index.html")).expect("a page").len();
    assert!(size < 5_000_000, "{size} bytes");
    let Some(mut page) = open(&dir.path().join("pack")) else { return };
    // Other tests share the machine: the fastest of a few openings is what the page itself takes.
    let mut drawn = || {
        page.open(&dir.path().join("pack/index.html"));
        let took = page.value("performance.timing.loadEventStart - performance.timing.navigationStart");
        took.as_f64().expect("milliseconds")
    };
    let fastest = (0..5).map(|_| drawn()).fold(f64::INFINITY, f64::min);
    assert!(fastest < 2_000.0, "{fastest} ms");
    // Every bucket opens, and its customers with those left out sum to it.
    let sums = page.value(
        "[...document.querySelectorAll('#aging > .table button.open')].map((button) => {
           const row = button.closest('tr');
           const at = [...row.closest('table').tHead.rows[0].cells].findIndex((head) => head.dataset.name === 'open_amount');
           button.click();
           const shown = [...document.querySelectorAll('.drill tbody tr')].map((line) => line.cells[3].textContent);
           return [row.cells[at].textContent, ...shown];
         })",
    );
    let sums = sums.as_array().expect("buckets");
    assert!(sums.len() > 10, "{} buckets", sums.len());
    for bucket in sums {
        let amounts: Vec<i128> = bucket
            .as_array()
            .expect("amounts")
            .iter()
            .map(|text| units(&text.as_str().expect("a text").replace(',', "")))
            .collect();
        assert_eq!(amounts[0], amounts[1..].iter().sum::<i128>(), "{bucket}");
    }
    assert_quiet(&page);
}
