//! Answers to standard output or a file; everything else to standard error.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::args::OutputArgs;
use crate::error::Error;
use crate::render::{Format, RenderOptions, render};
use crate::sheet::Sheet;

/// Rows a table shows on a terminal before it refers to the other formats.
const TABLE_ROWS: usize = 500;

/// Where an answer goes, and in which form.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) format: Format,
    path: Option<PathBuf>,
}

impl Output {
    /// Settles the format, and makes sure the file can be written before any long work.
    pub(super) fn resolve(args: &OutputArgs) -> Result<Self, Error> {
        let by_extension = |path: &Path| {
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            Format::from_extension(extension).ok_or_else(|| {
                let names: Vec<&str> = Format::all().map(Format::name).collect();
                Error::usage(format!(
                    "{}: no format ends in \".{extension}\"; say one with -f ({})",
                    path.display(),
                    names.join(", ")
                ))
            })
        };
        let format = match (&args.format, &args.output) {
            (Some(name), Some(path)) => as_named(Format::from_str(name)?, path)?,
            (Some(name), None) => Format::from_str(name)?,
            (None, Some(path)) => by_extension(path)?,
            (None, None) if std::io::stdout().is_terminal() => Format::Table,
            (None, None) => Format::Csv,
        };
        if let Some(path) = &args.output {
            let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if !folder.is_dir() {
                return Err(Error::usage(format!(
                    "-o {}: there is no folder {}; make it first",
                    path.display(),
                    folder.display()
                )));
            }
            readable_file(folder)?;
        }
        Ok(Self { format, path: args.output.clone() })
    }

    /// Writes a sheet.
    pub(super) fn write(&self, sheet: &Sheet) -> Result<(), Error> {
        let to_terminal = self.path.is_none() && std::io::stdout().is_terminal();
        let options = if to_terminal {
            RenderOptions { width: terminal_width(), max_rows: Some(TABLE_ROWS) }
        } else {
            RenderOptions::default()
        };
        self.write_bytes(&render(sheet, self.format, &options)?)
    }

    /// Writes an answer that is made already.
    pub(super) fn write_bytes(&self, bytes: &[u8]) -> Result<(), Error> {
        match &self.path {
            Some(path) => write_file(path, bytes),
            None => answer(bytes),
        }
    }

    /// Whether notes stand in the answer itself; else they go to standard error.
    pub(super) fn shows_notes(&self) -> bool {
        matches!(self.format, Format::Table | Format::Json | Format::Xlsx)
    }

    /// Whether the answer is a chart and nothing else.
    pub(super) fn is_chart(&self) -> bool {
        matches!(self.format, Format::Svg | Format::Png)
    }
}

/// The format asked for, unless the file's name says another one.
fn as_named(format: Format, path: &Path) -> Result<Format, Error> {
    let named = path.extension().and_then(|e| e.to_str()).and_then(Format::from_extension);
    // Any text may be in a file of a name for text.
    match named.filter(|named| *named != format && *named != Format::Table) {
        None => Ok(format),
        Some(named) => Err(Error::usage(format!(
            "-f {} -o {}: the name says {}; leave -f out, or name the file otherwise",
            format.name(),
            path.display(),
            named.name()
        ))),
    }
}

/// Columns of the terminal.
pub(super) fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| usize::from(columns))
}

/// Writes a file beside its name and renames it, so that no half of it is ever seen.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    // What is no file, such as a device or a pipe, is written to; a link leads to the file.
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let mut there =
            std::fs::OpenOptions::new().write(true).open(path).map_err(Error::file(path, "cannot be written"))?;
        return there.write_all(bytes).map_err(Error::file(path, "cannot be written"));
    }
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = readable_file(folder)?;
    file.write_all(bytes).map_err(Error::file(path, "cannot be written"))?;
    file.persist(path).map_err(|e| Error::file(path, "cannot be written")(e.error))?;
    Ok(())
}

/// A file under a passing name, with the rights of any other file the user makes.
fn readable_file(folder: &Path) -> Result<tempfile::NamedTempFile, Error> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(Error::file(folder, "cannot be written"))
}

/// Writes an answer to standard output.
pub(super) fn answer(bytes: &[u8]) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(Error::file(Path::new("standard output"), "cannot be written"))
}

/// Says something beside the answer.
pub(super) fn say(line: &str) {
    let mut err = std::io::stderr().lock();
    writeln!(err, "{line}").ok();
}
