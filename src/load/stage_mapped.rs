//! One file of a source that does not have the ledger's own columns, through its mapping.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::combine::{Load, Staged};
use super::extract::{self, Extract};
use super::manifest::FileReport;
use super::{LoadOptions, NamedMapping};
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::sources::date_format::DateFormat;
use crate::sources::date_guess::{Guess, guess};
use crate::sources::options::ReadOptions;
use crate::sources::probe::{Format, Probe, probe};
use crate::sources::swapped_dates::are_swapped;
use crate::staging::contract;
use crate::staging::mapping::{Binding, FileMapping, LookedUp, Lookup, ReadContext, TableRule, is_open, marks};
use crate::staging::stage::{Form, Incoming, Mapped, Staging};

/// The rows of a file as text, with the line each starts on.
pub(super) fn rows_of(
    ledger: &Ledger,
    path: &Path,
    probe: &Probe,
    options: &LoadOptions,
    scratch: &Path,
    no: usize,
) -> Result<Extract, Error> {
    if matches!(probe.format, Format::Parquet) {
        return Ok(extract::parquet(ledger, path)?.into_text(options.read.decimal_mark));
    }
    extract::rewritten(probe, options, scratch, no)
}

/// Stages every table that the mapping makes of a file.
#[expect(clippy::too_many_arguments, reason = "one step of a load, told everything the load knows")]
pub(super) fn stage(
    ledger: &Ledger,
    path: &Path,
    first_probe: &Probe,
    named: &NamedMapping,
    options: &LoadOptions,
    scratch: &Path,
    load: &mut Load,
    file: &mut FileReport,
) -> Result<(), Error> {
    let first_read = named.mapping.files.first().map_or_else(ReadOptions::default, FileMapping::reading);
    let reading = |read: &ReadOptions| LoadOptions { read: options.read.clone().or(read), ..options.clone() };
    let mut rows = rows_of(ledger, path, first_probe, &reading(&first_read), scratch, load.staged_count())?;
    let kind = named.mapping.file_for(&rows.columns, path).map_err(|e| rows.told(e))?;
    if kind.reading() != first_read {
        let read = reading(&kind.reading());
        let again = probe(path, &read.read)?;
        rows = rows_of(ledger, path, &again, &read, scratch, load.staged_count())?;
    }
    file.cut_at(rows.cut_line(first_probe));
    let binding = kind.bind(&rows.columns, path).map_err(|e| rows.told(e))?;
    rows.source = kind.filled_down(&rows.columns, rows.source);
    for (no, lookup) in binding.lookups.iter().enumerate() {
        file.notes.extend(bind_lookup(ledger, lookup, no, path, named, options, scratch)?);
    }
    let marks = match first_probe.format {
        Format::Text(_) | Format::Xlsx => amount_marks(ledger, path, kind, &rows, &binding)?,
        Format::Parquet | Format::Xml => None,
    };
    let formats = date_formats(ledger, path, kind, &rows, &binding, options, file)?;
    let mut context = kind.context(&rows.columns, &formats, "source_line");
    if options.date_format.is_some() {
        context.date_formats = formats;
    }
    file.notes.extend(marks.map(|marks| read_with(&mut context, marks)));
    if !binding.unused.is_empty() {
        file.notes.push(format!("columns not used: {}", binding.unused.join(", ")));
    }
    file.notes.extend(rows.notes.iter().cloned());
    file.notes.extend(named.mapping.notes.iter().cloned());
    count_unused_rows(ledger, &kind.tables, &context, &rows, file)?;
    let mut bad_lines = std::mem::take(&mut rows.bad_lines);
    for rule in &kind.tables {
        count_assumptions(ledger, rule, &context, &rows, file)?;
        count_unknown_codes(ledger, rule, &context, &rows, file)?;
        count_repetitions(ledger, rule, &context, &rows, file)?;
        let staging = staging_of(rule, &context, &rows, kind, options)?;
        let name = load.stage_name();
        ledger.run_in_order(&staging.sql(&name))?;
        // A line that is no record is counted once, with the first table the file gives.
        let bad_lines = std::mem::take(&mut bad_lines);
        let staged = Staged {
            table: staging.table.name,
            name,
            load_no: file.load_no,
            file: file.file.clone(),
            has_lines: true,
            first_item_no: 0,
            is_implied: staging.is_implied,
            faults: staging.faults(),
            fields: staging.fields(),
            content: staging.content(),
            bad_lines,
        };
        load.add(ledger, staged)?;
    }
    Ok(())
}

fn staging_of(
    rule: &TableRule,
    context: &ReadContext,
    rows: &Extract,
    kind: &FileMapping,
    options: &LoadOptions,
) -> Result<Staging<'static>, Error> {
    let table = contract::find(&rule.table)
        .ok_or_else(|| Error::internal(format!("a mapping of {}, which is no table", rule.table)))?;
    let columns = rule.columns_sql(context);
    let mut source = rows.source.clone();
    if rule.is_distinct {
        let values = columns.iter().map(|(_, sql)| sql.as_str()).collect::<Vec<_>>().join(", ");
        // A row that does not meet the condition says nothing, and hides no other.
        let met = rule.met_sql(context);
        source = format!(
            "select * from ({source}) where {met} qualify row_number() over (partition by {values} order by cast(source_line as bigint)) = 1"
        );
    }
    let incoming = |(name, sql): (String, String)| (name, Incoming { sql, form: Form::Text });
    Ok(Staging {
        table,
        source,
        source_columns: (0..rows.columns.len()).map(|at| format!("c{at}")).collect(),
        incoming: columns.into_iter().map(incoming).collect(),
        when: rule.condition_sql(context),
        line: rows.line.clone(),
        date_formats: BTreeMap::new(),
        currency: options.currency.clone().or_else(|| kind.values.currency.clone()),
        is_implied: rule.is_implied,
        mapped: Some(Mapped {
            date_words: context.date_formats.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "),
            source_names: rule.source_names(context),
            cleared_on: rule.cleared_on_sql(context),
        }),
    })
}

/// Has amounts read with these marks, and says so.
fn read_with(context: &mut ReadContext, (decimal, thousands): (char, Option<char>)) -> String {
    (context.values.decimal_mark, context.values.thousands_mark) = (Some(decimal), thousands);
    let thousands = thousands.map_or_else(String::new, |mark| format!(" and the thousands mark \"{mark}\""));
    format!("amounts are read with the decimal mark \"{decimal}\"{thousands}; no other marks fit the file")
}

/// The marks of a file's amounts, where its mapping names none and the amounts make them certain. Refused are amounts such as 1.234
/// where they do not: what is owed would be a thousandth.
fn amount_marks(
    ledger: &Ledger,
    path: &Path,
    kind: &FileMapping,
    rows: &Extract,
    binding: &Binding,
) -> Result<Option<(char, Option<char>)>, Error> {
    if kind.values.decimal_mark.is_some() || kind.values.thousands_mark.is_some() {
        return Ok(None);
    }
    let (mut shapes, mut open, mut as_text) = (Vec::new(), None, None);
    for &at in &binding.amount_columns {
        for (shape, example) in shapes_of(ledger, rows, at)? {
            // What is no amount at all has its row refused.
            if is_open(&shape) {
                open.get_or_insert((at, example));
            } else if marks(std::slice::from_ref(&shape)).is_none() {
                continue;
            } else if rows.text_numbers.is_some() {
                as_text.get_or_insert((at, example));
            }
            shapes.push(shape);
        }
    }
    match (marks(&shapes), open) {
        // The numbers beside these texts were taken to be written with a point.
        (Some((decimal @ ',', _)), open) if rows.text_numbers.is_some() => {
            let (at, example) = as_text.or(open).unwrap_or_default();
            let problem = format!(
                "\"{example}\" of {} is text with the decimal mark \"{decimal}\"; say decimal_mark = \"{decimal}\" in [values] of the \
                 mapping, and thousands_mark where there is one",
                rows.columns[at]
            );
            Err(Error::source_file(path, problem))
        }
        (Some((decimal, thousands)), _) => Ok(Some((decimal, thousands)).filter(|marks| *marks != ('.', None))),
        (None, Some((at, open))) => {
            let problem = format!(
                "the amounts of {}, such as \"{open}\", do not tell the decimal mark from the thousands mark; say decimal_mark in \
                 [values] of the mapping, and thousands_mark where there is one",
                rows.columns[at]
            );
            Err(Error::source_file(path, problem))
        }
        (None, None) => Ok(None),
    }
}

/// The shapes of a column's amounts, each with an example; of a workbook those of amounts that are text.
fn shapes_of(ledger: &Ledger, rows: &Extract, at: usize) -> Result<Vec<(String, String)>, Error> {
    if let Some(texts) = &rows.text_numbers {
        return Ok(texts.get(&at).into_iter().flatten().map(|(shape, text)| (shape.clone(), text.clone())).collect());
    }
    // Amounts that differ in their digits alone tell the same.
    let found = ledger.texts(&format!(
        "select case when c{at} like '0%' then c{at} else translate(c{at}, '012345678', '999999999') end as shape, min(c{at})
        from ({}) where c{at} is not null group by shape order by shape",
        rows.source
    ))?;
    Ok(found.into_iter().filter_map(|row| Some((row[0].clone()?, row[1].clone()?))).collect())
}

/// What is said of a column whose dates a program that writes the month first took for its own.
const SWAPPED: &str = "has days up to the 12th as dates and all later ones as text, as where a program that writes the month first opened the list: \
    day and month of the dates are swapped. Export it again, without opening it, or load it with date_formats in [values] of the mapping if they are not";

/// How the file's dates are written: as the user says, as the mapping says, or as the file itself makes certain.
fn date_formats(
    ledger: &Ledger,
    path: &Path,
    kind: &FileMapping,
    rows: &Extract,
    binding: &Binding,
    options: &LoadOptions,
    file: &mut FileReport,
) -> Result<Vec<DateFormat>, Error> {
    if let Some(text) = &options.date_format {
        return Ok(vec![text.parse().map_err(Error::usage)?]);
    }
    let is_said = !kind.values.date_formats.is_empty();
    if is_said && rows.text_numbers.is_none() {
        return Ok(Vec::new());
    }
    let mut certain: Vec<DateFormat> = Vec::new();
    let mut unsure = Vec::new();
    for &at in &binding.date_columns {
        let sql = format!("select distinct c{at} as text from ({}) where c{at} is not null order by text", rows.source);
        let found = ledger.texts(&sql)?;
        let texts = || found.iter().filter_map(|row| row[0].as_deref());
        if rows.text_numbers.is_some() && are_swapped(texts()) {
            let swapped = format!("{} {SWAPPED}", rows.columns[at]);
            if is_said { file.notes.push(swapped) } else { unsure.push(swapped) }
        }
        if is_said {
            continue;
        }
        match guess(texts()) {
            Guess::Certain(format) if !certain.contains(&format) => certain.push(format),
            Guess::Certain(_) | Guess::Empty | Guess::Iso => {}
            doubt => unsure.extend(doubt.problem(&rows.columns[at])),
        }
    }
    if is_said {
        return Ok(Vec::new());
    }
    // What one column makes certain holds for the others of the file; nothing else decides for them.
    match certain.as_slice() {
        _ if unsure.iter().any(|doubt| doubt.ends_with(SWAPPED)) => Err(Error::source_file(path, unsure.join("; "))),
        [] if unsure.is_empty() => Ok(vec![DateFormat::iso()]),
        [one] => {
            file.notes.push(format!("dates are read as {one}; no other order fits the file"));
            Ok(vec![one.clone(), DateFormat::iso()])
        }
        [] => Err(Error::source_file(path, unsure.join("; "))),
        several => {
            let names = several.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
            let problem = format!(
                "its columns write dates in different ways ({names}); say how with date_formats in the mapping"
            );
            Err(Error::source_file(path, problem))
        }
    }
}

/// What a mapping makes of a file differs with its text and with what its lookups find: a hash over both.
pub(super) fn sha256(named: &NamedMapping, source: &Path, options: &LoadOptions) -> Result<String, Error> {
    let lookups: Vec<Lookup> = named.mapping.files.iter().flat_map(FileMapping::lookups).collect();
    let files: BTreeSet<PathBuf> = lookups.iter().filter_map(|l| lookup_file(l, source, named, options)).collect();
    if files.is_empty() {
        return Ok(named.sha256.clone());
    }
    let mut hash = Sha256::new_with_prefix(&named.sha256);
    for file in files {
        hash.update(Sha256::digest(std::fs::read(&file).map_err(Error::file(&file, "cannot be read"))?));
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The file of a lookup: where the user says, beside the mapping, or beside the source.
fn lookup_file(lookup: &Lookup, source: &Path, named: &NamedMapping, options: &LoadOptions) -> Option<PathBuf> {
    let given = options.lookups.iter().find(|(name, _)| *name == lookup.file).map(|(_, path)| path.clone());
    let beside = |folder: &Path| folder.join(&lookup.file);
    let places: Vec<PathBuf> = match given {
        Some(path) => vec![path],
        None => named.folder.iter().map(|f| beside(f)).chain(source.parent().map(beside)).collect(),
    };
    places.into_iter().find(|path| path.is_file())
}

/// Makes the table of a lookup from its file. Returns what is to be said of it.
fn bind_lookup(
    ledger: &Ledger,
    lookup: &Lookup,
    no: usize,
    source: &Path,
    named: &NamedMapping,
    options: &LoadOptions,
    scratch: &Path,
) -> Result<Option<String>, Error> {
    let found = lookup_file(lookup, source, named, options);
    if found.is_none() && lookup.is_optional {
        ledger.run(&lookup.table_sql(no, "select '' as key, '' as value where false"))?;
        return Ok(None);
    }
    let path = &found.ok_or_else(|| {
        let problem = format!(
            "the mapping {} looks up {} in {}, which is neither beside it nor beside the mapping; say where it is with --lookup {}=FILE",
            named.mapping.name, lookup.value, lookup.file, lookup.file
        );
        Error::source_file(source, problem)
    })?;
    let read = LoadOptions::default();
    let rows = rows_of(ledger, path, &probe(path, &read.read)?, &read, scratch, 1000 + no)?;
    let position = |name: &str| {
        rows.columns.iter().position(|column| column.trim().eq_ignore_ascii_case(name)).ok_or_else(|| {
            let problem = format!(
                "has no column {name}, which the mapping {} looks up (found: {})",
                named.mapping.name,
                rows.columns.join(", ")
            );
            Error::source_file(path, problem)
        })
    };
    let (key, value) = (position(&lookup.key)?, position(&lookup.value)?);
    ledger.run(&lookup.table_sql(no, &format!("select c{key} as key, c{value} as value from ({})", rows.source)))?;
    let ambiguous = ledger.texts(&format!("select key from lookup_{no} where is_ambiguous order by key"))?;
    let first = ambiguous.first().and_then(|row| row[0].clone());
    Ok(first.map(|first| {
        let others = match ambiguous.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let (file, Lookup { key, value, .. }) = (extract::file_name(path), lookup);
        format!("{file}: {key} {first}{others} with several values of {value}: none is taken")
    }))
}

/// Rows that meet the condition of no table, such as the cleared payments of a list that implies them.
fn count_unused_rows(
    ledger: &Ledger,
    rules: &[TableRule],
    context: &ReadContext,
    rows: &Extract,
    file: &mut FileReport,
) -> Result<(), Error> {
    let is_of_rows = |rule: &&TableRule| !rule.is_implied && (!rule.is_distinct || is_of_events(rule));
    let conditions: Vec<Option<String>> = rules.iter().filter(is_of_rows).map(|r| r.condition_sql(context)).collect();
    if conditions.is_empty() || conditions.iter().any(Option::is_none) {
        return Ok(());
    }
    let any =
        conditions.into_iter().flatten().map(|c| format!("coalesce({c}, false)")).collect::<Vec<_>>().join(" or ");
    let count = ledger.count(&format!("select count(*) from ({}) where not ({any})", rows.source))?;
    if count > 0 {
        let [rows, give] = if count == 1 { ["row meets", "gives"] } else { ["rows meet", "give"] };
        file.notes.push(format!("{count} {rows} no condition of the mapping and {give} nothing"));
    }
    Ok(())
}

/// Whether a rule gives items or applications, of which each row counts; customers and the like are the same in many rows.
fn is_of_events(rule: &TableRule) -> bool {
    rule.table == "item" || rule.table == "application"
}

/// Rows that say again what another says, where each is meant to count.
fn count_repetitions(
    ledger: &Ledger,
    rule: &TableRule,
    context: &ReadContext,
    rows: &Extract,
    file: &mut FileReport,
) -> Result<(), Error> {
    if !rule.is_distinct || rule.is_implied || !is_of_events(rule) {
        return Ok(());
    }
    let columns = rule.columns_sql(context);
    let values = columns.iter().map(|(_, sql)| sql.as_str()).collect::<Vec<_>>().join(", ");
    let met = rule.met_sql(context);
    let count =
        ledger.count(&format!("select count(*) - count(distinct row({values})) from ({}) where {met}", rows.source))?;
    if count > 0 {
        let (rows, them) = if count == 1 { ("row gives", "it") } else { ("rows give", "them") };
        file.notes.push(format!(
            "{count} {rows} the same {} as a row before {them}, which counts once (distinct in the mapping)",
            rule.table
        ));
    }
    Ok(())
}

fn count_assumptions(
    ledger: &Ledger,
    rule: &TableRule,
    context: &ReadContext,
    rows: &Extract,
    file: &mut FileReport,
) -> Result<(), Error> {
    for assumption in rule.assumptions(context) {
        let count = ledger.count(&format!("select count(*) from ({}) where {}", rows.source, assumption.condition))?;
        if count > 0 {
            file.notes.push(format!("{count} row{}: {}", if count == 1 { "" } else { "s" }, assumption.note));
        }
    }
    Ok(())
}

/// Codes that a lookup's file does not have; one that may be missing and is says nothing.
fn count_unknown_codes(
    ledger: &Ledger,
    rule: &TableRule,
    context: &ReadContext,
    rows: &Extract,
    file: &mut FileReport,
) -> Result<(), Error> {
    let condition = rule.met_sql(context);
    for LookedUp { lookup_no, key } in rule.looked_up(context) {
        let found = ledger.texts(&format!(
            "select code, count(*) from (select {key} as code from ({}) where {condition})
            where code not in (select key from lookup_{lookup_no}) and exists (select 1 from lookup_{lookup_no})
            group by code order by code",
            rows.source
        ))?;
        let Some(first) = found.first().and_then(|row| row[0].clone()) else { continue };
        let others = if found.len() > 1 { format!(" and {} more", found.len() - 1) } else { String::new() };
        let count: u64 = found.iter().filter_map(|row| row[1].as_deref()?.parse::<u64>().ok()).sum();
        let Lookup { file: looked_in, key, .. } = &context.lookups[lookup_no];
        let rows = if count == 1 { "row" } else { "rows" };
        let note = format!("{looked_in} has no {key} {first}{others} ({count} {rows}): nothing is taken for them");
        if !file.notes.contains(&note) {
            file.notes.push(note);
        }
    }
    Ok(())
}
