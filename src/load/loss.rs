//! An export that failed does not take the place of a good one.

use super::combine::{Load, Opened};
use super::manifest::LoadReport;
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::sql_text::literal;

impl Load {
    /// Refuses a file that would take the place of another and is cut off, or gives none of the items or applications that the
    /// other gave: an export that failed must not empty a ledger.
    pub(super) fn refuse_loss(&self, ledger: &Ledger, report: &LoadReport) -> Result<(), Error> {
        for Opened { load_no, source_name, path } in &self.opened {
            let Some(file) = report.files.iter().find(|file| file.load_no == *load_no) else { continue };
            let gives: u64 = file.tables.iter().map(|table| table.rows_loaded).sum();
            let fault = match &file.cut_line {
                Some(line) => format!("ends within line {line}"),
                None if gives == 0 => "gives no row".to_owned(),
                None => continue,
            };
            let gave = ledger.count(&format!(
                "select cast(coalesce(sum(c.rows_loaded), 0) as bigint) from load l join load_count c on c.load_no = l.load_no
                 where l.load_no in ({}) and l.source_name = {} and c.table_name in ('item', 'application')",
                self.replaced_list(),
                literal(source_name),
            ))?;
            if gave > 0 {
                return Err(Error::source_file(
                    path,
                    format!(
                        "{fault}, and would take the place of {source_name}, which gave {gave} rows; the ledger is as it was. Export it again, or load it beside that one with --as NAME"
                    ),
                ));
            }
        }
        Ok(())
    }
}
