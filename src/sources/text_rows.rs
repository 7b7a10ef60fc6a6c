//! Rows of a text file: records over several lines, framed lists, and what stands between the rows.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use super::lines::{Line, Lines};
use super::probe::{LineEnd, TextShape};
use super::records::{self, Split};
use super::rewrite::Sink;
use crate::error::Error;

/// Most lines and bytes of one record; beyond them a quote that is still open is taken to be a stray one.
const MAX_RECORD_LINES: usize = 1_000;
const MAX_RECORD_BYTES: usize = 2 << 20;

/// Reads every row of a text file into `sink`.
pub(super) fn read(path: &Path, shape: &TextShape, sink: &mut Sink<'_>) -> Result<(), Error> {
    use std::io::{Seek, SeekFrom};
    let mut file = File::open(path).map_err(Error::file(path, "cannot be opened"))?;
    file.seek(SeekFrom::Start(shape.bom_length as u64)).map_err(Error::file(path, "cannot be read"))?;
    let terminator = if shape.line_end == LineEnd::Cr { '\r' } else { '\n' };
    let mut lines = Lines::new(file, shape.encoding.decoder(), terminator);
    let mut headings = BTreeSet::new();
    for _ in 0..shape.skip_lines {
        if let Some(line) = lines.next().map_err(Error::file(path, "cannot be read"))? {
            headings.insert(records::heading_key(&line.text));
            sink.leave_out(
                if line.text.trim().is_empty() { "blank lines" } else { "lines before the header" },
                line.number,
            );
        }
    }
    let mut fields = Vec::new();
    while let Some(line) = lines.next().map_err(Error::file(path, "cannot be read"))? {
        if line.is_cut {
            let problem =
                "a line of more than 16 MB; the export is damaged, or its lines end in another way".to_owned();
            sink.bad(line.number, &line.text, problem)?;
        } else if line.text.trim().is_empty() {
            sink.leave_out("blank lines", line.number);
        } else if shape.is_framed {
            framed_row(line, &headings, &mut fields, sink)?;
        } else {
            let number = line.number;
            let (split, text) =
                record(line, &mut lines, shape.delimiter, &mut fields).map_err(Error::file(path, "cannot be read"))?;
            match split {
                Split::Whole => {
                    if records::hides_rows(&fields, shape.delimiter) {
                        sink.hidden_rows.push(number);
                    }
                    if shape.has_text_formulas {
                        fields.iter_mut().for_each(|field| *field = records::text_of_formula(field).to_owned());
                    }
                    sink.row(number, &fields, sink.options.subtotal_mark)?;
                }
                Split::OpenQuote => {
                    let reason = "a quote that is never closed; expected \" at the end of the field".to_owned();
                    sink.bad(number, &text, reason)?;
                }
                Split::TextAfterQuote => {
                    let reason = format!(
                        "text after a closing quote; expected {:?} there, or \"\" for a quote inside the field",
                        shape.delimiter
                    );
                    sink.bad(number, &text, reason)?;
                }
            }
        }
    }
    Ok(())
}

/// One row of a framed list, or what stands between its rows: rules, and page headings like those before the header.
fn framed_row(
    line: Line,
    headings: &BTreeSet<String>,
    fields: &mut Vec<String>,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    if records::is_rule(&line.text) {
        sink.leave_out("rules", line.number);
        return Ok(());
    }
    if records::split_framed(&line.text, fields) {
        return sink.row(line.number, fields, sink.options.subtotal_mark.or(Some('*')));
    }
    if headings.contains(&records::heading_key(&line.text)) {
        sink.leave_out("page headings", line.number);
        return Ok(());
    }
    let place = if sink.has_columns() { "a line outside the frame of the list" } else { "a line before the header" };
    sink.bad(line.number, &line.text, format!("{place}; expected | at both ends"))
}

/// Splits the record that starts with `line`, taking further lines while a quote is open.
///
/// Where the quote closes in the wrong place or not at all, only the first line is bad: the others are given back and
/// read as records of their own, so that one stray quote does not cost the rows after it.
fn record<R: std::io::Read>(
    line: Line,
    lines: &mut Lines<R>,
    delimiter: char,
    fields: &mut Vec<String>,
) -> std::io::Result<(Split, String)> {
    let mut end = records::split(&line.text, delimiter, fields);
    let first_length = line.text.len();
    let mut text = line.text;
    let mut taken = Vec::new();
    while end == Split::OpenQuote && taken.len() < MAX_RECORD_LINES && text.len() < MAX_RECORD_BYTES {
        let Some(next) = lines.next()? else { break };
        text.push('\n');
        text.push_str(&next.text);
        if !next.is_cut {
            end = records::resume(&next.text, delimiter, fields);
        }
        let is_cut = next.is_cut;
        taken.push(next);
        if is_cut {
            break;
        }
    }
    if end != Split::Whole && !taken.is_empty() {
        lines.put_back(taken);
        text.truncate(first_length);
        end = Split::OpenQuote;
    }
    Ok((end, text))
}

#[cfg(test)]
mod tests {
    use crate::sources::options::ReadOptions;
    use crate::sources::probe::probe;
    use crate::sources::rewrite::{Rewritten, rewrite};

    fn rewritten(bytes: &[u8], options: &ReadOptions) -> (Rewritten, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let (source, out) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
        std::fs::write(&source, bytes).expect("written");
        let probe = probe(&source, options).expect("a table");
        let result = rewrite(&probe, options, &out).expect("rewritten");
        (result, std::fs::read_to_string(&out).expect("UTF-8"))
    }

    fn left_out(result: &Rewritten) -> Vec<(&str, u64, u64)> {
        result.left_out.iter().map(|l| (l.what, l.count, l.first_line)).collect()
    }

    #[test]
    fn rows_keep_the_line_they_start_on() {
        let (result, text) =
            rewritten(b"id;note;amount\n1;\"two\nlines\";1,5\n\n2;a \"b\" c;2\n3;x;3;;\n", &ReadOptions::default());
        assert_eq!(result.columns, ["id", "note", "amount"]);
        assert_eq!(
            text,
            "_line,\"id\",\"note\",\"amount\"\n2,\"1\",\"two\nlines\",\"1,5\"\n5,\"2\",\"a \"\"b\"\" c\",\"2\"\n6,\"3\",\"x\",\"3\"\n"
        );
        assert_eq!((result.row_count, left_out(&result)), (3, vec![("blank lines", 1, 4)]));
        assert!(result.bad_lines.is_empty());
    }

    #[test]
    fn bad_lines_are_kept_with_their_reason_and_the_rest_goes_on() {
        let mut bytes = b"id,name,amount\n1,a,1\n2,b\n3,c,3,4\n4,\"open,4\n5,e,5\n6,\"f\"g,6\n7,nul\0,7\n".to_vec();
        bytes.extend_from_slice("8,ő,8\n9,őőőőőőőőőőőő,9\n".as_bytes());
        bytes.extend_from_slice(b"10,caf\xE9,10\n");
        let (result, _) = rewritten(&bytes, &ReadOptions::default());
        let bad: Vec<(u64, &str)> =
            result.bad_lines.iter().map(|b| (b.line, b.reason.split(';').next().unwrap_or(""))).collect();
        assert_eq!(
            bad,
            [
                (3, "2 fields"),
                (4, "4 fields"),
                (5, "a quote that is never closed"),
                (7, "text after a closing quote"),
                (8, "a NUL character (shown as \u{2400})"),
                (11, "bytes that the encoding does not allow (shown as \u{FFFD})"),
            ]
        );
        assert_eq!(result.bad_lines[2].content, "4,\"open,4");
        assert_eq!(result.row_count, 4);
    }

    #[test]
    fn rows_between_two_stray_quotes_are_told() {
        let bytes =
            b"id,name,amount\n1,\"two, lines\nof one\",5\n2,\"19 rack,5\n3,c,1\n4,rack 19\",6\n5,\"two\nlines\",7\n";
        let (result, _) = rewritten(bytes, &ReadOptions::default());
        assert_eq!((result.hidden_rows, result.row_count), (vec![4], 3));
    }

    #[test]
    fn a_framed_list_gives_its_rows_and_counts_everything_else() {
        let list = "10.06.2013   Dynamic List Display   1\n------------------------\n|St|Doc.No  |   Amount  |\n|--+--------+-----------|\n\
                    |  |14000001|  1.234,56-|\n|  |14000002|    99,00  |\n|* |        |  1.135,56-|\n------------------------\n\n\
                    10.06.2013   Dynamic List Display   2\n------------------------\n|St|Doc.No  |   Amount  |\n|--+--------+-----------|\n\
                    |  |14000003|     1,00  |\nstray text\n|**|        |  1.134,56-|\n";
        let (result, text) = rewritten(list.as_bytes(), &ReadOptions::default());
        assert_eq!(result.columns, ["St", "Doc.No", "Amount"]);
        assert_eq!(
            text,
            "_line,\"St\",\"Doc.No\",\"Amount\"\n5,\"\",\"14000001\",\"1.234,56-\"\n6,\"\",\"14000002\",\"99,00\"\n14,\"\",\"14000003\",\"1,00\"\n"
        );
        assert_eq!(
            left_out(&result),
            [
                ("blank lines", 1, 9),
                ("lines before the header", 2, 1),
                ("page headings", 1, 10),
                ("repeated headers", 1, 12),
                ("rules", 4, 4),
                ("subtotals", 2, 7)
            ]
        );
        assert_eq!((result.bad_lines.len(), result.bad_lines[0].line), (1, 15));
    }

    #[test]
    fn other_encodings_and_line_ends_become_plain() {
        let wide: Vec<u8> = "\u{feff}név\tösszeg\r\nGyőr\t1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(rewritten(&wide, &ReadOptions::default()).1, "_line,\"név\",\"összeg\"\n2,\"Győr\",\"1\"\n");
        assert_eq!(
            rewritten(b"a,b\r1,2\r3,4\r", &ReadOptions::default()).1,
            "_line,\"a\",\"b\"\n2,\"1\",\"2\"\n3,\"3\",\"4\"\n"
        );
        let options = ReadOptions { encoding: "1250".parse().ok(), ..ReadOptions::default() };
        assert_eq!(rewritten(b"n,m\nGy\xF5r,1\n", &options).1, "_line,\"n\",\"m\"\n2,\"Győr\",\"1\"\n");
    }
}
