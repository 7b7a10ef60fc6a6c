//! A document (WordprocessingML): A4, contents, a section a question, tables that repeat their heads on every page.

use minijinja::{Value, context};

use super::package::Package;
use super::table::Table;
use super::{Cover, Page, Picture, visible_all};
use crate::error::Error;
use crate::render::shown;

/// Width of the text in twentieths of a point: A4 less two centimetres on each side.
const TEXT_WIDTH: usize = 9_638;
/// English metric units of a twentieth of a point, and the largest height of a picture in them: half a page.
const EMU: usize = 635;
const PICTURE_MOST: usize = 4_900_000;
/// Sizes of letters in a table, in half points, the space beside them, and the width of a letter for each half point, in
/// twentieths of a point.
const SIZES: std::ops::RangeInclusive<usize> = 15..=18;
const CELL_SIDES: usize = 160;
const LETTER: f64 = 5.8;
/// Rows of a table that stay on one page.
const TOGETHER: usize = 15;

/// The pages as a DOCX file.
///
/// # Errors
/// [`Error::Internal`] where a part cannot be written.
pub fn document(cover: &Cover, pages: &[Page]) -> Result<Vec<u8>, Error> {
    let pictures: Vec<&Picture> = pages.iter().filter_map(|page| page.picture.as_ref()).collect();
    let numbers: Vec<usize> = (1..=pictures.len()).collect();
    let values = context! {
        title => shown::visible(&cover.title),
        alerts => visible_all(&cover.alerts),
        lines => visible_all(&cover.lines),
        sections => sections(pages),
        pictures => numbers,
    };
    let mut package = Package::default();
    package.add("[Content_Types].xml", include_str!("document/content_types.xml"));
    package.add("_rels/.rels", include_str!("document/package.rels"));
    package.fill("docProps/core.xml", include_str!("core.xml.j2"), values.clone())?;
    package.fill("word/document.xml", include_str!("document/document.xml.j2"), values.clone())?;
    package.fill("word/_rels/document.xml.rels", include_str!("document/document.rels.j2"), values.clone())?;
    package.add("word/styles.xml", include_str!("document/styles.xml"));
    package.add("word/settings.xml", include_str!("document/settings.xml"));
    package.fill("word/footer1.xml", include_str!("document/footer.xml.j2"), values)?;
    for (picture, number) in pictures.iter().zip(1..) {
        package.add(format!("word/media/image{number}.png"), picture.png.as_slice());
    }
    package.zipped()
}

/// Pages that follow each other under one heading, together.
fn sections(pages: &[Page]) -> Vec<Value> {
    let mut picture_no = 0;
    let mut sections = Vec::new();
    for pages in pages.chunk_by(|a, b| a.heading == b.heading) {
        // Notes that stand on each of the pages are said once, below the last.
        let is_shared = |note: &&String| pages.iter().all(|page| page.notes.contains(note));
        let mut parts = Vec::new();
        for (page, left) in pages.iter().zip((0..pages.len()).rev()) {
            picture_no += usize::from(page.picture.is_some());
            let notes: Vec<String> = page.notes.iter().filter(|note| left == 0 || !is_shared(note)).cloned().collect();
            parts.push(part(page, picture_no, &notes));
        }
        sections.push(context! { heading => shown::visible(&pages[0].heading), parts });
    }
    sections
}

fn part(page: &Page, picture_no: usize, notes: &[String]) -> Value {
    let picture = page.picture.as_ref().map(|picture| {
        let [width, height] = [picture.width, picture.height].map(|length| length as usize);
        let shown = (TEXT_WIDTH * EMU).min(PICTURE_MOST * width / height);
        context! { number => picture_no, width => shown, height => shown * height / width, words => shown::visible(&picture.words) }
    });
    context! {
        subject => shown::visible(&page.subject),
        picture,
        table => (!page.table.is_empty()).then(|| table_value(&page.table)),
        notes => visible_all(notes),
        source => page.source(),
    }
}

fn table_value(table: &Table) -> Value {
    let widths = table.widths();
    let sides = CELL_SIDES * widths.len();
    let letters: usize = widths.iter().sum();
    let fitting = (TEXT_WIDTH.saturating_sub(sides) as f64 / (LETTER * letters as f64)) as usize;
    let size = fitting.clamp(*SIZES.start(), *SIZES.end());
    let natural: Vec<usize> =
        widths.iter().map(|letters| (*letters as f64 * LETTER * size as f64) as usize + CELL_SIDES).collect();
    let sum: usize = natural.iter().sum();
    let width = if sum * 2 < TEXT_WIDTH { sum * 3 / 2 } else { TEXT_WIDTH };
    let heads = table.heads.iter().map(|head| context! { title => &head.title, is_right => head.is_right });
    context! {
        size,
        columns => natural.iter().map(|column| column * width / sum).collect::<Vec<_>>(),
        width,
        // A table of few rows is not torn apart, and a total never stands alone.
        loose => if table.rows.len() > TOGETHER { table.rows.len() - 2 } else { 0 },
        heads => heads.collect::<Vec<_>>(),
        rows => &table.rows,
        totals => &table.totals,
        rest => table.left_out(table.rows.len()),
    }
}
