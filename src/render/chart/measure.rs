//! How wide text is without a font at hand.

use unicode_width::UnicodeWidthChar;

/// Advance widths of `' '..='~'` in thousandths of the text size, from Adobe's font metrics of Helvetica (Core 14 AFM files);
/// Arial and Liberation Sans have the same, and the charts ask for these fonts first.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
/// Letters outside ASCII: a little wider than the mean of their plain cousins, since the fallback font is unknown.
const OTHER: f64 = 0.62;
/// Room for fonts a little wider than Helvetica.
const SLACK: f64 = 1.04;

/// Width of `text` in pixels at `size` pixels.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let em = |c: char| match u32::from(c).checked_sub(32).and_then(|at| ASCII.get(at as usize)) {
        Some(thousandths) => f64::from(*thousandths) / 1000.0,
        None if c == '\u{a0}' => f64::from(ASCII[0]) / 1000.0,
        None if matches!(c, '…' | '→') => 1.0,
        // Han, Kana and Hangul fill a square.
        None if c.width() == Some(2) => 1.0,
        None if c.width() == Some(0) => 0.0,
        None => OTHER,
    };
    text.chars().map(em).sum::<f64>() * size * SLACK
}

/// `text` in at most `room` pixels, cut with `…` where it is longer.
pub(super) fn cut(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = width("…", size);
    for c in text.chars() {
        used += width(c.encode_utf8(&mut [0; 4]), size);
        if used > room {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// `text` in at most `room` pixels, `…` for its middle where it is longer: long names often differ at their ends.
fn cut_inside(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let half = (room - width("…", size)) / 2.0;
    let mut used = 0.0;
    let tail = text.char_indices().rev().take_while(|(_, c)| {
        used += width(c.encode_utf8(&mut [0; 4]), size);
        used <= half
    });
    let tail = tail.last().map_or(text.len(), |(at, _)| at);
    let head = cut(&text[..tail], size, room - width(&text[tail..], size));
    format!("{}{}", head, text[tail..].trim_start())
}

/// `text` in at most `most` lines of at most `room` pixels; of what does not fit `…` stands for the middle.
pub(super) fn wrap(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if lines.len() + 1 == most {
            lines.push(cut_inside(rest, size, room));
            break;
        }
        let end = line_end(rest, size, room);
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    lines
}

/// Whether [`wrap`] would keep all of `text` and break it only between words.
pub(super) fn wraps_whole(text: &str, size: f64, room: f64, most: usize) -> bool {
    let lines = wrap(text, size, room, most);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    words(&lines.join(" ")) == words(text)
}

/// Where the line breaks: after the last word or wide character that fits, or inside a word that is too long by itself.
fn line_end(text: &str, size: f64, room: f64) -> usize {
    let mut used = 0.0;
    let mut good = None;
    let mut was_wide = false;
    for (at, c) in text.char_indices() {
        let is_wide = c.width() == Some(2);
        if at > 0 && (c == ' ' || is_wide || was_wide) {
            good = Some(at);
        }
        used += width(c.encode_utf8(&mut [0; 4]), size);
        if used > room && at > 0 && c != ' ' {
            return good.unwrap_or(at);
        }
        if c == '-' {
            good = Some(at + 1);
        }
        was_wide = is_wide;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_follow_the_letters_and_wide_characters_fill_a_square() {
        assert!((width("0000", 10.0) - 4.0 * 5.56 * SLACK).abs() < 1e-9);
        assert!((width("上海", 10.0) - 20.0 * SLACK).abs() < 1e-9);
        assert!(width("iiii", 10.0) < width("MMMM", 10.0) / 3.0);
    }

    #[test]
    fn lines_break_between_words_between_han_and_at_last_inside_a_word() {
        assert_eq!(wrap("one two three", 10.0, 45.0, 3), ["one two", "three"]);
        assert_eq!(wrap("上海贸易有限公司", 10.0, 45.0, 3), ["上海贸易", "有限公司"]);
        assert_eq!(wrap("Donaudampfschiff", 10.0, 45.0, 2), ["Donauda", "mpfschiff"]);
        assert_eq!(wrap("Donaudampfschifffahrt", 10.0, 45.0, 2), ["Donauda", "mpf…hrt"]);
        assert!(wraps_whole("one two three", 10.0, 45.0, 2));
        assert!(!wraps_whole("Donaudampfschiff", 10.0, 45.0, 3));
        assert!(wrap("", 10.0, 45.0, 2).is_empty());
    }
}
