//! Slides (PresentationML): 16:9, a title and one box for each thing on them, measured here as PowerPoint does not.

use minijinja::{Value, context};
use unicode_width::UnicodeWidthStr;

use super::package::Package;
use super::table::Table;
use super::{Cover, Page, Picture, visible_all};
use crate::error::Error;
use crate::render::shown;

const SLIDE: &str = include_str!("deck/slide.xml.j2");
const COVER: &str = include_str!("deck/cover.xml.j2");

/// Points of a slide: margins, and where what stands on it begins and ends.
const LEFT: f64 = 36.0;
const WIDTH: f64 = 888.0;
const TOP: f64 = 100.0;
const BOTTOM: f64 = 502.0;
/// Widths of a table that has a picture beside it, as its columns need, the space between, and the width of a picture alone.
const TABLE_WIDTHS: std::ops::RangeInclusive<f64> = 300.0..=424.0;
const BETWEEN: f64 = 24.0;
const PICTURE_WIDTH: f64 = 760.0;
/// Space between a picture as wide as the slide and the table below it.
const BELOW: f64 = 8.0;
/// Shares of the width to which such a picture is made smaller so that its table has room; with less its words are not read.
const SHRUNK: [f64; 6] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75];
/// Letters of a line of notes, its height, and the lines there is room for.
const NOTE_LETTERS: usize = 170;
const NOTE_LINE: f64 = 13.0;
const NOTE_LINES: usize = 5;
/// Sentences on the title slide.
const COVER_LINES: usize = 9;
/// Sizes of letters in a table, and the space beside them and above and below.
const SMALLEST: f64 = 7.0;
const BESIDE_PICTURE: f64 = 11.0;
const ALONE: f64 = 18.0;
/// Size down to which letters are made smaller to show every row.
const READABLE: f64 = 10.0;
const CELL_SIDES: f64 = 10.0;
const CELL_ENDS: f64 = 6.0;
/// Widths of a letter, of a digit above all, and height of a line, for one point of size (Arial).
const LETTER: f64 = 0.62;
const LINE: f64 = 1.2;
/// A table is stretched at most so far: figures too far apart are not read as one row.
const STRETCH: f64 = 1.5;

/// The slides as a PPTX file: the cover, then one a page.
///
/// # Errors
/// [`Error::Internal`] where a part cannot be written.
pub fn deck(cover: &Cover, pages: &[Page]) -> Result<Vec<u8>, Error> {
    let pages: Vec<Page> = pages.iter().flat_map(slides).collect();
    let pictures: Vec<&Picture> = pages.iter().filter_map(|page| page.picture.as_ref()).collect();
    let numbers: Vec<usize> = (1..=pages.len() + 1).collect();
    let parts = context! { title => shown::visible(&cover.title), slides => numbers };
    let mut package = Package::default();
    package.fill("[Content_Types].xml", include_str!("deck/content_types.xml.j2"), parts.clone())?;
    package.add("_rels/.rels", include_str!("deck/package.rels"));
    package.fill("docProps/core.xml", include_str!("core.xml.j2"), parts.clone())?;
    package.fill("ppt/presentation.xml", include_str!("deck/presentation.xml.j2"), parts.clone())?;
    package.fill("ppt/_rels/presentation.xml.rels", include_str!("deck/presentation.rels.j2"), parts)?;
    package.add("ppt/theme/theme1.xml", include_str!("deck/theme.xml"));
    package.add("ppt/slideMasters/slideMaster1.xml", include_str!("deck/master.xml"));
    package.add("ppt/slideMasters/_rels/slideMaster1.xml.rels", include_str!("deck/master.rels"));
    for (number, layout) in
        [include_str!("deck/layout_cover.xml"), include_str!("deck/layout_page.xml")].iter().enumerate()
    {
        package.add(format!("ppt/slideLayouts/slideLayout{}.xml", number + 1), *layout);
        let rels = format!("ppt/slideLayouts/_rels/slideLayout{}.xml.rels", number + 1);
        package.add(rels, include_str!("deck/layout.rels"));
    }
    package.fill("ppt/slides/slide1.xml", COVER, covered(cover))?;
    slide_rels(&mut package, 1, None)?;
    let mut picture_no = 0;
    for (page, number) in pages.iter().zip(2..) {
        picture_no += usize::from(page.picture.is_some());
        package.fill(format!("ppt/slides/slide{number}.xml"), SLIDE, laid_out(page))?;
        slide_rels(&mut package, number, page.picture.as_ref().map(|_| picture_no))?;
    }
    for (picture, number) in pictures.iter().zip(1..) {
        package.add(format!("ppt/media/image{number}.png"), picture.png.as_slice());
    }
    package.zipped()
}

fn slide_rels(package: &mut Package, number: usize, picture: Option<usize>) -> Result<(), Error> {
    let values = context! { layout => if number == 1 { 1 } else { 2 }, picture };
    package.fill(format!("ppt/slides/_rels/slide{number}.xml.rels"), include_str!("deck/slide.rels.j2"), values)
}

fn covered(cover: &Cover) -> Value {
    let room = COVER_LINES.saturating_sub(cover.alerts.len());
    let rest = cover.lines.len().saturating_sub(room);
    let lines = &cover.lines[..cover.lines.len() - rest];
    let more = (rest > 0).then(|| format!("{} more {} in index.html.", rest, if rest == 1 { "is" } else { "are" }));
    context! {
        title => shown::visible(&cover.title),
        alerts => visible_all(&cover.alerts),
        lines => visible_all(lines),
        more,
    }
}

/// English metric units of a point.
fn emu(points: f64) -> i64 {
    (points * 12_700.0).round() as i64
}

fn place(left: f64, top: f64, width: f64, height: f64) -> Value {
    context! { x => emu(left), y => emu(top), width => emu(width), height => emu(height) }
}

/// The slides of a page: a table that would be cut or too small to read below a wide picture has one of its own.
fn slides(page: &Page) -> Vec<Page> {
    match &page.picture {
        Some(picture) if page.is_wide && !page.table.is_empty() && width_above_table(page, picture).is_none() => {
            let alone = Page { picture: None, is_wide: false, notes: Vec::new(), ..page.clone() };
            vec![Page { table: Table::default(), ..page.clone() }, alone]
        }
        _ => vec![page.clone()],
    }
}

/// Where what stands on a slide ends, above so many lines of notes.
fn bottom_above(note_lines: usize) -> f64 {
    BOTTOM - note_lines as f64 * NOTE_LINE - if note_lines > 0 { 8.0 } else { 0.0 }
}

/// The width of a wide picture below which the whole table of its page has room.
fn width_above_table(page: &Page, picture: &Picture) -> Option<f64> {
    let bottom = bottom_above(notes(page).1);
    let fits = |width: &f64| {
        let fitted = Fitted::new(&page.table, WIDTH, bottom - below(picture, *width), READABLE);
        fitted.rows.len() == page.table.rows.len()
    };
    SHRUNK.map(|share| share * WIDTH).into_iter().find(fits)
}

/// Where what stands below a picture of a width begins.
fn below(picture: &Picture, width: f64) -> f64 {
    TOP + width * picture.shape() + BELOW
}

/// A page as the template takes it: every box with its place.
fn laid_out(page: &Page) -> Value {
    let (notes, note_lines) = notes(page);
    let bottom = bottom_above(note_lines);
    let height = bottom - TOP;
    let (mut left, mut top, mut largest) = (LEFT, TOP, ALONE);
    let has_table = !page.table.is_empty();
    let picture = page.picture.as_ref().map(|picture| {
        let mut width = PICTURE_WIDTH;
        let shape = picture.shape();
        if page.is_wide {
            (width, largest) = (width_above_table(page, picture).unwrap_or(WIDTH), BESIDE_PICTURE);
            top = below(picture, width);
        } else if has_table {
            width = WIDTH - BETWEEN - natural_width(&page.table).clamp(*TABLE_WIDTHS.start(), *TABLE_WIDTHS.end());
            (left, largest) = (LEFT + width + BETWEEN, BESIDE_PICTURE);
        }
        let width = width.min(height / shape);
        context! { place => place(LEFT, TOP, width, width * shape), words => shown::visible(&picture.words) }
    });
    let table = has_table
        .then(|| Fitted::new(&page.table, LEFT + WIDTH - left, bottom - top, largest).value(&page.table, [left, top]));
    context! {
        heading => shown::visible(&page.heading),
        subject => shown::visible(&page.subject),
        picture,
        table,
        notes,
        notes_place => place(LEFT, bottom + 4.0, WIDTH, BOTTOM - bottom),
        source => page.source(),
    }
}

/// The notes there is room for, and the lines they take.
fn notes(page: &Page) -> (Vec<String>, usize) {
    let mut shown: Vec<String> = Vec::new();
    let mut used = 0;
    for note in visible_all(&page.notes) {
        let lines = note.width().div_ceil(NOTE_LETTERS);
        if used + lines > NOTE_LINES - 1 {
            shown.push("More notes are in index.html.".to_owned());
            used += 1;
            break;
        }
        used += lines;
        shown.push(note);
    }
    (shown, used)
}

/// The width of a table whose letters are as large as they may be beside a picture.
fn natural_width(table: &Table) -> f64 {
    let widths = table.widths();
    widths.iter().sum::<usize>() as f64 * LETTER * BESIDE_PICTURE + CELL_SIDES * widths.len() as f64
}

/// A table in a box.
struct Fitted {
    size: f64,
    columns: Vec<f64>,
    head: f64,
    /// Heights of the rows that there is room for.
    rows: Vec<f64>,
    totals: Vec<f64>,
    rest: Option<String>,
}

impl Fitted {
    /// The table with the largest letters with which its columns stand side by side and its rows below each other.
    fn new(table: &Table, width: f64, height: f64, largest: f64) -> Self {
        let widths = table.widths();
        let letters = widths.iter().sum::<usize>() as f64;
        let sides = CELL_SIDES * widths.len() as f64;
        let size = ((width - sides) / (LETTER * letters)).clamp(SMALLEST, largest);
        let mut size = (size * 2.0).floor() / 2.0;
        let mut fitted = Self::at_size(table, width, height, size);
        while size > READABLE && fitted.rows.len() < table.rows.len() {
            size -= 0.5;
            fitted = Self::at_size(table, width, height, size);
        }
        fitted
    }

    fn at_size(table: &Table, width: f64, height: f64, size: f64) -> Self {
        let widths = table.widths();
        let natural: Vec<f64> = widths.iter().map(|letters| *letters as f64 * LETTER * size + CELL_SIDES).collect();
        let stretch = (width / natural.iter().sum::<f64>()).min(STRETCH);
        let columns: Vec<f64> = natural.iter().map(|column| column * stretch).collect();
        let height_of = |cells: &[String]| {
            let lines = |(cell, column): (&String, &f64)| {
                (cell.width() as f64 * LETTER * size / (column - CELL_SIDES)).ceil().max(1.0)
            };
            cells.iter().zip(&columns).map(lines).fold(1.0, f64::max) * size * LINE + CELL_ENDS
        };
        let titles: Vec<String> = table.heads.iter().map(|head| head.title.clone()).collect();
        let head = height_of(&titles);
        let totals: Vec<f64> = table.totals.iter().map(|cells| height_of(cells)).collect();
        let all: Vec<f64> = table.rows.iter().map(|cells| height_of(cells)).collect();
        let remark = size * LINE * 2.0 + CELL_ENDS;
        let room = height - head - totals.iter().sum::<f64>();
        let fit = |room: f64| {
            let mut used = 0.0;
            all.iter()
                .take_while(|row| {
                    used += **row;
                    used <= room
                })
                .count()
        };
        let mut shown = fit(room);
        if table.left_out(shown).is_some() {
            shown = fit(room - remark);
        }
        Self { size, head, totals, rest: table.left_out(shown), rows: all[..shown].to_vec(), columns }
    }

    fn value(&self, table: &Table, [left, top]: [f64; 2]) -> Value {
        let row = |(cells, height): (&Vec<String>, &f64)| context! { cells, height => emu(*height) };
        let rest = self.size * LINE * if self.rest.is_some() { 2.0 } else { 0.0 };
        let height = self.head + self.rows.iter().chain(&self.totals).sum::<f64>() + rest;
        let heads = table.heads.iter().map(|head| context! { title => &head.title, is_right => head.is_right });
        context! {
            place => place(left, top, self.columns.iter().sum(), height),
            size => (self.size * 100.0) as i64,
            columns => self.columns.iter().map(|column| emu(*column)).collect::<Vec<_>>(),
            heads => heads.collect::<Vec<_>>(),
            head_height => emu(self.head),
            rows => table.rows.iter().zip(&self.rows).map(row).collect::<Vec<_>>(),
            totals => table.totals.iter().zip(&self.totals).map(row).collect::<Vec<_>>(),
            rest => &self.rest,
            rest_height => emu(rest),
        }
    }
}
