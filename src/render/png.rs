//! A sheet's chart as a picture: its SVG at twice its size, in light colours, on white.
//!
//! The letters come from the fonts of `assets/fonts`: Latin, Greek, Cyrillic, Hebrew, Chinese, Japanese. Only for a letter that
//! they lack are the machine's own fonts asked, in the order of their names; a letter that no font has is written `·`, and the
//! chart says so. So a picture is the same on every machine unless it shows letters of other scripts.

use std::collections::BTreeSet;
use std::sync::Arc;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, ID, Source};
use resvg::usvg::{FontResolver, Options, Tree};
use skrifa::{FontRef, MetadataProvider};
use unicode_width::UnicodeWidthChar;

use super::RenderOptions;
use super::chart::{self, Place};
use crate::error::Error;
use crate::sheet::Sheet;

/// Pixels of the picture for one of the SVG: sharp on a screen of double density and on paper.
const SCALE: f32 = 2.0;
const REGULAR: &[u8] = include_bytes!("../../assets/fonts/DuecastSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/fonts/DuecastSans-Bold.ttf");
const HAN: &[u8] = include_bytes!("../../assets/fonts/DuecastHan-Regular.otf");
/// Weight from which text is bold.
const BOLD_FROM: u16 = 600;
/// What stands for a letter that no font has, and the sentence that says so.
const STAND_IN: char = '·';
const STAND_IN_NOTE: &str = "· stands for a letter that no font of this machine has; the table and the SVG have it.";

pub(super) fn render(sheet: &Sheet, _: &RenderOptions) -> Result<Vec<u8>, Error> {
    at(sheet, Place::File)
}

/// The picture for a place.
///
/// # Errors
/// As [`chart::svg`].
pub(super) fn at(sheet: &Sheet, place: Place) -> Result<Vec<u8>, Error> {
    let svg = chart::remarked(sheet, place, None)?;
    let mut fonts = Fonts::shipped();
    let mut missing = fonts.lacked_by(&svg);
    if !missing.is_empty() {
        fonts.add_of_machine();
        missing = fonts.lacked_by(&svg);
    }
    let svg = if missing.is_empty() {
        svg
    } else {
        with_stand_ins(&chart::remarked(sheet, place, Some(STAND_IN_NOTE))?, &missing)
    };
    picture(&svg, fonts).map_err(|e| Error::internal(format!("sheet {}: its chart is no picture: {e}", sheet.name)))
}

/// Only text has characters outside ASCII, so that no markup is touched.
fn with_stand_ins(svg: &str, missing: &BTreeSet<char>) -> String {
    svg.chars().map(|c| if missing.contains(&c) { STAND_IN } else { c }).collect()
}

fn picture(svg: &str, fonts: Fonts) -> Result<Vec<u8>, String> {
    let Fonts { database, regular, bold } = fonts;
    let font_resolver = FontResolver {
        select_font: Box::new(move |font, _| if font.weight() >= BOLD_FROM { bold } else { regular }),
        select_fallback: FontResolver::default_fallback_selector(),
    };
    let options = Options { font_resolver, fontdb: Arc::new(database), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|e| e.to_string())?;
    let [width, height] = [tree.size().width(), tree.size().height()].map(|length| (length * SCALE).ceil() as u32);
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| format!("{width} by {height} pixels"))?;
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| e.to_string())
}

/// The fonts to draw with, the shipped ones first.
struct Fonts {
    database: Database,
    regular: Option<ID>,
    bold: Option<ID>,
}

impl Fonts {
    fn shipped() -> Self {
        let mut database = Database::new();
        let [regular, bold, _] = [REGULAR, BOLD, HAN]
            .map(|bytes| database.load_font_source(Source::Binary(Arc::new(bytes))).first().copied());
        Self { database, regular, bold }
    }

    /// Adds the machine's own fonts, in the order of their names: a folder lists them in any.
    fn add_of_machine(&mut self) {
        let mut machine = Database::new();
        machine.load_system_fonts();
        let mut faces: Vec<_> = machine.faces().cloned().collect();
        faces.sort_by(|a, b| (&a.post_script_name, a.index).cmp(&(&b.post_script_name, b.index)));
        for face in faces {
            self.database.push_face_info(face);
        }
    }

    /// The characters of a text that none of the fonts has and that would be seen.
    fn lacked_by(&self, text: &str) -> BTreeSet<char> {
        let mut lacked: BTreeSet<char> = text.chars().filter(|c| !c.is_ascii() && c.width() != Some(0)).collect();
        for face in self.database.faces().map(|face| face.id).collect::<Vec<_>>() {
            if lacked.is_empty() {
                break;
            }
            self.database.with_face_data(face, |data, index| {
                if let Ok(font) = FontRef::from_index(data, index) {
                    let charmap = font.charmap();
                    lacked.retain(|c| charmap.map(*c).is_none());
                }
            });
        }
        lacked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Cell, Chart, Column, Kind};

    fn sheet(name: &str) -> Sheet {
        let columns = vec![Column::new("customer", Kind::Text), Column::new("item_count", Kind::Count)];
        Sheet::from_rows("customer", "Items", columns, &[vec![Cell::Text(name), Cell::Count(3)]])
            .expect("a sheet")
            .charted(Chart::Bars { category: "customer".into(), values: vec!["item_count".into()] })
    }

    fn pixels(sheet: &Sheet) -> Pixmap {
        Pixmap::decode_png(&render(sheet, &RenderOptions::default()).expect("a picture")).expect("a PNG")
    }

    #[test]
    fn a_picture_is_twice_the_chart_on_white_and_the_same_again() {
        let sheet = sheet("A");
        let picture = pixels(&sheet);
        assert_eq!(picture.width(), 1920);
        let corner = picture.pixel(0, 0).expect("a corner");
        assert_eq!((corner.red(), corner.green(), corner.blue(), corner.alpha()), (255, 255, 255, 255));
        let again = render(&sheet, &RenderOptions::default()).expect("a picture");
        assert_eq!(render(&sheet, &RenderOptions::default()).expect("a picture"), again);
    }

    #[test]
    fn the_shipped_fonts_have_the_letters_of_our_readers() {
        let text = "Őrség Árvíztűrő Łódź İğne ěščřž Ωμέγα Северный ґїє 上海浦东发展银行 國際貿易股份有限公司 トヨタ自動車 € → − … ≥";
        assert_eq!(Fonts::shipped().lacked_by(text), BTreeSet::new());
    }

    #[test]
    fn letters_are_drawn_and_not_boxes() {
        // A box would be as dark for every letter; nothing at all would be as light as no letter.
        let ink = |name: &str| pixels(&sheet(name)).pixels().iter().filter(|p| p.red() < 128).count();
        let none = ink(" ");
        let inks = ["一", "贸", "鑫", "Щ", "Ű"].map(|letter| ink(letter) - none);
        assert!(inks.iter().all(|ink| *ink > 0), "{inks:?}");
        let different: BTreeSet<usize> = inks.into_iter().collect();
        assert_eq!(different.len(), 5, "{inks:?}");
    }

    #[test]
    fn a_letter_that_no_font_has_becomes_a_dot() {
        // A private-use character far from those that icon fonts take.
        let missing = Fonts::shipped().lacked_by("A\u{10abcd}\u{301}B");
        assert_eq!(missing, BTreeSet::from(['\u{10abcd}']));
        assert_eq!(with_stand_ins("<text>A\u{10abcd}B</text>", &missing), "<text>A·B</text>");
    }
}
