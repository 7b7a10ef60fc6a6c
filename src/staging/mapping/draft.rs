//! A first mapping for an unknown file: what can be told from its columns and first rows, each guess marked as one.

mod amounts;
mod dates;
mod hints;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::vocabulary;
use crate::sources::date_format::DateFormat;
use crate::sources::date_guess::{NO_DATES, is_date};
use crate::sources::options::ReadOptions;
use crate::sources::rewrite::TextNumbers;

/// Columns of `item` in the order in which a draft gives them.
const ITEM_COLUMNS: [&str; 19] = [
    "item_id",
    "document_no",
    "company",
    "customer_id",
    "kind",
    "issued_on",
    "posted_on",
    "due_on",
    "currency",
    "amount",
    "tax_amount",
    "terms_code",
    "terms_days",
    "reference",
    "purchase_order",
    "business_unit",
    "is_disputed",
    "entered_at",
    "entered_by",
];

/// Most document types that are listed one by one.
const MAX_KINDS: usize = 20;

/// Columns by what they mean.
type Found = BTreeMap<&'static str, usize>;

/// What the command said of the file.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// How it was read.
    pub read: &'a ReadOptions,
    /// How its dates are written.
    pub date_format: Option<&'a DateFormat>,
    /// Currency of rows that name none.
    pub currency: Option<&'a str>,
    /// The numbers that a workbook has as text: its other numbers have no marks.
    pub text_numbers: Option<&'a TextNumbers>,
}

/// Writes a first mapping for a file from what was said of it, its columns and first rows (a thousand are enough). The text is a valid
/// mapping; lines that need a look are marked `# guess:` or `# missing:`, and columns without a place are listed.
#[must_use]
pub fn draft(name: &str, given: &Given<'_>, columns: &[String], rows: &[Vec<String>]) -> String {
    let sample = Sample { columns, rows };
    let mut found = sample.meanings();
    let (open, is_open_only) = sample.choose_amounts(&mut found);
    // So does a customer's name for its number.
    if let Some(name) = found.remove("customer_name") {
        found.entry("customer_id").or_insert(name);
    }
    let applied_to = take_receipts(&mut found);
    let mut text = format!(
        "# A first mapping, written from the names of the columns and the first {} rows. Look at every line marked\n\
         # \"guess\" or \"missing\" before loading with it.\nname = {}\nversion = 1\ntitle = \"\"\n{}\n[values]\n",
        rows.len(),
        quoted(name),
        reading(given.read),
    );
    match given.date_format {
        Some(format) => drop(writeln!(text, "date_formats = [{}]", quoted(&format.to_string()))),
        None => sample.write_dates(&mut text, &found),
    }
    sample.write_amounts(&mut text, &found, given.text_numbers);
    sample.write_fillers(&mut text, &found);
    if let Some(currency) = given.currency {
        let _ = writeln!(text, "currency = {}", quoted(currency));
    } else if !found.contains_key("currency") {
        text.push_str("# missing: no column of currencies; name the one currency of the file, or give --currency\n# currency = \"EUR\"\n");
    }
    text.push_str("\n[[table]]\ntable = \"item\"\n");
    sample.write_clearing(&mut text, &found, open, is_open_only);
    if is_open_only {
        text.push_str(
            "# guess: the amount is what is open on the day of the list; what was owed before, or was paid, does not follow from it\n",
        );
    }
    text.push_str("\n[table.columns]\n");
    for target in ITEM_COLUMNS {
        sample.write_column(&mut text, target, &found);
    }
    sample.write_sides(&mut text, &found);
    if let Some(&at) = found.get("kind") {
        sample.write_kinds(&mut text, at);
    }
    if let Some(invoice) = applied_to {
        sample.write_application(&mut text, invoice, &found);
    }
    sample.write_unused(&mut text, &found);
    text
}

/// Takes the columns of a list of receipts for what they are in one; gives the column of the invoices that they are for. What has
/// days due or types of documents is no such list.
fn take_receipts(found: &mut Found) -> Option<usize> {
    let [number, day, invoice] = ["receipt_id", "received_on", "applied_to"].map(|meaning| found.remove(meaning));
    if ["due_on", "kind"].iter().any(|name| found.contains_key(name)) || number.or(day).or(invoice).is_none() {
        return None;
    }
    let own = number.and_then(|number| found.insert("item_id", number));
    if let Some(day) = day.or_else(|| found.remove("cleared_on")) {
        found.insert("issued_on", day);
    }
    found.insert("is_receipts", found.get("item_id").copied().or(day).unwrap_or_default());
    invoice.or(own)
}

/// Whether a text is a number with decimals.
fn is_amount(text: &str) -> bool {
    let is_day = is_date(text) || NO_DATES.contains(&text);
    text.contains(['.', ',']) && text.bytes().all(|b| b.is_ascii_digit() || b".,-'() ".contains(&b)) && !is_day
}

/// How the file was read, where the command said so.
fn reading(read: &ReadOptions) -> String {
    let lines = [
        read.encoding.map(|encoding| format!("encoding = \"{encoding}\"\n")),
        read.delimiter.map(|delimiter| format!("delimiter = {}\n", quoted(&delimiter.to_string()))),
        read.skip_lines.map(|count| format!("skip_lines = {count}\n")),
        read.sheet.as_ref().map(|sheet| format!("sheet = {}\n", quoted(sheet))),
    ];
    let lines: String = lines.into_iter().flatten().collect();
    if lines.is_empty() { lines } else { format!("\n[read]\n{lines}") }
}

struct Sample<'a> {
    columns: &'a [String],
    rows: &'a [Vec<String>],
}

impl Sample<'_> {
    /// What each column means; the first column of a meaning has it.
    fn meanings(&self) -> Found {
        let mut found = Found::new();
        for (at, column) in self.columns.iter().enumerate() {
            // What is due is a day in one list and an amount in another.
            let meaning = vocabulary::meaning(column);
            let has = |what: fn(&str) -> bool| self.texts(at).any(|text| what(&text));
            let is_money = meaning == Some("due_on") && has(is_amount) && !has(is_date);
            if let Some(meaning) = if is_money { Some("open_amount") } else { meaning } {
                found.entry(meaning).or_insert(at);
            }
        }
        found
    }

    /// Which columns are the amounts and their currency; gives that of what is still open, and whether there are no other amounts.
    fn choose_amounts(&self, found: &mut Found) -> (Option<usize>, bool) {
        // Amounts in the company's own currency, and what is still open, stand in for amounts only where there are no others.
        let [local, open] = ["local_amount", "open_amount"].map(|meaning| found.remove(meaning));
        // Where there are currencies of documents, amounts that say to be in them count.
        if let Some(at) = found.remove("document_amount").filter(|_| found.contains_key("currency")) {
            found.insert("amount", at);
        }
        let has_amounts = found.contains_key("amount") || found.contains_key("debit") && found.contains_key("credit");
        let is_open_only = open.is_some() && local.is_none() && !has_amounts;
        if let (false, Some(at)) = (has_amounts, local.or(open)) {
            found.insert("amount", at);
        }
        let used: BTreeSet<usize> = found.values().copied().collect();
        // A line of an invoice has a part of its amount too.
        let has_lines = found.get("item_id").is_some_and(|at| self.repeated(*at).is_some());
        let left = |amount: &usize| self.what_is_left(*amount, |at| !used.contains(&at));
        let open = open
            .filter(|at| found.get("amount") != Some(at))
            .or_else(|| found.get("amount").filter(|_| !has_lines).and_then(left));
        // Amounts in the company's own currency are not in that of the document.
        let own_currency = found.remove("local_currency");
        if local.is_some() && found.get("amount") == local.as_ref() {
            found.remove("currency");
            found.extend(own_currency.map(|at| ("currency", at)));
        }
        (open, is_open_only)
    }

    /// The columns without a place, with a value each.
    fn write_unused(&self, text: &mut String, found: &Found) {
        let used: BTreeSet<usize> = found.values().copied().collect();
        let unused: Vec<usize> = (0..self.columns.len()).filter(|at| !used.contains(at)).collect();
        if !unused.is_empty() {
            text.push_str("\n# Columns without a place, with a value each:\n");
            for at in unused {
                let example = self.texts(at).next().unwrap_or_default();
                let _ = writeln!(
                    text,
                    "#   {} ({})",
                    one_line(&self.columns[at]),
                    if example.is_empty() { "empty" } else { &example }
                );
            }
        }
    }

    /// The filled texts of a column, shortened for showing, on one line.
    fn texts(&self, at: usize) -> impl Iterator<Item = String> {
        let texts = self.rows.iter().filter_map(move |row| row.get(at)).map(|text| one_line(text));
        texts.filter(|text| !text.is_empty())
    }

    /// The day of clearing, from which receipts are implied, unless the file has payments beside it.
    fn write_clearing(&self, text: &mut String, found: &Found, open: Option<usize>, is_open_only: bool) {
        if let Some(at) = open {
            let _ = writeln!(
                text,
                "# missing: {} looks like what is still open, which is no input beside the whole amount: what was paid in part follows\n\
                 # from applications; without them such an item is open as a whole, or cleared as a whole. For a list of what is open\n\
                 # today and nothing else, take it as the amount",
                quoted(&self.columns[at])
            );
        }
        let Some(&at) = found.get("cleared_on") else { return };
        let is_payment = |word: &String| matches!(vocabulary::kind(word), Some("receipt" | "adjustment"));
        let kinds = found.get("kind").map(|at| self.texts(*at));
        let payments: BTreeSet<String> = kinds.into_iter().flatten().filter(is_payment).map(|w| quoted(&w)).collect();
        let is_filled = |paid: &&usize| self.texts(**paid).any(|text| text.bytes().any(|b| (b'1'..=b'9').contains(&b)));
        let said = if let Some(&paid) = found.get("paid_amount").filter(is_filled) {
            format!(
                "# missing: {} says what was paid, which may be a part. With a day of clearing the whole amount would count as paid:\n\
                 # leave it out and load the receipts and applications, or have the rule hold where all is paid (when)\n# ",
                quoted(&self.columns[paid])
            )
        } else if let Some(open) = open.filter(|open| self.is_cleared_in_part(at, *open)) {
            format!(
                "# missing: {} is not 0 for items with a day of clearing, so that the day is of a part. With it the whole amount would count\n\
                 # as paid: leave it out and load the receipts and applications, or have the rule hold where all is paid (when)\n# ",
                quoted(&self.columns[open])
            )
        } else if !payments.is_empty() {
            let words = payments.into_iter().collect::<Vec<_>>().join(", ");
            format!(
                "# missing: the file has payments of its own ({words}). With a day of clearing their money would count twice:\n\
                 # leave those that are cleared out, as the shipped sap_fbl5n does, or load applications\n# "
            )
        } else if is_open_only {
            "# missing: the amounts are what is open, so no receipt could be implied of what a cleared item was\n# "
                .to_owned()
        } else if found.contains_key("amount") {
            "# guess: the day an item was settled; a receipt of its amount on that day is implied\n".to_owned()
        } else {
            "# missing: without a column of amounts no receipt can be implied; with one, take the mark off the next line\n# "
                .to_owned()
        };
        let _ = writeln!(text, "{said}cleared_on = {}", quoted(&self.columns[at]));
    }

    fn write_column(&self, text: &mut String, target: &str, found: &Found) {
        let name = |at: usize| quoted(&self.columns[at]);
        let _ = match (target, found.get(target)) {
            ("kind", _) => {
                self.write_kind(text, found);
                Ok(())
            }
            ("amount", Some(&at)) => match found.get("sign") {
                Some(&sign) => {
                    let [negative, positive] = self.sign_words(sign);
                    writeln!(
                        text,
                        "amount = {{ column = {}, sign = {{ column = {}, negative = [{negative}], positive = [{positive}] }} }} # guess",
                        name(at),
                        name(sign)
                    )
                }
                None if found.contains_key("is_receipts") && !self.has_negatives(at) => {
                    writeln!(
                        text,
                        "amount = {{ column = {}, negate = true }} # guess: a receipt lowers what is owed",
                        name(at)
                    )
                }
                None => writeln!(text, "amount = {} # guess", name(at)),
            },
            ("item_id", Some(&at)) if self.repeated(at).is_some() => {
                self.write_repeated(text, at, found);
                Ok(())
            }
            (_, Some(&at)) => writeln!(text, "{target} = {} # guess", name(at)),
            ("item_id", None) => {
                writeln!(
                    text,
                    "item_id = {{ line = true, prefix = \"line-\" }} # guess: no column of document numbers, so the line"
                )
            }
            ("issued_on", None) if found.contains_key("posted_on") => {
                writeln!(
                    text,
                    "issued_on = {} # guess: no document date, so the posting date",
                    name(found["posted_on"])
                )
            }
            ("amount", None) if found.contains_key("debit") && found.contains_key("credit") => {
                self.write_two_sides(text, found);
                Ok(())
            }
            ("customer_id" | "issued_on" | "amount", None) => {
                writeln!(text, "# missing: {target} = \"…\" is required and no column looks like it")
            }
            (_, None) => Ok(()),
        };
    }

    /// What every row is, where no column of document types says it; those stand in a table of their own, after the single lines.
    fn write_kind(&self, text: &mut String, found: &Found) {
        let by_sign = found.get("amount").filter(|at| !found.contains_key("sign") && self.has_negatives(**at));
        let _ = match (found.contains_key("kind"), found.contains_key("is_receipts"), by_sign) {
            (true, ..) => Ok(()),
            (_, true, _) => {
                writeln!(
                    text,
                    "kind = {{ constant = \"receipt\" }} # guess: the columns are those of receipts, so every row one"
                )
            }
            (.., Some(&at)) => writeln!(
                text,
                "# guess: no column of document types, so by the sign of the amount; what is below 0 may be receipts too\n\
                 kind = {{ by_sign = {{ amount = {}, positive = \"invoice\", negative = \"credit_note\" }} }}",
                quoted(&self.columns[at])
            ),
            _ => writeln!(
                text,
                "kind = {{ constant = \"invoice\" }} # guess: no column of document types, so every row an invoice"
            ),
        };
    }

    /// How debits and credits in two columns become two tables.
    fn write_two_sides(&self, text: &mut String, found: &Found) {
        let [debit, credit] = ["debit", "credit"].map(|side| quoted(&self.columns[found[side]]));
        let _ = writeln!(
            text,
            "# missing: amounts stand in two columns. Give the file two [[table]] with all the lines below, this one with\n\
             # when = [{{ column = {debit}, nonzero = true }}] above and here\n\
             # amount = {debit}\n\
             # and one with when = [{{ column = {credit}, nonzero = true }}], a kind of credits, a prefix\n\
             # before item_id (a line can have both) and\n\
             # amount = {{ column = {credit}, negate = true }}"
        );
    }

    /// A text that stands in several rows of a column.
    fn repeated(&self, at: usize) -> Option<String> {
        let mut seen = BTreeSet::new();
        self.texts(at).find(|text| !seen.insert(text.clone()))
    }

    /// The words of a sign column for negative and for positive amounts; SAP's where none is known.
    fn sign_words(&self, at: usize) -> [String; 2] {
        let seen: BTreeSet<String> = self.texts(at).collect();
        let of = |is_credit: bool| {
            let words = seen.iter().filter(|word| vocabulary::is_credit(word) == Some(is_credit));
            words.map(|word| quoted(word)).collect::<Vec<_>>().join(", ")
        };
        match [of(true), of(false)] {
            [credit, debit] if credit.is_empty() && debit.is_empty() => [quoted("H"), quoted("S")],
            words => words,
        }
    }

    /// The application that a receipt's invoice implies.
    fn write_application(&self, text: &mut String, invoice: usize, found: &Found) {
        let name = |meaning: &str| found.get(meaning).map(|at| quoted(&self.columns[*at]));
        let [Some(id), Some(amount), Some(day)] = ["item_id", "amount", "issued_on"].map(name) else { return };
        let invoice = quoted(&self.columns[invoice]);
        let _ = writeln!(
            text,
            "\n# guess: each receipt is applied to the invoice that it names, on its day\n\
             [[table]]\ntable = \"application\"\nwhen = [{{ column = {invoice}, filled = true }}]\n\n\
             [table.columns]\ncredit_item_id = {id}\ndebit_item_id = {invoice}\namount = {amount}\napplied_on = {day}"
        );
    }

    fn write_kinds(&self, text: &mut String, at: usize) {
        let words: BTreeSet<String> = self.texts(at).collect();
        let _ = writeln!(
            text,
            "\n[table.columns.kind] # guess: each document type seen, and what it may be\ncolumn = {}",
            quoted(&self.columns[at])
        );
        let mut lines = Vec::new();
        for word in words.iter().take(MAX_KINDS) {
            lines.push(match vocabulary::kind(word) {
                Some(kind) => format!("{} = \"{kind}\"", quoted(word)),
                None => format!("# missing: {} = \"invoice\"", quoted(word)),
            });
        }
        let _ = writeln!(text, "[table.columns.kind.map]\n{}", lines.join("\n"));
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A text for a comment: no line ends, at most 40 characters.
fn one_line(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(40).collect()
}

#[cfg(test)]
mod tests;
