//! Text of the user's on its way into SQL.

/// A text as a literal of SQL. A NUL, which no engine takes there, is left out.
#[must_use]
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn a_quote_does_not_end_the_literal() {
        assert_eq!(literal("O'Neil'; drop table item; --"), "'O''Neil''; drop table item; --'");
        assert_eq!(literal("a\0b"), "'ab'");
    }
}
