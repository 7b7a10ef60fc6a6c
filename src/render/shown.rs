//! How a cell looks to a person: grouped digits, percentages, and nothing hidden in text.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

use crate::sheet::{Cell, Column, Kind};

/// A cell as a person reads it: money and counts with thousands separators, rates in percent with one decimal, other
/// numbers with two, nothing for an empty cell or a number that is not finite.
pub(super) fn cell(cell: Cell<'_>, kind: Kind) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => visible(text).into_owned(),
        Cell::Date(day) => day.to_string(),
        Cell::Timestamp(at) => at.format("%Y-%m-%d %H:%M:%S%.f").to_string(),
        Cell::Amount(amount) => amount.grouped(),
        Cell::Count(count) => grouped(&count.to_string()),
        Cell::Number(number) if kind == Kind::Rate => percent(number),
        Cell::Number(x) => number(x),
        Cell::Flag(flag) => (if flag { "yes" } else { "no" }).to_owned(),
    }
}

/// A cell of a column as a person reads it, its code in words.
pub(super) fn read(of: Cell<'_>, column: &Column) -> String {
    cell(column.read(of), column.kind)
}

/// Whether cells of the kind stand at the right of their column.
pub(super) fn is_right_aligned(kind: Kind) -> bool {
    matches!(kind, Kind::Amount | Kind::Count | Kind::Days | Kind::Rate | Kind::Number)
}

/// A change with its sign; shares change by percentage points.
pub(super) fn change(text: String, kind: Kind) -> String {
    let text = if kind == Kind::Rate { text.replace('%', " points") } else { text };
    let is_nothing = !text.chars().any(|c| matches!(c, '1'..='9'));
    match text.strip_prefix('-') {
        _ if text.is_empty() => "not comparable".to_owned(),
        _ if is_nothing => "unchanged".to_owned(),
        Some(less) => format!("\u{2212}{less}"),
        None => format!("+{text}"),
    }
}

/// A number of rows: `12,345`.
pub(super) fn count(things: usize) -> String {
    grouped(&things.to_string())
}

fn percent(rate: f64) -> String {
    if rate.is_finite() {
        format!("{}%", grouped(&unsigned_zero(format!("{:.1}", rate * 100.0))))
    } else {
        String::new()
    }
}

fn number(x: f64) -> String {
    // Two decimals would show 0.0012 as nothing: two digits are kept until the seventh decimal; and a float has no meaningful digits past 1e15.
    match x.abs() {
        size if !size.is_finite() => String::new(),
        size if size >= 1e15 => format!("{x:.3e}"),
        size if (5e-7..0.005).contains(&size) => {
            let decimals = (1.0 - size.log10().floor()) as usize;
            format!("{x:.decimals$}")
        }
        _ => grouped(&unsigned_zero(format!("{x:.2}"))),
    }
}

/// `-0.0` is how a small negative number rounds; a reader takes it for an error.
fn unsigned_zero(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.')) => rest.to_owned(),
        _ => text,
    }
}

/// The digits before the decimal point in threes.
fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, decimals) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut shown = String::with_capacity(text.len() + whole.len() / 3);
    shown.push_str(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown.push_str(decimals);
    shown
}

/// Text in which nothing hides: control characters, bidirectional marks, invisible characters and the code points that
/// XML 1.0 forbids stand as escapes, so that a name cannot move the cursor, turn its neighbours round or pass for another.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\0' => shown.push_str("\\0"),
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            c if is_hidden(c) => write!(shown, "\\u{{{:x}}}", u32::from(c)).expect("a String takes all"),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Zero-width joiners stay: Persian, the Indic scripts and emoji need them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        )
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// The text in at most `width` terminal columns, cut with `…` where it is longer.
pub(super) fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if unicode_width::UnicodeWidthStr::width(text) <= width {
        return Cow::Borrowed(text);
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= width
    };
    let mut shown: String = text.chars().take_while(fits).collect();
    shown.truncate(shown.trim_end().len());
    shown.push('…');
    Cow::Owned(shown)
}

/// The text in at most `width` columns, `…` for its middle where it is longer: long names often differ at their ends.
pub(super) fn cut_inside(text: &str, width: usize) -> Cow<'_, str> {
    if unicode_width::UnicodeWidthStr::width(text) <= width {
        return Cow::Borrowed(text);
    }
    let mut used = 0;
    let tail = text.char_indices().rev().take_while(|(_, c)| {
        used += c.width().unwrap_or(0);
        used <= width / 3
    });
    let tail = tail.last().map_or(text.len(), |(at, _)| at);
    let end = text[tail..].trim_start();
    Cow::Owned(format!("{}{end}", cut(&text[..tail], width - unicode_width::UnicodeWidthStr::width(end))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;

    #[test]
    fn numbers_read_as_a_person_writes_them() {
        assert_eq!(cell(Cell::Amount(Money::from_units(-12_345_678_900)), Kind::Amount), "-1,234,567.89");
        assert_eq!(cell(Cell::Count(1_000), Kind::Count), "1,000");
        assert_eq!(cell(Cell::Number(0.1234), Kind::Rate), "12.3%");
        assert_eq!(cell(Cell::Number(-0.0001), Kind::Rate), "0.0%");
        assert_eq!(cell(Cell::Number(47.256), Kind::Number), "47.26");
        assert_eq!(cell(Cell::Number(0.0012), Kind::Number), "0.0012");
        assert_eq!(cell(Cell::Number(-0.000_831_4), Kind::Number), "-0.00083");
        assert_eq!(cell(Cell::Number(-1e-9), Kind::Number), "0.00");
        assert_eq!(cell(Cell::Number(f64::NAN), Kind::Number), "");
        assert_eq!(cell(Cell::Number(f64::INFINITY), Kind::Rate), "");
    }

    #[test]
    fn a_change_has_a_sign_and_a_share_changes_by_points() {
        let text = |of, kind| change(cell(of, kind), kind);
        assert_eq!(text(Cell::Number(-0.0606), Kind::Rate), "\u{2212}6.1 points");
        assert_eq!(text(Cell::Amount(Money::from_units(12_345_600)), Kind::Amount), "+1,234.56");
        assert_eq!(text(Cell::Amount(Money::ZERO), Kind::Amount), "unchanged");
        assert_eq!(text(Cell::Empty, Kind::Number), "not comparable");
    }

    #[test]
    fn nothing_hides_in_text() {
        assert_eq!(visible("a\0b\r\n\u{202e}c\u{1b}[2J\u{200b}"), r"a\0b\r\n\u{202e}c\u{1b}[2J\u{200b}");
        assert!(matches!(visible("Szép Ipari Kft. 上海"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_cut_counts_wide_characters_as_two() {
        assert_eq!(cut("上海贸易公司", 7), "上海贸…");
        assert_eq!(cut("上海贸易公司", 12), "上海贸易公司");
        assert_eq!(cut("one two", 5), "one…");
        assert_eq!(cut_inside("Alpha Trading Company North", 15), "Alpha Tra…North");
        assert_eq!(cut_inside("上海贸易进出口有限公司", 12), "上海贸…公司");
        assert_eq!(cut_inside("short", 5), "short");
    }
}
