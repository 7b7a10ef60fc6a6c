//! The mappings that are shipped, by name.

const BUILTINS: [(&str, &str); 3] = [
    ("highradius", include_str!("../../../mappings/highradius.toml")),
    ("ibm", include_str!("../../../mappings/ibm.toml")),
    ("sap_fbl5n", include_str!("../../../mappings/sap_fbl5n.toml")),
];

/// The text of a shipped mapping.
#[must_use]
pub fn builtin(name: &str) -> Option<&'static str> {
    BUILTINS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Names of the shipped mappings.
#[must_use]
pub fn builtin_names() -> Vec<&'static str> {
    BUILTINS.iter().map(|(name, _)| *name).collect()
}
