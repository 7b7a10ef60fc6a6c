//! The mappings that are shipped, by name.

use crate::embedded::MAPPINGS;

/// The text of a shipped mapping.
#[must_use]
pub fn builtin(name: &str) -> Option<&'static str> {
    let wanted = format!("{name}.toml");
    MAPPINGS.iter().find(|(file, _)| *file == wanted).map(|(_, text)| *text)
}

/// Names of the shipped mappings.
#[must_use]
pub fn builtin_names() -> Vec<&'static str> {
    MAPPINGS.iter().map(|(file, _)| file.trim_end_matches(".toml")).collect()
}
