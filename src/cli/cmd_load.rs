//! `load`: files into the ledger.

use std::path::Path;

use chrono::{Local, Timelike};

use super::args::LoadArgs;
use super::output::{answer, say};
use super::progress::Progress;
use crate::domain::money::Money;
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::load::manifest::{FileReport, LoadReport};
use crate::load::{self, LoadOptions, NamedMapping};
use crate::sources::encoding::Encoding;
use crate::sources::options::ReadOptions;

/// Findings and rejected rows shown after a load; the rest is a command away.
const SHOWN: usize = 10;

pub(super) fn run(ledger: &Path, args: &LoadArgs) -> Result<Outcome, Error> {
    let options = resolve(args)?;
    if args.draft_mapping {
        return draft(args, &options);
    }
    let as_json = match args.format.as_deref() {
        None | Some("table") => false,
        Some("json") => true,
        Some(other) => return Err(Error::usage(format!("-f {other}: a load answers as table or json"))),
    };
    let report = load_into(ledger, args, &options)?;
    if as_json {
        let text = serde_json::to_string_pretty(&report.manifest()).map_err(|e| Error::internal(e.to_string()))?;
        answer(format!("{text}\n").as_bytes())?;
    } else {
        print(&report)?;
    }
    for line in problems(&report) {
        say(&line);
    }
    Ok(report.outcome())
}

fn load_into(ledger: &Path, args: &LoadArgs, options: &LoadOptions) -> Result<LoadReport, Error> {
    let ledger = Ledger::open_for_load(ledger)?;
    let progress = Progress::start();
    let report = load::load(&ledger, &args.paths, options, &mut |what| progress.step(what))?;
    progress.step("keeping");
    ledger.keep()?;
    Ok(report)
}

fn resolve(args: &LoadArgs) -> Result<LoadOptions, Error> {
    let encoding = args.encoding.as_deref().map(str::parse::<Encoding>).transpose().map_err(Error::usage)?;
    let read = ReadOptions {
        encoding,
        delimiter: args.delimiter,
        skip_lines: args.skip_lines,
        sheet: args.sheet.clone(),
        ..ReadOptions::default()
    };
    Ok(LoadOptions {
        mapping: args.source.as_deref().map(NamedMapping::find).transpose()?,
        table: args.table.clone(),
        source_name: args.source_name.clone(),
        currency: args.currency.clone(),
        date_format: args.date_format.clone(),
        read,
        loaded_at: Local::now().naive_local().with_nanosecond(0).unwrap_or_default(),
        lookups: args.lookup.iter().map(|text| lookup(text)).collect::<Result<_, _>>()?,
    })
}

fn lookup(text: &str) -> Result<(String, std::path::PathBuf), Error> {
    let (name, path) = text.split_once('=').ok_or_else(|| {
        Error::usage(format!("--lookup {text}: write NAME=FILE, where NAME is the file the mapping names"))
    })?;
    Ok((name.to_owned(), path.into()))
}

fn draft(args: &LoadArgs, options: &LoadOptions) -> Result<Outcome, Error> {
    if let Some(table) = args.table.as_deref().filter(|table| *table != "item") {
        return Err(Error::usage(format!(
            "--draft-mapping drafts items; for {table} write [[table]] table = \"{table}\" by hand (docs/mapping.md)"
        )));
    }
    let [path] = args.paths.as_slice() else {
        return Err(Error::usage("--draft-mapping drafts the mapping of one file; name one"));
    };
    answer(load::draft_mapping(path, options)?.as_bytes())?;
    Ok(Outcome::Done)
}

/// Shows a load on standard output: a line a file and table, and the sums of items.
pub(super) fn print(report: &LoadReport) -> Result<(), Error> {
    let mut text = String::new();
    for file in &report.files {
        text.push_str(&described(file));
    }
    for skipped in &report.skipped {
        text.push_str(&format!("{skipped}\n"));
    }
    answer(text.as_bytes())
}

fn described(file: &FileReport) -> String {
    let mut text = match file.status {
        "unchanged" => format!("{}: loaded before as load {}; nothing to do. It gave:\n", file.file, file.load_no),
        _ => format!("{} (load {}, SHA-256 {}…)\n", file.file, file.load_no, &file.sha256[..file.sha256.len().min(12)]),
    };
    for table in &file.tables {
        text.push_str(&format!(
            "  {}: {} rows read, {} loaded, {} rejected, {} derived\n",
            table.table, table.rows_read, table.rows_loaded, table.rows_rejected, table.rows_derived
        ));
        for sum in &table.sums {
            let items = if sum.item_count == 1 { "item" } else { "items" };
            let amount = sum.amount.parse::<Money>().map_or_else(|_| sum.amount.clone(), Money::grouped);
            text.push_str(&format!("    {} {}: {} {items}, {amount}\n", sum.kind, sum.currency, sum.item_count));
        }
    }
    for note in &file.notes {
        text.push_str(&format!("  {note}\n"));
    }
    text
}

/// What a person must look at after a load.
fn problems(report: &LoadReport) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for file in &report.files {
        lines.extend(file.rejected.iter().cloned());
    }
    let rejected: u64 = report.files.iter().flat_map(|f| &f.tables).map(|t| t.rows_rejected).sum();
    if rejected > 0 {
        let (rows, their) = if rejected == 1 { ("row", "its") } else { ("rows", "their") };
        lines.push(format!("{rejected} {rows} rejected, kept with {their} content: duecast check --rejected"));
    }
    for finding in report.findings.iter().filter(|f| f.finding_count > 0).take(SHOWN) {
        let example = finding.example.as_deref().unwrap_or_default();
        let findings = if finding.finding_count == 1 { "finding" } else { "findings" };
        lines.push(format!(
            "{} {} ({} {findings}), such as {example}",
            finding.severity, finding.name, finding.finding_count
        ));
    }
    if report.findings.iter().any(|f| f.finding_count > 0) {
        lines.push("What each check looks for and what to do: duecast check".to_owned());
    }
    lines
}
