//! The whole pack: every report as CSV, the charts, and one page to start from.

use super::{Context, all, proof};
use crate::catalog::bind;
use crate::error::Error;
use crate::render::html::{self, Part};
use crate::render::{Format, RenderOptions, render};
use crate::sheet::Sheet;

/// One file of the pack.
#[derive(Clone, Debug)]
pub struct PackFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Rows of a table shown on the page; all of them are in its CSV.
const PAGE_ROWS: usize = 200;

/// Makes the pack; `progress` is told which report is being made.
///
/// # Errors
/// [`Error::Internal`] where a report cannot be made.
pub fn pack(context: &Context<'_>, progress: &mut dyn FnMut(&str)) -> Result<(Vec<PackFile>, proof::Proof), Error> {
    let _sharing = bind::share(context.ledger);
    let mut files = Vec::new();
    let mut shown: Vec<(Sheet, Option<String>)> = Vec::new();
    for report in all() {
        progress(report.name);
        let sheet = (report.make)(context)?;
        let options = RenderOptions::default();
        files.push(PackFile { name: format!("{}.csv", sheet.name), bytes: render(&sheet, Format::Csv, &options)? });
        let svg = match &sheet.chart {
            Some(_) => Some(render(&sheet, Format::Svg, &options)?),
            None => None,
        };
        let svg = svg.map(|bytes| {
            files.push(PackFile { name: format!("{}.svg", sheet.name), bytes: bytes.clone() });
            String::from_utf8_lossy(&bytes).into_owned()
        });
        shown.push((sheet, svg));
    }
    progress("proof");
    let proof = proof::prove(context, shown.iter().map(|(sheet, _)| sheet).find(|sheet| sheet.name == "aging"))?;
    progress("index.html");
    let parts: Vec<Part<'_>> = shown
        .iter()
        .map(|(sheet, svg)| Part {
            anchor: sheet.name.clone(),
            heading: sheet.title.clone(),
            sheet,
            svg: svg.clone(),
            csv_name: Some(format!("{}.csv", sheet.name)),
            max_rows: Some(PAGE_ROWS),
        })
        .collect();
    let page = html::page(
        &format!("Receivables as of {}", context.as_of()),
        &proof.all().cloned().collect::<Vec<_>>(),
        &parts,
    )?;
    files.push(PackFile { name: "index.html".to_owned(), bytes: page.into_bytes() });
    Ok((files, proof))
}
