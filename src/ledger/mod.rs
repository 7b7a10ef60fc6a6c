//! The ledger file: opening it, filling it, asking it.

mod change;
pub mod frame;
pub mod settle;
pub mod store;
