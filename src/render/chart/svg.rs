//! The few SVG elements a chart is made of, with text escaped and numbers short.

use std::fmt::{Display, Write};

use crate::render::shown;

/// An SVG under construction.
#[derive(Debug, Default)]
pub(super) struct Svg {
    out: String,
}

/// Where a text stands to its point.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    /// The drawing inside a root element that a screen reader takes for one picture with a name and a description.
    pub(super) fn into_document(self, width: f64, height: f64, title: &str, description: &str, style: &str) -> String {
        let (w, h) = (Short(width), Short(height));
        let style = if style.is_empty() { String::new() } else { format!("<style>\n{style}</style>\n") };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dc\" role=\"img\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
             height=\"{h}\">\n<title>{}</title>\n<desc>{}</desc>\n{style}{}</svg>\n",
            Escaped(title),
            Escaped(description),
            self.out
        )
    }

    /// A rectangle; `tip` is what a pointer resting on it shows.
    pub(super) fn rect(&mut self, class: &str, [x, y, w, h]: [f64; 4], tip: Option<&str>) {
        let (x, y, w, h) = (Short(x), Short(y), Short(w), Short(h));
        let start = format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"");
        self.element(&start, "rect", tip);
    }

    /// A straight line.
    pub(super) fn line(&mut self, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
        let (x1, y1, x2, y2) = (Short(x1), Short(y1), Short(x2), Short(y2));
        self.element(&format!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\""), "line", None);
    }

    /// A dot.
    pub(super) fn dot(&mut self, class: &str, (x, y): (f64, f64), radius: f64, tip: &str) {
        let (x, y, r) = (Short(x), Short(y), Short(radius));
        self.element(&format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\""), "circle", Some(tip));
    }

    /// A line through points.
    pub(super) fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", Short(*x), Short(*y))).collect();
        self.element(&format!("<polyline class=\"{class}\" points=\"{}\"", points.join(" ")), "polyline", None);
    }

    /// A filled shape.
    pub(super) fn polygon(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", Short(*x), Short(*y))).collect();
        self.element(&format!("<polygon class=\"{class}\" points=\"{}\"", points.join(" ")), "polygon", None);
    }

    /// Text on the baseline `y`.
    pub(super) fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let (x, y) = (Short(x), Short(y));
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        writeln!(self.out, "<text{class} x=\"{x}\" y=\"{y}\"{anchor}>{}</text>", Escaped(text))
            .expect("a String takes all");
    }

    /// Text that reads upwards from a point.
    pub(super) fn upright(&mut self, (x, y): (f64, f64), text: &str) {
        let (x, y) = (Short(x), Short(y));
        writeln!(self.out, "<text transform=\"translate({x} {y}) rotate(-90)\">{}</text>", Escaped(text))
            .expect("a String takes all");
    }

    /// A name in lines of text around the middle `y`; where it had to be cut, a pointer resting on it shows all of it.
    pub(super) fn name(&mut self, (x, y): (f64, f64), anchor: Anchor, pitch: f64, lines: &[String], whole: &str) {
        let is_cut = lines.last().is_some_and(|line| line.contains('…')) && !whole.contains('…');
        if is_cut {
            writeln!(self.out, "<g><title>{}</title>", Escaped(whole)).expect("a String takes all");
        }
        for (line, text) in lines.iter().enumerate() {
            self.text("", (x, y + 4.0 + (line as f64 - (lines.len() as f64 - 1.0) / 2.0) * pitch), anchor, text);
        }
        if is_cut {
            writeln!(self.out, "</g>").expect("a String takes all");
        }
    }

    /// Another drawing over this one.
    pub(super) fn append(&mut self, other: Self) {
        self.out.push_str(&other.out);
    }

    fn element(&mut self, start: &str, name: &str, tip: Option<&str>) {
        self.out.push_str(start);
        match tip {
            Some(tip) => writeln!(self.out, "><title>{}</title></{name}>", Escaped(tip)),
            None => writeln!(self.out, "/>"),
        }
        .expect("a String takes all");
    }
}

/// A length in pixels with at most two decimals: more would not be seen and would make the bytes depend on rounding noise.
struct Short(f64);

impl Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hundredths = (self.0 * 100.0).round() / 100.0;
        // Adding zero makes -0 plain 0.
        write!(f, "{}", hundredths + 0.0)
    }
}

/// Text as XML character data or an attribute in double quotes, nothing hidden in it.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in shown::visible(self.0).chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_files_is_text_and_never_markup() {
        let mut svg = Svg::default();
        svg.text("dc-muted", (1.005, -0.001), Anchor::End, "<script>alert('&\")</script>\u{1}");
        assert_eq!(
            svg.out,
            "<text class=\"dc-muted\" x=\"1\" y=\"0\" text-anchor=\"end\">&lt;script&gt;alert(&#39;&amp;&quot;)&lt;/script&gt;\\u{1}</text>\n"
        );
    }
}
