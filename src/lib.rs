#![doc = "duecast"]
pub mod catalog;
pub mod cli;
pub mod domain;
mod embedded;
pub mod error;
pub mod generate;
pub mod ledger;
pub mod load;
pub mod metrics;
pub mod render;
pub mod reports;
pub mod sheet;
pub mod sources;
pub mod sql_text;
pub mod staging;
