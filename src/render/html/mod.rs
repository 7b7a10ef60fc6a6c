//! A pack of sheets as one page: nothing from the network, for a light or a dark screen of any width and for paper. All of
//! it is read without its script, which sorts, filters, copies and opens rows.

mod cell;
mod drill;
mod paper;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value, context};
use sha2::{Digest, Sha256};

pub use self::drill::{Drill, Level};

use self::cell::{class, shown_and_exact};
use self::paper::{PAPER_FIRST, Print};
use super::chart::{self, Place};
use super::{shown, totals};
use crate::error::Error;
use crate::sheet::{Cell, Column, Kind, Sheet};

const TEMPLATE: &str = include_str!("page.j2");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Letters of a word that must not make its column wider than the others can bear.
const WORD_MOST: usize = 18;

/// All that stands on a page.
#[derive(Clone, Debug, Default)]
pub struct Page<'a> {
    /// Title and heading.
    pub title: String,
    /// Sentences to read before anything else: what does not tie, what failed.
    pub alerts: Vec<String>,
    /// Sentences that say why the numbers can be trusted.
    pub proof: Vec<String>,
    /// What matters most, in groups.
    pub lead: Vec<LeadGroup<'a>>,
    /// What the lead means.
    pub lead_notes: Vec<String>,
    /// The sections.
    pub parts: Vec<Part<'a>>,
    /// What opens behind the rows of one of them.
    pub drill: Option<Drill<'a>>,
}

/// Figures that belong together, such as those of a currency.
#[derive(Clone, Debug)]
pub struct LeadGroup<'a> {
    /// Its heading.
    pub heading: String,
    /// Its figures.
    pub figures: Vec<LeadFigure<'a>>,
}

/// One figure, and how it changed.
#[derive(Clone, Debug)]
pub struct LeadFigure<'a> {
    /// What it is.
    pub label: String,
    /// The figure; empty where it is not defined.
    pub value: Cell<'a>,
    /// By how much it changed.
    pub change: Cell<'a>,
    /// What both mean.
    pub kind: Kind,
    /// Word after a number.
    pub unit: &'a str,
    /// Why it is not defined, or what to know beside it.
    pub note: String,
}

/// A sheet's place on the page.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// Where links to the part lead, unique on the page.
    pub anchor: String,
    /// Heading, also in the contents.
    pub heading: String,
    /// The sheet; its title is the table's caption where the heading says something else.
    pub sheet: &'a Sheet,
    /// File beside the page that has all rows.
    pub csv_name: Option<String>,
    /// Rows that the table shows at most; all when `None`.
    pub max_rows: Option<usize>,
}

impl Page<'_> {
    /// The page as HTML.
    ///
    /// # Errors
    /// [`Error::Internal`] where a chart or the drill names a column that its sheet has not.
    pub fn render(&self) -> Result<String, Error> {
        let parts = self.parts.iter().map(shown_part).collect::<Result<Vec<_>, _>>()?;
        let drill = self.drill.as_ref().map(drill::data).transpose()?;
        // A checkout may end its lines in its own way; the hash is of what the browser reads, which ends them in this one.
        let script = SCRIPT.replace("\r\n", "\n");
        let context = context! {
            title => shown::visible(&self.title),
            alerts => visible_all(&self.alerts),
            proof => visible_all(&self.proof),
            lead => self.lead.iter().map(shown_group).collect::<Vec<_>>(),
            lead_notes => visible_all(&self.lead_notes),
            parts,
            drill_data => drill.map(|data| in_script(&data.to_string())),
            paper_first => PAPER_FIRST,
            style => STYLE,
            chart_style => chart::STYLE,
            script_hash => Value::from_safe_string(STANDARD.encode(Sha256::digest(&script))),
            script,
        };
        filled(context).map_err(|e| Error::internal(format!("page {}: {e}", self.title)))
    }
}

fn filled(context: Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    environment.set_syntax(syntax);
    environment.render_str(TEMPLATE, context)
}

/// JSON that can stand in a `script` element: no text in it can end the element or open a comment.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn shown_group(group: &LeadGroup<'_>) -> Value {
    let figure = |figure: &LeadFigure<'_>| {
        let text = |cell| match shown::cell(cell, figure.kind) {
            text if text.is_empty() || figure.unit.is_empty() => text,
            text => format!("{text} {}", figure.unit),
        };
        let value = text(figure.value);
        context! {
            label => shown::visible(&figure.label),
            value => if value.is_empty() { "not defined".to_owned() } else { value },
            change => shown::change(text(figure.change), figure.kind),
            note => shown::visible(&figure.note),
        }
    };
    context! {
        heading => shown::visible(&group.heading),
        figures => group.figures.iter().map(figure).collect::<Vec<_>>(),
    }
}

/// A part as the template takes it: text that the template has yet to escape, and charts, which are markup.
fn shown_part(part: &Part<'_>) -> Result<Value, Error> {
    let sheet = part.sheet;
    let svg = |place| sheet.chart.as_ref().map(|_| chart::svg(sheet, place)).transpose();
    let is_hidden: Vec<bool> =
        sheet.columns.iter().enumerate().map(|(at, column)| column.is_aside || sheet.is_blank(at)).collect();
    let rows = first_rows(sheet, part.max_rows.unwrap_or(usize::MAX));
    let left = sheet.row_count() - rows.len();
    let print = Print::new(part, &rows, &is_hidden);
    let rows = rows.into_iter().map(|row| cells(sheet, row, &is_hidden, &print).map(Value::from));
    let rows = rows.collect::<Result<Vec<Value>, Error>>()?;
    let column = |(at, column): (usize, &Column)| {
        let class = print.class(at, class(column.kind));
        context! { name => &column.name, title => shown::visible(&column.title), class, is_hidden => is_hidden[at] }
    };
    Ok(context! {
        anchor => &part.anchor,
        heading => shown::visible(&part.heading),
        caption => if sheet.title == part.heading { "".into() } else { shown::visible(&sheet.title) },
        svg => svg(Place::Page)?,
        phone_svg => svg(Place::Phone)?,
        csv_href => part.csv_name.as_deref().map(|path| Value::from_safe_string(path_in_url(path))),
        csv_name => part.csv_name.as_ref(),
        is_wide => print.is_wide,
        fit => &print.fit,
        of_all_rows => &print.of_all_rows,
        columns => sheet.columns.iter().enumerate().map(column).collect::<Vec<_>>(),
        totals => if rows.is_empty() { Vec::new() } else { total_rows(sheet, &is_hidden, &print)? },
        shown_rows => shown::count(rows.len()),
        all_rows => shown::count(sheet.row_count()),
        is_cut => left > 0,
        has_currencies => sheet.column_index("currency").is_some(),
        on_paper => print.rows,
        rows,
        alerts => visible_all(&sheet.alerts),
        notes => visible_all(&sheet.notes),
    })
}

/// The first rows of each currency, as many as there is room for: a reader who looks for one must not find nothing of it.
fn first_rows(sheet: &Sheet, most: usize) -> Vec<Vec<Cell<'_>>> {
    let Some(at) = sheet.column_index("currency").filter(|_| sheet.row_count() > most) else {
        return sheet.rows().take(most).collect();
    };
    let currency = |cell: Cell<'_>| if let Cell::Text(code) = cell { code.to_owned() } else { String::new() };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    sheet.cells(at).for_each(|cell| *counts.entry(currency(cell)).or_default() += 1);
    let mut smallest_first: Vec<(String, usize)> = counts.into_iter().collect();
    smallest_first.sort_by_key(|(_, count)| *count);
    let (mut room, mut currencies_left) = (most, smallest_first.len());
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (code, count) in smallest_first {
        let given = count.min(room / currencies_left);
        (room, currencies_left) = (room - given, currencies_left - 1);
        places.insert(code, given);
    }
    let mut is_taken = |row: &Vec<Cell<'_>>| match places.get_mut(&currency(row[at])) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    };
    sheet.rows().filter(|row| is_taken(row)).collect()
}

fn visible_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| shown::visible(text).into_owned()).collect()
}

fn cells(sheet: &Sheet, row: Vec<Cell<'_>>, is_hidden: &[bool], print: &Print) -> Result<Vec<Value>, Error> {
    let first = is_hidden.iter().position(|is_hidden| !is_hidden);
    let kinds: Vec<Kind> = (0..row.len()).map(|at| sheet.kind_of(&row, at)).collect();
    let cell = |(at, (cell, column)): (usize, (Cell<'_>, &Column))| {
        let of_row = (kinds[at] != column.kind).then(|| Column { kind: kinds[at], ..column.clone() });
        let column = of_row.as_ref().unwrap_or(column);
        let is_heading = Some(at) == first && matches!(column.kind, Kind::Text | Kind::Date);
        let (text, exact) = shown_and_exact(cell, column)?;
        let is_long = column.kind == Kind::Text && text.split(' ').any(|word| word.chars().count() > WORD_MOST);
        let class = print.class(at, if is_long { "w" } else { class(column.kind) });
        Ok(context! { class, text, exact, is_heading, is_hidden => is_hidden[at] })
    };
    row.into_iter().zip(&sheet.columns).enumerate().map(cell).collect()
}

fn total_rows(sheet: &Sheet, is_hidden: &[bool], print: &Print) -> Result<Vec<Value>, Error> {
    let is_label = |at: &usize| !sheet.columns[*at].has_total && !is_hidden[*at] && !print.is_left_out[*at];
    let label_at = (0..is_hidden.len()).find(is_label);
    let row = |total: totals::Total| {
        let mut cells = cells(sheet, total.cells, is_hidden, print)?;
        if let Some(at) = label_at {
            cells[at] = context! { text => shown::visible(&total.label), class => "", is_heading => true };
        }
        Ok(Value::from(cells))
    };
    totals::of(sheet).into_iter().map(row).collect()
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

    fn page(sheet: &Sheet, max_rows: Option<usize>) -> Page<'_> {
        let csv_name = Some("customer.csv".to_owned());
        let part = Part { anchor: "customer".into(), heading: "Who owes?".into(), sheet, csv_name, max_rows };
        Page { title: "Pack".into(), parts: vec![part], ..Page::default() }
    }

    #[test]
    fn a_customer_named_like_a_script_is_text_everywhere() {
        let sheet = sheet("</script><script>alert(1)</script>");
        let level = Level {
            title: "Customers".into(),
            sheet: &sheet,
            keys: vec!["currency"],
            columns: vec!["customer"],
            largest_by: "open_amount",
            most: 10,
            csv_name: "customer.csv".into(),
        };
        let drill = Some(Drill { anchor: "customer".into(), levels: vec![level] });
        let proof = vec!["Σ = <0>".to_owned()];
        let page = Page { title: "<b>Pack</b>".into(), proof, drill, ..page(&sheet, None) }.render().expect("a page");
        assert_eq!(page.matches("<script").count(), 2, "its own script and the data of the drill");
        assert!(!page.contains("<b>"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"), "in the table");
        assert!(page.contains(r"\u003cscript\u003ealert(1)\u003c/script\u003e"), "in the data");
        assert!(page.contains("A &lt;note&gt; &amp; more"));
    }

    #[test]
    fn a_page_asks_nothing_of_the_network() {
        let sheet = sheet("A");
        let page = page(&sheet, None).render().expect("a page");
        let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!elsewhere.contains("http:") && !elsewhere.contains("https:") && !elsewhere.contains("url("));
    }

    #[test]
    fn rows_left_out_are_counted_and_totals_are_of_all_rows() {
        let sheet = sheet("A");
        let page = page(&sheet, Some(1)).render().expect("a page");
        assert!(page.contains("1 of 2 rows, the first of each currency"));
        assert!(page.contains("Total USD") && page.contains("-1.00"));
        assert!(page.contains("href=\"./customer.csv\""));
    }

    #[test]
    fn the_style_hides_the_rows_that_the_page_says_are_not_on_paper() {
        assert!(STYLE.contains(&format!(".first tbody tr:nth-child(n + {} of :not([hidden]))", PAPER_FIRST + 1)));
    }

    #[test]
    fn a_rate_among_other_numbers_is_in_percent_and_no_rows_have_no_file_of_all() {
        let columns = vec![Column::new("value", Kind::Number), Column::new("unit", Kind::Text)];
        let rows = [vec![Cell::Number(0.1634), Cell::Text("rate")], vec![Cell::Number(0.1634), Cell::Text("days")]];
        let sheet = Sheet::from_rows("kpi", "Key figures", columns.clone(), &rows).expect("a sheet");
        let page_of = |sheet: &Sheet| page(sheet, None).render().expect("a page");
        let shown = page_of(&sheet);
        assert!(shown.contains(">16.3%<") && shown.contains(">0.16<"), "{shown}");
        let nothing = page_of(&Sheet::from_rows("kpi", "Key figures", columns, &[]).expect("a sheet"));
        assert!(nothing.contains("No rows.") && !nothing.contains("customer.csv"), "{nothing}");
    }

    #[test]
    fn a_link_cannot_become_a_scheme_or_leave_its_attribute() {
        assert_eq!(path_in_url("javascript:x\" é.csv"), "./javascript%3Ax%22%20%C3%A9.csv");
    }
}
