//! Staged rows become the ledger's: duplicates out, replaced loads out, numbers given, counts written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::LoadOptions;
use super::manifest::{FileReport, KindSum, LoadReport, TableReport};
use super::stage_file::reject;
use crate::error::Error;
use crate::ledger::settle::contract_columns;
use crate::ledger::store::Ledger;
use crate::sources::rewrite::BadLine;
use crate::sql_text::literal;
use crate::staging::rules;
use crate::staging::stage::Fault;

/// A staging table waiting to be taken in.
#[derive(Clone, Debug)]
pub(super) struct Staged {
    /// Table of the ledger.
    pub(super) table: &'static str,
    /// The staging table.
    pub(super) name: String,
    /// Load it belongs to.
    pub(super) load_no: i32,
    /// File shown in messages.
    pub(super) file: String,
    /// Whether the staging table has a `line_no` of its own; else a row's line is its number after the header.
    pub(super) has_lines: bool,
    /// Number given to its first item.
    pub(super) first_item_no: i64,
    /// Made by a mapping from a clearing date.
    pub(super) is_implied: bool,
    /// Rules its rows were held to, by number.
    pub(super) faults: Vec<Fault>,
    /// SQL of the source's rows, each with its line as `field_line_no`.
    pub(super) fields: String,
    /// SQL of a source's row as it is kept where it is refused.
    pub(super) content: String,
    /// Lines of the file that were no record.
    pub(super) bad_lines: Vec<BadLine>,
}

/// A file of the load that gives something new.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) load_no: i32,
    pub(super) source_name: String,
    pub(super) path: PathBuf,
}

/// A load under way.
#[derive(Debug)]
pub(super) struct Load {
    staged: Vec<Staged>,
    pub(super) opened: Vec<Opened>,
    replaced: BTreeSet<i32>,
    next_load_no: i32,
    next_item_no: i64,
    loaded_at: String,
    reading: String,
}

fn number(ledger: &Ledger, sql: &str) -> Result<i64, Error> {
    let rows = ledger.texts(sql)?;
    Ok(rows.first().and_then(|row| row[0].as_deref()?.parse().ok()).unwrap_or(0))
}

impl Load {
    pub(super) fn new(ledger: &Ledger, options: &LoadOptions) -> Result<Self, Error> {
        let is_empty = ledger.is_empty()?;
        let next = |sql: &str| if is_empty { Ok(1) } else { number(ledger, sql) };
        Ok(Self {
            staged: Vec::new(),
            opened: Vec::new(),
            replaced: BTreeSet::new(),
            next_load_no: i32::try_from(next("select coalesce(max(load_no), 0) + 1 from load")?).unwrap_or(i32::MAX),
            next_item_no: next("select coalesce(max(item_no), 0) + 1 from item")?,
            loaded_at: options.loaded_at.to_string(),
            reading: options.reading(),
        })
    }

    /// Whether the very same file, read in the same way, is in the ledger already: under the same name, or under another
    /// where nothing else has this one. `table` is what it is loaded as, unless a mapping says so.
    pub(super) fn is_known(
        &self,
        ledger: &Ledger,
        file: &mut FileReport,
        source_name: &str,
        table: Option<&str>,
    ) -> Result<bool, Error> {
        if ledger.is_empty()? {
            return Ok(false);
        }
        let name = literal(source_name);
        let is_of_table = table.map_or_else(String::new, |table| {
            format!("and exists (select 1 from load_count c where c.load_no = l.load_no and c.table_name = '{table}')")
        });
        let rows = ledger.texts(&format!(
            "select load_no from load l
             where status = 'current' and sha256 = {} and coalesce(mapping_sha256, '') = {} and reading = {} {is_of_table}
               and (source_name = {name}
                 or not exists (select 1 from load o where o.status = 'current' and o.source_name = {name}))
               and not exists (select 1 from rejected_row r join load d on d.load_no = r.duplicate_of
                 where r.load_no = l.load_no and d.status <> 'current')
             order by source_name <> {name}, load_no",
            literal(&file.sha256),
            literal(file.mapping_sha256.as_deref().unwrap_or("")),
            literal(&self.reading),
        ))?;
        let Some(load_no) = rows.first().and_then(|row| row[0].as_deref()?.parse().ok()) else { return Ok(false) };
        file.load_no = load_no;
        file.status = "unchanged";
        file.tables = earlier_counts(ledger, load_no)?;
        Ok(true)
    }

    /// Gives a file its number, and notes what it takes the place of.
    pub(super) fn open(
        &mut self,
        ledger: &Ledger,
        file: &mut FileReport,
        source_name: String,
        path: &Path,
    ) -> Result<(), Error> {
        if self.opened.iter().any(|opened| opened.source_name == source_name) {
            return Err(Error::usage(format!(
                "two files of this load are both called {source_name}; load them one after the other, each with a name of its own (--as NAME)"
            )));
        }
        file.load_no = self.next_load_no;
        file.status = "loaded";
        self.next_load_no += 1;
        if !ledger.is_empty()? {
            let earlier = ledger.texts(&format!(
                "select l.load_no, sum(c.rows_loaded) from load l left join load_count c on c.load_no = l.load_no
                 where l.status = 'current' and l.source_name = {} group by 1 order by 1",
                literal(&source_name),
            ))?;
            for row in earlier {
                let Some(load_no) = row[0].as_deref().and_then(|no| no.parse().ok()) else { continue };
                let rows = row[1].as_deref().unwrap_or("0");
                file.notes.push(format!("takes the place of load {load_no} of {source_name}, which gave {rows} rows"));
                file.status = "replaced";
                self.replaced.insert(load_no);
            }
        }
        self.opened.push(Opened { load_no: file.load_no, source_name, path: path.to_owned() });
        Ok(())
    }

    /// Writes the manifest's rows of the files, once the tables are there.
    pub(super) fn write_loads(&self, ledger: &Ledger, files: &[FileReport]) -> Result<(), Error> {
        let nullable = |text: &Option<String>| text.as_deref().map_or_else(|| "null".to_owned(), literal);
        for Opened { load_no, source_name, .. } in &self.opened {
            let Some(file) = files.iter().find(|file| file.load_no == *load_no) else { continue };
            ledger.run(&format!(
                "insert into load values ({load_no}, {}, {}, {}, {}, {}, {}, timestamp '{}', 'current')",
                literal(&file.file),
                literal(&file.sha256),
                literal(source_name),
                nullable(&file.mapping),
                nullable(&file.mapping_sha256),
                literal(&self.reading),
                self.loaded_at,
            ))?;
        }
        ledger.run(&format!("update load set status = 'replaced' where load_no in ({})", self.replaced_list()))
    }

    /// Takes note of a staging table; returns its number of rows.
    pub(super) fn add(&mut self, ledger: &Ledger, mut staged: Staged) -> Result<u64, Error> {
        let row_count = number(ledger, &format!("select count(*) from {}", staged.name))?;
        if staged.table == "item" {
            staged.first_item_no = self.next_item_no;
            self.next_item_no += row_count;
        }
        self.staged.push(staged);
        Ok(u64::try_from(row_count).unwrap_or(0))
    }

    /// Lets go of the staging tables after the first `kept`.
    pub(super) fn forget(&mut self, ledger: &Ledger, kept: usize) -> Result<(), Error> {
        for staged in self.staged.split_off(kept) {
            ledger.run(&format!("drop table {}", staged.name))?;
        }
        let name = self.stage_name();
        ledger.run(&format!("drop table if exists {name}"))
    }

    /// The staging tables of one file's rows of a table.
    pub(super) fn staged_of(&self, table: &str, load_no: i32) -> impl Iterator<Item = &str> {
        self.staged.iter().filter(move |s| s.table == table && s.load_no == load_no).map(|s| s.name.as_str())
    }

    /// Number of staging tables.
    pub(super) fn staged_count(&self) -> usize {
        self.staged.len()
    }

    /// A name for the next staging table.
    pub(super) fn stage_name(&self) -> String {
        format!("stage_{}", self.staged.len() + 1)
    }

    /// Whether one of the tables gets or loses rows.
    pub(super) fn changed(&self, tables: &[&str]) -> bool {
        !self.replaced.is_empty() || self.staged.iter().any(|s| tables.contains(&s.table))
    }

    pub(super) fn replaced_list(&self) -> String {
        let listed: Vec<String> = self.replaced.iter().map(i32::to_string).collect();
        if listed.is_empty() { "-1".to_owned() } else { listed.join(", ") }
    }

    /// Drops what is replaced, refuses duplicates, and moves the rows of every table but `item` and `application`,
    /// which [`crate::ledger::settle`] rebuilds.
    pub(super) fn take_in(&mut self, ledger: &Ledger, report: &mut LoadReport) -> Result<(), Error> {
        // Items first: what is implied by an item goes with it.
        let mut tables: Vec<&'static str> = self.staged.iter().map(|s| s.table).collect();
        tables.sort_by_key(|table| (*table != "item", *table));
        tables.dedup();
        let replaced = self.replaced_list();
        if !self.replaced.is_empty() {
            for table in
                crate::staging::contract::tables().iter().filter(|t| t.name != "item" && t.name != "application")
            {
                ledger.run(&format!("delete from {} where load_no in ({replaced})", table.name))?;
            }
        }
        for table in tables {
            self.refuse_duplicates(ledger, table)?;
            for (at, staged) in self.staged.iter().enumerate().filter(|(_, s)| s.table == table) {
                reject(ledger, staged)?;
                self.drop_implied(ledger, at)?;
            }
            if table == "item" || table == "application" {
                continue;
            }
            let columns = contract_columns(table);
            for staged in self.staged.iter().filter(|s| s.table == table) {
                let Staged { name, load_no, .. } = staged;
                let line = staged.line();
                ledger.run(&format!(
                    "insert into {table} ({columns}, load_no, line_no) select {columns}, {load_no}, {line} from {name} where fault is null"
                ))?;
            }
        }
        self.count(report, ledger)?;
        self.refuse_loss(ledger, report)
    }

    /// A row whose key is in the ledger already, or earlier in this load, becomes a rejected row.
    fn refuse_duplicates(&self, ledger: &Ledger, table: &'static str) -> Result<(), Error> {
        let key = rules::of(table).key;
        if key.is_empty() {
            return Ok(());
        }
        let key = key
            .iter()
            .map(|c| if *c == "item_id" { (*c).to_owned() } else { format!("coalesce(cast({c} as string), '')") });
        let key = key.collect::<Vec<_>>().join(" || '|' || ");
        let mut parts = vec![format!(
            "select {key} as key, 0 as stage_no, load_no, line_no from {table} where load_no not in ({})",
            self.replaced_list()
        )];
        for (at, staged) in self.staged.iter().enumerate().filter(|(_, s)| s.table == table) {
            parts.push(format!(
                "select {key}, {}, {}, {} from {} where fault is null",
                at + 1,
                staged.load_no,
                staged.line(),
                staged.name
            ));
        }
        let all = parts.join(" union all ");
        // Numbers first: two keys with one hash are looked at by text below. Sorting them takes a third of grouping them.
        let mut hashes = ledger.query(&format!("select hash(key) from ({all})"))?.hashes()?;
        hashes.sort_unstable();
        if hashes.windows(2).all(|pair| pair[0] != pair[1]) {
            return Ok(());
        }
        ledger.run(&format!(
            "create or replace temp table repeated as
             select *, row_number() over (partition by key order by stage_no, line_no) as place,
               first_value(load_no) over (partition by key order by stage_no, line_no) as first_load_no,
               first_value(line_no) over (partition by key order by stage_no, line_no) as first_line_no
             from ({all}) where key in (select key from ({all}) group by key having count(*) > 1)"
        ))?;
        for (at, staged) in self.staged.iter().enumerate().filter(|(_, s)| s.table == table) {
            self.refuse_repeated(ledger, staged, at + 1, rules::of(table).key)?;
        }
        ledger.run("drop table repeated")
    }

    fn refuse_repeated(&self, ledger: &Ledger, staged: &Staged, stage_no: usize, key: &[&str]) -> Result<(), Error> {
        let Staged { table, name, load_no, file, fields, content, .. } = staged;
        let line = format!("s.{}", staged.line()).replace("s.(rowid", "(s.rowid");
        ledger.run(&format!(
            "insert into rejected_row
             select {load_no}, '{table}', {file}, r.line_no, '{column}', r.key,
               'is a duplicate; ' || l.file || ':' || r.first_line_no || ' has it already, and that row counts'
                 || case when r.first_load_no = {load_no} then '{of_several}'
                   else ' (to put this file in the place of that one: --as ' || l.source_name || ')' end,
               {content}, r.first_load_no
             from repeated r join load l on l.load_no = r.first_load_no
             left join ({fields}) f on f.field_line_no = r.line_no
             where r.stage_no = {stage_no} and r.place > 1;
             update {name} as s set fault = 0 where fault is null and exists
               (select 1 from repeated r where r.stage_no = {stage_no} and r.place > 1 and r.line_no = {line})",
            file = literal(file),
            column = key.join(", "),
            of_several = if *table == "item" {
                "; where each counts, a mapping makes their ids differ (concat, line)"
            } else {
                ""
            },
        ))
    }

    /// A refused row takes along what the same line would have implied: a receipt without its invoice would be false.
    fn drop_implied(&self, ledger: &Ledger, at: usize) -> Result<(), Error> {
        let Staged { name, load_no, table, .. } = &self.staged[at];
        if *table != "item" {
            return Ok(());
        }
        for implied in self.staged[at + 1..].iter().filter(|s| s.is_implied && s.load_no == *load_no) {
            ledger.run(&format!(
                "delete from {} where line_no in (select line_no from {name} where fault is not null)",
                implied.name
            ))?;
        }
        Ok(())
    }

    /// Binds `loaded_item` and `loaded_application`: what stays, and what comes.
    pub(super) fn bind_views(&self, ledger: &Ledger) -> Result<(), Error> {
        let replaced = self.replaced_list();
        for table in ["item", "application"] {
            let columns = contract_columns(table);
            let (kept, new) = if table == "item" {
                (", item_no, known_at", ", coalesce(entered_at, cast(posted_on as timestamp)) as known_at")
            } else {
                ("", "")
            };
            let mut parts = vec![format!(
                "select {columns}, load_no, line_no, is_implied{kept} from {table} where load_no not in ({replaced})"
            )];
            for staged in self.staged.iter().filter(|s| s.table == table) {
                let Staged { name, load_no, is_implied, .. } = staged;
                let line = staged.line();
                let item_no = if table == "item" {
                    format!(", rowid + {} as item_no", staged.first_item_no)
                } else {
                    String::new()
                };
                parts.push(format!(
                    "select {columns}, {load_no} as load_no, {line} as line_no, {is_implied} as is_implied{item_no}{new} from {name} where fault is null"
                ));
            }
            ledger.run(&format!("create or replace temp view loaded_{table} as {}", parts.join(" union all ")))?;
        }
        Ok(())
    }

    /// Writes the counts of every staging table into its file's report.
    fn count(&self, report: &mut LoadReport, ledger: &Ledger) -> Result<(), Error> {
        for staged in &self.staged {
            let Staged { table, name, load_no, is_implied, .. } = staged;
            let rows = ledger.texts(&format!(
                "select count(*), count(*) filter (where fault is null),
                   count(*) filter (where fault is null and (is_derived or {is_implied})) from {name}"
            ))?;
            let at = |i: usize| rows.first().and_then(|r| r[i].as_deref()?.parse::<u64>().ok()).unwrap_or(0);
            let Some(file) = report.files.iter_mut().find(|f| f.load_no == *load_no) else { continue };
            let bad = u64::try_from(staged.bad_lines.len()).unwrap_or(u64::MAX);
            let entry = file.table_mut(table);
            // An implied row is no row of the file: it is counted as derived, not as read.
            entry.rows_read += if staged.is_implied { at(0) - at(1) } else { at(0) + bad };
            entry.rows_loaded += at(1);
            entry.rows_rejected += at(0) - at(1) + bad;
            entry.rows_derived += at(2);
            if *table == "item" {
                entry.sums.extend(kind_sums(ledger, name)?);
            }
        }
        let is_empty = |file: &&mut FileReport| file.changed() && file.tables.iter().all(|table| table.rows_read == 0);
        for file in report.files.iter_mut().filter(is_empty) {
            file.notes.push("it has no rows: an export of nothing, or one that failed".to_owned());
        }
        Ok(())
    }

    /// Writes the manifest's tables and lets the staging tables go.
    pub(super) fn finish(&self, ledger: &Ledger, report: &mut LoadReport) -> Result<(), Error> {
        for file in report.files.iter_mut().filter(|f| f.changed()) {
            for TableReport { table, rows_read, rows_loaded, rows_rejected, rows_derived, sums } in &file.tables {
                ledger.run(&format!(
                    "insert into load_count values ({}, '{table}', {rows_read}, {rows_loaded}, {rows_rejected}, {rows_derived})",
                    file.load_no
                ))?;
                for KindSum { kind, currency, item_count, amount } in sums {
                    ledger.run(&format!(
                        "insert into load_sum values ({}, {}, {}, {item_count}, {amount})",
                        file.load_no,
                        literal(kind),
                        literal(currency),
                    ))?;
                }
            }
            file.rejected = first_rejected(ledger, file.load_no)?;
        }
        for staged in &self.staged {
            ledger.run(&format!("drop table {}", staged.name))?;
        }
        Ok(())
    }
}

impl Staged {
    /// SQL of the line a row of the staging table starts on.
    pub(super) fn line(&self) -> &'static str {
        if self.has_lines { "line_no" } else { "(rowid + 2)" }
    }
}

impl FileReport {
    fn table_mut(&mut self, table: &str) -> &mut TableReport {
        let at = self.tables.iter().position(|t| t.table == table).unwrap_or_else(|| {
            self.tables.push(TableReport { table: table.to_owned(), ..TableReport::default() });
            self.tables.len() - 1
        });
        &mut self.tables[at]
    }
}

/// What a load gave, from the manifest.
fn earlier_counts(ledger: &Ledger, load_no: i32) -> Result<Vec<TableReport>, Error> {
    let counts = ledger.texts(&format!(
        "select table_name, rows_read, rows_loaded, rows_rejected, rows_derived from load_count where load_no = {load_no} order by 1"
    ))?;
    let sums = ledger.query(&format!(
        "select kind, currency, item_count, amount from load_sum where load_no = {load_no} order by 1, 2"
    ))?;
    let sums: Vec<KindSum> = sums.texts()?.iter().map(|row| kind_sum(row)).collect();
    let number = |cell: &Option<String>| cell.as_deref().and_then(|n| n.parse().ok()).unwrap_or(0);
    let report = |row: &Vec<Option<String>>| {
        let table = row[0].clone().unwrap_or_default();
        let sums = if table == "item" { sums.clone() } else { Vec::new() };
        TableReport {
            table,
            rows_read: number(&row[1]),
            rows_loaded: number(&row[2]),
            rows_rejected: number(&row[3]),
            rows_derived: number(&row[4]),
            sums,
        }
    };
    Ok(counts.iter().map(report).collect())
}

fn kind_sum(row: &[Option<String>]) -> KindSum {
    let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
    KindSum {
        kind: text(&row[0]),
        currency: text(&row[1]),
        item_count: row[2].as_deref().and_then(|n| n.parse().ok()).unwrap_or(0),
        amount: text(&row[3]),
    }
}

fn kind_sums(ledger: &Ledger, name: &str) -> Result<Vec<KindSum>, Error> {
    let rows = ledger.texts(&format!(
        "select kind, currency, count(*), cast(sum(amount) as decimal(38, 4)) from {name} where fault is null group by all order by all"
    ))?;
    Ok(rows.iter().map(|row| kind_sum(row)).collect())
}

/// How many rejected rows a load shows; all of them are in `rejected_row`.
const SHOWN: usize = 10;

fn first_rejected(ledger: &Ledger, load_no: i32) -> Result<Vec<String>, Error> {
    let rows = ledger.texts(&format!(
        "select file, line_no, column_name, value, reason from rejected_row where load_no = {load_no} order by line_no, column_name limit {SHOWN}"
    ))?;
    Ok(rows.iter().map(|row| rejected_message(row)).collect())
}

/// `receipts.csv:41: applied_on "31/02/2024" is not a date; …`
fn rejected_message(row: &[Option<String>]) -> String {
    let text = |at: usize| row[at].as_deref().unwrap_or("");
    // A mark in a number is shown as it stands in the file.
    let escaped = |c: char| if c == '\'' { c.to_string() } else { c.escape_debug().to_string() };
    let value: String = text(3).chars().map(escaped).collect::<String>().chars().take(120).collect();
    let shown = if row[3].is_some() { format!("\"{value}\"") } else { String::new() };
    let said = [text(2), shown.as_str(), text(4)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    format!("{}:{}: {}", text(0), text(1), said.join(" "))
}
