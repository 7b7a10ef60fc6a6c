//! Files in one Office package (ECMA-376 part 2): a zip archive of parts, the same bytes for the same parts.

use std::io::{Cursor, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value};
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use crate::error::Error;

/// The parts of a package, by name, in the order in which they are written.
#[derive(Debug, Default)]
pub(super) struct Package {
    parts: Vec<(String, Vec<u8>)>,
}

impl Package {
    pub(super) fn add(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.parts.push((name.into(), bytes.into()));
    }

    /// Adds a part of XML; what the template inserts is escaped.
    pub(super) fn fill(&mut self, name: impl Into<String>, template: &str, values: Value) -> Result<(), Error> {
        let name = name.into();
        let text = filled(template, values).map_err(|e| Error::internal(format!("part {name}: {e}")))?;
        self.add(name, text);
        Ok(())
    }

    /// The archive. A part has no time: the oldest day a zip archive knows stands for it.
    pub(super) fn zipped(&self) -> Result<Vec<u8>, Error> {
        self.write().map_err(|e| Error::internal(format!("office file: {e}")))
    }

    fn write(&self) -> Result<Vec<u8>, ZipError> {
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.parts {
            // A picture is packed already.
            let method = if name.ends_with(".png") { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            archive.start_file(name.as_str(), options.compression_method(method))?;
            archive.write_all(bytes)?;
        }
        Ok(archive.finish()?.into_inner())
    }
}

fn filled(template: &str, values: Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.render_str(template, values)
}
