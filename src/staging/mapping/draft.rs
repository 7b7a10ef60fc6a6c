//! A first mapping for an unknown file: what can be told from its columns and first rows, each guess marked as one.

mod amounts;
mod dates;

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
    // Amounts in the company's own currency, and what is still open, stand in for amounts only where there are no others.
    let [local, open] = ["local_amount", "open_amount"].map(|meaning| found.remove(meaning));
    let is_open_only = open.is_some() && local.is_none() && !found.contains_key("amount");
    if let (false, Some(at)) = (found.contains_key("amount"), local.or(open)) {
        found.insert("amount", at);
    }
    let open = open.filter(|at| found.get("amount") != Some(at));
    // Amounts in the company's own currency are not in that of the document.
    let own_currency = found.remove("local_currency");
    if local.is_some() && found.get("amount") == local.as_ref() {
        found.remove("currency");
        found.extend(own_currency.map(|at| ("currency", at)));
    }
    // So does a customer's name for its number.
    if let Some(name) = found.remove("customer_name") {
        found.entry("customer_id").or_insert(name);
    }
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
    if let Some(&at) = found.get("kind") {
        sample.write_kinds(&mut text, at);
    }
    let used: BTreeSet<usize> = found.values().copied().collect();
    let unused: Vec<usize> = (0..columns.len()).filter(|at| !used.contains(at)).collect();
    if !unused.is_empty() {
        text.push_str("\n# Columns without a place, with a value each:\n");
        for at in unused {
            let example = sample.texts(at).next().unwrap_or_default();
            let _ = writeln!(
                text,
                "#   {} ({})",
                one_line(&columns[at]),
                if example.is_empty() { "empty" } else { &example }
            );
        }
    }
    text
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
    fn meanings(&self) -> BTreeMap<&'static str, usize> {
        let mut found = BTreeMap::new();
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

    /// The filled texts of a column, shortened for showing, on one line.
    fn texts(&self, at: usize) -> impl Iterator<Item = String> {
        let texts = self.rows.iter().filter_map(move |row| row.get(at)).map(|text| one_line(text));
        texts.filter(|text| !text.is_empty())
    }

    /// The day of clearing, from which receipts are implied, unless the file has payments beside it.
    fn write_clearing(
        &self,
        text: &mut String,
        found: &BTreeMap<&str, usize>,
        open: Option<usize>,
        is_open_only: bool,
    ) {
        if let Some(at) = open {
            let _ = writeln!(
                text,
                "# missing: {} looks like what is still open, which is no input: what was paid in part follows from\n\
                 # applications; without them such an item is open as a whole, or cleared as a whole",
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

    fn write_column(&self, text: &mut String, target: &str, found: &BTreeMap<&str, usize>) {
        let name = |at: usize| quoted(&self.columns[at]);
        let _ = match (target, found.get(target)) {
            // A table of its own, which can only stand after the single lines.
            ("kind", Some(_)) => Ok(()),
            ("kind", None) => {
                writeln!(
                    text,
                    "kind = {{ constant = \"invoice\" }} # guess: no column of document types, so every row an invoice"
                )
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
                None => writeln!(text, "amount = {} # guess", name(at)),
            },
            ("item_id", Some(&at)) if self.repeated(at).is_some() => {
                let number = self.repeated(at).unwrap_or_default();
                writeln!(
                    text,
                    "# missing: {number} stands in several rows, of which one would count. Make each row's number its own with another\n\
                     # column ({{ concat = [{}, \"Line\"], separator = \"-\" }}), or take the line: {{ line = true, prefix = \"line-\" }}\n\
                     item_id = {}",
                    name(at),
                    name(at)
                )
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
                let [debit, credit] = ["debit", "credit"].map(|side| name(found[side]));
                writeln!(
                    text,
                    "# missing: amounts stand in two columns. Give the file two [[table]] with all the lines below, this one with\n\
                     # when = [{{ column = {debit}, nonzero = true }}] above and here\n\
                     # amount = {debit}\n\
                     # and one with when = [{{ column = {credit}, nonzero = true }}], a kind of credits, a prefix\n\
                     # before item_id (a line can have both) and\n\
                     # amount = {{ column = {credit}, negate = true }}"
                )
            }
            ("customer_id" | "issued_on" | "amount", None) => {
                writeln!(text, "# missing: {target} = \"…\" is required and no column looks like it")
            }
            (_, None) => Ok(()),
        };
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
mod tests {
    use std::path::Path;

    use super::super::Mapping;
    use super::*;

    fn drafted(lines: &[&str]) -> String {
        let split = |line: &&str| line.split('|').map(str::to_owned).collect::<Vec<_>>();
        let rows: Vec<Vec<String>> = lines.iter().map(split).collect();
        let text = draft(
            "my export",
            &Given { read: &ReadOptions::default(), date_format: None, currency: None, text_numbers: None },
            &rows[0],
            &rows[1..],
        );
        Mapping::parse(&text, Path::new("draft.toml")).expect("a draft is a valid mapping");
        text
    }

    #[test]
    fn a_german_sap_list_is_drafted() {
        let text = drafted(&[
            "Debitor|Belegnummer|Belegart|Belegdatum|Nettofälligkeit|Betrag|Währung|Ausgleich|Text",
            "1000|14001|RV|31.01.2020|01.03.2020|1.234,56-|EUR|00.00.0000|a \"b\"",
            "1000|14002|ZZ|01.02.2020|02.03.2020|99,00|EUR||",
        ]);
        for line in [
            "date_formats = [\"DD.MM.YYYY\"] # guess: it fits every date seen",
            "decimal_mark = \",\"\nthousands_mark = \".\"",
            "cleared_on = \"Ausgleich\"",
            "item_id = \"Belegnummer\" # guess",
            "customer_id = \"Debitor\" # guess",
            "due_on = \"Nettofälligkeit\" # guess",
            "currency = \"Währung\" # guess",
            "\"RV\" = \"invoice\"\n# missing: \"ZZ\" = \"invoice\"",
            "#   Text (a \"b\")",
        ] {
            assert!(text.contains(line), "{line} is not in:\n{text}");
        }
    }

    #[test]
    fn a_draft_says_how_the_file_was_read_and_which_words_are_credits() {
        let rows: Vec<Vec<String>> =
            ["客户编号|发票号码|金额|借贷标识|到期日|币种", "A|1|10|贷|2024-01-31|CNY", "A|2|9|借|2024-02-01|CNY"]
                .iter()
                .map(|line| line.split('|').map(str::to_owned).collect())
                .collect();
        let read = ReadOptions { encoding: "gb18030".parse().ok(), delimiter: Some('|'), ..ReadOptions::default() };
        let format = "YYYY-MM-DD".parse().expect("a format");
        let given = Given { read: &read, date_format: Some(&format), currency: None, text_numbers: None };
        let text = draft("liste", &given, &rows[0], &rows[1..]);
        let mapping = Mapping::parse(&text, Path::new("draft.toml")).expect("a draft is a valid mapping");
        assert_eq!((mapping.files[0].read.encoding, mapping.files[0].read.delimiter), (read.encoding, Some('|')));
        for line in [
            "negative = [\"贷\"], positive = [\"借\"]",
            "customer_id = \"客户编号\"",
            "item_id = \"发票号码\"",
            "due_on = \"到期日\"",
            "currency = \"币种\"",
        ] {
            assert!(text.contains(line), "{line} is not in:\n{text}");
        }
    }

    #[test]
    fn what_is_open_is_said_and_not_guessed() {
        let text = drafted(&["Ügyfél|Összeg|Számla kelte", "A|1,234|01/02/2020", "B|2,000|03/04/2020"]);
        assert!(
            text.contains(
                "# missing: DD/MM/YYYY and MM/DD/YYYY fit every date seen (01/02/2020, 03/04/2020); keep one"
            ),
            "{text}"
        );
        assert!(text.contains("such as \"1,234\", do not tell the decimal mark"), "{text}");
        assert!(text.contains("# missing: no column of currencies"), "{text}");
        assert!(text.contains("item_id = { line = true"), "{text}");
        assert!(drafted(&["x|y", "1|2"]).contains("# missing: customer_id"));
    }
}
