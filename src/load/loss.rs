//! An export that failed, or another one of the same name, does not take the place of a good one.

use super::combine::{Load, Opened};
use super::manifest::{FileReport, LoadReport};
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::sql_text::literal;

/// What a file that is replaced gave.
struct Given {
    /// Rows of items and applications.
    rows: usize,
    /// Its items, without what was implied.
    items: usize,
    /// Those of them that the new file has too.
    items_kept: usize,
    /// Whether it is the same file, read in another way: its items may then have other identifiers.
    is_same_file: bool,
}

impl Load {
    /// Refuses a file that would take the place of another and is cut off, or has none of the items, or no applications, that
    /// the other gave: an export that failed, or that of another month by the same name, must not empty a ledger. Says how many
    /// items are in it no more.
    pub(super) fn refuse_loss(&self, ledger: &Ledger, report: &mut LoadReport) -> Result<(), Error> {
        for Opened { load_no, source_name, path } in &self.opened {
            let Some(file) = report.files.iter_mut().find(|file| file.load_no == *load_no) else { continue };
            if file.status != "replaced" {
                continue;
            }
            let given = self.given(ledger, *load_no, source_name, &file.sha256)?;
            if given.rows == 0 {
                continue;
            }
            if let Some(fault) = loss(file, &given) {
                return Err(Error::source_file(
                    path,
                    format!(
                        "{fault}, and would take the place of {source_name}, which gave {} rows; the ledger is as it was. Export it again, or load it beside that one with --as NAME",
                        given.rows
                    ),
                ));
            }
            let gone = given.items - given.items_kept;
            if gone > 0 && !given.is_same_file {
                let (are, they, them) = if gone == 1 { ("is", "it is", "it") } else { ("are", "they are", "them") };
                file.notes.push(format!(
                    "{gone} of the {} items that it gave {are} not in this file: {they} gone from the ledger, on every day. To keep {them}, load each file with --as NAME",
                    given.items
                ));
            }
        }
        Ok(())
    }

    fn given(&self, ledger: &Ledger, load_no: i32, source_name: &str, sha256: &str) -> Result<Given, Error> {
        let of_loads = format!(
            "load_no in (select load_no from load where load_no in ({}) and source_name = {})",
            self.replaced_list(),
            literal(source_name)
        );
        let new = self.staged_of("item", load_no);
        let new: Vec<String> = new.map(|stage| format!("select item_id from {stage} where fault is null")).collect();
        let is_kept = match new.is_empty() {
            true => "false".to_owned(),
            false => format!("item_id in ({})", new.join(" union all ")),
        };
        let count = |what: &str| ledger.count(&format!("select count(*) from {what}"));
        let of_items = format!("item where {of_loads}");
        Ok(Given {
            rows: count(&of_items)? + count(&format!("application where {of_loads}"))?,
            items: count(&format!("{of_items} and not is_implied"))?,
            items_kept: count(&format!("{of_items} and not is_implied and {is_kept}"))?,
            is_same_file: count(&format!("load where {of_loads} and sha256 = {}", literal(sha256)))? > 0,
        })
    }
}

fn loss(file: &FileReport, given: &Given) -> Option<String> {
    let rows_of = |name: &str| file.tables.iter().find(|t| t.table == name).map_or(0, |t| t.rows_loaded);
    match &file.cut_line {
        Some(line) => Some(format!("ends within line {line}")),
        None if file.tables.iter().all(|table| table.rows_loaded == 0) => Some("gives no row".to_owned()),
        None if given.items > 0 && rows_of("item") == 0 => Some("gives no item".to_owned()),
        None if given.items > 0 && given.items_kept == 0 && !given.is_same_file => {
            Some("has none of the same items".to_owned())
        }
        None if given.items == 0 && rows_of("application") == 0 => Some("gives no application".to_owned()),
        None => None,
    }
}
