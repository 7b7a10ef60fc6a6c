//! What SQL is wrong for, and readers of what the views give.

pub mod checks;
pub mod count_back;
pub mod dictionary;
pub mod dso_bridge;
