//! Fields of one record, and the marks of list exports: frames, rules, subtotals.

/// How splitting a text into fields ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// The record is whole.
    Whole,
    /// A quoted field is still open at the end of the text: the record may go on in the next line.
    OpenQuote,
    /// Text stands after a closing quote, so that where the field ends is not certain.
    TextAfterQuote,
}

/// Splits a record into `fields`, which it clears first. A quote counts only at the start of a field (RFC 4180); blanks
/// around a quoted field are dropped.
pub(super) fn split(text: &str, delimiter: char, fields: &mut Vec<String>) -> Split {
    fields.clear();
    let mut rest = text;
    loop {
        let start = rest.trim_start_matches(|c| c == ' ' && delimiter != ' ');
        if let Some(quoted) = start.strip_prefix('"') {
            let mut field = String::new();
            let Some(after) = unquote(quoted, &mut field) else {
                fields.push(field);
                return Split::OpenQuote;
            };
            fields.push(field);
            let after = after.trim_start_matches(|c| c == ' ' && delimiter != ' ');
            match after.strip_prefix(delimiter) {
                Some(next) => rest = next,
                None if after.is_empty() => return Split::Whole,
                None => return Split::TextAfterQuote,
            }
        } else if let Some((field, next)) = rest.split_once(delimiter) {
            fields.push(field.to_owned());
            rest = next;
        } else {
            fields.push(rest.to_owned());
            return Split::Whole;
        }
    }
}

/// Goes on with a record whose last field is open ([`Split::OpenQuote`]), in its next line.
pub(super) fn resume(line: &str, delimiter: char, fields: &mut Vec<String>) -> Split {
    let mut open = fields.pop().unwrap_or_default();
    open.push('\n');
    let after = unquote(line, &mut open);
    fields.push(open);
    let Some(after) = after else { return Split::OpenQuote };
    let after = after.trim_start_matches(|c| c == ' ' && delimiter != ' ');
    match after.strip_prefix(delimiter) {
        Some(rest) => {
            let mut more = Vec::new();
            let end = split(rest, delimiter, &mut more);
            fields.append(&mut more);
            end
        }
        None if after.is_empty() => Split::Whole,
        None => Split::TextAfterQuote,
    }
}

/// Whether a field over several lines has just the delimiters that rows would leave in it: those after its column in its
/// first line, those before its column in its last. Two stray quotes do that, and the rows between them are then no rows.
pub(super) fn hides_rows(fields: &[String], delimiter: char) -> bool {
    let most = fields.len().saturating_sub(1);
    let count = |line: &str| line.matches(delimiter).count();
    let hides = |(at, field): (usize, &String)| {
        let (Some((first, _)), Some((_, last))) = (field.split_once('\n'), field.rsplit_once('\n')) else {
            return false;
        };
        count(first) == most - at && count(last) == at
    };
    most >= 2 && fields.iter().enumerate().any(hides)
}

/// Takes a quoted field's text up to its closing quote and gives what follows; none where the quote stays open.
fn unquote<'a>(mut text: &'a str, field: &mut String) -> Option<&'a str> {
    loop {
        let Some((part, rest)) = text.split_once('"') else {
            field.push_str(text);
            return None;
        };
        field.push_str(part);
        match rest.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                text = next;
            }
            None => return Some(rest),
        }
    }
}

/// The start of a cell that a spreadsheet takes as text, digits and all: `="00123"`.
pub(super) const TEXT_FORMULA: &str = "=\"";

/// The text of such a cell; another cell as it is.
pub(super) fn text_of_formula(field: &str) -> &str {
    let inner = field.trim().strip_prefix(TEXT_FORMULA).and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(field)
}

/// The cells of a row of a framed list (`| a | b |`), trimmed; none where the line is no such row.
pub(super) fn split_framed(line: &str, fields: &mut Vec<String>) -> bool {
    let Some(inner) = line.trim().strip_prefix('|').and_then(|l| l.strip_suffix('|')) else { return false };
    fields.clear();
    fields.extend(inner.split('|').map(|cell| cell.trim().to_owned()));
    true
}

/// Whether a line only draws: `-----`, `|----+---|`, `=====`.
pub(super) fn is_rule(line: &str) -> bool {
    let drawn = line.trim();
    drawn.len() >= 3
        && drawn.chars().all(|c| matches!(c, '-' | '+' | '|' | '=' | '_'))
        && drawn.contains(['-', '=', '_'])
}

/// Whether the first filled cell holds nothing but `mark`, alone or repeated.
pub(super) fn is_subtotal(fields: &[impl AsRef<str>], mark: char) -> bool {
    let first = fields.iter().map(|field| field.as_ref().trim()).find(|field| !field.is_empty());
    first.is_some_and(|cell| cell.chars().all(|c| c == mark))
}

/// A heading without its digits and blanks, so that page 2 of a list has the heading of page 1.
pub(super) fn heading_key(line: &str) -> String {
    line.chars().filter(|c| !c.is_numeric() && !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_between_two_stray_quotes_are_told_from_a_note_over_lines() {
        let hidden = |fields: [&str; 4]| hides_rows(&fields.map(str::to_owned), ',');
        assert!(hidden(["1", "19 rack,5,EUR\n2,rack 19", "6", "EUR"]));
        assert!(hidden(["1", "19 rack,5,EUR\n3,a,7,EUR\n2,rack 19", "6", "EUR"]));
        assert!(!hidden(["1", "paid\nin part, as said", "6", "EUR"]));
        assert!(!hidden(["paid\nin part", "2", "6", "EUR"]));
    }

    fn fields(text: &str, delimiter: char) -> (Split, Vec<String>) {
        let mut fields = Vec::new();
        (split(text, delimiter, &mut fields), fields)
    }

    #[test]
    fn quotes_count_at_the_start_of_a_field_only() {
        let (end, cells) = fields(r#"1,"Smith, ""Bob""",5" pipe,"#, ',');
        assert_eq!((end, cells.len()), (Split::Whole, 4));
        assert_eq!(cells[1..], [r#"Smith, "Bob""#, r#"5" pipe"#, ""]);
        assert_eq!(fields("\"a\" ;\"b", ';').0, Split::OpenQuote);
        assert_eq!(fields(r#""a"b,c"#, ',').0, Split::TextAfterQuote);
    }

    #[test]
    fn a_record_goes_on_in_the_next_line_as_in_one_text() {
        for lines in [["1,\"a", "b\" ,2"], ["\"a", "\"\"b\"\",\"c"], ["\"a", "b\"c,2"], ["x,\"", "\",\"y\","]] {
            let (_, mut cells) = fields(lines[0], ',');
            let end = resume(lines[1], ',', &mut cells);
            assert_eq!((end, cells), fields(&lines.join("\n"), ','), "{lines:?}");
        }
    }

    #[test]
    fn a_framed_row_loses_its_frame_and_blanks() {
        let mut cells = Vec::new();
        assert!(split_framed(" |  |1400000001|RV | 1.234,56- |", &mut cells));
        assert_eq!(cells, ["", "1400000001", "RV", "1.234,56-"]);
        assert!(!split_framed("10.06.2013   Dynamic List Display   1", &mut cells));
    }

    #[test]
    fn rules_and_subtotals_are_known() {
        assert!(is_rule("|-----+----|") && is_rule("----------") && !is_rule("- 5 -") && !is_rule("|  |"));
        assert!(
            is_subtotal(&["", "**", "9.999,00"], '*') && !is_subtotal(&["*A", "1"], '*') && !is_subtotal(&[""], '*')
        );
        assert_eq!(heading_key("Page 1 of 12"), heading_key("Page 2  of 12"));
    }
}
