//! A change to a ledger is made on a copy, which takes the ledger's place once it is whole.
//!
//! The engine rewrites parts of its file in place: killed or out of disk in the middle of that, it leaves a file that
//! it cannot read again. A rename happens or does not.

use std::borrow::Cow;
use std::fs::{self, File, TryLockError};
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
    is_new: bool,
    _held: Held,
}

/// What keeps others from a ledger while it is changed, and the file by which it does: let go in this order, as closing any
/// handle of a file ends all locks that a process has on it.
struct Held {
    _by: Box<dyn Send>,
    _file: File,
}

impl Change {
    /// Where there is no ledger yet, or none that can be seen; `None` where another program is making it.
    pub(super) fn of_nothing(ledger: &Path) -> Result<Option<Self>, Error> {
        let path = folder(ledger).join(format!(".{}.lock", name(ledger)));
        let made = File::create(&path).map_err(Error::file(&path, "cannot be written"))?;
        // Where a file system knows no locks, a ledger that is there in the end is still not replaced.
        if matches!(made.try_lock(), Err(TryLockError::WouldBlock)) {
            return Ok(None);
        }
        let lock = TempPath::try_from_path(&path).map_err(Error::file(&path, "cannot be written"))?;
        clear(ledger);
        let held = Held { _by: Box::new(lock), _file: made };
        Ok(Some(Self { ledger: ledger.to_owned(), scratch: scratch(ledger)?, is_new: true, _held: held }))
    }

    /// Of a ledger, with what keeps others from it; what killed changes left beside it is cleared away.
    pub(super) fn of(ledger: &Path, lock: Box<dyn Send>) -> Result<Self, Error> {
        let ledger = ledger.canonicalize().map_err(Error::file(ledger, "cannot be read"))?;
        clear(&ledger);
        let mut file = File::open(&ledger).map_err(Error::file(&ledger, "cannot be read"))?;
        let scratch = scratch(&ledger)?;
        copy(&mut file, &copy_in(&scratch)).map_err(Error::file(&ledger, "cannot be copied to be changed"))?;
        Ok(Self { ledger, scratch, is_new: false, _held: Held { _by: lock, _file: file } })
    }

    /// The ledger that is changed.
    pub(super) fn copy(&self) -> PathBuf {
        copy_in(&self.scratch)
    }

    /// The folder of what is needed until the change is kept.
    pub(super) fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// Puts the changed ledger, which nobody has open any more, in the place of the one it was made of.
    pub(super) fn keep(self) -> Result<(), Error> {
        let refused = Error::file(&self.ledger, "cannot be replaced, so that nothing was changed");
        let is_kept = TempPath::try_from_path(self.copy()).and_then(|copy| {
            let kept = if self.is_new { copy.persist_noclobber(&self.ledger) } else { copy.persist(&self.ledger) };
            kept.map_err(|e| e.error)
        });
        is_kept.map_err(refused)
    }
}

fn copy_in(scratch: &TempDir) -> PathBuf {
    scratch.path().join("ledger.duckdb")
}

fn copy(source: &mut File, path: &Path) -> io::Result<()> {
    let mut target = File::create_new(path)?;
    io::copy(source, &mut target)?;
    target.set_permissions(source.metadata()?.permissions())
}

/// The names of folders beside a ledger begin with this.
fn prefix(ledger: &Path) -> String {
    format!("{}.scratch-", name(ledger))
}

fn name(ledger: &Path) -> Cow<'_, str> {
    ledger.file_name().unwrap_or_default().to_string_lossy()
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
