//! Receivables analytics that prove themselves: one ledger file, and every number rebuilt from dated events as of any day.
//!
//! ```text
//!  files            texts with a line       typed, validated          tables                 views                values           bytes
//!  csv xlsx pq ──▶  sources/        ──▶     staging/           ──▶    ledger/         ──▶    queries/ via   ──▶   reports/  ──▶    render/
//!                   (or the engine          (one statement a file,    schema.sql             catalog/             metrics/         text csv json
//!                   reads a plain file      mappings as data)         settled once           bound for a run      sheet.rs         parquet xlsx svg html
//!                   itself)                 │ refused rows                                   │
//!                                           ▼                                                ▼
//!                                           rejected_row + manifest ◀──────────────────────  queries/checks
//! ```
//!
//! Left to right only. `load` drives the first three columns inside one transaction; `cli` drives everything and is the
//! only place that prints, asks the clock or exits. Bulk work is SQL in the engine: no row of a file passes through an
//! object of ours on its way into the ledger.
//!
//! - [`domain`]: money, days asked for, buckets, dimensions. No files, no engine, no clock.
//! - [`sources`]: what a file is, and any readable file as plain rows with line numbers.
//! - [`staging`]: the data contract, the rules of each table, mappings; all of it as SQL text.
//! - [`ledger`]: the ledger file (the only place that knows the engine), and what a load settles once.
//! - [`load`]: files in, one transaction, a manifest out.
//! - [`catalog`]: the shipped queries, their headers, their order, and the views of a run.
//! - [`metrics`]: what SQL is wrong for (count-back DSO), the checks, the dictionary.
//! - [`reports`]: each report as a value, with its proof line.
//! - [`sheet`]: that value: what columns mean and what cells hold.
//! - [`render`]: a sheet as bytes; knows nothing of receivables.
//! - [`generate`]: a synthetic ledger of any size, with known truth.
//! - [`sql_text`]: the user's words on their way into SQL.
//! - [`error`]: what can go wrong, and the exit codes.
//! - [`cli`]: arguments, options, one file a command.

pub mod catalog;
pub mod cli;
pub mod domain;
mod embedded;
pub mod error;
pub mod generate;
pub mod ledger;
pub mod load;
pub mod metrics;
pub mod models;
pub mod render;
pub mod reports;
pub mod sheet;
pub mod sources;
pub mod sql_text;
pub mod staging;
