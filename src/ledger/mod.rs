//! The ledger file: opening it, filling it, asking it.

mod change;
pub mod frame;
mod guard;
pub mod settle;
pub mod store;
