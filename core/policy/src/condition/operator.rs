//! The names of condition operators.

use std::cmp::Ordering;
use std::fmt;

use crate::error::quoted;

/// How many of a request's values an operator asks about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Over {
    /// The one value there is.
    One,
    /// `ForAllValues:`.
    All,
    /// `ForAnyValue:`.
    Any,
}

/// How texts compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TextCompare {
    Equals,
    EqualsIgnoreCase,
    Like,
}

/// How ordered values compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Order {
    Equals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

impl Order {
    /// Whether the request's value stands so to the statement's.
    pub(crate) fn holds(self, request_to_statement: Ordering) -> bool {
        match self {
            Self::Equals => request_to_statement.is_eq(),
            Self::LessThan => request_to_statement.is_lt(),
            Self::LessThanEquals => request_to_statement.is_le(),
            Self::GreaterThan => request_to_statement.is_gt(),
            Self::GreaterThanEquals => request_to_statement.is_ge(),
        }
    }
}

/// What an operator compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Base {
    Text(TextCompare),
    Number(Order),
    Date(Order),
    Flag,
    Binary,
    Address,
    Arn,
    Null,
}

/// An operator, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Operator {
    /// Its name without prefix and suffix, such as `StringNotEquals`.
    pub(crate) name: &'static str,
    pub(crate) over: Over,
    pub(crate) base: Base,
    pub(crate) negated: bool,
    pub(crate) if_exists: bool,
}

const BASES: &[(&str, Base, bool)] = &[
    ("StringEquals", Base::Text(TextCompare::Equals), false),
    ("StringNotEquals", Base::Text(TextCompare::Equals), true),
    ("StringEqualsIgnoreCase", Base::Text(TextCompare::EqualsIgnoreCase), false),
    ("StringNotEqualsIgnoreCase", Base::Text(TextCompare::EqualsIgnoreCase), true),
    ("StringLike", Base::Text(TextCompare::Like), false),
    ("StringNotLike", Base::Text(TextCompare::Like), true),
    ("NumericEquals", Base::Number(Order::Equals), false),
    ("NumericNotEquals", Base::Number(Order::Equals), true),
    ("NumericLessThan", Base::Number(Order::LessThan), false),
    ("NumericLessThanEquals", Base::Number(Order::LessThanEquals), false),
    ("NumericGreaterThan", Base::Number(Order::GreaterThan), false),
    ("NumericGreaterThanEquals", Base::Number(Order::GreaterThanEquals), false),
    ("DateEquals", Base::Date(Order::Equals), false),
    ("DateNotEquals", Base::Date(Order::Equals), true),
    ("DateLessThan", Base::Date(Order::LessThan), false),
    ("DateLessThanEquals", Base::Date(Order::LessThanEquals), false),
    ("DateGreaterThan", Base::Date(Order::GreaterThan), false),
    ("DateGreaterThanEquals", Base::Date(Order::GreaterThanEquals), false),
    ("Bool", Base::Flag, false),
    ("BinaryEquals", Base::Binary, false),
    ("IpAddress", Base::Address, false),
    ("NotIpAddress", Base::Address, true),
    ("ArnEquals", Base::Arn, false),
    ("ArnLike", Base::Arn, false),
    ("ArnNotEquals", Base::Arn, true),
    ("ArnNotLike", Base::Arn, true),
    ("Null", Base::Null, false),
];

impl Operator {
    /// Reads a name such as `ForAnyValue:StringLikeIfExists`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (over, name) = match text.split_once(':') {
            Some(("ForAllValues", name)) => (Over::All, name),
            Some(("ForAnyValue", name)) => (Over::Any, name),
            Some((other, _)) => return Err(format!("{} is not ForAllValues or ForAnyValue", quoted(other))),
            None => (Over::One, text),
        };
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let found = BASES.iter().find(|(known, ..)| *known == name);
        let (name, base, negated) = found.ok_or_else(|| {
            format!(
                "{} is no condition operator; names are as in StringEquals, letter by letter",
                quoted(text)
            )
        })?;
        if *base == Base::Null && (if_exists || over != Over::One) {
            return Err("Null itself asks whether a key exists; it stands alone".into());
        }
        Ok(Self { name, over, base: *base, negated: *negated, if_exists })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.over {
            Over::One => "",
            Over::All => "ForAllValues:",
            Over::Any => "ForAnyValue:",
        })?;
        f.write_str(self.name)?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_is_read_with_its_prefix_and_suffix() {
        for (name, base, negated) in BASES {
            let plain = Operator::parse(name).unwrap_or_else(|e| panic!("{e}"));
            let expected =
                Operator { name, over: Over::One, base: *base, negated: *negated, if_exists: false };
            assert_eq!(plain, expected);
            assert_eq!(plain.to_string(), *name);
            let whole = format!("ForAnyValue:{name}IfExists");
            let full = Operator::parse(&whole);
            assert_eq!(full.is_ok(), *base != Base::Null, "{name}");
            assert!(full.is_err() || full.is_ok_and(|full| full.to_string() == whole));
        }
    }

    #[test]
    fn an_unknown_operator_is_refused() {
        for text in [
            "",
            "stringEquals",
            "StringMatches",
            "StringNotLikeIgnoreCase",
            "ForSomeValues:StringEquals",
            "IfExists",
            "NullIfExists",
            "ForAllValues:Null",
            "StringEqualsIfExistsIfExists",
            "ForAllValues:ForAnyValue:Bool",
        ] {
            assert!(Operator::parse(text).is_err(), "{text}");
        }
    }
}
