//! From rows of text to typed, validated rows: as SQL over whole files, so that no row passes through an object.
//!
//! `contract` reads the tables and types of the ledger from `queries/schema.sql`, `rules` says what each table's rows
//! must satisfy, `written_day` reads days, `stage` makes the one statement that types a file and gives every row that fails its reason.

pub mod contract;
pub mod mapping;
pub mod rules;
pub mod stage;
pub mod written_day;
