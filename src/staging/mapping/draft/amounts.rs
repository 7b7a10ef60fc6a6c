//! How a draft has amounts read: their marks, and what stands beside them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::super::marks::{beside, marks};
use super::super::vocabulary::{self, Beside};
use super::{Found, Sample, quoted};
use crate::sources::rewrite::TextNumbers;

impl Sample<'_> {
    pub(super) fn write_amounts(&self, text: &mut String, found: &Found, numbers: Option<&TextNumbers>) {
        let columns = match found.get("amount") {
            Some(&at) => vec![at],
            None => ["debit", "credit"].iter().filter_map(|side| found.get(side).copied()).collect(),
        };
        let mut amounts: Vec<String> = match numbers {
            None => columns.iter().flat_map(|&at| self.texts(at)).collect(),
            Some(numbers) => {
                columns.iter().filter_map(|at| numbers.get(at)).flat_map(|n| n.values().cloned()).collect()
            }
        };
        if amounts.is_empty() {
            return;
        }
        write_beside(text, &amounts, found.contains_key("currency"));
        amounts.iter_mut().for_each(|amount| *amount = amount.replace(&beside(amount), ""));
        write_marks(text, &amounts);
    }
}

/// What stands beside amounts, by what it is. What is no currency alone, or several of them, is left to who looks at the draft.
fn write_beside(text: &mut String, amounts: &[String], has_currencies: bool) {
    let words: BTreeSet<String> = amounts.iter().map(|amount| beside(amount)).filter(|word| !word.is_empty()).collect();
    // A K is a credit in Hungary beside a T, else it may be thousands.
    let is_alone =
        words.iter().filter(|word| matches!(vocabulary::beside(word), Beside::Credit | Beside::Debit)).count() == 1;
    let side = |word: &String| {
        if is_alone && word.eq_ignore_ascii_case("k") { Beside::Unknown } else { vocabulary::beside(word) }
    };
    let of = |what: Beside| -> Vec<&String> { words.iter().filter(|word| side(word) == what).collect() };
    let list = |words: &[&String]| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ");
    let _ = match of(Beside::Currency).as_slice() {
        [] => Ok(()),
        [mark] => {
            writeln!(text, "currency_marks = [{}] # guess: it stands beside amounts and is passed over", quoted(mark))
        }
        several if has_currencies => writeln!(
            text,
            "currency_marks = [{}] # guess: they stand beside amounts and are passed over; the column of currencies counts",
            list(several)
        ),
        several => writeln!(
            text,
            "# missing: amounts in several currencies ({}) and no column that says which; give the file one, or load it in parts\n\
             # currency_marks = [{}]",
            several.iter().map(|mark| mark.as_str()).collect::<Vec<_>>().join(", "),
            list(several)
        ),
    };
    for (side, suffix) in [(Beside::Credit, "negative_suffix"), (Beside::Debit, "positive_suffix")] {
        let words = of(side);
        let is_behind =
            |word: &&String| amounts.iter().all(|amount| beside(amount) != **word || amount.ends_with(word.as_str()));
        match words.as_slice() {
            [] => {}
            [word] if is_behind(word) => {
                let side = if side == Beside::Credit { "credits" } else { "debits" };
                let _ = writeln!(text, "{suffix} = {} # guess: it stands behind {side}", quoted(word));
            }
            several => {
                let _ = writeln!(
                    text,
                    "# missing: {} beside amounts tell credits from debits; one word behind them is {suffix}, for others give the \
                     export a column of signs",
                    list(several)
                );
            }
        }
    }
    let others = of(Beside::Unknown);
    if !others.is_empty() {
        let _ = writeln!(
            text,
            "# missing: {} beside amounts: a currency is passed over as currency_marks, thousands (TEUR) are not read\n\
             # currency_marks = [{}]",
            list(&others),
            list(&others)
        );
    }
}

fn write_marks(text: &mut String, amounts: &[String]) {
    match marks(amounts) {
        Some((decimal, thousands)) => {
            let is_seen = amounts.iter().any(|amount| amount.contains([',', '.']));
            let guess = if is_seen { "" } else { " # guess: no amount seen has a decimal or thousands mark" };
            let _ = writeln!(text, "decimal_mark = \"{decimal}\"{guess}");
            if let Some(mark) = thousands {
                let _ = writeln!(text, "thousands_mark = \"{mark}\"");
            }
        }
        None => {
            let example = amounts.iter().find(|amount| amount.contains([',', '.'])).cloned().unwrap_or_default();
            let _ = writeln!(
                text,
                "# missing: the amounts seen, such as \"{example}\", do not tell the decimal mark from the thousands mark; say which\n\
                 # decimal_mark = \".\"\n# thousands_mark = \",\""
            );
        }
    }
}
