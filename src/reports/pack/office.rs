//! The slides and the document of the pack: the headline, the questions, then what the words mean. A slide has the currencies side
//! by side, for a meeting has no time for one after the other; the document gives each a page of its own.

use std::collections::BTreeMap;

use super::page::{proof_lines, question};
use super::{Extra, Made, PackFile};
use crate::catalog::bind::Run;
use crate::error::Error;
use crate::metrics::dictionary;
use crate::render::office::{self, Cover, Holds, Page, Table};
use crate::sheet::{Cell, Kind, Sheet};

/// The reports that have a page, and the columns of the table on it.
const KEY_PAGES: &[(&str, &[&str])] = &[
    ("aging", &["bucket", "item_count", "open_amount"]),
    ("aging_trend", &["as_of", "bucket", "open_amount"]),
    ("top_customers", &["customer", "open_amount", "overdue_amount", "open_rate"]),
    ("concentration", &["customer_count", "balance_amount", "balance_rate"]),
    ("rollforward", &["line", "amount"]),
    ("balance_bridge_customers", &["customer", "value"]),
    ("overdue_bridge", &["step", "value"]),
    ("dso_trend", &["as_of", "method", "dso_days"]),
    ("dso_bridge", &["step", "value"]),
    ("cei_trend", &["as_of", "metric", "cei_percent"]),
    ("days_late", &["band", "item_count", "amount", "amount_rate"]),
    // Its chart is a table.
    ("roll_rate", &[]),
    ("dispute_funnel", &["stage", "dispute_count", "disputed_amount", "amount_rate"]),
    ("forecast", &["week_start", "week_end", "p10", "p50", "p90", "mean"]),
    ("targets", &["scope", "scope_name", "target_amount", "collected", "expected_end", "reach_probability", "gap"]),
    ("target_days", &[]),
];
/// Of reports with rows of several sorts, the column and the word of those that a page has room for.
const KEY_ROWS: &[(&str, &str, &str)] = &[("forecast", "line", "total"), ("targets", "scope", "company")];
/// Of these, the column whose rows count before them where any has a value: a target that was set is shown whoever has it.
const KEY_VALUES: &[(&str, &str)] = &[("targets", "target_amount")];
/// Figures that the last page defines.
const DEFINED: &[&str] = &["overdue_rate", "dso_simple", "dso_best_possible", "dso_count_back", "cei"];
/// Currencies that have pages, those with the most open items.
const CURRENCIES_MOST: usize = 3;

/// Makes the slides or the document, where they are asked for.
pub(super) fn files(made: &Made, extras: &[Extra]) -> Result<Vec<PackFile>, Error> {
    let (currencies, others) = made.sheet("aging").map(currencies).unwrap_or_default();
    let (alerts, mut lines) = proof_lines(made);
    if !others.is_empty() {
        let sentence = format!(
            "Shown here: {}, which have the most open items. In index.html: {} as well.",
            currencies.join(", "),
            others.join(", ")
        );
        // A cover has room for a few lines: those of the currencies shown come first.
        lines.sort_by_key(|line| others.iter().any(|code| line.starts_with(code.as_str())));
        lines.insert(0, sentence);
    }
    let cover = Cover { title: super::title(&made.run), alerts, lines };
    let mut files = Vec::new();
    if extras.contains(&Extra::Deck) {
        let bytes = office::deck(&cover, &pages(made, &currencies, &others, of_all_currencies)?)?;
        files.push(PackFile { name: "receivables.pptx".to_owned(), bytes });
    }
    if extras.contains(&Extra::Document) {
        let bytes = office::document(&cover, &pages(made, &currencies, &others, of_each_currency)?)?;
        files.push(PackFile { name: "receivables.docx".to_owned(), bytes });
    }
    Ok(files)
}

/// Pages of a question: its heading, its sheet, the sheet's parts by currency that have rows, and the columns of a part's table.
type Paged = fn(&str, &Sheet, &[Sheet], &[&str]) -> Result<Vec<Page>, Error>;

/// A page for each currency.
fn of_each_currency(heading: &str, sheet: &Sheet, parts: &[Sheet], columns: &[&str]) -> Result<Vec<Page>, Error> {
    let file_name = format!("{}.csv", sheet.name);
    parts.iter().map(|part| Page::of_sheet(heading, part, columns, &file_name)).collect()
}

/// One page with the currencies side by side.
fn of_all_currencies(heading: &str, sheet: &Sheet, parts: &[Sheet], columns: &[&str]) -> Result<Vec<Page>, Error> {
    if parts.len() < 2 {
        return of_each_currency(heading, sheet, parts, columns);
    }
    let mut shown = together(sheet, parts.iter())?;
    shown.chart.clone_from(&sheet.chart);
    if let Some(rows) = &sheet.chart_rows {
        let mut drawn = together(rows, parts.iter().map(Sheet::drawn))?;
        drawn.notes.clone_from(&rows.notes);
        shown.chart_rows = Some(Box::new(drawn));
    }
    shown.alerts.clone_from(&sheet.alerts);
    let has = |note: &&String| parts.iter().any(|part| part.notes.contains(note));
    shown.notes = sheet.notes.iter().filter(has).cloned().collect();
    let file_name = format!("{}.csv", sheet.name);
    if sheet.chart.is_none() {
        let columns: Vec<&str> = std::iter::once("currency").chain(columns.iter().copied()).collect();
        return Ok(vec![Page::of_sheet(heading, &shown, &columns, &file_name)?]);
    }
    Ok(vec![Page::of_currencies(heading, &shown, columns, &file_name)?])
}

/// The parts of a sheet as one again.
fn together<'a>(sheet: &Sheet, parts: impl Iterator<Item = &'a Sheet>) -> Result<Sheet, Error> {
    let rows: Vec<Vec<Cell<'_>>> = parts.flat_map(Sheet::rows).collect();
    Sheet::from_rows(&sheet.name, &sheet.title, sheet.columns.clone(), &rows)
}

/// The headline, a question after the other, and what the words mean.
fn pages(made: &Made, currencies: &[String], others: &[String], paged: Paged) -> Result<Vec<Page>, Error> {
    let (mut pages, mut empty) = (Vec::new(), Vec::new());
    for (report, sheet) in &made.reports {
        if sheet.name == "headline" {
            pages.push(headline(&question(report.answers), sheet, currencies));
        } else if let Some((_, columns)) = KEY_PAGES.iter().find(|(name, _)| *name == sheet.name) {
            let sheet = &key_rows(sheet)?;
            let dimensions = made.run.by.iter().map(|dimension| dimension.column());
            // A report leaves out a dimension that its rows are themselves.
            let dimensions = dimensions.filter(|name| !columns.is_empty() && sheet.column_index(name).is_some());
            let columns: Vec<&str> = dimensions.chain(columns.iter().copied()).collect();
            let parts = by_currency(sheet, currencies, others)?;
            let (parts, nothing): (Vec<Sheet>, Vec<Sheet>) =
                parts.into_iter().partition(|part| has_figures(part, &columns));
            empty.extend(nothing.into_iter().map(|part| part.title));
            pages.extend(paged(&question(report.answers), sheet, &parts, &columns)?);
        }
    }
    let mut definitions = definitions(&made.run);
    if !empty.is_empty() {
        definitions.notes.push(format!("Not shown, as there is nothing to show: {}.", empty.join("; ")));
    }
    pages.push(definitions);
    Ok(pages)
}

/// A sheet with the rows that its page shows; a chart with rows of its own keeps them.
fn key_rows(sheet: &Sheet) -> Result<Sheet, Error> {
    let meant = KEY_ROWS.iter().find(|(name, ..)| *name == sheet.name);
    let Some((at, word)) = meant.and_then(|(_, column, word)| Some((sheet.column_index(column)?, *word))) else {
        return Ok(sheet.clone());
    };
    let value_at =
        KEY_VALUES.iter().find(|(name, _)| *name == sheet.name).and_then(|(_, name)| sheet.column_index(name));
    let has_value = |row: &Vec<Cell<'_>>| value_at.is_some_and(|at| row[at] != Cell::Empty);
    let is_any = sheet.rows().any(|row| has_value(&row));
    let is_kept = |row: &Vec<Cell<'_>>| if is_any { has_value(row) } else { row[at] == Cell::Text(word) };
    let rows: Vec<Vec<Cell<'_>>> = sheet.rows().filter(is_kept).collect();
    let mut kept = Sheet::from_rows(&sheet.name, &sheet.title, sheet.columns.clone(), &rows)?;
    (kept.alerts, kept.notes) = (sheet.alerts.clone(), sheet.notes.clone());
    // A chart of all the rows would not be that of those kept.
    if sheet.chart_rows.is_some() {
        kept.chart.clone_from(&sheet.chart);
        kept.chart_rows.clone_from(&sheet.chart_rows);
    }
    Ok(kept)
}

/// Currencies by their open items, the most first: those that have pages, and the others.
fn currencies(aging: &Sheet) -> (Vec<String>, Vec<String>) {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    if let (Some(currency), Some(count)) = (aging.column_index("currency"), aging.column_index("item_count")) {
        for row in aging.rows() {
            if let (Cell::Text(currency), Cell::Count(count)) = (row[currency], row[count]) {
                *counts.entry(currency).or_default() += count;
            }
        }
    }
    let mut codes: Vec<(&str, i64)> = counts.into_iter().collect();
    codes.sort_by_key(|(_, count)| -count);
    let mut codes: Vec<String> = codes.into_iter().map(|(code, _)| code.to_owned()).collect();
    let others = codes.split_off(codes.len().min(CURRENCIES_MOST));
    (codes, others)
}

/// A sheet a currency, without notes on another, or the sheet itself where it or the book has none.
fn by_currency(sheet: &Sheet, currencies: &[String], others: &[String]) -> Result<Vec<Sheet>, Error> {
    if sheet.column_index("currency").is_none() || currencies.is_empty() {
        return Ok(vec![sheet.clone()]);
    }
    let of = |code: &String| {
        let title = format!("{}, {code}", sheet.title);
        let is_of_another = |note: &&String| {
            let mut another = currencies.iter().chain(others).filter(|other| *other != code);
            another.any(|other| note.starts_with(&format!("{other} ")))
        };
        let of_currency = |notes: &[String]| notes.iter().filter(|note| !is_of_another(note)).cloned().collect();
        let mut part = only(sheet, code, &title)?;
        if let Some(rows) = &sheet.chart_rows {
            let mut drawn = only(rows, code, &rows.title)?;
            drawn.notes = of_currency(&rows.notes);
            part.chart_rows = Some(Box::new(drawn));
        }
        part.alerts.clone_from(&sheet.alerts);
        part.notes = of_currency(&sheet.notes);
        part.chart.clone_from(&sheet.chart);
        Ok(part)
    };
    currencies.iter().map(of).collect()
}

/// Whether a column shown of a sheet has a figure; where each is undefined a page would be a table of blanks.
fn has_figures(sheet: &Sheet, columns: &[&str]) -> bool {
    let is_figure = |at: &usize| !matches!(sheet.columns[*at].kind, Kind::Text | Kind::Date | Kind::Timestamp);
    let figures: Vec<usize> = columns.iter().filter_map(|name| sheet.column_index(name)).filter(is_figure).collect();
    sheet.rows().any(|row| figures.is_empty() || figures.iter().any(|at| row[*at] != Cell::Empty))
}

/// The rows of a sheet that are of a currency.
fn only(sheet: &Sheet, code: &str, title: &str) -> Result<Sheet, Error> {
    let at = sheet.column_index("currency");
    let is_meant = |row: &Vec<Cell<'_>>| at.is_none_or(|at| row[at] == Cell::Text(code));
    let rows: Vec<Vec<Cell<'_>>> = sheet.rows().filter(is_meant).collect();
    Sheet::from_rows(&sheet.name, title, sheet.columns.clone(), &rows)
}

/// The figures of the headline, with what they were and how they moved.
fn headline(heading: &str, sheet: &Sheet, currencies: &[String]) -> Page {
    let place = |name| sheet.column_index(name).unwrap_or_default();
    let [currency, figure, unit, note] = ["currency", "figure", "unit", "note"].map(place);
    let amounts = ["amount", "previous_amount", "change_amount"].map(place);
    let values = ["value", "previous_value", "change_value"].map(place);
    let mut notes = Vec::new();
    let mut lines = Vec::new();
    // Where nothing is open no currency is picked, and each has its figures.
    let is_shown = |code: &str| currencies.is_empty() || currencies.iter().any(|shown| shown == code);
    for row in sheet.rows().filter(|row| is_shown(text(row[currency]))) {
        let name = text(row[figure]);
        let (name, kind, cells) = match text(row[unit]) {
            "amount" => (name.to_owned(), Kind::Amount, amounts.map(|at| row[at])),
            "rate" => (name.to_owned(), Kind::Rate, values.map(|at| row[at])),
            "percent" => (name.to_owned(), Kind::Rate, values.map(|at| hundredth(row[at]))),
            unit => (format!("{name}, {unit}"), Kind::Number, values.map(|at| row[at])),
        };
        if !text(row[note]).is_empty() {
            notes.push(format!("{} {}: {}.", text(row[currency]), text(row[figure]), text(row[note])));
        }
        lines.push((text(row[currency]), name, kind, cells));
    }
    // The currency of most open items first.
    lines.sort_by_key(|(code, ..)| currencies.iter().position(|currency| currency == code));
    let mut rows: Vec<Vec<(Cell<'_>, Kind)>> = Vec::new();
    for (code, name, kind, cells) in &lines {
        let names = [Cell::Text(code), Cell::Text(name)].map(|cell| (cell, Kind::Text));
        let [now, before, change] = cells.map(|cell| (cell, *kind));
        let defined = [now, before].map(|value| match value.0 {
            Cell::Empty => (Cell::Text("not defined"), Kind::Text),
            _ => value,
        });
        rows.push(names.into_iter().chain(defined).chain([change]).collect());
    }
    let day = |name| {
        let first = sheet.rows().next().map(|row| row[place(name)]);
        if let Some(Cell::Date(day)) = first { day.to_string() } else { String::new() }
    };
    let (now, before) = (day("as_of"), day("previous_on"));
    let heads = [
        ("Currency", Holds::Texts),
        ("Figure", Holds::Texts),
        (now.as_str(), Holds::Numbers),
        (before.as_str(), Holds::Numbers),
        ("Change", Holds::Changes),
    ];
    Page {
        heading: heading.to_owned(),
        subject: sheet.title.clone(),
        table: Table::of_cells(&heads, &rows),
        notes: notes.into_iter().chain(sheet.notes.iter().cloned()).collect(),
        file_name: Some(format!("{}.csv", sheet.name)),
        ..Page::default()
    }
}

fn text(cell: Cell<'_>) -> &str {
    if let Cell::Text(text) = cell { text } else { "" }
}

fn hundredth(cell: Cell<'_>) -> Cell<'_> {
    if let Cell::Number(x) = cell { Cell::Number(x / 100.0) } else { cell }
}

/// What the figures are and when they mislead, and what the run was asked for.
fn definitions(run: &Run) -> Page {
    let entries: Vec<_> = DEFINED.iter().filter_map(|metric| dictionary::find(metric)).collect();
    let texts: Vec<[String; 3]> = entries
        .iter()
        .map(|entry| {
            let caveat = entry.caveats.first().map(|caveat| capital(caveat) + ".").unwrap_or_default();
            [entry.title.clone(), capital(&entry.formula) + ".", caveat]
        })
        .collect();
    let rows: Vec<Vec<(Cell<'_>, Kind)>> =
        texts.iter().map(|texts| texts.iter().map(|text| (Cell::Text(text), Kind::Text)).collect()).collect();
    let mut notes = vec![format!(
        "Ages run from the {}. Sales are of the last {} days, {}.",
        if run.is_invoice_basis { "document date" } else { "due date" },
        run.window_days,
        if run.is_net { "without tax" } else { "tax included" }
    )];
    notes.extend(run.known_at.map(|known_at| format!("Only what was known at {known_at} is in the figures.")));
    notes.push(
        "duecast metrics lists every figure; duecast explain FIGURE tells its formula, source and every limit."
            .to_owned(),
    );
    Page {
        heading: "What do the figures mean, and when do they mislead?".to_owned(),
        subject: "Definitions and caveats".to_owned(),
        table: Table::of_cells(
            &["Figure", "How it is computed", "When it misleads"].map(|title| (title, Holds::Texts)),
            &rows,
        ),
        notes,
        ..Page::default()
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), chars.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports;
    use crate::sheet::Column;

    #[test]
    fn every_key_page_is_a_report_and_every_figure_is_defined() {
        for (name, _) in KEY_PAGES {
            assert!(reports::find(name).is_some(), "{name}");
        }
        for metric in DEFINED {
            assert!(dictionary::find(metric).is_some(), "{metric}");
        }
    }

    #[test]
    fn pages_are_of_the_currencies_with_the_most_open_items_and_of_no_other() {
        let columns = vec![Column::new("currency", Kind::Text), Column::new("item_count", Kind::Count)];
        let counts = [("CHF", 2), ("EUR", 1), ("GBP", 3), ("USD", 2), ("EUR", 8)];
        let rows: Vec<Vec<Cell<'_>>> =
            counts.iter().map(|(code, count)| vec![Cell::Text(code), Cell::Count(*count)]).collect();
        let sheet = Sheet::from_rows("aging", "Ageing", columns, &rows).expect("a sheet");
        let sheet = sheet.noted("EUR ties.").noted("USD ties.").noted("Both.");
        let (shown, others) = currencies(&sheet);
        assert_eq!((shown.join(" "), others.join(" ")), ("EUR GBP CHF".to_owned(), "USD".to_owned()));
        let parts = by_currency(&sheet, &shown, &others).expect("parts");
        let found: Vec<(&str, usize)> = parts.iter().map(|part| (part.title.as_str(), part.row_count())).collect();
        assert_eq!(found, [("Ageing, EUR", 2), ("Ageing, GBP", 1), ("Ageing, CHF", 1)]);
        assert_eq!(parts[0].notes, ["EUR ties.", "Both."]);
        assert_eq!(parts[1].notes, ["Both."]);
        assert_eq!(by_currency(&sheet, &[], &[]).expect("the sheet itself")[0].row_count(), 5);
        let mut drawn = sheet.clone();
        drawn.chart_rows = Some(Box::new(sheet));
        let parts = by_currency(&drawn, &shown, &others).expect("parts");
        let counts: Vec<usize> = parts.iter().map(|part| part.drawn().row_count()).collect();
        assert_eq!(counts, [2, 1, 1], "a chart with rows of its own is of the part's currency");
    }
}
