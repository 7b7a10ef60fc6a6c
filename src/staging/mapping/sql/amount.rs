//! How an amount is read: its marks, what stands beside it, and its sign.

use super::super::Values;
use super::super::bind::position;
use super::super::marks::DASHES;
use super::super::rule::{Rule, Sign};
use super::{ReadContext, list};
use crate::sql_text::literal;
use crate::staging::stage::REMARK;

impl Rule {
    /// The amount in `text` as digits with a point, its sign in front.
    pub(super) fn amount(&self, text: &str, context: &ReadContext) -> String {
        let values = &context.values;
        let decimal = values.decimal_mark.unwrap_or('.');
        let hyphens = "-".repeat(DASHES.len());
        let read = &format!("translate({text}, {}, '{hyphens}')", literal(&DASHES.iter().collect::<String>()));
        let is_negative = negative_condition(read, values);
        let (plus, minus) = match (self.is_absolute, self.is_negated) {
            (true, _) => ("", ""),
            (false, false) => ("", "-"),
            (false, true) => ("-", ""),
        };
        let mut refusals = format!(
            "when not regexp_full_match({read}, {}) then {text} || {}",
            literal(&amount_pattern(values, decimal)),
            literal(&format!("{REMARK}{}", amount_words(values, decimal)))
        );
        let sign = match &self.sign {
            None => format!("case when {is_negative} then '{minus}' else '{plus}' end"),
            Some(Sign { column, negative, positive }) => {
                let word = position(&context.columns, column)
                    .map_or("cast(null as varchar)".to_owned(), |at| context.cell(at));
                refusals.push_str(&format!(
                    " when {word} is null or {word} not in ({}) then {text} || '{REMARK}' || {} || ' is ' || coalesce({word}, 'empty') || ', no word of its sign in the mapping' \
                     when {is_negative} then {text} || {}",
                    list(&[negative.as_slice(), positive.as_slice()].concat()),
                    literal(column),
                    literal(&format!("{REMARK}it has a sign besides {column}")),
                ));
                format!("case when {word} in ({}) then '{minus}' else '{plus}' end", list(negative))
            }
        };
        let dropped: String = "()+- \u{a0}\u{202f}\u{2019}".chars().chain(mark_letters(values)).collect();
        let mut digits = format!("translate({read}, {}, '')", literal(&dropped));
        if let Some(thousands) = values.thousands_mark {
            digits = format!("replace({digits}, {}, '')", literal(&thousands.to_string()));
        }
        if decimal != '.' {
            digits = format!("replace({digits}, {}, '.')", literal(&decimal.to_string()));
        }
        let general = format!("case when {text} is null then null {refusals} else {sign} || {digits} end");
        if decimal != '.' || self.sign.is_some() {
            return general;
        }
        // Most amounts are plain numbers, which a cast knows at a tenth of the price of a regular expression.
        let plain = match (self.is_absolute, self.is_negated) {
            (true, _) => format!("ltrim({text}, '+-')"),
            (false, false) => text.to_owned(),
            (false, true) => {
                format!(
                    "case when starts_with({text}, '-') then substring({text}, 2) else '-' || ltrim({text}, '+') end"
                )
            }
        };
        format!("case when try_cast({text} as decimal(38, 9)) is not null then {plain} else {general} end")
    }
}

/// A regular expression that an amount matches in full: thousands in their groups, one sign, in one place.
fn amount_pattern(values: &Values, decimal: char) -> String {
    let class = |mark: char| match mark {
        ' ' => "[ \u{a0}\u{202f}]".to_owned(),
        '\'' => "['\u{2019}]".to_owned(),
        mark => format!(
            "[{}]",
            if mark == '\\' || mark == '^' || mark == ']' { format!("\\{mark}") } else { mark.to_string() }
        ),
    };
    let decimal = class(decimal);
    let whole = match values.thousands_mark {
        // In India the groups before the last thousand are of two digits: 1,23,456.
        Some(',') => "(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}|[0-9]+)".to_owned(),
        Some(mark) => format!("(?:[0-9]{{1,3}}(?:{}[0-9]{{3}})+|[0-9]+)", class(mark)),
        None => "[0-9]+".to_owned(),
    };
    let escape = |word: &str| word.chars().map(|c| format!("\\x{{{:x}}}", u32::from(c))).collect::<String>();
    let marks: Vec<String> = values.currency_marks.iter().map(|mark| escape(mark.trim())).collect();
    let mark = if marks.is_empty() { String::new() } else { format!("(?:{})?[ \u{a0}]?", marks.join("|")) };
    let body = format!("{mark}(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)[ \u{a0}]?{mark}");
    // 12,- is a price without cents and no minus.
    let before_sign = format!("{mark}(?:{whole}(?:{decimal}[0-9]+)?|{decimal}[0-9]+)[ \u{a0}]?{mark}");
    let suffixes: Vec<String> =
        [&values.negative_suffix, &values.positive_suffix].into_iter().flatten().map(|s| escape(s)).collect();
    let suffixed = if suffixes.is_empty() { String::new() } else { format!("|{body}(?i:{})", suffixes.join("|")) };
    format!("[-+]?[ \u{a0}]?{body}|{before_sign}[-+]|{mark}\\({body}\\){suffixed}")
}

/// The characters of currency signs and suffixes, which a matching amount holds nowhere else.
fn mark_letters(values: &Values) -> Vec<char> {
    let suffixes = [&values.negative_suffix, &values.positive_suffix].into_iter().flatten();
    let words = suffixes
        .flat_map(|suffix| [suffix.to_lowercase(), suffix.to_uppercase()])
        .chain(values.currency_marks.iter().cloned());
    words.flat_map(|word| word.chars().collect::<Vec<_>>()).collect()
}

fn negative_condition(text: &str, values: &Values) -> String {
    let mut condition = format!("{text} like '-%' or {text} like '%-' or {text} like '%(%'");
    if let Some(suffix) = &values.negative_suffix {
        condition.push_str(&format!(" or ends_with(upper({text}), {})", literal(&suffix.to_uppercase())));
    }
    condition
}

fn amount_words(values: &Values, decimal: char) -> String {
    let thousands =
        values.thousands_mark.map_or("no thousands mark".to_owned(), |mark| format!("thousands mark \"{mark}\""));
    format!(
        "amounts are read with decimal mark \"{decimal}\" and {thousands}; say in [values] what else stands in it: currency_marks, negative_suffix and positive_suffix (CR, DR), decimal_mark, thousands_mark"
    )
}
