//! A cell on the page: what is shown, and what is copied where that is something else.

use super::super::{csv, shown};
use crate::error::Error;
use crate::sheet::{Cell, Column, Kind};

/// What a cell shows, and its field in a CSV where the script cannot tell that from what is shown: it strips the commas
/// of a number and leaves any other text as it stands.
pub(super) fn shown_and_exact(cell: Cell<'_>, column: &Column) -> Result<(String, Option<String>), Error> {
    let text = shown::read(cell, column);
    let exact = exact(cell)?;
    let told = if shown::is_right_aligned(column.kind) { text.replace(',', "") } else { text.clone() };
    Ok((text, (told != exact).then_some(exact)))
}

/// The field of a cell in a CSV.
pub(super) fn exact(cell: Cell<'_>) -> Result<String, Error> {
    let mut field = String::new();
    csv::write_cell(&mut field, cell).map_err(|e| Error::internal(format!("page: {e}")))?;
    Ok(field)
}

/// Numbers stand right; days and moments do not break.
pub(super) fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Flag => "",
        Kind::Date | Kind::Timestamp => "d",
        _ => "n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;

    #[test]
    fn the_exact_value_stands_beside_what_is_shown_only_where_it_differs() {
        let both = |cell, kind| shown_and_exact(cell, &Column::new("name", kind)).expect("a cell");
        assert_eq!(both(Cell::Amount(Money::from_units(12_345_678)), Kind::Amount), ("1,234.5678".into(), None));
        assert_eq!(both(Cell::Number(0.12345), Kind::Rate), ("12.3%".into(), Some("0.12345".into())));
        assert_eq!(both(Cell::Text("a,b"), Kind::Text), ("a,b".into(), None));
        assert_eq!(both(Cell::Text("=1+1"), Kind::Text), ("=1+1".into(), Some("'=1+1".into())));
        assert_eq!(both(Cell::Empty, Kind::Amount), (String::new(), None));
        let bucket = Column { words: &[("not_due", "Not due")], ..Column::new("bucket", Kind::Text) };
        let both = |code| shown_and_exact(Cell::Text(code), &bucket).expect("a cell");
        assert_eq!(both("not_due"), ("Not due".into(), Some("not_due".into())));
        assert_eq!(both("1-30"), ("1-30".into(), None));
    }
}
