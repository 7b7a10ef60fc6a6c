//! Names of columns: trimmed, never empty, never the same twice; and whether a line can be a header at all.

use std::path::Path;

use super::date_guess;
use super::options::{Header, ReadOptions};
use crate::error::Error;

/// Names of columns from the cells of a header.
///
/// A cell without a name is called `column_N` by its position. A name that stands more than once is numbered
/// everywhere, `Amount (1)` and `Amount (2)`, so that nobody takes the first for the only one.
#[must_use]
pub fn names(cells: &[String]) -> Vec<String> {
    let trimmed: Vec<String> = cells
        .iter()
        .enumerate()
        .map(|(at, cell)| {
            let name = cell.trim_start_matches('\u{feff}').split_whitespace().collect::<Vec<_>>().join(" ");
            if name.is_empty() { format!("column_{}", at + 1) } else { name }
        })
        .collect();
    let place = |at: usize| trimmed[..at].iter().filter(|name| is_same(name, &trimmed[at])).count();
    let is_repeated = |at: usize| trimmed.iter().filter(|name| is_same(name, &trimmed[at])).count() > 1;
    (0..trimmed.len())
        .map(|at| if is_repeated(at) { format!("{} ({})", trimmed[at], place(at) + 1) } else { trimmed[at].clone() })
        .collect()
}

/// The names that stand more than once, in a sentence for a refusal; none where each stands once. `columns` are as
/// [`names`] gives them: `amount (1)`, `amount (2)`.
#[must_use]
pub fn repeated(columns: &[String]) -> Option<String> {
    let places = |base: &str| -> Vec<usize> {
        (0..columns.len()).filter(|&at| numbered(&columns[at]).is_some_and(|(name, _)| is_same(name, base))).collect()
    };
    let mut sentences = Vec::new();
    for column in columns {
        let Some((base, 1)) = numbered(column) else { continue };
        let at = places(base);
        if at.len() < 2 {
            continue;
        }
        let times = if at.len() == 2 { "twice".to_owned() } else { format!("{} times", at.len()) };
        let shown: Vec<String> = at.iter().map(|&at| format!("\"{}\" (column {})", columns[at], at + 1)).collect();
        sentences.push(format!("the column \"{base}\" stands there {times}, as {}", shown.join(" and ")));
    }
    (!sentences.is_empty()).then(|| sentences.join("; "))
}

/// The name and the number that [`names`] put after it.
#[must_use]
pub fn numbered(column: &str) -> Option<(&str, u32)> {
    let (base, number) = column.strip_suffix(')')?.rsplit_once(" (")?;
    number.parse().ok().map(|number| (base, number))
}

/// Whether two names of columns are one to a reader: neither capitals nor runs of blanks count.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(one) == plain(other)
}

/// Whether the cells look like data: one is a date or an amount with decimals, or half of them are numbers.
#[must_use]
pub fn looks_like_data(cells: &[String]) -> bool {
    let filled: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    let is_number =
        |cell: &&&str| cell.chars().any(|c| c.is_ascii_digit()) && cell.chars().all(|c| "0123456789.,-+ ".contains(c));
    let is_amount = |cell: &&str| {
        let digits = cell.trim_start_matches(['-', '+']).trim_end_matches('-');
        digits.rsplit_once(['.', ',']).is_some_and(|(whole, part)| {
            (1..=4).contains(&part.len())
                && format!("{whole}{part}").chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        }) && digits.starts_with(|c: char| c.is_ascii_digit())
    };
    let number_count = filled.iter().filter(is_number).count();
    filled.iter().any(|cell| date_guess::is_date(cell) || is_amount(cell))
        || (number_count > 0 && number_count * 2 >= filled.len())
}

/// The columns of a file, from the options or from its first record; `true` where that record is data.
///
/// # Errors
/// [`Error::Source`] where the first record looks like data and nothing says that it is, or where the names given are
/// not as many as the fields.
pub(super) fn columns(path: &Path, first: &[String], options: &ReadOptions) -> Result<(Vec<String>, bool), Error> {
    match &options.header {
        Some(Header::Names(given)) if given.len() != first.len() => Err(Error::source_file(
            path,
            format!(
                "the mapping names {} columns and the first row has {} fields; name every column",
                given.len(),
                first.len()
            ),
        )),
        Some(Header::Names(given)) => Ok((names(given), true)),
        Some(Header::FirstLine(false)) => Ok(((1..=first.len()).map(|n| format!("column_{n}")).collect(), true)),
        None if looks_like_data(first) => Err(Error::source_file(
            path,
            format!(
                "the first line looks like data, not like names of columns: {}; add a header line, or name the columns \
                 in a mapping ([read] header = [\"…\"]), or say header = true if these are names",
                first.iter().take(6).map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(", ")
            ),
        )),
        None | Some(Header::FirstLine(true)) => Ok((names(first), false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    #[test]
    fn names_are_trimmed_filled_and_numbered_where_they_repeat() {
        let named = names(&texts(&["\u{feff} Customer\n no ", "Amount", "", "amount"]));
        assert_eq!(named, ["Customer no", "Amount (1)", "column_3", "amount (2)"]);
    }

    #[test]
    fn a_name_that_stands_twice_is_named_with_both_places() {
        let found = |cells: &[&str]| repeated(&names(&texts(cells)));
        assert_eq!(
            found(&["id", "amount", "Amount"]).as_deref(),
            Some(
                "the column \"amount\" stands there twice, as \"amount (1)\" (column 2) and \"Amount (2)\" (column 3)"
            )
        );
        assert!(
            found(&["a", "b", "a", "b", "a"]).is_some_and(|text| text.contains("3 times") && text.contains("\"b\""))
        );
        assert_eq!(found(&["id", "amount (1)", "due (30)"]), None);
    }

    #[test]
    fn a_line_of_data_is_not_taken_for_a_header() {
        assert!(looks_like_data(&texts(&["ACME", "2020-01-31", "x"])));
        assert!(looks_like_data(&texts(&["ACME", "1.234,56-", "x"])));
        assert!(looks_like_data(&texts(&["100", "200", "x"])));
        assert!(!looks_like_data(&texts(&["customer", "0-30", "amount in 2020"])));
        assert!(!looks_like_data(&texts(&["Debitor", "Nr.", "Betrag"])));
        let error = columns(Path::new("x.csv"), &texts(&["1", "2.50"]), &ReadOptions::default()).expect_err("data");
        assert!(error.to_string().contains("\"1\", \"2.50\""), "{error}");
    }

    #[test]
    fn a_file_without_a_header_gets_the_names_it_is_given() {
        let first = texts(&["1", "2.50"]);
        let with = |header| {
            columns(Path::new("x.csv"), &first, &ReadOptions { header: Some(header), ..ReadOptions::default() })
        };
        assert_eq!(with(Header::FirstLine(false)).expect("named"), (texts(&["column_1", "column_2"]), true));
        assert_eq!(with(Header::Names(texts(&["id", "sum"]))).expect("named"), (texts(&["id", "sum"]), true));
        assert!(with(Header::Names(texts(&["id"]))).is_err());
    }
}
