//! Totals of the columns that have one, never across currencies.

use std::collections::BTreeMap;

use crate::domain::money::Money;
use crate::sheet::{Cell, Kind, Sheet};

/// The line below a table.
#[derive(Debug)]
pub(super) struct Total {
    /// `Total`, or `Total EUR` where the sheet has a currency column.
    pub(super) label: String,
    /// Whose rows it adds up, where the sheet has a currency column and they have one.
    pub(super) currency: Option<String>,
    /// One cell a column, empty where the column has no total.
    pub(super) cells: Vec<Cell<'static>>,
}

/// One total a currency in the order of their codes, or one in all where the sheet has no `currency` column. None where no
/// column has a total or there are no rows.
pub(super) fn of(sheet: &Sheet) -> Vec<Total> {
    if sheet.columns.iter().all(|column| !column.has_total) {
        return Vec::new();
    }
    let currency_at = sheet.column_index("currency");
    let mut sums: BTreeMap<Option<String>, Vec<Cell<'static>>> = BTreeMap::new();
    for row in sheet.rows() {
        let currency = currency_at.and_then(|at| if let Cell::Text(code) = row[at] { Some(code) } else { None });
        let key = currency.map(str::to_owned);
        let sum = sums.entry(key).or_insert_with(|| vec![Cell::Empty; sheet.columns.len()]);
        for (at, column) in sheet.columns.iter().enumerate().filter(|(_, column)| column.has_total) {
            sum[at] = added(sum[at], row[at], column.kind);
        }
    }
    let total = |(currency, cells)| Total { label: label(currency_at.is_some(), &currency), currency, cells };
    sums.into_iter().map(total).collect()
}

/// Where a total's label stands: in the first column that has no total of its own.
pub(super) fn label_at(sheet: &Sheet) -> Option<usize> {
    sheet.columns.iter().position(|column| !column.has_total)
}

fn label(has_currencies: bool, currency: &Option<String>) -> String {
    match currency {
        Some(code) => format!("Total {code}"),
        None if has_currencies => "Total without currency".to_owned(),
        None => "Total".to_owned(),
    }
}

/// A rate stays without a total whatever its column claims: shares of several rows do not add up to the share of the whole.
fn added(sum: Cell<'static>, cell: Cell<'_>, kind: Kind) -> Cell<'static> {
    match (sum, cell) {
        (_, Cell::Amount(amount)) => {
            Cell::Amount(amount + if let Cell::Amount(before) = sum { before } else { Money::ZERO })
        }
        (_, Cell::Count(count)) => {
            Cell::Count(count.saturating_add(if let Cell::Count(before) = sum { before } else { 0 }))
        }
        (_, Cell::Number(x)) if kind == Kind::Number && x.is_finite() => {
            Cell::Number(x + if let Cell::Number(before) = sum { before } else { 0.0 })
        }
        _ => sum,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Column;

    fn totals(columns: Vec<Column>, rows: &[Vec<Cell<'_>>]) -> Vec<(String, Vec<Cell<'static>>)> {
        let sheet = Sheet::from_rows("test", "Test", columns, rows).expect("a sheet");
        of(&sheet).into_iter().map(|total| (total.label, total.cells)).collect()
    }

    fn amount(units: i128) -> Cell<'static> {
        Cell::Amount(Money::from_units(units))
    }

    #[test]
    fn currencies_are_totalled_apart_in_the_order_of_their_codes() {
        let columns = vec![Column::new("currency", Kind::Text), Column::new("amount", Kind::Amount).totalled()];
        let rows = [
            vec![Cell::Text("USD"), amount(1)],
            vec![Cell::Text("EUR"), amount(2)],
            vec![Cell::Empty, amount(4)],
            vec![Cell::Text("EUR"), Cell::Empty],
        ];
        let found = totals(columns, &rows);
        let line = |label: &str, units| (label.to_owned(), vec![Cell::Empty, amount(units)]);
        assert_eq!(found, [line("Total without currency", 4), line("Total EUR", 2), line("Total USD", 1)]);
    }

    #[test]
    fn without_a_currency_column_there_is_one_total_and_rates_have_none() {
        let columns = vec![Column::new("count", Kind::Count).totalled(), Column::new("rate", Kind::Rate).totalled()];
        let rows = [vec![Cell::Count(2), Cell::Number(0.5)], vec![Cell::Count(3), Cell::Number(0.5)]];
        assert_eq!(totals(columns, &rows), [("Total".to_owned(), vec![Cell::Count(5), Cell::Empty])]);
    }

    #[test]
    fn no_total_is_shown_where_no_column_has_one() {
        assert!(totals(vec![Column::new("count", Kind::Count)], &[vec![Cell::Count(2)]]).is_empty());
    }
}
