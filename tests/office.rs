//! The slides and the document of the pack, as LibreOffice opens them.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use crate::support::Dir;

/// A pack of the sample with slides and document.
fn pack() -> Dir {
    let dir = Dir::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    dir.ok(&["load", samples.to_str().expect("a path in UTF-8")]);
    dir.ok(&["report", "--out", "pack", "--as-of", "2024-12-31", "--format", "pptx,docx"]);
    dir
}

/// The pages of a file of the pack as LibreOffice prints it, where this machine has LibreOffice.
#[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
fn printed(dir: &Dir, ending: &str) -> Option<usize> {
    let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
    let file = format!("pack/receivables.{ending}");
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir", ending, &file])
        .current_dir(dir.path())
        .output();
    match run {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped: there is no LibreOffice (soffice) on this machine");
            None
        }
        run => {
            let run = run.expect("soffice runs");
            let pdf = std::fs::read(dir.path().join(ending).join("receivables.pdf"))
                .unwrap_or_else(|error| panic!("{error}: {run:?}"));
            let is_page = |bytes: &[u8]| bytes.starts_with(b"/Type/Page") && bytes[10] != b's';
            Some(pdf.windows(11).filter(|bytes| is_page(bytes)).count())
        }
    }
}

#[test]
fn every_slide_of_the_sample_is_a_page_in_libreoffice() {
    let dir = pack();
    let file = File::open(dir.path().join("pack/receivables.pptx")).expect("the slides");
    let archive = zip::ZipArchive::new(file).expect("an archive");
    let slides = archive.file_names().flatten().filter(|name| name.starts_with("ppt/slides/slide")).count();
    // Cover, headline and definitions, and twelve questions of three currencies, of which USD had no dispute.
    assert_eq!(slides, 3 + 12 * 3 - 1);
    let Some(pages) = printed(&dir, "pptx") else { return };
    assert_eq!(pages, slides);
}

#[test]
fn the_document_of_the_sample_opens_in_libreoffice() {
    let dir = pack();
    let Some(pages) = printed(&dir, "docx") else { return };
    // A cover, and a picture and a table of 36 on two thirds of a page each; fonts of the machine move the breaks.
    assert!((20..=40).contains(&pages), "{pages} pages");
}

#[test]
fn slides_and_document_are_made_only_where_they_are_asked_for() {
    let dir = Dir::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    dir.ok(&["load", samples.to_str().expect("a path in UTF-8")]);
    dir.ok(&["report", "--out", "pack", "--as-of", "2024-12-31"]);
    dir.ok(&["report", "--out", "with", "--as-of", "2024-12-31", "--format", "pptx", "--format", "docx"]);
    let has = |folder: &str, ending: &str| dir.path().join(folder).join(format!("receivables.{ending}")).exists();
    assert_eq!([has("pack", "pptx"), has("pack", "docx")], [false, false]);
    assert_eq!([has("with", "pptx"), has("with", "docx")], [true, true]);
    let run = dir.run(&["report", "--out", "pack", "--as-of", "2024-12-31", "--format", "pdf"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("the pack can have pptx and docx added"), "{}", run.stderr);
}
