//! Lines of a text file in any encoding, decoded as they come and numbered as a person would count them.

use std::collections::VecDeque;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

/// Stands for bytes that the encoding does not allow. A noncharacter, so that no text has it of its own.
pub(super) const INVALID: char = '\u{FDD0}';

/// Longest line kept; the rest of a longer one is dropped and the line reported. A cell may have 1 MB.
const MAX_LINE_BYTES: usize = 16 << 20;

const CHUNK_BYTES: usize = 256 << 10;

/// One line, without what ends it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub(super) number: u64,
    pub(super) text: String,
    /// It was longer than [`MAX_LINE_BYTES`], and only its start is here.
    pub(super) is_cut: bool,
}

/// Reads lines.
pub(super) struct Lines<R> {
    reader: R,
    decoder: Decoder,
    terminator: char,
    bytes: Vec<u8>,
    text: String,
    at: usize,
    is_at_end: bool,
    number: u64,
    returned: VecDeque<Line>,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R, decoder: Decoder, terminator: char) -> Self {
        Self {
            reader,
            decoder,
            terminator,
            bytes: vec![0; CHUNK_BYTES],
            text: String::new(),
            at: 0,
            is_at_end: false,
            number: 0,
            returned: VecDeque::new(),
        }
    }

    /// The next line; none at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.returned.pop_front() {
            return Ok(Some(line));
        }
        let mut searched = self.at;
        loop {
            if let Some(found) = self.text[searched..].find(self.terminator) {
                let end = searched + found;
                return Ok(Some(self.take(end, end + 1, false)));
            }
            if self.is_at_end {
                let end = self.text.len();
                return Ok((self.at < end).then(|| self.take(end, end, false)));
            }
            if self.text.len() - self.at > MAX_LINE_BYTES {
                return self.take_cut().map(Some);
            }
            self.text.drain(..self.at);
            self.at = 0;
            searched = self.text.len();
            self.fill()?;
        }
    }

    /// Gives lines back, to be read again in this order before any other.
    pub(super) fn put_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.returned.push_front(line);
        }
    }

    fn take(&mut self, end: usize, next: usize, is_cut: bool) -> Line {
        self.number += 1;
        let text = &self.text[self.at..end];
        let text = if self.terminator == '\n' { text.strip_suffix('\r').unwrap_or(text) } else { text };
        let line = Line { number: self.number, text: text.to_owned(), is_cut };
        self.at = next;
        line
    }

    /// Takes the start of a line that is too long and passes over the rest of it.
    fn take_cut(&mut self) -> io::Result<Line> {
        let end = self.text.len();
        let line = self.take(end, end, true);
        loop {
            if let Some(found) = self.text[self.at..].find(self.terminator) {
                self.at += found + 1;
                return Ok(line);
            }
            if self.is_at_end {
                self.at = self.text.len();
                return Ok(line);
            }
            self.text.clear();
            self.at = 0;
            self.fill()?;
        }
    }

    /// Decodes the next bytes of the file onto the end of the text.
    fn fill(&mut self) -> io::Result<()> {
        let read = self.reader.read(&mut self.bytes)?;
        self.is_at_end = read == 0;
        let mut rest = &self.bytes[..read];
        loop {
            self.text.reserve(rest.len() * 3 + 16);
            let (result, used) =
                self.decoder.decode_to_string_without_replacement(rest, &mut self.text, self.is_at_end);
            rest = &rest[used..];
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(_, _) => self.text.push(INVALID),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::encoding::Encoding;

    fn lines(bytes: &[u8], encoding: Encoding, terminator: char) -> Vec<(u64, String)> {
        let mut lines = Lines::new(bytes, encoding.decoder(), terminator);
        std::iter::from_fn(|| lines.next().expect("read")).map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn lines_end_as_the_file_says() {
        let texts = |bytes: &[u8], end| lines(bytes, Encoding::UTF_8, end).into_iter().map(|l| l.1).collect::<Vec<_>>();
        assert_eq!(texts(b"a\r\n\nb", '\n'), ["a", "", "b"]);
        assert_eq!(texts(b"a\rb\r", '\r'), ["a", "b"]);
    }

    #[test]
    fn bytes_outside_the_encoding_are_marked_where_they_stand() {
        let found = lines(b"ok\ncaf\xE9!\n", Encoding::UTF_8, '\n');
        assert_eq!(found[1], (2, format!("caf{INVALID}!")));
        assert_eq!(lines(b"Gy\xF5r\n", Encoding::WINDOWS_1250, '\n')[0].1, "Győr");
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_next_is_whole() {
        let mut bytes = vec![b'x'; MAX_LINE_BYTES + 3 * CHUNK_BYTES];
        bytes.extend_from_slice(b"\nnext\n");
        let mut lines = Lines::new(bytes.as_slice(), Encoding::UTF_8.decoder(), '\n');
        assert!(lines.next().expect("read").expect("a line").is_cut);
        let next = lines.next().expect("read").expect("a line");
        assert_eq!((next.number, next.text.as_str()), (2, "next"));
    }
}
