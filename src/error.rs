//! The library's one error type, and the exit code each outcome has.

use std::path::{Path, PathBuf};

/// What can go wrong. Every message says where, what was found, what was expected and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line asks for something that cannot be: a bad date, an unknown dimension, buckets with a gap.
    #[error("{0}")]
    Usage(String),
    /// A file or folder could not be read or written.
    #[error("{}: {doing}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What was being done: `cannot be read`.
        doing: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A source file cannot be understood as a whole: its format, its encoding, its columns.
    #[error("{}: {problem}", path.display())]
    Source {
        /// The file.
        path: PathBuf,
        /// What was found, what was expected, what to do.
        problem: String,
    },
    /// A mapping file is wrong.
    #[error("{}: {problem}", path.display())]
    Mapping {
        /// The mapping file.
        path: PathBuf,
        /// What was found, what was expected, what to do.
        problem: String,
    },
    /// The ledger file cannot be opened or is not one of ours.
    #[error("{}: {problem}", path.display())]
    Ledger {
        /// The ledger file.
        path: PathBuf,
        /// What was found, what was expected, what to do.
        problem: String,
    },
    /// The user's own SQL was refused.
    #[error("{0}")]
    Sql(String),
    /// The engine's reader does not take a record of a file; a load then reads the file itself.
    #[error("a record that cannot be read: {0}")]
    Record(String),
    /// A fault of ours.
    #[error("{0}\nThis is a fault in duecast, not in your data; please report it with the command you ran.")]
    Internal(String),
}

impl Error {
    /// A fault of ours.
    #[must_use]
    pub fn internal(what: impl Into<String>) -> Self {
        Self::Internal(what.into())
    }

    /// A wrong command line.
    #[must_use]
    pub fn usage(what: impl Into<String>) -> Self {
        Self::Usage(what.into())
    }

    /// A source file that cannot be understood as a whole.
    #[must_use]
    pub fn source_file(path: &Path, problem: impl Into<String>) -> Self {
        Self::Source { path: path.to_owned(), problem: problem.into() }
    }

    /// For `map_err` on a read or write of `path`.
    pub fn file(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, doing, source }
    }
}

/// How a run ended, as the exit code tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, with findings: rejected rows, failed checks.
    Findings,
    /// Failed; nothing was changed.
    Failed,
}

impl Outcome {
    /// 0 done, 1 done with findings, 2 failed.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Failed => 2,
        }
    }
}
