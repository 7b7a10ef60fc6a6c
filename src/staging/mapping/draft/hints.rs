//! What the rows of a sample tell beside the names of its columns.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::super::marks::{DASHES, beside, marks};
use super::{Found, Sample, quoted};

/// Letters that a word of a sign column has at most.
const SIGN_LETTERS_MOST: usize = 6;

impl Sample<'_> {
    /// The amounts of a column, row by row; none where a cell is no number.
    fn numbers(&self, at: usize) -> Vec<Option<f64>> {
        let cells = || self.rows.iter().map(|row| row.get(at).map_or("", |text| text.trim()));
        let filled: Vec<String> = cells().filter(|text| !text.is_empty()).map(str::to_owned).collect();
        let decimal = marks(&filled).map_or('.', |(decimal, _)| decimal);
        let number = |text: &str| {
            let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == decimal).collect();
            let number: f64 = digits.replace(decimal, ".").parse().ok()?;
            Some(if is_negative(text) { -number } else { number })
        };
        cells().map(number).collect()
    }

    /// Whether a column has amounts below nought.
    pub(super) fn has_negatives(&self, at: usize) -> bool {
        self.numbers(at).into_iter().flatten().any(|number| number < 0.0)
    }

    /// A column that holds what is left of another's amounts, whatever it is called: never more, and now and then all or nothing.
    pub(super) fn what_is_left(&self, amount: usize, is_free: impl Fn(usize) -> bool) -> Option<usize> {
        let all = self.numbers(amount);
        let is_left = |at: &usize| {
            let left = self.numbers(*at);
            let pairs: Vec<(f64, f64)> = all.iter().zip(&left).filter_map(|(all, left)| (*all).zip(*left)).collect();
            let is_part = |(all, left): &(f64, f64)| all * left >= 0.0 && left.abs() <= all.abs();
            let has = |what: fn(&(f64, f64)) -> bool| pairs.iter().any(what);
            pairs.len() * 10 >= 9 * all.len()
                && pairs.iter().all(is_part)
                && has(|(all, left)| all == left && *all != 0.0)
                && has(|(all, left)| all != left)
        };
        (0..self.columns.len()).filter(|at| *at != amount && is_free(*at)).find(is_left)
    }

    /// Whether items that are not open as a whole have a day of clearing.
    pub(super) fn is_cleared_in_part(&self, cleared: usize, open: usize) -> bool {
        let open = self.numbers(open);
        let is_cleared =
            |row: &Vec<String>| row.get(cleared).is_some_and(|text| text.bytes().any(|b| (b'1'..=b'9').contains(&b)));
        self.rows.iter().zip(open).any(|(row, open)| is_cleared(row) && open.is_some_and(|open| open != 0.0))
    }

    /// A note on the column that may tell credits from debits, where nothing else does.
    pub(super) fn write_sides(&self, text: &mut String, found: &Found) {
        let is_told = found.contains_key("sign") || found.contains_key("kind");
        let Some(&amount) = found.get("amount").filter(|at| !is_told && !self.has_negatives(**at)) else { return };
        let used: BTreeSet<usize> = found.values().copied().collect();
        let words = |at: &usize| -> BTreeSet<String> { self.texts(*at).collect() };
        let is_side = |at: &usize| {
            let words = words(at);
            let is_word =
                |word: &String| word.chars().count() <= SIGN_LETTERS_MOST && !word.chars().any(char::is_numeric);
            words.len() == 2 && words.iter().all(is_word) && self.texts(*at).count() == self.rows.len()
        };
        if let Some(at) = (0..self.columns.len()).filter(|at| !used.contains(at)).find(is_side) {
            let words: Vec<String> = words(&at).iter().map(|word| quoted(word)).collect();
            let _ = writeln!(
                text,
                "# missing: no amount is below 0. Where {} ({}) tells credits from debits, say so, and give credits a kind of their own:\n\
                 # amount = {{ column = {}, sign = {{ column = {}, negative = [{}], positive = [{}] }} }}",
                quoted(&self.columns[at]),
                words.join(", "),
                quoted(&self.columns[amount]),
                quoted(&self.columns[at]),
                words[0],
                words[1]
            );
        }
    }

    /// What to do where a number stands in several rows.
    pub(super) fn write_repeated(&self, text: &mut String, at: usize, found: &Found) {
        let (Some(number), name) = (self.repeated(at), quoted(&self.columns[at])) else { return };
        let _ = match found.get("amount").filter(|amount| self.is_same_within(at, **amount)) {
            Some(amount) => writeln!(
                text,
                "# missing: {number} stands in several rows, each with the same {}, as where an invoice has a row for each of its lines. Put\n\
                 # distinct = true above [table.columns], and it counts once; columns that differ from line to line then need to go",
                quoted(&self.columns[*amount])
            ),
            None => {
                let _ = writeln!(
                    text,
                    "# missing: {number} stands in several rows, of which one would count. Make each row's number its own:"
                );
                match self.telling(at, found) {
                    Some(other) => writeln!(
                        text,
                        "# item_id = {{ concat = [{name}, {}], separator = \"-\" }}, or take the line: {{ line = true, prefix = \"line-\" }}",
                        quoted(&self.columns[other])
                    ),
                    None => writeln!(
                        text,
                        "# item_id = {{ line = true, prefix = \"line-\" }}, for no other column tells the rows apart"
                    ),
                }
            }
        };
        let _ = writeln!(text, "item_id = {name}");
    }

    /// Whether all rows of one text in a column have one text in the other.
    fn is_same_within(&self, at: usize, other: usize) -> bool {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        let cell = |row: &'_ Vec<String>, at: usize| row.get(at).map_or(String::new(), |text| text.trim().to_owned());
        let pairs: Vec<(String, String)> = self.rows.iter().map(|row| (cell(row, at), cell(row, other))).collect();
        pairs.iter().all(|(key, value)| *seen.entry(key).or_insert(value) == value)
    }

    /// The column that, beside a number that repeats, makes every row its own: the company, or one that does alone.
    fn telling(&self, at: usize, found: &Found) -> Option<usize> {
        let is_telling = |other: &usize| {
            let mut seen = BTreeSet::new();
            self.rows.iter().all(|row| seen.insert((row.get(at), row.get(*other))))
        };
        let amounts = ["amount", "tax_amount", "open_amount", "paid_amount"].map(|name| found.get(name).copied());
        let others = (0..self.columns.len()).filter(|other| *other != at && !amounts.contains(&Some(*other)));
        found.get("company").copied().into_iter().chain(others).find(is_telling)
    }
}

/// Whether an amount is written as one below nought.
fn is_negative(text: &str) -> bool {
    let number = text.replace(&beside(text), "");
    let number = number.trim();
    let is_minus = |c: char| DASHES.contains(&c);
    let is_price = number.ends_with(",-") || number.ends_with(".-");
    number.starts_with(is_minus) || number.ends_with(is_minus) && !is_price || number.starts_with('(')
}
