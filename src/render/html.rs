//! A pack of sheets as one page: no script, nothing from the network, for a light or a dark screen of any width and for paper.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value, context};

use super::chart::{self, Place};
use super::{shown, totals};
use crate::error::Error;
use crate::sheet::{Cell, Column, Kind, Sheet};

const TEMPLATE: &str = include_str!("html.j2");
/// Letters of a word that must not make its column wider than the others can bear.
const WORD_MOST: usize = 18;
/// Columns from which a table is printed across the long side of the paper.
const WIDE: usize = 9;

/// A sheet's place on the page.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// Where links to the part lead, unique on the page.
    pub anchor: String,
    /// Heading, also in the contents.
    pub heading: String,
    /// The sheet; its title is the table's caption where the heading says something else.
    pub sheet: &'a Sheet,
    /// The chart as [`chart::svg`] gives it for [`Place::Page`]; one for [`Place::File`] stands as well.
    pub svg: Option<String>,
    /// File beside the page that has all rows.
    pub csv_name: Option<String>,
    /// Rows that the table shows at most; all when `None`.
    pub max_rows: Option<usize>,
}

impl<'a> Part<'a> {
    /// The sheet under its own name and title, with its chart, and the CSV named after it.
    ///
    /// # Errors
    /// [`Error::Internal`] where the chart names a column that the sheet has not.
    pub fn new(sheet: &'a Sheet, max_rows: Option<usize>) -> Result<Self, Error> {
        let svg = sheet.chart.as_ref().map(|_| chart::svg(sheet, Place::Page)).transpose()?;
        let (anchor, heading) = (sheet.name.clone(), sheet.title.clone());
        Ok(Self { csv_name: Some(format!("{anchor}.csv")), anchor, heading, sheet, svg, max_rows })
    }
}

/// The page: the proof lines, the contents, then each part with its chart, table, notes and link.
///
/// # Errors
/// [`Error::Internal`] where a chart names a column that its sheet has not.
pub fn page(title: &str, proof: &[String], parts: &[Part<'_>]) -> Result<String, Error> {
    let parts = parts.iter().map(shown_part).collect::<Result<Vec<_>, _>>()?;
    let proof = visible_all(proof);
    let context = context! { title => shown::visible(title), proof, parts, chart_style => chart::STYLE };
    filled(context).map_err(|e| Error::internal(format!("page {title}: {e}")))
}

fn filled(context: Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    environment.set_syntax(syntax);
    environment.render_str(TEMPLATE, context)
}

/// A part as the template takes it: text that the template has yet to escape, and charts, which are markup.
fn shown_part(part: &Part<'_>) -> Result<Value, Error> {
    let sheet = part.sheet;
    let phone_svg = match (&part.svg, &sheet.chart) {
        (Some(_), Some(_)) => Some(chart::svg(sheet, Place::Phone)?),
        _ => None,
    };
    let rows: Vec<Value> =
        sheet.rows().take(part.max_rows.unwrap_or(usize::MAX)).map(|row| Value::from(cells(sheet, row))).collect();
    let left = sheet.row_count() - rows.len();
    let column = |column: &Column| context! { title => shown::visible(&column.title), class => class(column.kind) };
    Ok(context! {
        anchor => &part.anchor,
        heading => shown::visible(&part.heading),
        caption => if sheet.title == part.heading { "".into() } else { shown::visible(&sheet.title) },
        svg => part.svg.as_ref(),
        phone_svg,
        csv_href => part.csv_name.as_deref().map(|path| Value::from_safe_string(path_in_url(path))),
        csv_name => part.csv_name.as_ref(),
        is_wide => sheet.columns.len() >= WIDE,
        columns => sheet.columns.iter().map(column).collect::<Vec<_>>(),
        totals => if rows.is_empty() { Vec::new() } else { total_rows(sheet) },
        rows,
        more => (left > 0).then(|| shown::count(left)),
        notes => visible_all(&sheet.notes),
    })
}

fn visible_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| shown::visible(text).into_owned()).collect()
}

fn cells(sheet: &Sheet, row: Vec<Cell<'_>>) -> Vec<Value> {
    let cell = |(at, (cell, column)): (usize, (Cell<'_>, &Column))| {
        let is_heading = at == 0 && matches!(column.kind, Kind::Text | Kind::Date);
        let text = shown::cell(cell, column.kind);
        let is_long = column.kind == Kind::Text && text.split(' ').any(|word| word.chars().count() > WORD_MOST);
        context! { class => if is_long { "w" } else { class(column.kind) }, text, is_heading }
    };
    row.into_iter().zip(&sheet.columns).enumerate().map(cell).collect()
}

fn total_rows(sheet: &Sheet) -> Vec<Value> {
    let label_at = totals::label_at(sheet);
    let row = |total: totals::Total| {
        let mut cells = cells(sheet, total.cells);
        if let Some(at) = label_at {
            cells[at] = context! { text => shown::visible(&total.label), class => "", is_heading => true };
        }
        Value::from(cells)
    };
    totals::of(sheet).into_iter().map(row).collect()
}

/// Numbers stand right; days and moments do not break.
fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Flag => "",
        Kind::Date | Kind::Timestamp => "d",
        _ => "n",
    }
}

/// A relative path as a link: percent-encoded (RFC 3986), so that it is safe in an attribute, and led by `./`, so that no name
/// is read as a scheme.
fn path_in_url(path: &str) -> String {
    let mut url = "./".to_owned();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => url.push(char::from(byte)),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::sheet::Chart;

    fn sheet(name: &str) -> Sheet {
        let columns = vec![
            Column::new("customer", Kind::Text),
            Column::new("currency", Kind::Text),
            Column::new("open_amount", Kind::Amount).totalled(),
        ];
        let rows = [
            vec![Cell::Text(name), Cell::Text("EUR"), Cell::Amount(Money::from_units(12_345_600))],
            vec![Cell::Text("B"), Cell::Text("USD"), Cell::Amount(Money::from_units(-10_000))],
        ];
        Sheet::from_rows("customer", "Open by customer", columns, &rows)
            .expect("a sheet")
            .noted("A <note> & more")
            .charted(Chart::StackedBars { category: "customer".into(), series: None, value: "open_amount".into() })
    }

    #[test]
    fn a_customer_named_like_a_script_is_text_everywhere() {
        let sheet = sheet("<script>alert(1)</script>");
        let parts = [Part::new(&sheet, None).expect("a part")];
        let page = page("<b>Pack</b>", &["Σ = <0>".to_owned()], &parts).expect("a page");
        assert!(!page.contains("<script"));
        assert!(!page.contains("<b>"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"), "in the table");
        assert!(page.contains("A &lt;note&gt; &amp; more"));
    }

    #[test]
    fn a_page_asks_nothing_of_the_network() {
        let sheet = sheet("A");
        let page = page("Pack", &[], &[Part::new(&sheet, None).expect("a part")]).expect("a page");
        let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!elsewhere.contains("http:") && !elsewhere.contains("https:") && !elsewhere.contains("url("));
    }

    #[test]
    fn rows_left_out_are_counted_and_totals_are_of_all_rows() {
        let sheet = sheet("A");
        let page = page("Pack", &[], &[Part::new(&sheet, Some(1)).expect("a part")]).expect("a page");
        assert!(page.contains("1 more row"));
        assert!(page.contains("Total USD") && page.contains("-1.00"));
        assert!(page.contains("href=\"./customer.csv\""));
    }

    #[test]
    fn a_link_cannot_become_a_scheme_or_leave_its_attribute() {
        assert_eq!(path_in_url("javascript:x\" é.csv"), "./javascript%3Ax%22%20%C3%A9.csv");
    }
}
