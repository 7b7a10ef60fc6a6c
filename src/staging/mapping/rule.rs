//! What one column of the ledger is made from.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// What one column of the ledger is made from. The parts apply in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// Where the value comes from.
    pub source: Source,
    /// How an identifier is brought into one spelling.
    pub normal: Normal,
    /// A file in which the value is looked up.
    pub lookup: Option<Lookup>,
    /// Words of the source and what they mean.
    pub map: BTreeMap<String, String>,
    /// What a word means that `map` does not list; without it the word stays, and a later check rejects it.
    pub otherwise: Option<String>,
    /// A column that says which amounts are negative.
    pub sign: Option<Sign>,
    /// The amount with the other sign.
    pub is_negated: bool,
    /// The amount without its sign.
    pub is_absolute: bool,
    /// Days to add to a date.
    pub plus_days: Option<Box<Rule>>,
    /// Days to take from a date.
    pub minus_days: Option<Box<Rule>>,
    /// What stands where the source has nothing.
    pub default: Option<String>,
    /// What the manifest says of rows for which the default stands in.
    pub default_note: Option<String>,
    /// Text before the value.
    pub prefix: String,
    /// The column may be missing from the file; the rule then gives nothing, or its default.
    pub is_optional: bool,
}

/// Where a value comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Source {
    /// Nowhere; only the default counts.
    #[default]
    Nothing,
    /// The first of these columns that the file has.
    Column(Vec<String>),
    /// The same for every row.
    Constant(String),
    /// The line of the row, for rows without an identifier.
    Line,
    /// Several values joined; the text stands between them.
    Concat(Vec<Rule>, String),
    /// One of two values, by the sign of an amount.
    BySign {
        /// The amount.
        amount: Box<Rule>,
        /// Where it is zero or more.
        positive: Box<Rule>,
        /// Where it is less.
        negative: Box<Rule>,
    },
}

/// How an identifier is brought into one spelling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Normal {
    /// Leading zeros go where the text is all digits; as SAP does, others keep theirs.
    pub strip_zeros: bool,
    /// Zeros to put before a text that is all digits, up to this length.
    pub pad: Option<u32>,
    /// Capitals.
    pub upper: bool,
}

/// A column in which a key is looked up in another file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// The file, beside the mapping or beside the source, or as given with `--lookup`.
    pub file: String,
    /// Column of the keys; they are brought into the spelling of the rule.
    pub key: String,
    /// Column of the values.
    pub value: String,
    /// The file may be missing; nothing is found then.
    #[serde(default, rename = "optional")]
    pub is_optional: bool,
    /// Spelling of the keys, that of the rule.
    #[serde(skip)]
    pub normal: Normal,
}

/// A column that says which amounts are negative, such as `SHKZG`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// The column.
    pub column: String,
    /// Its words for negative amounts: `H`.
    pub negative: Vec<String>,
    /// Its words for positive amounts: `S`. Any other word rejects the row.
    pub positive: Vec<String>,
}

/// A condition on a row of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The value is one of these.
    In(Rule, Vec<String>),
    /// The value is none of these; an empty one is none.
    NotIn(Rule, Vec<String>),
    /// There is a value, or there is none.
    Filled(Rule, bool),
    /// The amount is not zero.
    NotZero(Rule),
    /// There is a value, and it is no amount of zero.
    FilledNotZero(Rule),
}

impl Condition {
    /// The value that is looked at.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        match self {
            Self::In(rule, _) | Self::NotIn(rule, _) | Self::Filled(rule, _) => rule,
            Self::NotZero(rule) | Self::FilledNotZero(rule) => rule,
        }
    }
}

impl Rule {
    /// A value that is the same for every row.
    #[must_use]
    pub fn constant(text: &str) -> Self {
        Self { source: Source::Constant(text.to_owned()), ..Self::default() }
    }

    /// The value of a column.
    #[must_use]
    pub fn column(name: &str) -> Self {
        Self { source: Source::Column(vec![name.to_owned()]), ..Self::default() }
    }

    /// This rule and every rule inside it.
    pub(super) fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a Rule)) {
        visitor(self);
        match &self.source {
            Source::Concat(parts, _) => parts.iter().for_each(|part| part.visit(visitor)),
            Source::BySign { amount, positive, negative } => {
                [amount, positive, negative].into_iter().for_each(|part| part.visit(visitor));
            }
            Source::Nothing | Source::Column(_) | Source::Constant(_) | Source::Line => {}
        }
        for days in [&self.plus_days, &self.minus_days].into_iter().flatten() {
            days.visit(visitor);
        }
    }
}

/// A rule as it is written out in full.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RuleForm {
    column: Option<Names>,
    constant: Option<toml::Value>,
    line: bool,
    by_sign: Option<BySign>,
    concat: Vec<Rule>,
    separator: Option<String>,
    strip_zeros: bool,
    pad: Option<u32>,
    upper: bool,
    lookup: Option<Lookup>,
    map: BTreeMap<String, toml::Value>,
    otherwise: Option<toml::Value>,
    sign: Option<Sign>,
    negate: bool,
    plus_days: Option<Box<Rule>>,
    minus_days: Option<Box<Rule>>,
    default: Option<toml::Value>,
    default_note: Option<String>,
    prefix: String,
    optional: bool,
}

/// Words for the two signs of an amount.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BySign {
    amount: Rule,
    positive: String,
    negative: String,
}

impl RuleForm {
    fn into_rule(self) -> Result<Rule, String> {
        let has_parts = !self.concat.is_empty();
        let sources = [self.column.is_some(), self.constant.is_some(), self.line, self.by_sign.is_some(), has_parts];
        if sources.iter().filter(|is_given| **is_given).count() != 1 {
            return Err("a rule needs one of column, constant, line = true, by_sign and concat".to_owned());
        }
        let source = match (self.column, self.constant, self.by_sign) {
            (Some(names), ..) => Source::Column(names.0),
            (None, Some(value), _) => Source::Constant(text_of(value)?),
            (None, None, Some(BySign { amount, positive, negative })) => Source::BySign {
                amount: Box::new(amount),
                positive: Box::new(Rule::constant(&positive)),
                negative: Box::new(Rule::constant(&negative)),
            },
            (None, None, None) if self.line => Source::Line,
            (None, None, None) => Source::Concat(self.concat, self.separator.unwrap_or_else(|| "-".to_owned())),
        };
        if self.default_note.is_some() && self.default.is_none() {
            return Err("default_note says what default stands for; give default too".to_owned());
        }
        if self.otherwise.is_some() && self.map.is_empty() {
            return Err("otherwise is for words that map does not list; give map too".to_owned());
        }
        let normal = Normal { strip_zeros: self.strip_zeros, pad: self.pad, upper: self.upper };
        let map = self.map.into_iter().map(|(from, to)| text_of(to).map(|to| (from, to)));
        Ok(Rule {
            source,
            normal,
            lookup: self.lookup.map(|lookup| Lookup { normal, ..lookup }),
            map: map.collect::<Result<_, _>>()?,
            otherwise: self.otherwise.map(text_of).transpose()?,
            sign: self.sign,
            is_negated: self.negate,
            is_absolute: false,
            plus_days: self.plus_days,
            minus_days: self.minus_days,
            default: self.default.map(text_of).transpose()?,
            default_note: self.default_note,
            prefix: self.prefix,
            is_optional: self.optional,
        })
    }
}

/// A value of a mapping as text.
fn text_of(value: toml::Value) -> Result<String, String> {
    match value {
        toml::Value::String(text) => Ok(text),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Boolean(is_true) => Ok(is_true.to_string()),
        toml::Value::Datetime(day) => Ok(day.to_string()),
        other => Err(format!("a {} stands where a text is expected; put it in quotes", other.type_str())),
    }
}

/// One name, or the names a column has in different layouts and languages.
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column, or a list of the names it may have")
            }
            fn visit_str<E>(self, name: &str) -> Result<Names, E> {
                Ok(Names(vec![name.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<Names, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(names)).map(Names)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Rule;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column, a list of names, a number, or a rule such as { column = \"…\" }")
            }
            fn visit_str<E>(self, name: &str) -> Result<Rule, E> {
                Ok(Rule::column(name))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Rule, E> {
                Ok(Rule::constant(&number.to_string()))
            }
            fn visit_bool<E>(self, is_true: bool) -> Result<Rule, E> {
                Ok(Rule::constant(&is_true.to_string()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<Rule, A::Error> {
                let names = Vec::deserialize(SeqAccessDeserializer::new(names))?;
                Ok(Rule { source: Source::Column(names), ..Rule::default() })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rule, A::Error> {
                RuleForm::deserialize(MapAccessDeserializer::new(map))?.into_rule().map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
