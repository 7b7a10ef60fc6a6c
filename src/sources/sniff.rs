//! The shape of a text file from its first lines: frame, delimiter, and where the header stands.

use std::ops::Range;

use super::header::looks_like_data;
use super::records::{Split, is_rule, resume, split, split_framed};

/// Delimiters that are tried, in the order in which they win a tie.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// Least share of the records that must have the same number of fields.
const CONSISTENT: f64 = 0.5;

/// The shape of a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Character between fields; a comma where there is only one column.
    pub(super) delimiter: char,
    /// Every row stands in a frame of `|`.
    pub(super) is_framed: bool,
    /// Lines before the header.
    pub(super) skip_lines: u64,
    /// Cells of the header; empty where the file has no record.
    pub(super) header: Vec<String>,
}

/// Works the shape out of the first lines. What is given (`delimiter`, `skip_lines`) is taken as it is.
pub(super) fn shape(lines: &[&str], delimiter: Option<char>, skip_lines: Option<u64>) -> Shape {
    let body = &lines[(skip_lines.unwrap_or(0) as usize).min(lines.len())..];
    if delimiter.is_none_or(|d| d == '|') && is_framed(body) {
        return framed_shape(lines, skip_lines);
    }
    let delimiter = delimiter.unwrap_or_else(|| best_delimiter(body));
    let records = records(body, delimiter).rows;
    let header_at = if skip_lines.is_some() { 0 } else { header_place(&records) };
    let skipped = skip_lines.unwrap_or(0);
    let (skip_lines, header) =
        records.get(header_at).map_or((skipped, Vec::new()), |(line, cells)| (skipped + line, cells.clone()));
    Shape { delimiter, is_framed: false, skip_lines, header }
}

fn is_framed(lines: &[&str]) -> bool {
    let rows = lines.iter().filter(|line| !line.trim().is_empty() && !is_rule(line));
    let (framed, all) = rows.fold((0, 0), |(framed, all), line| {
        let is_framed = line.trim().len() > 2 && line.trim().starts_with('|') && line.trim().ends_with('|');
        (framed + usize::from(is_framed), all + 1)
    });
    framed >= 2 && framed * 2 > all
}

fn framed_shape(lines: &[&str], skip_lines: Option<u64>) -> Shape {
    let mut header = Vec::new();
    let from = skip_lines.unwrap_or(0);
    let is_row = |line: &&str| !is_rule(line) && split_framed(line, &mut header);
    let at = lines.iter().skip(from as usize).position(is_row).unwrap_or(0);
    Shape { delimiter: '|', is_framed: true, skip_lines: from + at as u64, header }
}

/// What lines are with a delimiter.
struct Records {
    /// Records of more than nothing: the line each starts on, counted from 0, and its fields.
    rows: Vec<(u64, Vec<String>)>,
    /// Lines of records that go over several lines: all or part of each is inside a quoted cell.
    quoted: Vec<Range<u64>>,
}

fn records(lines: &[&str], delimiter: char) -> Records {
    let (mut rows, mut quoted) = (Vec::<(u64, Vec<String>)>::new(), Vec::new());
    let mut fields = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let mut end = at + 1;
        let mut split_so_far = split(lines[at], delimiter, &mut fields);
        while split_so_far == Split::OpenQuote && end < lines.len() {
            split_so_far = resume(lines[end], delimiter, &mut fields);
            end += 1;
        }
        // A stray quote must not swallow the lines after it: where it does not close, the line stands alone. Unless those
        // after it are no rows like the one before: then they are a cell that goes on beyond what was read.
        if split_so_far != Split::Whole && end > at + 1 {
            if rows.last().is_some_and(|(_, before)| !are_rows(&lines[at + 1..], delimiter, before.len())) {
                quoted.push(at as u64..lines.len() as u64);
                break;
            }
            split(lines[at], delimiter, &mut fields);
            end = at + 1;
        }
        quoted.extend((end > at + 1).then_some(at as u64..end as u64));
        if fields.iter().any(|field| !field.trim().is_empty()) {
            rows.push((at as u64, fields.clone()));
        }
        at = end;
    }
    Records { rows, quoted }
}

/// Whether most lines have so many fields.
fn are_rows(lines: &[&str], delimiter: char, field_count: usize) -> bool {
    let mut fields = Vec::new();
    let mut is_row = |line: &&&str| {
        split(line, delimiter, &mut fields);
        fields.len() == field_count
    };
    let row_count = lines.iter().filter(|line| is_row(line)).count();
    row_count as f64 >= lines.len() as f64 * CONSISTENT
}

/// The delimiter that splits most records into the same number of fields, and into the most. What is inside a cell with
/// another one says nothing: a note may hold many of them.
fn best_delimiter(lines: &[&str]) -> char {
    let read = DELIMITERS.map(|delimiter| records(lines, delimiter));
    let score = |at: usize| {
        let others = || read.iter().enumerate().filter(move |(other, _)| *other != at);
        let is_in_a_cell = |line: u64| others().any(|(_, other)| other.quoted.iter().any(|cell| cell.contains(&line)));
        let rows: Vec<_> = read[at].rows.iter().filter(|(line, _)| !is_in_a_cell(*line)).cloned().collect();
        let modal = modal_count(&rows);
        let share = rows.iter().filter(|(_, fields)| fields.len() == modal).count() as f64 / rows.len().max(1) as f64;
        if modal < 2 || share < CONSISTENT { 0.0 } else { share * (modal as f64).log2() }
    };
    let mut best = (',', 0.0);
    for (at, delimiter) in DELIMITERS.into_iter().enumerate() {
        let score = score(at);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// The number of fields that most records have.
fn modal_count(records: &[(u64, Vec<String>)]) -> usize {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for (_, fields) in records {
        *counts.entry(fields.len()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(length, count)| (count, length)).map_or(0, |(length, _)| length)
}

/// The record that is the header: the first with as many fields as most records, after titles of fewer; the one before
/// it where that first one is data and the rows only end in a delimiter that the header lacks.
fn header_place(records: &[(u64, Vec<String>)]) -> usize {
    let modal = modal_count(records);
    let Some(first) = records.iter().position(|(_, fields)| fields.len() == modal && is_filled(fields)) else {
        return 0;
    };
    let before = first.checked_sub(1);
    match before {
        Some(before) if looks_like_data(&records[first].1) && records[before].1.len() + 1 == modal => before,
        _ => first,
    }
}

/// Whether more than half of the cells hold something: a title in the first of ten cells does not make a header.
fn is_filled(fields: &[String]) -> bool {
    fields.iter().filter(|field| !field.trim().is_empty()).count() * 2 > fields.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape_of(text: &str) -> Shape {
        shape(&text.lines().collect::<Vec<_>>(), None, None)
    }

    #[test]
    fn the_delimiter_is_found_beside_decimal_commas_and_quotes() {
        assert_eq!(shape_of("a;b;c\nx;1,5;z\ny;2,5;z\n").delimiter, ';');
        assert_eq!(shape_of("a\tb\nx, y\t1\nz\t2\n").delimiter, '\t');
        assert_eq!(shape_of("a,b\n\"x;y;z\",1\n\"p;q;r\",2\n").delimiter, ',');
        assert_eq!(shape_of("a|b|c\n1|2|3\n").delimiter, '|');
        assert_eq!(shape_of("name\nx\ny\n").delimiter, ',');
    }

    #[test]
    fn titles_before_the_header_are_passed_over() {
        let found = shape_of("Open items\nPrinted on 1 May\n\nid;customer;amount\n1;A;2\n2;B;3\n");
        assert_eq!((found.skip_lines, found.header.len(), found.delimiter), (3, 3, ';'));
        assert_eq!(shape_of("Open items;;\nid;customer;amount\n1;A;2\n").skip_lines, 1);
    }

    #[test]
    fn rows_that_end_in_a_delimiter_keep_their_header() {
        let found = shape_of("id,day,amount\n1,2020-01-31,2.50,\n2,2020-02-29,3.50,\n");
        assert_eq!((found.skip_lines, found.header.join(" ")), (0, "id day amount".to_owned()));
    }

    #[test]
    fn a_note_over_many_lines_is_one_record_and_a_stray_quote_one_line() {
        let note = "some, words; \"\"more\"\"\n".repeat(200);
        let found = shape_of(&format!("id,at,note\nA1,2024-01-05,\"{note}\"\nA2,2024-01-05,ok\n"));
        assert_eq!((found.delimiter, found.skip_lines, found.header.len()), (',', 0, 3));
        let rows = "2,2024-01-05,b\n".repeat(50);
        let found = shape_of(&format!("id,at,note\n1,2024-01-05,\"open\n{rows}"));
        assert_eq!((found.skip_lines, found.header.len()), (0, 3));
        let found = shape_of(&format!("id,at,note\n1,2024-01-05,\"{note}"));
        assert_eq!((found.skip_lines, found.header.join(" ")), (0, "id at note".to_owned()));
        let note = "one; two; three; four; five\n".repeat(20);
        let found = shape_of(&format!("id,at,note\n1,2024-01-05,\"{note}\"\n2,2024-01-06,ok\n"));
        assert_eq!((found.skip_lines, found.header.join(" ")), (0, "id at note".to_owned()));
        let found = shape_of(&format!("\"Open items\nid,at,note\n{rows}"));
        assert_eq!((found.skip_lines, found.header.len()), (1, 3));
    }

    #[test]
    fn a_framed_list_is_known_with_its_heading() {
        let found = shape_of(
            "10.06.2013   Dynamic List Display   1\n-----\n|St|Doc|Amount|\n-----\n| |1|2,00 |\n| |2|3,00-|\n",
        );
        assert!(found.is_framed);
        assert_eq!((found.skip_lines, found.header.join(" ")), (2, "St Doc Amount".to_owned()));
    }
}
