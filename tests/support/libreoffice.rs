//! LibreOffice without a window, which opens what we wrote and writes it as another kind of file.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Dir;

/// Files that name Excel as their maker are believed in their results unless the profile says otherwise.
const RECALCULATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"#;

/// A file as LibreOffice writes it in another format, in a folder of the conversion's own, every formula calculated anew; none
/// where this machine has no LibreOffice, and the test says so and passes over it.
#[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
pub(crate) fn converted(file: &Path, format: &str) -> Option<(Dir, PathBuf)> {
    let dir = Dir::new();
    dir.file("profile/user/registrymodifications.xcu", RECALCULATE);
    let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", format, "--outdir", "out"])
        .arg(file)
        .current_dir(dir.path())
        .output();
    match run {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped: there is no LibreOffice (soffice) on this machine");
            None
        }
        run => {
            let run = run.expect("soffice runs");
            let name = file.with_extension(format);
            let made = dir.path().join("out").join(name.file_name().expect("a file name"));
            assert!(made.is_file(), "{run:?}");
            Some((dir, made))
        }
    }
}
