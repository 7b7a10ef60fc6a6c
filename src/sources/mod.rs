//! Files as they come: what a file is ([`probe`]), how its dates are written ([`date_format`]), and any readable file
//! as a plain CSV with line numbers ([`rewrite`]). Nothing here knows what the columns mean.

pub mod date_format;
pub mod date_guess;
pub mod encoding;
mod grid;
pub mod header;
mod lines;
mod magic;
pub mod options;
pub mod probe;
mod records;
pub mod rewrite;
mod scan;
mod sniff;
pub mod swapped_dates;
mod text_rows;
mod xlsx;
mod zip_directory;
