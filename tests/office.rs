//! The slides and the document of the pack, as LibreOffice opens them.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::support::libreoffice::converted;
use crate::support::{Dir, SAMPLES, sample_pack};

/// The pages of a file as LibreOffice prints it, where this machine has LibreOffice.
fn printed(file: &Path) -> Option<usize> {
    let (_dir, path) = converted(file, "pdf")?;
    let pdf = std::fs::read(path).expect("the printed pages");
    let is_page = |bytes: &[u8]| bytes.starts_with(b"/Type/Page") && bytes[10] != b's';
    Some(pdf.windows(11).filter(|bytes| is_page(bytes)).count())
}

#[test]
fn every_slide_of_the_sample_is_a_page_in_libreoffice() {
    let path = sample_pack().join("receivables.pptx");
    let archive = zip::ZipArchive::new(File::open(&path).expect("the slides")).expect("an archive");
    let slides = archive.file_names().flatten().filter(|name| name.starts_with("ppt/slides/slide")).count();
    // Cover, headline and definitions, and sixteen questions whatever the number of currencies, six of them with their table on a
    // slide of its own: what a meeting has time for.
    assert_eq!(slides, 3 + 16 + 6);
    let Some(pages) = printed(&path) else { return };
    assert_eq!(pages, slides);
}

#[test]
fn the_document_of_the_sample_opens_in_libreoffice() {
    let Some(pages) = printed(&sample_pack().join("receivables.docx")) else { return };
    // A cover, and a picture and a table of 42 on two thirds of a page each; fonts of the machine move the breaks.
    assert!((23..=46).contains(&pages), "{pages} pages");
}

#[test]
fn slides_document_and_pictures_are_made_only_where_they_are_asked_for() {
    let dir = Dir::new();
    dir.ok(&["load", SAMPLES]);
    dir.ok(&["report", "--out", "pack", "--as-of", "2024-12-31"]);
    let has = |folder: &Path, name: &str| folder.join(name).exists();
    for name in ["receivables.pptx", "receivables.docx", "aging.png", "dso_trend.png"] {
        assert_eq!([has(&dir.path().join("pack"), name), has(sample_pack(), name)], [false, true], "{name}");
    }
    let charts = |ending: &str| {
        let files = std::fs::read_dir(sample_pack()).expect("the pack").map(|entry| entry.expect("a file").path());
        let stem = |path: PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
        files.filter(|path| path.extension().is_some_and(|e| e == ending)).map(stem).collect::<BTreeSet<String>>()
    };
    assert_eq!(charts("png"), charts("svg"), "a picture a chart");
    let charted = duecast::reports::CHARTED.iter().map(|name| (*name).to_owned());
    assert_eq!(charts("svg"), charted.collect(), "the reports that are said to have one");
    let run = dir.run(&["report", "--out", "pack", "--as-of", "2024-12-31", "--format", "pdf"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("the pack can have pptx, docx and png added"), "{}", run.stderr);
}
