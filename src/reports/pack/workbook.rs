//! The workbook of the pack: a cover with the proof and the headline figures, then every report.

use super::{Made, PackFile};
use crate::error::Error;
use crate::render::xlsx::{self, Cover, Page};
use crate::sheet::{Cell, Column, Kind, Sheet};

pub(super) const NAME: &str = "receivables.xlsx";
/// Rows of a worksheet, so that the workbook of any book opens in seconds; all rows are in the CSV.
const ROWS_MOST: usize = 100_000;

/// Makes it from every sheet.
pub(super) fn workbook(made: &Made) -> Result<PackFile, Error> {
    let figures = made.sheet("headline").map(figures).transpose()?;
    let cover = Cover {
        title: super::title(&made.run),
        alerts: made.proof.alerts.clone(),
        notes: made.proof.lines.clone(),
        figures: figures.as_ref(),
    };
    let pages = made.sheets().map(|sheet| Page {
        tab: subject(&sheet.title).to_owned(),
        sheet,
        csv_name: Some(format!("{}.csv", sheet.name)),
        max_rows: Some(ROWS_MOST),
    });
    Ok(PackFile { name: NAME.to_owned(), bytes: xlsx::workbook(&cover, &pages.collect::<Vec<_>>())? })
}

/// A title up to its day, for which a tab has no room and which the cover tells.
fn subject(title: &str) -> &str {
    let is_day = |at: &usize| title[at + 2..].starts_with(|c: char| c.is_ascii_digit());
    let period = title.match_indices(", ").map(|(at, _)| at).find(is_day);
    title.find(" as of ").or(period).map_or(title, |end| &title[..end])
}

/// The headline figures, a row a currency.
fn figures(headline: &Sheet) -> Result<Sheet, Error> {
    /// Heading, metric, column of the headline, kind.
    const FIGURES: [(&str, &str, &str, Kind); 7] = [
        ("Balance", "balance", "amount", Kind::Amount),
        ("Change", "balance", "change_amount", Kind::Amount),
        ("Overdue", "overdue", "amount", Kind::Amount),
        ("Change", "overdue", "change_amount", Kind::Amount),
        ("Overdue share", "overdue_rate", "value", Kind::Rate),
        ("DSO, simple, days", "dso_simple", "value", Kind::Number),
        ("CEI, percent", "cei", "value", Kind::Number),
    ];
    let at = |name: &str| {
        headline.column_index(name).ok_or_else(|| Error::internal(format!("the headline has no column {name}")))
    };
    let (currency_at, metric_at) = (at("currency")?, at("metric")?);
    let rows: Vec<Vec<Cell<'_>>> = headline.rows().collect();
    let mut currencies: Vec<Cell<'_>> = rows.iter().map(|row| row[currency_at]).collect();
    currencies.dedup();
    let mut columns = vec![Column::new("currency", Kind::Text)];
    let mut lines: Vec<Vec<Cell<'_>>> = currencies.iter().map(|currency| vec![*currency]).collect();
    for (heading, metric, column, kind) in FIGURES {
        let value_at = at(column)?;
        columns.push(Column::new(&format!("{metric}_{column}"), kind).titled(heading));
        for (currency, line) in currencies.iter().zip(&mut lines) {
            let row = rows.iter().find(|row| row[currency_at] == *currency && row[metric_at] == Cell::Text(metric));
            line.push(row.map_or(Cell::Empty, |row| row[value_at]));
        }
    }
    let mut sheet = Sheet::from_rows("figures", &headline.title, columns, &lines)?;
    sheet.notes.clone_from(&headline.notes);
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_is_named_without_the_day_or_the_period() {
        assert_eq!(subject("Ageing by customer, company as of 2024-06-30"), "Ageing by customer, company");
        assert_eq!(
            subject("Roll-forward by customer, company, 2024-06-01 to 2024-06-30"),
            "Roll-forward by customer, company"
        );
        assert_eq!(subject("Files loaded"), "Files loaded");
    }
}
