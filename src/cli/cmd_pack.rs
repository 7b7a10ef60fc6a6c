//! `report --out DIR`: the whole pack.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use super::args::PackArgs;
use super::output::{say, write_file};
use super::{filter_values, options, progress::Progress};
use crate::catalog::bind::Run;
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::reports::Context;
use crate::reports::pack::{self, Extra, PackFile};

pub(super) fn run(ledger: &Path, args: &PackArgs) -> Result<Outcome, Error> {
    let run = options::run_of_pack(&args.scope, args.from.as_deref())?;
    let ledger = Ledger::open(ledger)?;
    make_folder(&args.out)?;
    for line in filter_values::unknown(&ledger, &run.filters)? {
        say(&line);
    }
    write_pack(&ledger, run, &args.format, &args.out)
}

/// Makes a folder and sees that it can be written, before any long work.
pub(super) fn make_folder(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(Error::file(folder, "cannot be made"))?;
    tempfile::NamedTempFile::new_in(folder).map_err(Error::file(folder, "cannot be written"))?;
    Ok(())
}

/// Writes the pack of a ledger into a folder that is there.
pub(super) fn write_pack(ledger: &Ledger, run: Run, extras: &[Extra], folder: &Path) -> Result<Outcome, Error> {
    let context = Context { ledger, run, show_all: false };
    let progress = Progress::start();
    let made = pack::make(&context, &|what| progress.step(what))?;
    let files = made.files(extras, &|what| progress.step(what))?;
    for file in &files {
        write_file(&folder.join(&file.name), &file.bytes)?;
    }
    drop(progress);
    for line in made.proof.all() {
        say(line);
    }
    say(&format!("{} files in {}; open {}", files.len(), folder.display(), folder.join("index.html").display()));
    let others = others_in(folder, &files)?;
    if !others.is_empty() {
        say(&format!("Not of this pack, though beside it: {}", others.join(", ")));
    }
    Ok(if made.proof.holds { Outcome::Done } else { Outcome::Findings })
}

/// Files named as those of this pack are, in forms that it has not: an earlier pack's, which would be taken for its own.
fn others_in(folder: &Path, files: &[PackFile]) -> Result<Vec<String>, Error> {
    let stems: BTreeSet<&OsStr> = files.iter().filter_map(|file| Path::new(&file.name).file_stem()).collect();
    let mut others = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::file(folder, "cannot be read"))? {
        let path = entry.map_err(Error::file(folder, "cannot be read"))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_named_so = path.file_stem().is_some_and(|stem| stems.contains(stem));
        if is_named_so && !files.iter().any(|file| file.name == name) {
            others.push(name);
        }
    }
    others.sort_unstable();
    Ok(others)
}
