//! The arguments as they are written, and the help.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args as ClapArgs, Parser, Subcommand};

use crate::reports::{self, pack::Extra};

/// Receivables analytics that prove themselves: every number rebuilt from dated events, as of any day.
#[derive(Debug, Parser)]
#[command(name = "duecast", version, max_term_width = 110, infer_subcommands = false)]
pub struct Args {
    /// The ledger file.
    #[arg(long, global = true, env = "DUECAST_LEDGER", default_value = "ledger.duckdb", value_name = "FILE")]
    pub ledger: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program does.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// The main job on the sample that comes with duecast: load, every report, one page.
    Demo(DemoArgs),
    /// Load files into the ledger: all of them, or none.
    Load(LoadArgs),
    /// What is wrong with the data.
    Check(CheckArgs),
    /// Which items make up the balance.
    Items(ItemsArgs),
    /// What is owed, and how late it is.
    Aging(ReportArgs),
    /// How the balance got from the start of a period to its end; the difference is always 0.
    Rollforward(PeriodArgs),
    /// How many days of sales are owed, by every method.
    Dso(ReportArgs),
    /// Every other figure: CEI, days late, roll rates, disputes, promises, concentration.
    Kpi(PeriodArgs),
    /// One report of the pack: the trends, top customers, concentration, days late, roll rates, disputes and the rest.
    Show(ShowArgs),
    /// Why the balance, overdue or DSO moved between two days: steps that sum exactly to the change.
    Bridge(BridgeArgs),
    /// What cash comes in which week, and how far that can be trusted.
    Forecast(ForecastArgs),
    /// How good past forecasts would have been, against due dates, mean delays and past weeks.
    Backtest(BacktestArgs),
    /// Where collection stands against its targets, whether they will be met, and what would close the gap.
    Targets(TargetsArgs),
    /// The whole pack into a folder: every report as CSV, charts, and a page to start from.
    Report(PackArgs),
    /// A query of your own over the ledger and its views: read only, no files, no network.
    Sql(SqlArgs),
    /// Every figure there is, with what it means.
    Metrics(MetricsArgs),
    /// What a figure means, where it comes from and when it misleads; with --rows, the rows behind it.
    Explain(ExplainArgs),
    /// Write a synthetic ledger of any size, with known truth.
    Generate(GenerateArgs),
}

/// Where an answer goes, and in which form.
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct OutputArgs {
    /// table, csv, json, parquet, xlsx, svg or png; default table on a terminal, csv in a pipe.
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// Write to a file; its ending tells the format.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What a report looks at.
#[derive(Clone, Debug, ClapArgs)]
pub struct ScopeArgs {
    /// The end of this day: YYYY-MM-DD, or today.
    #[arg(long, value_name = "DATE")]
    pub as_of: String,
    /// Everything else.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// How a report looks at a day.
#[derive(Clone, Debug, ClapArgs)]
pub struct SettingArgs {
    /// Only what had been keyed by then: a date means its end.
    #[arg(long, value_name = "DATE or TIME")]
    pub known_at: Option<String>,
    /// Split by: customer, parent, company, country, segment, business_unit, collector, currency, kind.
    #[arg(long, value_name = "DIMENSION,…")]
    pub by: Option<String>,
    /// Only items in these currencies.
    #[arg(long, value_name = "CODE,…", value_delimiter = ',')]
    pub currency: Vec<String>,
    /// Only these companies.
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub company: Vec<String>,
    /// Only these customers.
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub customer: Vec<String>,
    /// Only customers of these collectors, as assigned on the day.
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub collector: Vec<String>,
    /// Only these business units.
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub business_unit: Vec<String>,
    /// Age from the due date or from the document date.
    #[arg(long, value_name = "due|invoice", default_value = "due")]
    pub basis: String,
    /// Ageing buckets: ranges such as 1-30,31-60,61+ or last days such as 30,60.
    #[arg(long, value_name = "RANGES", allow_hyphen_values = true)]
    pub buckets: Option<String>,
    /// Days of sales that DSO looks back on.
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(i32).range(1..=3660))]
    pub window: i32,
    /// Sales without tax.
    #[arg(long)]
    pub net: bool,
    /// Days after its date within which a promise still counts as kept (promise_kept_grace_rate).
    #[arg(long, value_name = "DAYS", default_value_t = 3, value_parser = clap::value_parser!(i32).range(0..=365))]
    pub grace_days: i32,
}

/// A report on one day.
#[derive(Clone, Debug, ClapArgs)]
pub struct ReportArgs {
    /// What it looks at.
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// Where the answer goes.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// A report over a period.
#[derive(Clone, Debug, ClapArgs)]
pub struct PeriodArgs {
    /// The period runs from the end of this day.
    #[arg(long, value_name = "DATE")]
    pub from: String,
    /// Everything else.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Why a figure moved.
#[derive(Clone, Debug, ClapArgs)]
pub struct BridgeArgs {
    /// balance, overdue or dso (dso_simple).
    #[arg(long, value_name = "METRIC", default_value = "balance")]
    pub metric: String,
    /// Steps are the customers that moved it most, this many a currency, and the others.
    #[arg(long, value_name = "COUNT", num_args = 0..=1, default_missing_value = "10")]
    pub customers: Option<u16>,
    /// Everything else.
    #[command(flatten)]
    pub period: PeriodArgs,
}

/// The weeks of a forecast.
#[derive(Clone, Debug, ClapArgs)]
pub struct HorizonArgs {
    /// Number of weeks.
    #[arg(long, value_name = "COUNT", default_value_t = 13, value_parser = clap::value_parser!(u16).range(1..=520))]
    pub weeks: u16,
    /// monday: week 1 is the rest of the current week; next: seven days from the day after. Default monday, for backtest next.
    #[arg(long, value_name = "monday|next")]
    pub week_start: Option<String>,
    /// Leave out what is not billed yet.
    #[arg(long)]
    pub open_only: bool,
    /// Share of outcomes that lower to upper should hold.
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub level: f64,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
}

/// A cash forecast.
#[derive(Clone, Debug, ClapArgs)]
pub struct ForecastArgs {
    /// When each open item will be paid, instead of weeks.
    #[arg(long, conflicts_with_all = ["scenario", "freeze", "compare"])]
    pub items: bool,
    /// What if: a TOML file of what is supposed (docs/forecast.md); each row as expected and as it would be.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["freeze", "compare"])]
    pub scenario: Option<PathBuf>,
    /// Keep this forecast in the ledger, so that it can be held against what comes.
    #[arg(long, conflicts_with = "compare")]
    pub freeze: bool,
    /// Frozen forecasts against what came by the day: miss (why each missed), customers (who moved it most) or scores.
    #[arg(long, value_name = "miss|customers|scores", num_args = 0..=1, default_missing_value = "miss")]
    pub compare: Option<String>,
    /// Only this frozen forecast.
    #[arg(long, value_name = "NUMBER", requires = "compare")]
    pub forecast_no: Option<u32>,
    /// Add a total of all currencies in this one, at the ledger's exchange rates (fx_rate) of the day or the last before it.
    #[arg(long, value_name = "CODE", conflicts_with_all = ["items", "freeze", "compare"])]
    pub convert_to: Option<String>,
    /// With --convert-to, rates instead of the ledger's: what one unit is in that currency, such as HUF=0.0025.
    #[arg(long, value_name = "CODE=RATE,…", value_delimiter = ',', requires = "convert_to")]
    pub rate: Vec<String>,
    /// Which weeks.
    #[command(flatten)]
    pub horizon: HorizonArgs,
    /// Everything else.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// The record of forecasts.
#[derive(Clone, Debug, ClapArgs)]
pub struct BacktestArgs {
    /// First day to forecast from.
    #[arg(long, value_name = "DATE")]
    pub from: String,
    /// Last day to forecast from.
    #[arg(long, value_name = "DATE")]
    pub to: String,
    /// month (each month end) or week (every seven days from the first).
    #[arg(long, value_name = "month|week", default_value = "month")]
    pub every: String,
    /// Every forecast week with what came, instead of scores.
    #[arg(long)]
    pub points: bool,
    /// Which weeks.
    #[command(flatten)]
    pub horizon: HorizonArgs,
    /// What it looks at.
    #[command(flatten)]
    pub settings: SettingArgs,
    /// Where the answer goes.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Targets.
#[derive(Clone, Debug, ClapArgs)]
pub struct TargetsArgs {
    /// The fewest items that would close each gap if they were collected now, instead of targets.
    #[arg(long)]
    pub items: bool,
    /// The days of the period: what came, what usually has come and what is expected. Drawn by -f svg or png.
    #[arg(long, conflicts_with = "items")]
    pub days: bool,
    /// Only targets of company, business_unit, team or collector.
    #[arg(long, value_name = "SCOPE")]
    pub scope: Option<String>,
    /// Only the targets of these, with --scope.
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub scope_id: Vec<String>,
    /// The period that starts on this day; default those that hold the day asked for.
    #[arg(long, value_name = "DATE", conflicts_with = "all")]
    pub period_start: Option<String>,
    /// Every period that has begun.
    #[arg(long)]
    pub all: bool,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Everything else.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// The list of items.
#[derive(Clone, Debug, ClapArgs)]
pub struct ItemsArgs {
    /// Settled items too.
    #[arg(long)]
    pub all: bool,
    /// Everything else.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// One report of the pack.
#[derive(Clone, Debug, ClapArgs)]
pub struct ShowArgs {
    /// Which one.
    #[arg(value_name = "REPORT", value_parser = report_names())]
    pub name: String,
    /// The period runs from the end of this day; default the end of the month before.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Everything else.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// The reports there are, each with its question.
fn report_names() -> PossibleValuesParser {
    reports::all().iter().map(|report| PossibleValue::new(report.name).help(report.answers)).into()
}

/// The pack.
#[derive(Clone, Debug, ClapArgs)]
pub struct PackArgs {
    /// Folder to write into; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Add slides (pptx) or a document (docx) of the key pages, or the charts as pictures (png).
    #[arg(short, long, value_name = "pptx,docx,png", value_delimiter = ',', value_parser = extra)]
    pub format: Vec<Extra>,
    /// The period runs from the end of this day; default the end of the month before.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Everything else.
    #[command(flatten)]
    pub scope: ScopeArgs,
}

fn extra(name: &str) -> Result<Extra, String> {
    match name {
        "pptx" => Ok(Extra::Deck),
        "docx" => Ok(Extra::Document),
        "png" => Ok(Extra::Pictures),
        _ => Err("the pack can have pptx, docx and png added; its other files are always there".to_owned()),
    }
}

/// The demonstration.
#[derive(Clone, Debug, ClapArgs)]
pub struct DemoArgs {
    /// Folder to write into; made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub out: PathBuf,
}

/// A load.
#[derive(Clone, Debug, ClapArgs)]
pub struct LoadArgs {
    /// Files, or folders of them: CSV, Parquet or XLSX. A file named after a table (item.csv) needs no mapping.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Mapping of the source: a TOML file, or one that comes with duecast (highradius, ibm, sap_fbl5n).
    #[arg(long, value_name = "NAME or FILE")]
    pub source: Option<String>,
    /// Files that a mapping's lookups read, where they do not lie beside the source.
    #[arg(long, value_name = "NAME=FILE")]
    pub lookup: Vec<String>,
    /// Write a first mapping for a file from what it holds, its guesses marked, and load nothing.
    #[arg(long)]
    pub draft_mapping: bool,
    /// Table of a file whose name does not say it.
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
    /// Name of the source; a later load of the same name replaces this one. Default: the file's name.
    #[arg(long = "as", value_name = "NAME")]
    pub source_name: Option<String>,
    /// Currency of rows that name none.
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
    /// How dates are written where they are not ISO: DD/MM/YYYY, MM/DD/YYYY, DD.MM.YYYY, …
    #[arg(long, value_name = "FORMAT")]
    pub date_format: Option<String>,
    /// Encoding of a text file: utf-8, utf-16, windows-1250, windows-1252, gbk and others of the WHATWG list.
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Character between fields.
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<char>,
    /// Lines before the header.
    #[arg(long, value_name = "COUNT")]
    pub skip_lines: Option<u64>,
    /// Sheet of a workbook; default the first.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// table or json.
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<String>,
}

/// The checks.
#[derive(Clone, Debug, ClapArgs)]
pub struct CheckArgs {
    /// Checks whose findings are all listed; without names, every check with its count.
    #[arg(value_name = "CHECK")]
    pub names: Vec<String>,
    /// List the rejected rows instead.
    #[arg(long, conflicts_with = "names")]
    pub rejected: bool,
    /// Where the answer goes.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// A query of the user's own.
#[derive(Clone, Debug, ClapArgs)]
pub struct SqlArgs {
    /// One SELECT.
    #[arg(value_name = "SELECT …")]
    pub query: String,
    /// The day the views are as of; default today.
    #[arg(long, value_name = "DATE", default_value = "today")]
    pub as_of: String,
    /// The period of the views runs from the end of this day.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Where the answer goes.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The dictionary.
#[derive(Clone, Debug, ClapArgs)]
pub struct MetricsArgs {
    /// Where the answer goes.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// One figure explained.
#[derive(Clone, Debug, ClapArgs)]
pub struct ExplainArgs {
    /// The figure: one of duecast metrics; or payment_curve, with --customer and --as-of: when that customer pays.
    #[arg(value_name = "METRIC")]
    pub metric: String,
    /// The figure itself, at the end of this day: YYYY-MM-DD, or today.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// The rows behind the figure of that day; they sum to it.
    #[arg(long, requires = "as_of")]
    pub rows: bool,
    /// The period runs from the end of this day; default the end of the month before.
    #[arg(long, value_name = "DATE", requires = "as_of")]
    pub from: Option<String>,
    /// Everything else.
    #[command(flatten)]
    pub settings: SettingArgs,
    /// Where the answer goes.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// A synthetic ledger.
#[derive(Clone, Debug, ClapArgs)]
pub struct GenerateArgs {
    /// Rows of the item table, about.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    pub items: u64,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Folder to write into; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// First day of billing.
    #[arg(long, value_name = "DATE", default_value = "2023-01-01")]
    pub start: String,
    /// Days covered.
    #[arg(long, value_name = "COUNT", default_value_t = 731)]
    pub days: u32,
    /// Share of customers with a planted fraud, 0 to 1; each is named in truth_fraud.csv.
    #[arg(long, value_name = "SHARE", default_value_t = 0.02)]
    pub fraud_rate: f64,
}
