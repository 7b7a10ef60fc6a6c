//! The marks in and beside amounts, as texts show them.

use std::collections::BTreeSet;

/// Signs that stand for a minus before or behind an amount: a hyphen, and what word processors and the East make of it.
pub(super) const DASHES: [char; 8] =
    ['-', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}', '\u{2212}', '\u{fe63}', '\u{ff0d}'];

/// What stands beside the digits of an amount and is no mark of them: `$`, `Ft`, `CR`. A share is no money: its percent is nothing.
pub(super) fn beside(amount: &str) -> String {
    let is_of_number = |c: char| c.is_numeric() || c.is_whitespace() || ".,'’+()".contains(c) || DASHES.contains(&c);
    let word = amount.trim_matches(is_of_number);
    if ["%", "‰"].contains(&word) || word.contains(is_of_number) { String::new() } else { word.to_owned() }
}

/// The decimal mark and the thousands mark of amounts; none where the texts leave it open or contradict each other.
#[must_use]
pub fn marks(amounts: &[String]) -> Option<(char, Option<char>)> {
    let mut found: BTreeSet<(char, Option<char>)> = BTreeSet::new();
    let mut open: BTreeSet<char> = BTreeSet::new();
    let mut blank: Option<char> = None;
    for amount in amounts {
        let digits: String =
            amount.chars().filter(|c| c.is_ascii_digit() || ".,' \u{a0}\u{202f}".contains(*c)).collect();
        let digits = digits.trim().replace(['\u{a0}', '\u{202f}'], " ");
        let Some(last) = digits.rfind(|c: char| !c.is_ascii_digit()) else { continue };
        let mark = digits[last..].chars().next()?;
        let others: BTreeSet<char> = digits[..last].chars().filter(|c| !c.is_ascii_digit()).collect();
        match (others.len(), digits.len() - last - 1) {
            // A blank or an apostrophe is no decimal mark; which one is, these amounts do not tell.
            (0, 3) | (1, 3) if mark == ' ' || mark == '\'' => {
                blank.get_or_insert(mark);
            }
            // What has other groups than of thousands is no amount.
            _ if mark == ' ' || mark == '\'' => {}
            // A number that begins with nought, or has four digits before its mark, has no thousands.
            (0, 3) if digits.starts_with('0') || last > 3 => drop(found.insert((mark, None))),
            (0, 3) => drop(open.insert(mark)),
            (0, _) => drop(found.insert((mark, None))),
            (1, 3) if others.contains(&mark) => drop(found.insert((if mark == ',' { '.' } else { ',' }, Some(mark)))),
            (1, _) if !others.contains(&mark) => drop(found.insert((mark, others.first().copied()))),
            _ => return None,
        }
    }
    let decimals: BTreeSet<char> = found.iter().map(|(decimal, _)| *decimal).collect();
    let thousands: BTreeSet<char> = found.iter().filter_map(|(_, thousands)| *thousands).collect();
    match (decimals.len(), thousands.len()) {
        (0, _) if !open.is_empty() => None,
        (0, _) => Some(('.', blank)),
        (1, 0 | 1) => decimals.first().map(|&decimal| {
            let other = open.into_iter().find(|mark| *mark != decimal);
            (decimal, thousands.first().copied().or(other).or(blank))
        }),
        _ => None,
    }
}

/// Whether an amount alone leaves open which mark is which: `1.234`.
#[must_use]
pub fn is_open(amount: &str) -> bool {
    let number: String = amount.chars().filter(|c| c.is_ascii_digit() || ".,".contains(*c)).collect();
    let parts: Vec<&str> = number.split(['.', ',']).collect();
    matches!(parts.as_slice(), [whole, rest] if (1..=3).contains(&whole.len()) && !whole.starts_with('0') && rest.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_marks_are_told_from_thousands_marks() {
        let of = |texts: &[&str]| marks(&texts.iter().map(|&t| t.to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["1.234,56-", "5"]), Some((',', Some('.'))));
        assert_eq!(of(&["1,234,567", "1.5"]), Some(('.', Some(','))));
        assert_eq!(of(&["1 234,5"]), Some((',', Some(' '))));
        assert_eq!(of(&["10.5", "7"]), Some(('.', None)));
        assert_eq!(of(&["100", "7"]), Some(('.', None)));
        assert_eq!(of(&["1.234"]), None);
        assert_eq!(of(&["100 000", "1 250 000"]), Some(('.', Some(' '))));
        assert_eq!(of(&["100 000", "1 250,5"]), Some((',', Some(' '))));
        assert_eq!(of(&["12'34", "1'250.5"]), Some(('.', Some('\''))));
        assert_eq!(of(&["1,23,456.50"]), Some(('.', Some(','))));
        assert_eq!(of(&["1.5", "1,5"]), None);
        assert_eq!(of(&["0,500", "1.234"]), Some((',', Some('.'))));
        assert_eq!(of(&["1.5", "1.234"]), Some(('.', None)));
        assert_eq!(of(&["1234,567"]), Some((',', None)));
        assert_eq!(["1.234", "12,345-", "0.500", "1234.567", "1.23"].map(is_open), [true, true, false, false, false]);
    }

    #[test]
    fn a_percent_and_a_dash_are_no_words_beside_an_amount() {
        assert_eq!(["12.5%", "$12.5", "12,5 Ft", "12.5 CR", "–12.5", "－3"].map(beside), ["", "$", "Ft", "CR", "", ""]);
    }
}
