//! A load: files in, one transaction, a manifest out. Killed at any moment, the ledger is as it was before.

mod combine;
mod extract;
mod loss;
pub mod manifest;
mod stage_file;
mod stage_mapped;

use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::error::Error;
use crate::ledger::settle;
use crate::ledger::store::Ledger;
use crate::sources::date_format::DateFormat;
use crate::sources::options::ReadOptions;
use crate::staging::mapping::draft::{Given, draft};
use crate::staging::mapping::{FileMapping, Mapping, builtin, builtin_names};
use manifest::{FileReport, LoadReport};

/// How files are to be read.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// Mapping of a source that does not have the ledger's own columns, and the file it came from.
    pub mapping: Option<NamedMapping>,
    /// Table of a file whose name does not say it.
    pub table: Option<String>,
    /// Name under which a later load replaces this one; default the file's name.
    pub source_name: Option<String>,
    /// Currency of rows that name none.
    pub currency: Option<String>,
    /// How dates are written where they are not ISO.
    pub date_format: Option<String>,
    /// Encoding, delimiter and the like.
    pub read: ReadOptions,
    /// Files that a mapping's lookups read, by the name the mapping gives them.
    pub lookups: Vec<(String, PathBuf)>,
    /// Moment of the load, for the manifest and the check for postings after it.
    pub loaded_at: NaiveDateTime,
}

impl LoadOptions {
    /// What makes one reading of a file differ from another, in words; a file read another way is loaded anew.
    fn reading(&self) -> String {
        let Self { currency, date_format, read, lookups, .. } = self;
        let mut parts: Vec<String> = [("currency", currency), ("date format", date_format)]
            .into_iter()
            .filter_map(|(name, value)| value.as_ref().map(|value| format!("{name} {value}")))
            .collect();
        if *read != ReadOptions::default() {
            parts.push(format!("{read:?}"));
        }
        parts.extend(lookups.iter().map(|(name, path)| format!("lookup {name} in {}", path.display())));
        parts.join("; ")
    }

    /// Refuses what no file could make right, before any file is read.
    fn validate(&self) -> Result<(), Error> {
        if let Some(format) = &self.date_format {
            format.parse::<DateFormat>().map_err(Error::usage)?;
        }
        if self.source_name.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(Error::usage(
                "--as: the name is empty; give the name that later loads of the source will have",
            ));
        }
        self.validate_lookups()?;
        let is_code = |code: &str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        match &self.currency {
            Some(code) if !is_code(code) => Err(Error::usage(format!(
                "--currency {code}: not a currency code; expected three capital letters of ISO 4217, such as EUR"
            ))),
            _ => Ok(()),
        }
    }

    fn validate_lookups(&self) -> Result<(), Error> {
        let known = self.mapping.as_ref().map_or_else(Vec::new, |named| {
            named.mapping.files.iter().flat_map(FileMapping::lookups).map(|lookup| lookup.file).collect()
        });
        let Some((name, _)) = self.lookups.iter().find(|(name, _)| !known.contains(name)) else { return Ok(()) };
        let problem = match (&self.mapping, known.is_empty()) {
            (None, _) => "no mapping looks anything up; name one with --source".to_owned(),
            (Some(named), true) => format!("the mapping {} looks nothing up", named.mapping.name),
            (Some(named), false) => format!("the mapping {} looks up in {}", named.mapping.name, known.join(", ")),
        };
        Err(Error::usage(format!("--lookup {name}=FILE: {problem}")))
    }
}

/// A mapping and where it is.
#[derive(Clone, Debug)]
pub struct NamedMapping {
    /// SHA-256 of its text.
    pub sha256: String,
    /// The mapping.
    pub mapping: Mapping,
    /// Its folder, where its lookups may lie; none for one that comes with duecast.
    pub folder: Option<PathBuf>,
}

impl NamedMapping {
    /// Finds a mapping: one that comes with duecast by its name, or a TOML file.
    ///
    /// # Errors
    /// [`Error::Usage`] where there is none of that name, [`Error::Mapping`] where the file is wrong.
    pub fn find(name: &str) -> Result<Self, Error> {
        let path = Path::new(name);
        let (text, folder) = match builtin(name) {
            Some(text) => (text.to_owned(), None),
            None if path.is_file() => {
                let text = std::fs::read_to_string(path).map_err(Error::file(path, "cannot be read as a mapping"))?;
                (text, Some(path.parent().unwrap_or(Path::new("")).to_owned()))
            }
            None => {
                let known = builtin_names().join(", ");
                return Err(Error::usage(format!(
                    "--source {name}: no such mapping; name a TOML file, or one that comes with duecast ({known})"
                )));
            }
        };
        let sha256 = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { sha256, mapping: Mapping::parse(&text, path)?, folder })
    }
}

/// Loads files into a ledger: all of them, or none.
///
/// `progress` is told what is being done.
///
/// # Errors
/// [`Error::Source`] or [`Error::File`] where a file cannot be understood as a whole, [`Error::Mapping`] where the
/// mapping does not fit it, [`Error::Ledger`] where memory or disk runs out. The ledger is then as it was.
pub fn load(
    ledger: &Ledger,
    paths: &[PathBuf],
    options: &LoadOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<LoadReport, Error> {
    options.validate()?;
    let scratch = scratch(ledger)?;
    let found = extract::expand(paths, options)?;
    let mut load = combine::Load::new(ledger, options)?;
    let mut report = LoadReport { skipped: found.skipped.clone(), ..LoadReport::default() };
    for path in &found.files {
        progress(&format!("reading {}", extract::file_name(path)));
        report.files.push(stage_file::stage(ledger, path, options, scratch.path(), &mut load)?);
    }
    ledger.run("begin transaction")?;
    let taken = take_in(ledger, &mut load, &mut report, progress);
    match &taken {
        Ok(()) => ledger.run("commit")?,
        Err(_) => ledger.run("rollback")?,
    }
    taken.map(|()| report)
}

/// A folder for the plain copies of files.
fn scratch(ledger: &Ledger) -> Result<TempDir, Error> {
    let folder = ledger.scratch().map_or_else(std::env::temp_dir, Path::to_owned);
    tempfile::tempdir_in(&folder).map_err(Error::file(&folder, "cannot be written"))
}

/// Everything that changes the ledger, inside one transaction.
fn take_in(
    ledger: &Ledger,
    load: &mut combine::Load,
    report: &mut LoadReport,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    ledger.make_tables()?;
    load.write_loads(ledger, &report.files)?;
    progress("looking for duplicates");
    load.take_in(ledger, report)?;
    if load.changed(&["item", "application"]) {
        progress("settling");
        load.bind_views(ledger)?;
        settle::settle(ledger)?;
    }
    load.finish(ledger, report)?;
    if report.files.iter().any(FileReport::changed) {
        progress("checking");
        crate::metrics::checks::store(ledger)?;
    }
    report.findings = crate::metrics::checks::stored(ledger)?;
    Ok(())
}

/// Writes a first mapping for a file from its columns and first rows.
///
/// # Errors
/// [`Error::Source`] or [`Error::File`] where the file cannot be read.
pub fn draft_mapping(path: &Path, options: &LoadOptions) -> Result<String, Error> {
    let scratch = tempfile::tempdir().map_err(Error::file(&std::env::temp_dir(), "cannot be written"))?;
    let ledger = Ledger::in_memory()?;
    let probe = crate::sources::probe::probe(path, &options.read)?;
    let rows = stage_mapped::rows_of(&ledger, path, &probe, options, scratch.path(), 0)?;
    let cells: Vec<String> = (0..rows.columns.len()).map(|at| format!("c{at}")).collect();
    let sample = ledger.texts(&format!("select {} from ({}) limit 1000", cells.join(", "), rows.source))?;
    let sample: Vec<Vec<String>> =
        sample.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let date_format = options.date_format.as_ref().map(|text| text.parse().map_err(Error::usage)).transpose()?;
    let given = Given {
        read: &options.read,
        date_format: date_format.as_ref(),
        currency: options.currency.as_deref(),
        text_numbers: rows.text_numbers.as_ref(),
    };
    let sheet_note = rows.sheet_note.map_or_else(String::new, |note| format!("# {note}\n"));
    Ok(sheet_note + &draft(&name, &given, &rows.columns, &sample))
}
