//! The ledger file. The only place that knows which engine is inside.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use duckdb::{AccessMode, Config, Connection};

use super::change::Change;
use super::frame::Frame;
use super::guard;
use crate::catalog::bind::Bound;
use crate::error::Error;
use crate::sql_text::literal;
use crate::staging::contract;

/// The version of the tables in `queries/schema.sql`; a ledger of another version is refused.
pub const FORMAT_VERSION: i32 = 4;

/// Asks for the version.
const VERSION: &str = "select max(format_version) from ledger_info";

const IN_USE: &str = "is in use by another program (a load, or an editor that has it open); close that and try again";

/// Bytes 8 to 12 of every file of the engine.
const MAGIC: &[u8] = b"DUCK";

/// An open ledger. One that is opened to be changed stays as it was until [`Ledger::keep`].
pub struct Ledger {
    connection: Connection,
    path: PathBuf,
    /// What the catalog made in this session.
    pub(crate) bound: RefCell<Bound>,
    change: Option<Change>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Opens a ledger for reading; several readers may have it open at once.
    ///
    /// # Errors
    /// [`Error::Ledger`] where the file is missing, locked by a load, from a newer version or not a ledger.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if !path.exists() {
            return Err(refusal(
                path,
                "there is no ledger here; make one with: duecast load FILE… (or name another with --ledger)",
            ));
        }
        refuse_other_files(path)?;
        Self::filled(Self::connect(path, path, AccessMode::ReadOnly)?)
    }

    /// Opens a ledger that something is added to; nobody else may have it open meanwhile.
    ///
    /// # Errors
    /// As [`Ledger::open`], and where anybody reads it.
    pub fn open_for_change(path: &Path) -> Result<Self, Error> {
        if path.exists() { Self::filled(Self::to_change(path)?) } else { Self::open(path) }
    }

    /// A ledger that was opened, unless there is nothing in it.
    fn filled((ledger, version): (Self, Option<i32>)) -> Result<Self, Error> {
        match version {
            Some(_) => Ok(ledger),
            None => Err(refusal(&ledger.path, "the ledger is empty; fill it with: duecast load FILE…")),
        }
    }

    /// Opens a ledger for a load, which may make it. Its tables are made by the first load, inside the load's
    /// transaction.
    ///
    /// # Errors
    /// As [`Ledger::open_for_change`], and where the folder cannot be written.
    pub fn open_for_load(path: &Path) -> Result<Self, Error> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty() && !f.exists()) {
            return Err(refusal(path, &format!("the folder {} does not exist; make it first", folder.display())));
        }
        if path.exists() {
            return Ok(Self::to_change(path)?.0);
        }
        let change = Change::of_nothing(path)?.ok_or_else(|| refusal(path, IN_USE))?;
        // It may have been made in between.
        Ok(if path.exists() { Self::to_change(path) } else { Self::on_copy(path, change) }?.0)
    }

    /// A ledger that exists, to be changed, and the format version of its tables.
    fn to_change(path: &Path) -> Result<(Self, Option<i32>), Error> {
        refuse_other_files(path)?;
        let (held, _) = Self::connect(path, path, AccessMode::ReadWrite)?;
        held.flush(path)?;
        Self::on_copy(path, Change::of(path, Box::new(held))?)
    }

    fn on_copy(path: &Path, change: Change) -> Result<(Self, Option<i32>), Error> {
        let (ledger, version) = Self::connect(path, &change.copy(), AccessMode::ReadWrite)?;
        Ok((Self { change: Some(change), ..ledger }, version))
    }

    /// Keeps what was changed since the ledger was opened: from here on it is so for everybody, and before it is not,
    /// whatever ends the program.
    ///
    /// # Errors
    /// [`Error::Ledger`] where disk ran out, [`Error::File`] where the file cannot be replaced; it is as it was then.
    pub fn keep(mut self) -> Result<(), Error> {
        let Some(change) = self.change.take() else { return Ok(()) };
        self.flush(&change.copy())?;
        drop(self);
        change.keep()
    }

    /// Everything into the one file, where a part of it waits beside it.
    fn flush(&self, file: &Path) -> Result<(), Error> {
        let waits = file.with_added_extension("wal").exists();
        if waits { self.run("checkpoint") } else { Ok(()) }
    }

    /// A folder that lasts as long as the change to the ledger; `None` for one that is not changed or in no file.
    #[must_use]
    pub fn scratch(&self) -> Option<&Path> {
        self.change.as_ref().map(Change::scratch)
    }

    /// A ledger in memory, with its tables.
    ///
    /// # Errors
    /// [`Error::Internal`] if the engine does not start.
    pub fn in_memory() -> Result<Self, Error> {
        let connection =
            Connection::open_in_memory_with_flags(config(AccessMode::Automatic)?).map_err(|e| fault("open", &e))?;
        let ledger = Self::of(connection, Path::new(":memory:"));
        ledger.make_tables()?;
        Ok(ledger)
    }

    /// The same ledger once more, for another thread: it has its own days, views and kept tables.
    ///
    /// # Errors
    /// [`Error::Internal`] if the engine does not allow it.
    pub fn beside(&self) -> Result<Self, Error> {
        let connection = self.connection.try_clone().map_err(|e| fault("connect", &e))?;
        Self::of(connection, &self.path).with_long_answers()
    }

    fn of(connection: Connection, path: &Path) -> Self {
        Self { connection, path: path.to_owned(), bound: RefCell::default(), change: None }
    }

    /// Lets more rows of an answer be ready than have been taken: what makes them then seldom waits for what reads them.
    fn with_long_answers(self) -> Result<Self, Error> {
        self.run("set streaming_buffer_size = '64MB'")?;
        Ok(self)
    }

    /// The ledger in `file`, of which messages speak as `path`, and the format version of its tables.
    fn connect(path: &Path, file: &Path, mode: AccessMode) -> Result<(Self, Option<i32>), Error> {
        let connection = Connection::open_with_flags(file, config(mode)?).map_err(|e| open_failure(path, &e))?;
        let ledger = Self::of(connection, path).with_long_answers()?;
        let problem = match ledger.version_at_opening()? {
            Some(version) if version > FORMAT_VERSION => format!(
                "was written by a newer duecast (format {version}; this one reads {FORMAT_VERSION}); update duecast"
            ),
            Some(version) if version < FORMAT_VERSION => format!(
                "was written by an older duecast (format {version}; this one reads {FORMAT_VERSION}); load the files again into a new ledger"
            ),
            version => return Ok((ledger, version)),
        };
        Err(refusal(path, &problem))
    }

    /// The format version of the tables; `None` where there are none yet.
    fn version(&self) -> Result<Option<i32>, Error> {
        let tables = self.texts("select table_name from duckdb_tables() where not temporary and not internal")?;
        if tables.is_empty() {
            return Ok(None);
        }
        if !tables.iter().any(|row| row[0].as_deref() == Some("ledger_info")) {
            let problem =
                "is a DuckDB file, but not a duecast ledger (it has no table ledger_info); name another with --ledger";
            return Err(refusal(&self.path, problem));
        }
        first_number(&self.query(VERSION)?)
    }

    /// As [`Self::version`], outside a transaction, which a refused query would end: where there are tables, asking them
    /// is sooner done than listing them, and opening a ledger is half of a small report's time.
    fn version_at_opening(&self) -> Result<Option<i32>, Error> {
        self.fetch(VERSION).map_or_else(|_| self.version(), |found| first_number(&found))
    }

    /// Whether it has no tables yet.
    ///
    /// # Errors
    /// [`Error::Ledger`] where the file is a database of something else.
    pub fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.version()?.is_none())
    }

    /// Makes the tables where there are none.
    pub(crate) fn make_tables(&self) -> Result<(), Error> {
        if self.version()?.is_none() {
            self.run(contract::SCHEMA)?;
            self.run(&format!("insert into ledger_info values ({FORMAT_VERSION})"))?;
        }
        Ok(())
    }

    /// Makes the tables that a ledger of this format, made by an earlier version, does not have yet.
    ///
    /// # Errors
    /// As [`Ledger::run`].
    pub fn make_missing_tables(&self) -> Result<(), Error> {
        for statement in contract::SCHEMA.split_inclusive(");\n").filter(|text| text.contains("create table ")) {
            self.run(&statement.replacen("create table ", "create table if not exists ", 1))?;
        }
        Ok(())
    }

    /// Adds rows to a table of ours: arrays of whole numbers, or of texts that the engine reads as the columns' types.
    ///
    /// # Errors
    /// As [`Ledger::run`].
    pub fn append<R: duckdb::AppenderParams + Clone>(&self, table: &str, rows: &[R]) -> Result<(), Error> {
        let appended = || {
            let mut appender = self.connection.appender(table)?;
            appender.append_rows(rows.iter().cloned())?;
            appender.flush()
        };
        appended().map_err(|e| self.failure(table, &e))
    }

    /// Where the ledger is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs statements of ours.
    ///
    /// # Errors
    /// [`Error::Internal`] where the engine refuses them; [`Error::Ledger`] where memory or disk ran out.
    pub fn run(&self, sql: &str) -> Result<(), Error> {
        self.connection.execute_batch(sql).map_err(|e| self.failure(sql, &e))
    }

    /// Runs a statement that must keep the order of the rows it reads: a line of a file is told by its place.
    ///
    /// The engine would make a join of `x in ('a', 'b')`, and what goes through a join comes out in any order.
    ///
    /// # Errors
    /// As [`Ledger::run`].
    pub(crate) fn run_in_order(&self, sql: &str) -> Result<(), Error> {
        self.run("set disabled_optimizers = 'in_clause'")?;
        let ran = self.run(sql);
        self.run("reset disabled_optimizers")?;
        ran
    }

    /// Runs a query of ours.
    ///
    /// # Errors
    /// As [`Ledger::run`].
    pub fn query(&self, sql: &str) -> Result<Frame, Error> {
        self.fetch(sql).map_err(|e| self.failure(sql, &e))
    }

    /// Runs a query of ours and hands over each batch of rows as it comes, so that a long answer is never held as a whole.
    ///
    /// # Errors
    /// As [`Ledger::run`], and what `take` returns.
    pub fn for_each_batch(
        &self,
        sql: &str,
        mut take: impl FnMut(&RecordBatch) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let refused = |e: duckdb::Error| self.failure(sql, &e);
        let mut statement = self.connection.prepare(sql).map_err(refused)?;
        for batch in statement.stream_arrow([]).map_err(refused)? {
            take(&batch.map_err(refused)?)?;
        }
        Ok(())
    }

    /// Runs a query of ours and returns every cell as text.
    ///
    /// # Errors
    /// As [`Ledger::run`].
    pub fn texts(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
        self.query(sql)?.texts()
    }

    /// The number that a query of ours returns; 0 where it returns none.
    ///
    /// # Errors
    /// As [`Ledger::run`].
    pub fn count(&self, sql: &str) -> Result<usize, Error> {
        let counted = self.texts(sql)?;
        Ok(counted.first().and_then(|row| row[0].as_deref()?.parse().ok()).unwrap_or_default())
    }

    /// The day that a query of ours returns, if it does.
    ///
    /// # Errors
    /// As [`Ledger::run`].
    pub fn day(&self, sql: &str) -> Result<Option<NaiveDate>, Error> {
        Ok(self.texts(sql)?.first().and_then(|row| row[0].as_deref()?.parse().ok()))
    }

    /// Whether a query of ours returns a row.
    ///
    /// # Errors
    /// As [`Ledger::run`].
    pub fn has_rows(&self, sql: &str) -> Result<bool, Error> {
        Ok(self.query(sql)?.row_count() > 0)
    }

    /// Runs a query written by the user, which [`Self::refuse_other_statements`] let pass, with no way to files, the
    /// network or other databases.
    ///
    /// # Errors
    /// [`Error::Sql`] with the engine's own message.
    pub fn query_of_user(&self, sql: &str) -> Result<Frame, Error> {
        self.run("set enable_external_access = false; set lock_configuration = true")?;
        self.fetch(sql).map_err(|e| Error::Sql(format!("the query was refused: {}", message(&e))))
    }

    /// Refuses what is not one query: the engine's own parser tells.
    ///
    /// # Errors
    /// [`Error::Sql`] where the text is another statement, several, none, or has in it what would change something or read files.
    pub fn refuse_other_statements(&self, sql: &str) -> Result<(), Error> {
        let parsed = self.texts(&format!("select json_serialize_sql({})", literal(sql)))?;
        let answer = parsed.first().and_then(|row| row[0].as_deref()).unwrap_or_default();
        guard::refusal(&serde_json::from_str(answer).unwrap_or_default()).map_or(Ok(()), |why| Err(Error::Sql(why)))
    }

    fn fetch(&self, sql: &str) -> duckdb::Result<Frame> {
        let mut statement = self.connection.prepare(sql)?;
        let stream = statement.stream_arrow([])?;
        let schema = stream.get_schema();
        let batches = stream.collect::<duckdb::Result<Vec<_>>>()?;
        Ok(Frame { schema, batches })
    }

    fn failure(&self, sql: &str, error: &duckdb::Error) -> Error {
        let said = message(error);
        if said.contains("Out of Memory") || said.contains("No space left") || said.contains("Could not write") {
            return refusal(&self.path, &format!("memory or disk ran out; nothing was changed ({said})"));
        }
        if ["Could not read enough bytes", "Corrupt", "checksum", "Failed to read"]
            .iter()
            .any(|sign| said.contains(sign))
        {
            return refusal(
                &self.path,
                &format!("is damaged; restore a copy, or load the files again into a new ledger ({said})"),
            );
        }
        if said.contains("CSV Error on Line") {
            return Error::Record(said);
        }
        let start: String = sql.chars().take(2000).collect();
        Error::internal(format!("the engine refused a query of ours: {said}\n{start}"))
    }
}

/// Memory the engine may use; beyond it, it works on disk. Leaves a laptop of 8 GiB usable with ten million items.
const MEMORY: &str = "5600MB";

/// Nothing of the engine reaches the network: no extension is fetched or loaded by itself.
fn config(mode: AccessMode) -> Result<Config, Error> {
    Config::default()
        .access_mode(mode)
        .and_then(|c| c.enable_autoload_extension(false))
        .and_then(|c| c.max_memory(MEMORY))
        .and_then(|c| c.with("autoinstall_known_extensions", "false"))
        // Items against the few days of a run: comparing beats sorting ten million items for a merge.
        .and_then(|c| c.with("nested_loop_join_threshold", "100"))
        // Rows wait in memory for no more than one group: of ten million items a tenth of a load's time.
        .and_then(|c| c.with("write_buffer_row_group_count", "1"))
        .map_err(|e| fault("configure", &e))
}

fn first_number(frame: &Frame) -> Result<Option<i32>, Error> {
    Ok(frame.texts()?.first().and_then(|row| row[0].as_deref()?.parse().ok()))
}

fn fault(doing: &str, error: &duckdb::Error) -> Error {
    Error::internal(format!("{doing}: {}", message(error)))
}

fn refusal(path: &Path, problem: &str) -> Error {
    Error::Ledger { path: path.to_owned(), problem: problem.to_owned() }
}

fn message(error: &duckdb::Error) -> String {
    match error {
        duckdb::Error::DuckDBFailure(_, Some(text)) => text.clone(),
        other => other.to_string(),
    }
}

fn refuse_other_files(path: &Path) -> Result<(), Error> {
    use std::io::Read;
    if path.is_dir() {
        return Err(refusal(path, "is a folder; a ledger is a file such as ledger.duckdb"));
    }
    let mut start = Vec::new();
    let file = std::fs::File::open(path).map_err(Error::file(path, "cannot be opened"))?;
    file.take(12).read_to_end(&mut start).map_err(Error::file(path, "cannot be read"))?;
    if start.get(8..12) == Some(MAGIC) {
        return Ok(());
    }
    Err(refusal(
        path,
        "is not a ledger (not a DuckDB file); name a ledger with --ledger, or load this file with: duecast load",
    ))
}

fn open_failure(path: &Path, error: &duckdb::Error) -> Error {
    let said = message(error);
    let problem = if said.contains("Could not set lock") || said.contains("Conflicting lock") {
        IN_USE.to_owned()
    } else if said.contains("newer version") || said.contains("version number") {
        format!("was written by a newer engine; update duecast ({said})")
    } else {
        format!("is damaged; restore a copy, or load the files again into a new ledger ({said})")
    };
    refusal(path, &problem)
}
