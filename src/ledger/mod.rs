//! The ledger file: opening it, filling it, asking it.

pub mod frame;
pub mod settle;
pub mod store;
