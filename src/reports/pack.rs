//! The whole pack: every report as CSV, the charts, and one page to start from.

mod office;
mod page;
mod workbook;

use super::{
    Context, Report, aging, aging_trend, all, cei_trend, dso_trend, forecast, headline, proof, seen_as, targets,
};
use crate::catalog::bind::{self, Run};
use crate::error::Error;
use crate::models::parallel::both;
use crate::render::{Format, RenderOptions, chart, render};
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

/// What stands over the page, the workbook, slides and document.
fn title(run: &Run) -> String {
    format!("Receivables as of {}{}", run.as_of(), seen_as(run))
}

/// What the files are made from: every report, made once.
#[derive(Debug)]
pub struct Made {
    run: Run,
    /// The reports with their sheets, in the order of the pack.
    reports: Vec<(&'static Report, Sheet)>,
    /// Ageing of each customer, which has no part of its own on the page.
    by_customer: Sheet,
    /// The proof of the ledger.
    pub proof: proof::Proof,
}

/// Told what is being made, by several threads.
pub type Told<'a> = &'a (dyn Fn(&str) + Sync);

/// Makes files of the pack from its reports.
type Output = fn(&Made) -> Result<Vec<PackFile>, Error>;

/// The kinds of files in the pack: what progress calls them, and what makes them.
const OUTPUTS: &[(&str, Output)] =
    &[("tables", tables), ("charts", |made| charts(made, Format::Svg)), ("index.html", page::page)];

/// The reports that look at month ends: they share what they read with each other, and with no other report.
const OF_MONTH_ENDS: &[Report] = &[headline::REPORT, aging_trend::REPORT, dso_trend::REPORT, cei_trend::REPORT];

/// The reports that look ahead.
const AHEAD: &[Report] = &[forecast::REPORT, targets::REPORT, targets::DAYS];

/// Makes every report; `told` hears which. Month ends and what is to come are read beside the rest: planning many small
/// queries keeps one core busy, and each reads something else.
///
/// # Errors
/// [`Error::Internal`] where a report cannot be made.
pub fn make(context: &Context<'_>, told: Told<'_>) -> Result<Made, Error> {
    let is_among = |some: &[Report], report: &Report| some.iter().any(|other| other.name == report.name);
    let (of_month_ends, others): (Vec<&Report>, Vec<&Report>) =
        all().iter().partition(|report| is_among(OF_MONTH_ENDS, report));
    let of_the_day: Vec<&Report> = others.into_iter().filter(|report| !is_among(AHEAD, report)).collect();
    let (beside, run, show_all) = (context.ledger.beside()?, context.run.clone(), context.show_all);
    let others = move || {
        let context = Context { ledger: &beside, run, show_all };
        let mut reports = month_ends(&context, &of_month_ends, told)?;
        reports.extend(ahead(&context, told)?);
        Ok::<_, Error>(reports)
    };
    let (others, made) = both(others, || of_day(context, &of_the_day, told));
    let (mut reports, by_customer, proof) = made?;
    reports.extend(others?);
    reports.sort_by_key(|(report, _)| all().iter().position(|other| other.name == report.name));
    Ok(Made { run: context.run.clone(), reports, by_customer, proof })
}

type Reports = Vec<(&'static Report, Sheet)>;

/// The reports of the day asked for, the proof of the balance that they show, and ageing of each customer, of which no other
/// report has the same.
fn of_day(
    context: &Context<'_>,
    reports: &[&'static Report],
    told: Told<'_>,
) -> Result<(Reports, Sheet, proof::Proof), Error> {
    let _sharing = bind::share(context.ledger);
    let reports = in_turn(context, reports, told)?;
    told("proof");
    let balance = reports.iter().map(|(_, sheet)| sheet).find(|sheet| sheet.name == "aging");
    let is_of_balance = proof::is_of_balance("aging", &context.run);
    let proof = proof::grounds(context, is_of_balance)?.prove(&context.run, balance.filter(|_| is_of_balance));
    let proof = if let Some(balance) = balance { proof.led_by(balance) } else { proof };
    told("aging_by_customer");
    Ok((reports, aging::by_customer(context)?, proof))
}

/// The reports of month ends.
fn month_ends(context: &Context<'_>, reports: &[&'static Report], told: Told<'_>) -> Result<Reports, Error> {
    let _sharing = bind::share(context.ledger);
    in_turn(context, reports, told)
}

/// The reports that look ahead, from one reading of the ledger.
fn ahead(context: &Context<'_>, told: Told<'_>) -> Result<Reports, Error> {
    told(targets::REPORT.name);
    let ([table, days], learnt) = targets::table_and_days(context)?;
    told(forecast::REPORT.name);
    let forecast = match learnt {
        Some(learnt) => forecast::weeks_of(context, learnt)?,
        None => (forecast::REPORT.make)(context)?,
    };
    [(&forecast::REPORT, forecast), (&targets::REPORT, table), (&targets::DAYS, days)]
        .into_iter()
        .map(|(report, sheet)| Ok((report, without_blank_chart(sheet)?)))
        .collect()
}

fn in_turn(context: &Context<'_>, reports: &[&'static Report], told: Told<'_>) -> Result<Reports, Error> {
    let made = reports.iter().map(|report| {
        told(report.name);
        Ok((*report, without_blank_chart((report.make)(context)?)?))
    });
    made.collect()
}

/// A reader is told by the notes that there is nothing, not by an empty picture.
fn without_blank_chart(mut sheet: Sheet) -> Result<Sheet, Error> {
    if chart::is_blank(&sheet)? {
        sheet.chart = None;
    }
    Ok(sheet)
}

impl Made {
    /// Makes the files, with the extras asked for; `told` hears which. The workbook is made beside the others.
    ///
    /// # Errors
    /// [`Error::Internal`] where a file cannot be made.
    pub fn files(&self, extras: &[Extra], told: Told<'_>) -> Result<Vec<PackFile>, Error> {
        let workbook = || {
            told(workbook::NAME);
            workbook::workbook(self)
        };
        let (workbook, others) = both(workbook, || self.other_files(extras, told));
        let mut files = others?;
        files.push(workbook?);
        Ok(files)
    }

    fn other_files(&self, extras: &[Extra], told: Told<'_>) -> Result<Vec<PackFile>, Error> {
        let mut files = Vec::new();
        for (name, output) in OUTPUTS {
            told(name);
            files.extend(output(self)?);
        }
        if extras.contains(&Extra::Pictures) {
            told("pictures");
            files.extend(charts(self, Format::Png)?);
        }
        if extras.iter().any(|extra| *extra != Extra::Pictures) {
            told("slides and document");
            files.extend(office::files(self, extras)?);
        }
        Ok(files)
    }

    /// Every sheet, in the order of the pack.
    fn sheets(&self) -> impl Iterator<Item = &Sheet> {
        self.reports.iter().map(|(_, sheet)| sheet).chain([&self.by_customer])
    }

    /// The sheet of a name.
    fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets().find(|sheet| sheet.name == name)
    }
}

fn tables(made: &Made) -> Result<Vec<PackFile>, Error> {
    made.sheets().map(|sheet| file(sheet, Format::Csv)).collect()
}

fn charts(made: &Made, format: Format) -> Result<Vec<PackFile>, Error> {
    made.sheets().filter(|sheet| sheet.chart.is_some()).map(|sheet| file(sheet, format)).collect()
}

/// A sheet in a file named after it.
fn file(sheet: &Sheet, format: Format) -> Result<PackFile, Error> {
    let bytes = render(sheet, format, &RenderOptions::default())?;
    Ok(PackFile { name: format!("{}.{}", sheet.name, format.extension()), bytes })
}
