//! The whole pack: every report as CSV, the charts, and one page to start from.

mod office;
mod page;
mod workbook;

use super::{Context, Report, aging, all, proof};
use crate::catalog::bind;
use crate::error::Error;
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

/// Files that the pack has only where they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// Slides: `receivables.pptx`.
    Deck,
    /// A document: `receivables.docx`.
    Document,
    /// The charts as pixels, beside those as lines.
    Pictures,
}

/// What the files are made from: every report, made once.
#[derive(Debug)]
struct Made<'a> {
    context: &'a Context<'a>,
    /// The reports with their sheets, in the order of the pack.
    reports: Vec<(&'static Report, Sheet)>,
    /// Ageing of each customer, which has no part of its own on the page.
    by_customer: Sheet,
    proof: proof::Proof,
}

/// Makes files of the pack from its reports.
type Output = fn(&Made<'_>) -> Result<Vec<PackFile>, Error>;

/// The kinds of files in the pack: what progress calls them, and what makes them.
const OUTPUTS: &[(&str, Output)] = &[
    ("tables", tables),
    ("charts", |made| charts(made, Format::Svg)),
    ("receivables.xlsx", workbook::workbook),
    ("index.html", page::page),
];

/// Makes the pack, with the extras asked for; `progress` is told what is being made.
///
/// # Errors
/// [`Error::Internal`] where a report cannot be made.
pub fn pack(
    context: &Context<'_>,
    extras: &[Extra],
    progress: &mut dyn FnMut(&str),
) -> Result<(Vec<PackFile>, proof::Proof), Error> {
    let _sharing = bind::share(context.ledger);
    let mut reports = Vec::new();
    for report in all() {
        progress(report.name);
        reports.push((report, (report.make)(context)?));
    }
    progress("aging_by_customer");
    let by_customer = aging::by_customer(context)?;
    progress("proof");
    let balance = reports.iter().map(|(_, sheet)| sheet).find(|sheet| sheet.name == "aging");
    let proof = proof::prove(context, balance)?;
    let made = Made { context, reports, by_customer, proof };
    let mut files = Vec::new();
    for (name, output) in OUTPUTS {
        progress(name);
        files.extend(output(&made)?);
    }
    if extras.contains(&Extra::Pictures) {
        progress("pictures");
        files.extend(charts(&made, Format::Png)?);
    }
    if extras.iter().any(|extra| *extra != Extra::Pictures) {
        progress("slides and document");
        files.extend(office::files(&made, extras)?);
    }
    Ok((files, made.proof))
}

impl Made<'_> {
    /// Every sheet, in the order of the pack.
    fn sheets(&self) -> impl Iterator<Item = &Sheet> {
        self.reports.iter().map(|(_, sheet)| sheet).chain([&self.by_customer])
    }

    /// The sheet of a name.
    fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets().find(|sheet| sheet.name == name)
    }
}

fn tables(made: &Made<'_>) -> Result<Vec<PackFile>, Error> {
    made.sheets().map(|sheet| file(sheet, Format::Csv)).collect()
}

fn charts(made: &Made<'_>, format: Format) -> Result<Vec<PackFile>, Error> {
    made.sheets().filter(|sheet| sheet.chart.is_some()).map(|sheet| file(sheet, format)).collect()
}

/// A sheet in a file named after it.
fn file(sheet: &Sheet, format: Format) -> Result<PackFile, Error> {
    let bytes = render(sheet, format, &RenderOptions::default())?;
    Ok(PackFile { name: format!("{}.{}", sheet.name, format.extension()), bytes })
}
