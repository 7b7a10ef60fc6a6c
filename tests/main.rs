//! Every integration test, in one binary.

mod bad_input;
mod cli;
mod docs;
mod figures;
mod forecast;
mod headline;
mod ledger_file;
mod lines;
mod names;
mod narrowed;
mod notes;
mod office;
mod page;
mod properties;
mod real_data;
mod reconciled;
mod record;
mod sample;
mod sql;
mod support;
mod targets;
mod tidy;
mod workbook;

/// As the program has.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;
