//! A change to a ledger is made on a copy, which takes the ledger's place once it is whole.
//!
//! The engine rewrites parts of its file in place: killed or out of disk in the middle of that, it leaves a file that
//! it cannot read again. A rename happens or does not.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{TempDir, TempPath};

use crate::error::Error;

/// What a change needs until it is kept.
pub(super) struct Change {
    /// The ledger's file, past any symbolic link.
    ledger: PathBuf,
    /// A folder beside it: the copy, and what a load puts down for a while.
    scratch: TempDir,
    /// What keeps others from the ledger, where there is one. The file is closed after the connection: closing any handle
    /// of a file ends all locks that a process has on it.
    held: Option<(Lock, File)>,
}

/// Whatever keeps others from a file while it lives.
type Lock = Box<dyn Send>;

impl Change {
    /// Where there is no ledger yet.
    pub(super) fn of_nothing(ledger: &Path) -> Result<Self, Error> {
        Ok(Self { ledger: ledger.to_owned(), scratch: scratch(ledger)?, held: None })
    }

    /// Of a ledger, with what keeps others from it; what killed changes left beside it is cleared away.
    pub(super) fn of(ledger: &Path, lock: Lock) -> Result<Self, Error> {
        let ledger = ledger.canonicalize().map_err(Error::file(ledger, "cannot be read"))?;
        clear(&ledger);
        let mut file = File::open(&ledger).map_err(Error::file(&ledger, "cannot be read"))?;
        let change = Self { scratch: scratch(&ledger)?, ledger, held: None };
        copy(&mut file, &change.copy()).map_err(Error::file(&change.ledger, "cannot be copied to be changed"))?;
        Ok(Self { held: Some((lock, file)), ..change })
    }

    /// The ledger that is changed.
    pub(super) fn copy(&self) -> PathBuf {
        self.scratch.path().join("ledger.duckdb")
    }

    /// The folder of what is needed until the change is kept.
    pub(super) fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// Puts the changed ledger, which nobody has open any more, in the place of the one it was made of.
    pub(super) fn keep(self) -> Result<(), Error> {
        let refused = Error::file(&self.ledger, "cannot be replaced, so that nothing was changed");
        let is_kept = TempPath::try_from_path(self.copy()).and_then(|copy| {
            let kept =
                if self.held.is_some() { copy.persist(&self.ledger) } else { copy.persist_noclobber(&self.ledger) };
            kept.map_err(|e| e.error)
        });
        is_kept.map_err(refused)?;
        clear(&self.ledger);
        Ok(())
    }
}

fn copy(source: &mut File, path: &Path) -> io::Result<()> {
    let mut target = File::create_new(path)?;
    io::copy(source, &mut target)?;
    target.set_permissions(source.metadata()?.permissions())
}

/// The names of folders beside a ledger begin with this.
fn prefix(ledger: &Path) -> String {
    format!("{}.scratch-", ledger.file_name().unwrap_or_default().to_string_lossy())
}

fn folder(ledger: &Path) -> &Path {
    ledger.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn scratch(ledger: &Path) -> Result<TempDir, Error> {
    let made = tempfile::Builder::new().prefix(&prefix(ledger)).tempdir_in(folder(ledger));
    made.map_err(Error::file(folder(ledger), "cannot be written"))
}

/// Removes the folders that killed changes left. What cannot be removed stays: it harms nothing.
fn clear(ledger: &Path) {
    let prefix = prefix(ledger);
    let entries = fs::read_dir(folder(ledger)).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix)) {
        fs::remove_dir_all(entry.path()).ok();
    }
}
