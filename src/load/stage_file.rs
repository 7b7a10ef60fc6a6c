//! One file into staging tables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::LoadOptions;
use super::combine::{Load, Staged};
use super::extract::{self, Extract};
use super::manifest::FileReport;
use super::stage_mapped;
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::sources::date_format::DateFormat;
use crate::sources::date_guess::{Guess, guess};
use crate::sources::header;
use crate::sources::options::ReadOptions;
use crate::sources::probe::{Format, Probe, probe};
use crate::sources::rewrite::BadLine;
use crate::sql_text::literal;
use crate::staging::contract::{self, ColumnType, Table};
use crate::staging::rules;
use crate::staging::stage::{Fault, Form, Incoming, Staging};

/// Stages a file; what it gave is counted once it is taken in.
pub(super) fn stage(
    ledger: &Ledger,
    path: &Path,
    options: &LoadOptions,
    scratch: &Path,
    load: &mut Load,
) -> Result<FileReport, Error> {
    let probe = probe(path, &read_options(options))?;
    if options.read.sheet.is_some() && !matches!(probe.format, Format::Xlsx) {
        return Err(Error::source_file(path, "is no workbook; --sheet names a sheet of one"));
    }
    let mapping = options.mapping.as_ref();
    let mut file = FileReport {
        file: extract::file_name(path),
        sha256: probe.sha256.clone(),
        mapping: mapping.map(|m| format!("{} {}", m.mapping.name, m.mapping.version)),
        mapping_sha256: mapping.map(|m| stage_mapped::sha256(m, path, options)).transpose()?,
        ..FileReport::default()
    };
    let source_name = options.source_name.clone().unwrap_or_else(|| match &options.read.sheet {
        Some(sheet) => format!("{}#{sheet}", file.file),
        None => file.file.clone(),
    });
    let table = if mapping.is_none() { Some(extract::table_of(path, options)?) } else { None };
    if load.is_known(ledger, &mut file, &source_name, table)? {
        return Ok(file);
    }
    load.open(ledger, &mut file, source_name, path)?;
    // The engine names no file in what it says of a damaged one.
    let told = |error| match probe.format {
        Format::Parquet => extract::damaged_parquet(ledger, path).unwrap_or(error),
        _ => error,
    };
    if let Some(mapping) = mapping {
        stage_mapped::stage(ledger, path, &probe, mapping, options, scratch, load, &mut file).map_err(told)?;
        return Ok(file);
    }
    let table = table.and_then(contract::find).ok_or_else(|| Error::internal("a table without columns"))?;
    if matches!(probe.format, Format::Parquet) {
        let rows = extract::parquet(ledger, path)?;
        stage_table(ledger, path, &rows, table, options, load, &mut file).map_err(told)?;
    } else if !stage_plain(ledger, path, &probe, table, options, load, &mut file)? {
        let rows = extract::rewritten(&probe, options, scratch, load.staged_count())?;
        file.cut_at(rows.cut_line(&probe));
        stage_table(ledger, path, &rows, table, options, load, &mut file)?;
    }
    Ok(file)
}

/// What the user says of reading, and where that leaves something open, what the mapping says.
fn read_options(options: &LoadOptions) -> ReadOptions {
    match &options.mapping {
        Some(named) => {
            named.mapping.files.first().map_or_else(|| options.read.clone(), |f| options.read.clone().or(&f.read))
        }
        None => options.read.clone(),
    }
}

/// Stages a CSV as it lies. `false` where it has to be rewritten first: the engine refuses a record, or records and
/// lines do not agree, so that a row could not be told by its line.
fn stage_plain(
    ledger: &Ledger,
    path: &Path,
    probe: &Probe,
    table: &'static Table,
    options: &LoadOptions,
    load: &mut Load,
    file: &mut FileReport,
) -> Result<bool, Error> {
    let Format::Text(shape) = &probe.format else { return Ok(false) };
    if !probe.is_plain(&options.read) {
        return Ok(false);
    }
    let Some(rows) = extract::plain(path, probe) else { return Ok(false) };
    let (before, notes) = (load.staged_count(), file.notes.len());
    match stage_table(ledger, path, &rows, table, options, load, file) {
        Err(Error::Record(_)) => {}
        Err(other) => return Err(other),
        Ok(row_count) if row_count + 1 == shape.line_count => return Ok(true),
        Ok(_) => {}
    }
    load.forget(ledger, before)?;
    file.notes.truncate(notes);
    Ok(false)
}

/// Stages rows that have the contract's own column names.
fn stage_table(
    ledger: &Ledger,
    path: &Path,
    rows: &Extract,
    table: &'static Table,
    options: &LoadOptions,
    load: &mut Load,
    file: &mut FileReport,
) -> Result<u64, Error> {
    refuse_repeated_columns(path, rows, table)?;
    let mut incoming = BTreeMap::new();
    let mut unused = Vec::new();
    for (at, name) in rows.columns.iter().enumerate() {
        let column = name.trim().to_lowercase();
        if table.column_type(&column).is_some() && !incoming.contains_key(&column) {
            incoming.insert(column, Incoming { sql: format!("c{at}"), form: rows.forms[at] });
        } else {
            unused.push(name.clone());
        }
    }
    require_columns(path, rows, table, &incoming).map_err(|e| rows.told(e))?;
    if !unused.is_empty() {
        file.notes.push(format!("columns not used: {}", unused.join(", ")));
    }
    file.notes.extend(rows.notes.iter().cloned());
    let mut staging = Staging {
        table,
        source: rows.source.clone(),
        source_columns: (0..rows.columns.len()).map(|at| format!("c{at}")).collect(),
        incoming,
        when: None,
        line: rows.line.clone(),
        date_formats: BTreeMap::new(),
        currency: options.currency.clone(),
        is_implied: false,
        mapped: None,
    };
    if let Some(text) = &options.date_format {
        let format: DateFormat = text.parse().map_err(Error::usage)?;
        let dates = table.columns.iter().filter(|(_, ty)| is_dated(*ty));
        staging.date_formats = dates.map(|(column, _)| ((*column).to_owned(), format.clone())).collect();
    }
    stage_rows(ledger, path, staging, rows, options, load, file)
}

/// Stages rows, and once more where their dates turn out to be written another way.
fn stage_rows(
    ledger: &Ledger,
    path: &Path,
    mut staging: Staging<'static>,
    rows: &Extract,
    options: &LoadOptions,
    load: &mut Load,
    file: &mut FileReport,
) -> Result<u64, Error> {
    let name = load.stage_name();
    ledger.run_in_order(&staging.sql(&name))?;
    if options.date_format.is_none()
        && let Some(columns) = columns_of_unread_dates(ledger, &staging, &name)?
    {
        let found = guess_dates(ledger, path, &staging, &columns)?;
        if !found.is_empty() {
            for (column, format) in &found {
                file.notes.push(format!("{column} is read as {format}; no other order fits its values"));
                staging.date_formats.insert(column.clone(), format.clone());
            }
            ledger.run(&format!("drop table {name}"))?;
            ledger.run_in_order(&staging.sql(&name))?;
        }
    }
    let staged = Staged {
        table: staging.table.name,
        name,
        load_no: file.load_no,
        file: file.file.clone(),
        has_lines: staging.line.is_some(),
        first_item_no: 0,
        is_implied: staging.is_implied,
        faults: staging.faults(),
        fields: staging.fields(),
        content: staging.content(),
        bad_lines: rows.bad_lines.clone(),
    };
    load.add(ledger, staged)
}

fn is_dated(data_type: ColumnType) -> bool {
    matches!(data_type, ColumnType::Date | ColumnType::Timestamp)
}

/// Text columns of dates that some row was refused for; none where there is no such row.
fn columns_of_unread_dates(ledger: &Ledger, staging: &Staging<'_>, name: &str) -> Result<Option<Vec<String>>, Error> {
    let faults = staging.faults();
    let numbers: Vec<String> = faults
        .iter()
        .enumerate()
        .filter(|(_, fault)| staging.table.column_type(&fault.column).is_some_and(is_dated))
        .map(|(at, _)| (at + 1).to_string())
        .collect();
    let is_text = |column: &str| staging.incoming.get(column).is_some_and(|incoming| incoming.form == Form::Text);
    if numbers.is_empty()
        || !ledger.has_rows(&format!("select 1 from {name} where fault in ({}) limit 1", numbers.join(", ")))?
    {
        return Ok(None);
    }
    let dates = staging.table.columns.iter().filter(|(column, ty)| is_dated(*ty) && is_text(column));
    Ok(Some(dates.map(|(column, _)| (*column).to_owned()).collect()))
}

/// How each column's dates are written, where all of them are written alike but not as ISO dates.
fn guess_dates(
    ledger: &Ledger,
    path: &Path,
    staging: &Staging<'_>,
    columns: &[String],
) -> Result<Vec<(String, DateFormat)>, Error> {
    let mut found = Vec::new();
    let mut ambiguous: Vec<String> = Vec::new();
    for column in columns {
        let sql = &staging.incoming[column].sql;
        let rows = ledger.texts(&format!(
            "select distinct {sql} as text from ({}) where {sql} is not null order by text",
            staging.source
        ))?;
        let texts: Vec<&str> = rows.iter().filter_map(|row| row[0].as_deref()).collect();
        match guess(texts) {
            Guess::Certain(format) => found.push((column.clone(), format)),
            unsure @ (Guess::Ambiguous { .. } | Guess::BothOrders { .. }) => ambiguous.extend(unsure.problem(column)),
            Guess::Empty | Guess::Iso | Guess::NotDates { .. } => {}
        }
    }
    if !ambiguous.is_empty() {
        return Err(Error::source_file(path, ambiguous.join("; ")));
    }
    // One mistyped date would turn day and month of a whole column.
    let contradicted = found.iter().enumerate().find_map(|(at, one)| {
        let other = found[at + 1..].iter().find(|other| other.1.contradicts(&one.1))?;
        Some([one, other])
    });
    if let Some([(column, format), (other_column, other_format)]) = contradicted {
        let problem = format!(
            "its columns write dates in different ways: {column} only fits {format}, {other_column} only fits {other_format}; correct the dates that are wrong, or say how all are written with --date-format"
        );
        return Err(Error::source_file(path, problem));
    }
    Ok(found)
}

/// Two columns of one name: nothing says which is meant.
fn refuse_repeated_columns(path: &Path, rows: &Extract, table: &Table) -> Result<(), Error> {
    let is_of_table = |column: &String| {
        header::numbered(column).is_some_and(|(name, _)| table.column_type(&name.trim().to_lowercase()).is_some())
    };
    match header::repeated(&rows.columns) {
        Some(problem) if rows.columns.iter().any(is_of_table) => {
            Err(Error::source_file(path, format!("{problem}; leave one of them, or name it in a mapping")))
        }
        _ => Ok(()),
    }
}

/// A file without a column that every row needs is refused as a whole.
fn require_columns(
    path: &Path,
    rows: &Extract,
    table: &Table,
    incoming: &BTreeMap<String, Incoming>,
) -> Result<(), Error> {
    let given: BTreeSet<&str> = incoming.keys().map(String::as_str).collect();
    let missing: Vec<&str> = rules::of(table.name).required.iter().copied().filter(|c| !given.contains(c)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let problem = format!(
        "has no column {} (found: {}); a file of {} needs {}; rename the columns, or write a mapping{}",
        missing.join(", "),
        rows.columns.join(", "),
        table.name,
        rules::of(table.name).required.join(", "),
        if table.name == "item" { ": duecast load FILE --draft-mapping" } else { " (docs/mapping.md)" },
    );
    Err(Error::source_file(path, problem))
}

/// Moves every refused row of a staging table, and every line that was no record, to `rejected_row`.
pub(super) fn reject(ledger: &Ledger, staged: &Staged) -> Result<(), Error> {
    let Staged { table, name, load_no, file, faults, bad_lines, .. } = staged;
    let line = staged.line();
    let told = |of: &dyn Fn(&Fault) -> &str| {
        let cases =
            faults.iter().enumerate().map(|(at, fault)| format!(" when {} then {}", at + 1, literal(of(fault))));
        format!("case fault{} end", cases.collect::<String>())
    };
    if ledger.has_rows(&format!("select 1 from {name} where fault > 0 limit 1"))? {
        ledger.run(&format!(
            "insert into rejected_row select {load_no}, '{table}', {}, {line}, {}, told[1], {} || told[2], told[3], null
             from {name} where fault > 0",
            literal(file),
            told(&|fault| &fault.column),
            told(&|fault| &fault.reason),
        ))?;
    }
    let keeps_secrets = !rules::of(table).secret.is_empty();
    let rows: Vec<[Option<String>; 9]> = bad_lines
        .iter()
        .map(|BadLine { line, content, reason }| {
            let content = if keeps_secrets { "(not kept: the line may hold a card number)" } else { content };
            let [load_no, line] = [load_no.to_string(), line.to_string()].map(Some);
            let [table, file, reason, content] =
                [table, file.as_str(), reason, content].map(|text| Some(text.to_owned()));
            [load_no, table, file, line, None, None, reason, content, None]
        })
        .collect();
    ledger.append("rejected_row", &rows)
}
