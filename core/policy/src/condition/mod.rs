//! When a statement applies: `Condition`.

mod date;
mod network;
mod number;
mod operator;

use std::collections::HashSet;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::quoted;
use crate::json::Node;
use crate::pattern::{ArnPattern, Match, Pattern, Variables, Wildcards};
use crate::policy::Effect;
use crate::{ConditionKey, PolicyError, Request, Value};

use date::Instant;
use network::Network;
use number::Decimal;
use operator::{Base, Order, TextCompare};
pub(crate) use operator::{Operator, Over};

/// One operator, one key, and the values it is compared with.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) key: ConditionKey,
    pub(crate) operator: Operator,
    values: Values,
}

/// The values of a statement, compiled. A request's value matches if it matches one of them.
#[derive(Debug)]
enum Values {
    Text(TextCompare, Box<[Pattern]>),
    Number(Order, Box<[Decimal]>),
    Date(Order, Box<[Instant]>),
    Flag { yes: bool, no: bool },
    Binary(Box<[Box<[u8]>]>),
    Address(Box<[Network]>),
    Arn(Box<[ArnPattern]>),
    Null { absent: bool, present: bool },
}

impl Condition {
    /// Reads the whole `Condition` element.
    pub(crate) fn parse_all(node: &Node<'_>, variables: Variables) -> Result<Box<[Self]>, PolicyError> {
        let mut all = Vec::new();
        for block in node.members("Condition")? {
            let operator = Operator::parse(&block.name).map_err(|reason| block.at.refuse(reason))?;
            let mut keys = HashSet::new();
            for entry in block.value.members("a condition operator's value")? {
                let key = ConditionKey::parse(&entry.name).map_err(|reason| entry.at.refuse(reason))?;
                if !keys.insert(key.folded()) {
                    return Err(entry
                        .at
                        .refuse(format!("{key} stands here twice; put its values into one list")));
                }
                let values = Values::parse(operator, &entry.value, variables)?;
                all.push(Self { key, operator, values });
            }
            if keys.is_empty() {
                return Err(block
                    .value
                    .refuse(format!("{} names no condition key; add one or leave it out", block.name)));
            }
        }
        Ok(all.into())
    }

    /// Whether the condition lets a statement of this effect apply. Where that cannot be told, an Allow does not
    /// apply and a Deny does.
    pub(crate) fn holds(&self, effect: Effect, request: &Request<'_>) -> bool {
        if let Values::Null { absent, present } = self.values {
            return if self.exists(request) { present } else { absent };
        }
        let (mut count, mut only_empty) = (0usize, true);
        let (mut all, mut any) = (true, false);
        request.values(&self.key, &mut |value| {
            count += 1;
            only_empty &= value == Value::Text("");
            let holds = self.holds_for(&value, effect, request);
            all &= holds;
            any |= holds;
        });
        let nothing = count == 0 || (only_empty && self.key.is_multivalued());
        let Operator { over, negated, if_exists, .. } = self.operator;
        match over {
            _ if nothing && if_exists => true,
            Over::One if nothing => negated,
            Over::All if nothing => true,
            Over::Any if nothing => false,
            Over::All => all,
            Over::Any => any,
            // Several values where the statement expects one: an Allow needs all of them, a Deny one.
            Over::One => match effect {
                Effect::Allow => all,
                Effect::Deny => any,
            },
        }
    }

    /// Whether it holds for nobody whose request has no value for the key.
    pub(crate) fn needs_value(&self) -> bool {
        let Operator { over, negated, if_exists, .. } = self.operator;
        match (&self.values, over) {
            (Values::Null { absent, .. }, _) => !absent,
            (_, Over::All) => false,
            (_, Over::Any) => !if_exists,
            (_, Over::One) => !if_exists && !negated,
        }
    }

    /// Whether the request has a value for the key.
    pub(crate) fn exists(&self, request: &Request<'_>) -> bool {
        let mut exists = false;
        let empty_is_nothing = self.key.is_multivalued();
        request.values(&self.key, &mut |value| exists |= !(empty_is_nothing && value == Value::Text("")));
        exists
    }

    /// Whether one value of the request satisfies the operator.
    fn holds_for(&self, value: &Value<'_>, effect: Effect, request: &Request<'_>) -> bool {
        let negated = self.operator.negated;
        match self.values.compare(value, request) {
            Some(Match::Yes) => !negated,
            Some(Match::No) => negated,
            // Nothing equals a variable without a value; but that alone must not let anyone in.
            Some(Match::Unresolved) => negated && effect == Effect::Deny,
            None => effect == Effect::Deny,
        }
    }
}

impl Values {
    fn parse(operator: Operator, node: &Node<'_>, variables: Variables) -> Result<Self, PolicyError> {
        let items = node.one_or_more("a condition's value")?;
        let each = |read: &dyn Fn(&str) -> Option<bool>, form: &str| flags(&items, read, form);
        let boolean = |text: &str| match () {
            () if text.eq_ignore_ascii_case("true") => Some(true),
            () if text.eq_ignore_ascii_case("false") => Some(false),
            () => None,
        };
        Ok(match operator.base {
            Base::Text(compare) => {
                let wildcards = match compare {
                    TextCompare::Like => Wildcards::Others,
                    TextCompare::Equals | TextCompare::EqualsIgnoreCase => Wildcards::Themselves,
                };
                Self::Text(compare, read_all(&items, |text| Pattern::parse(text, wildcards, variables))?)
            }
            Base::Arn => Self::Arn(read_all(&items, |text| ArnPattern::parse(text, variables))?),
            Base::Number(order) => Self::Number(
                order,
                read_all(&items, |text| {
                    Decimal::parse(text).ok_or_else(|| expected(text, "a number such as 7 or 0.5"))
                })?,
            ),
            Base::Date(order) => Self::Date(
                order,
                read_all(&items, |text| Instant::parse(text).ok_or_else(|| expected(text, Instant::FORM)))?,
            ),
            Base::Address => Self::Address(read_all(&items, |text| {
                Network::parse(text)
                    .ok_or_else(|| expected(text, "an address or a range such as 203.0.113.0/24"))
            })?),
            Base::Binary => Self::Binary(read_all(&items, |text| {
                STANDARD.decode(text).map(Vec::into_boxed_slice).map_err(|_| expected(text, "base64"))
            })?),
            Base::Flag => {
                let (yes, no) = each(&boolean, "true or false")?;
                Self::Flag { yes, no }
            }
            Base::Null => {
                let (absent, present) = each(&boolean, "true (the key is absent) or false (it is there)")?;
                Self::Null { absent, present }
            }
        })
    }

    /// Compares one value of a request; `None` where it cannot be compared.
    fn compare(&self, value: &Value<'_>, request: &Request<'_>) -> Option<Match> {
        if *value == Value::Unreadable {
            return None;
        }
        match self {
            Self::Text(compare, patterns) => value.with_text(|text| {
                let text = text?;
                Some(first_match(patterns, |pattern| match compare {
                    TextCompare::Equals => pattern.equals(text, request),
                    TextCompare::EqualsIgnoreCase => pattern.equals_ignoring_case(text, request),
                    TextCompare::Like => pattern.covers(text, request),
                }))
            }),
            Self::Arn(patterns) => value.with_text(|text| {
                text.map(|text| first_match(patterns, |pattern| pattern.covers(text, request)))
            }),
            Self::Number(order, numbers) => {
                let asked = decimal(value)?;
                Some(numbers.iter().any(|number| order.holds(asked.cmp(number))).into())
            }
            Self::Date(order, instants) => {
                let asked = instant(value)?;
                Some(instants.iter().any(|instant| order.holds(asked.cmp(instant))).into())
            }
            Self::Flag { yes, no } => {
                let asked = flag(value)?;
                Some((if asked { *yes } else { *no }).into())
            }
            Self::Address(networks) => {
                let asked = address(value)?;
                Some(networks.iter().any(|network| network.contains(asked)).into())
            }
            Self::Binary(wanted) => value.with_text(|text| {
                text.map(|text| wanted.iter().any(|bytes| **bytes == *text.as_bytes()).into())
            }),
            Self::Null { .. } => None,
        }
    }
}

fn first_match<T>(patterns: &[T], mut covers: impl FnMut(&T) -> Match) -> Match {
    let mut found = Match::No;
    for pattern in patterns {
        match covers(pattern) {
            Match::Yes => return Match::Yes,
            Match::No => {}
            Match::Unresolved => found = Match::Unresolved,
        }
    }
    found
}

fn decimal(value: &Value<'_>) -> Option<Decimal> {
    match *value {
        Value::Number(number) => Some(number.into()),
        Value::Instant(at) => Some(at.seconds().into()),
        Value::Text(text) => Decimal::parse(text),
        Value::Flag(_) | Value::Address(_) | Value::Unreadable => None,
    }
}

fn instant(value: &Value<'_>) -> Option<Instant> {
    match *value {
        Value::Instant(at) => at.try_into().ok(),
        Value::Number(seconds) => keystead_model::Timestamp::from_seconds(seconds).try_into().ok(),
        Value::Text(text) => Instant::parse(text),
        Value::Flag(_) | Value::Address(_) | Value::Unreadable => None,
    }
}

fn flag(value: &Value<'_>) -> Option<bool> {
    match *value {
        Value::Flag(flag) => Some(flag),
        Value::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn address(value: &Value<'_>) -> Option<IpAddr> {
    match *value {
        Value::Address(address) => Some(address),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn expected(text: &str, form: &str) -> String {
    format!("{} is not {form}", quoted(text))
}

fn read_all<T>(
    items: &[Node<'_>],
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Box<[T]>, PolicyError> {
    let one = |item: &Node<'_>| {
        let text = item.scalar("a condition's value")?;
        read(&text).map_err(|reason| item.refuse(reason))
    };
    items.iter().map(one).collect()
}

/// Whether `true` is among the values, and whether `false` is.
fn flags(
    items: &[Node<'_>],
    read: &dyn Fn(&str) -> Option<bool>,
    form: &str,
) -> Result<(bool, bool), PolicyError> {
    let values = read_all(items, |text| read(text).ok_or_else(|| expected(text, form)))?;
    Ok((values.contains(&true), values.contains(&false)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::{Given, with_facts};

    fn parse(text: &str) -> Result<Box<[Condition]>, PolicyError> {
        Node::parse(text).and_then(|node| Condition::parse_all(&node, Variables::Filled))
    }

    fn holds_for(effect: Effect, condition: &str, facts: &[(&str, Value<'_>)]) -> bool {
        let conditions = parse(condition).unwrap_or_else(|e| panic!("{condition}: {e}"));
        with_facts(&Given(facts), |request| {
            conditions.iter().all(|condition| condition.holds(effect, request))
        })
    }

    /// The answer where Allow and Deny agree, as they do wherever nothing is in doubt.
    fn holds(condition: &str, facts: &[(&str, Value<'_>)]) -> bool {
        let allow = holds_for(Effect::Allow, condition, facts);
        assert_eq!(allow, holds_for(Effect::Deny, condition, facts), "{condition}");
        allow
    }

    /// One value of `aws:SourceArn`, compared by an operator.
    fn compare(operator: &str, with: &str, value: Value<'_>) -> bool {
        holds(&format!(r#"{{"{operator}": {{"aws:SourceArn": {with}}}}}"#), &[("aws:SourceArn", value)])
    }

    fn tag_keys<'a>(keys: &[&'a str]) -> Vec<(&'static str, Value<'a>)> {
        keys.iter().map(|key| ("aws:TagKeys", Value::Text(key))).collect()
    }

    #[test]
    fn texts_are_compared_letter_by_letter_or_not() {
        let text = Value::Text("John");
        assert!(compare("StringEquals", r#""John""#, text) && !compare("StringEquals", r#""john""#, text));
        assert!(compare("StringEqualsIgnoreCase", r#""jOHN""#, text));
        assert!(compare("StringNotEquals", r#""john""#, text));
        assert!(!compare("StringNotEqualsIgnoreCase", r#""john""#, text));
        assert!(compare("StringLike", r#""J*n""#, text) && !compare("StringLike", r#""j*n""#, text));
        assert!(compare("StringLike", r#""J??n""#, text) && !compare("StringNotLike", r#""J??n""#, text));
        assert!(!compare("StringEquals", r#""J*n""#, text), "only Like has wildcards");
        assert!(compare("StringEquals", r#""J*n""#, Value::Text("J*n")));
    }

    #[test]
    fn one_of_several_values_is_enough_and_for_negated_operators_one_is_too_much() {
        let values = r#"["audit", "security"]"#;
        assert!(compare("StringEquals", values, Value::Text("audit")));
        assert!(!compare("StringEquals", values, Value::Text("sales")));
        assert!(!compare("StringNotEquals", values, Value::Text("audit")));
        assert!(compare("StringNotEquals", values, Value::Text("sales")));
    }

    #[test]
    fn all_operators_and_all_keys_must_hold() {
        let condition = r#"{"StringEquals": {"kms:ViaService": "s3", "kms:KeySpec": "RSA_2048"}, "Bool": {"kms:MultiRegion": "true"}}"#;
        let all = [
            ("kms:ViaService", Value::Text("s3")),
            ("kms:KeySpec", Value::Text("RSA_2048")),
            ("kms:MultiRegion", Value::Flag(true)),
        ];
        assert!(holds(condition, &all));
        for missing in 0..3 {
            let mut fewer = all.to_vec();
            fewer.remove(missing);
            assert!(!holds(condition, &fewer));
        }
    }

    #[test]
    fn a_missing_key_fails_positive_operators_and_satisfies_negated_ones() {
        for (operator, value, expected) in [
            ("StringEquals", r#""x""#, false),
            ("StringLike", r#""*""#, false),
            ("StringNotEquals", r#""x""#, true),
            ("StringNotLike", r#""*""#, true),
            ("ArnLike", r#""*""#, false),
            ("ArnNotEquals", r#""arn:aws:iam::111122223333:root""#, true),
            ("NumericLessThan", "5", false),
            ("NumericNotEquals", "5", true),
            ("DateGreaterThan", r#""2020-01-01""#, false),
            ("Bool", "true", false),
            ("Bool", "false", false),
            ("IpAddress", r#""0.0.0.0/0""#, false),
            ("NotIpAddress", r#""0.0.0.0/0""#, true),
            ("BinaryEquals", r#""YQ==""#, false),
        ] {
            let condition = |operator: &str| format!(r#"{{"{operator}": {{"aws:SourceArn": {value}}}}}"#);
            assert_eq!(holds(&condition(operator), &[]), expected, "{operator}");
            assert!(holds(&condition(&format!("{operator}IfExists")), &[]), "{operator}IfExists");
            assert!(holds(&condition(&format!("ForAllValues:{operator}")), &[]), "ForAllValues:{operator}");
            assert!(!holds(&condition(&format!("ForAnyValue:{operator}")), &[]), "ForAnyValue:{operator}");
            assert!(holds(&condition(&format!("ForAnyValue:{operator}IfExists")), &[]));
        }
    }

    #[test]
    fn if_exists_still_compares_what_exists() {
        assert!(!compare("StringEqualsIfExists", r#""x""#, Value::Text("y")));
        assert!(!compare("StringNotEqualsIfExists", r#""y""#, Value::Text("y")));
        assert!(compare("NumericLessThanIfExists", "5", Value::Number(4)));
    }

    #[test]
    fn null_asks_whether_a_key_is_absent() {
        let asks = |value: &str| format!(r#"{{"Null": {{"aws:SourceVpce": {value}}}}}"#);
        let there = [("aws:SourceVpce", Value::Text("vpce-1"))];
        assert!(holds(&asks("true"), &[]) && !holds(&asks("true"), &there));
        assert!(!holds(&asks(r#""false""#), &[]) && holds(&asks(r#""False""#), &there));
        assert!(holds(r#"{"Null": {"aws:TagKeys": true}}"#, &tag_keys(&[""])), "no tag key is empty");
        assert!(holds(r#"{"Null": {"aws:RequestTag/a": false}}"#, &[("aws:RequestTag/a", Value::Text(""))]));
    }

    #[test]
    fn for_all_values_needs_every_value_to_match_one_of_the_statement_s() {
        let condition =
            r#"{"ForAllValues:StringLike": {"aws:TagKeys": ["PostDateTime", "Message", "Tag*"]}}"#;
        assert!(holds(condition, &tag_keys(&["PostDateTime", "Message"])));
        assert!(!holds(condition, &tag_keys(&["PostDateTime", "UserName"])));
        assert!(holds(condition, &[]) && holds(condition, &tag_keys(&[""])));
        assert!(!holds(condition, &tag_keys(&["Message", ""])), "an empty value beside others is a value");
        let none = r#"{"ForAllValues:StringNotEquals": {"aws:TagKeys": ["a", "b"]}}"#;
        assert!(holds(none, &tag_keys(&["c", "d"])) && !holds(none, &tag_keys(&["c", "a"])));
    }

    #[test]
    fn for_any_value_needs_one_value_to_match() {
        let condition = r#"{"ForAnyValue:StringEquals": {"aws:TagKeys": ["ID", "PostDateTime"]}}"#;
        assert!(holds(condition, &tag_keys(&["UserName", "Message", "PostDateTime"])));
        assert!(!holds(condition, &tag_keys(&["UserName"])) && !holds(condition, &[]));
        assert!(!holds(condition, &tag_keys(&[""])));
        let other = r#"{"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["a", "b"]}}"#;
        assert!(holds(other, &tag_keys(&["a", "c"])) && !holds(other, &tag_keys(&["a", "b"])));
    }

    #[test]
    fn several_values_where_one_is_expected_count_against_the_caller() {
        let equals = r#"{"StringEquals": {"kms:EncryptionContext:AppName": "ok"}}"#;
        let both = [
            ("kms:EncryptionContext:AppName", Value::Text("ok")),
            ("kms:EncryptionContext:appname", Value::Text("other")),
        ];
        assert!(!holds_for(Effect::Allow, equals, &both) && holds_for(Effect::Deny, equals, &both));
        let differs = r#"{"StringNotEquals": {"kms:EncryptionContext:AppName": "ok"}}"#;
        assert!(!holds_for(Effect::Allow, differs, &both) && holds_for(Effect::Deny, differs, &both));
    }

    #[test]
    fn the_name_within_a_key_is_read_without_regard_to_case() {
        let condition = r#"{"StringEquals": {"KMS:encryptioncontext:APPNAME": "ExampleApp"}}"#;
        assert!(holds(condition, &[("kms:EncryptionContext:AppName", Value::Text("ExampleApp"))]));
        assert!(!holds(condition, &[("kms:EncryptionContext:AppName", Value::Text("exampleapp"))]));
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let days = |operator: &str, with: &str| compare(operator, with, Value::Number(7));
        assert!(
            days("NumericEquals", "7") && days("NumericEquals", r#""7.0""#) && !days("NumericNotEquals", "7")
        );
        assert!(days("NumericLessThan", "7.5") && !days("NumericLessThan", "7"));
        assert!(days("NumericLessThanEquals", "7") && days("NumericGreaterThanEquals", "7"));
        assert!(days("NumericGreaterThan", r#""-1""#) && !days("NumericGreaterThan", "7"));
        assert!(compare("NumericEquals", "7", Value::Text("7.000")));
    }

    #[test]
    fn dates_are_compared_as_instants() {
        let now = |operator: &str, key: &str, with: &str| {
            holds(&format!(r#"{{"{operator}": {{"{key}": "{with}"}}}}"#), &[])
        };
        for key in ["aws:CurrentTime", "aws:EpochTime"] {
            assert!(now("DateGreaterThan", key, "2025-12-31T23:59:59Z"));
            assert!(!now("DateGreaterThan", key, "2026-01-01T00:00:00Z"));
            assert!(now("DateGreaterThanEquals", key, "2026-01-01") && now("DateEquals", key, "1767225600"));
            assert!(now("DateLessThan", key, "2026-01-01T00:00:01Z") && !now("DateNotEquals", key, "2026"));
            assert!(now("DateLessThanEquals", key, "2026-01-01T01:00:00+01:00"));
        }
        assert!(now("NumericLessThan", "aws:EpochTime", "1767225601"));
    }

    #[test]
    fn flags_are_compared_whatever_their_case() {
        assert!(holds(r#"{"Bool": {"aws:SecureTransport": "true"}}"#, &[]));
        assert!(!holds(r#"{"Bool": {"aws:SecureTransport": false}}"#, &[]));
        assert!(compare("Bool", r#""TRUE""#, Value::Text("True")));
        assert!(holds(r#"{"StringEquals": {"aws:SecureTransport": "true"}}"#, &[]));
    }

    #[test]
    fn addresses_are_compared_with_ranges() {
        let from = |operator: &str, with: &str| {
            holds(&format!(r#"{{"{operator}": {{"aws:SourceIp": {with}}}}}"#), &[])
        };
        assert!(from("IpAddress", r#"["203.0.113.0/24", "2001:DB8:1234:5678::/64"]"#));
        assert!(!from("NotIpAddress", r#"["203.0.113.0/24", "2001:DB8:1234:5678::/64"]"#));
        assert!(!from("IpAddress", r#""198.51.100.0/24""#) && from("NotIpAddress", r#""198.51.100.0/24""#));
        assert!(from("StringEquals", r#""203.0.113.9""#));
        assert!(compare("IpAddress", r#""10.0.0.0/8""#, Value::Text("10.1.2.3")));
    }

    #[test]
    fn bytes_are_given_in_base64() {
        assert!(compare("BinaryEquals", r#""QmluYXJ5""#, Value::Text("Binary")));
        assert!(!compare("BinaryEquals", r#""QmluYXJ5""#, Value::Text("QmluYXJ5")));
    }

    #[test]
    fn arns_are_compared_part_by_part_in_all_four_spellings() {
        let arn = Value::Text("arn:aws:sns:eu-central-1:111122223333:topic");
        for (positive, negated) in [("ArnEquals", "ArnNotEquals"), ("ArnLike", "ArnNotLike")] {
            for (pattern, expected) in [
                (r#""arn:aws:sns:*:111122223333:*""#, true),
                (r#""arn:aws:sns:eu-central-1:111122223333:topic""#, true),
                (r#""arn:aws:sns:*:444455556666:*""#, false),
            ] {
                assert_eq!(compare(positive, pattern, arn), expected);
                assert_eq!(compare(negated, pattern, arn), !expected);
            }
        }
    }

    #[test]
    fn what_the_request_says_of_the_caller_is_known() {
        for (key, value) in [
            ("aws:PrincipalArn", "arn:aws:iam::111122223333:user/team/alice"),
            ("aws:PrincipalAccount", "111122223333"),
            ("kms:CallerAccount", "111122223333"),
            ("aws:PrincipalType", "User"),
            ("aws:userid", "AIDAEXAMPLE"),
            ("aws:username", "alice"),
            ("aws:PrincipalIsAWSService", "false"),
            ("aws:ResourceAccount", "111122223333"),
            ("aws:RequestedRegion", "eu-central-1"),
            ("aws:UserAgent", "aws-cli/2"),
            ("aws:CurrentTime", "2026-01-01T00:00:00Z"),
            ("aws:EpochTime", "1767225600"),
        ] {
            assert!(holds(&format!(r#"{{"StringEquals": {{"{key}": "{value}"}}}}"#), &[]), "{key}");
            // What follows from the request itself is never asked of the engine.
            assert!(holds(
                &format!(r#"{{"StringEquals": {{"{key}": "{value}"}}}}"#),
                &[(key, Value::Text("x"))]
            ));
        }
        assert!(holds(
            r#"{"Null": {"aws:PrincipalServiceName": true, "aws:MultiFactorAuthPresent": true}}"#,
            &[]
        ));
    }

    #[test]
    fn a_request_that_says_nothing_of_a_service_came_through_none() {
        let condition =
            r#"{"Bool": {"aws:ViaAWSService": "false"}, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#;
        assert!(holds(condition, &[]));
        assert!(!holds(condition, &[("aws:ViaAWSService", Value::Flag(true))]));
    }

    #[test]
    fn variables_are_filled_in() {
        let tagged =
            [("aws:RequestTag/team", Value::Text("blue")), ("aws:ResourceTag/team", Value::Text("blue"))];
        let condition = r#"{"StringEquals": {"aws:ResourceTag/team": "${aws:RequestTag/team}"}}"#;
        assert!(holds(condition, &tagged));
        let mixed =
            r#"{"StringLike": {"kms:RequestAlias": "alias/${aws:username}-${aws:RequestTag/team}/*"}}"#;
        assert!(holds(mixed, &[tagged[0], ("kms:RequestAlias", Value::Text("alias/alice-blue/x"))]));
        assert!(!holds(mixed, &[tagged[0], ("kms:RequestAlias", Value::Text("alias/alice-red/x"))]));
    }

    #[test]
    fn a_variable_without_a_value_equals_nothing_and_lets_nobody_in() {
        let there = [("aws:ResourceTag/team", Value::Text("blue"))];
        let equals = r#"{"StringEquals": {"aws:ResourceTag/team": "${aws:RequestTag/team}"}}"#;
        assert!(!holds(equals, &there));
        let differs = r#"{"StringNotEquals": {"aws:ResourceTag/team": "${aws:RequestTag/team}"}}"#;
        assert!(!holds_for(Effect::Allow, differs, &there), "an Allow does not apply");
        assert!(holds_for(Effect::Deny, differs, &there), "a Deny does");
    }

    #[test]
    fn a_default_stands_in_for_a_missing_value_only() {
        let condition =
            r#"{"StringEquals": {"aws:ResourceTag/team": "${aws:RequestTag/team, 'company-wide'}"}}"#;
        let wide = ("aws:ResourceTag/team", Value::Text("company-wide"));
        assert!(holds(condition, &[wide]));
        assert!(!holds(condition, &[wide, ("aws:RequestTag/team", Value::Text("blue"))]));
        assert!(!holds(condition, &[wide, ("aws:RequestTag/team", Value::Unreadable)]));
    }

    #[test]
    fn a_value_that_fills_a_variable_is_literal_and_one_that_is_too_long_is_none() {
        let condition = r#"{"StringLike": {"aws:ResourceTag/team": "${aws:RequestTag/team}"}}"#;
        let given = |own: &'static str, there: &'static str| {
            [("aws:RequestTag/team", Value::Text(own)), ("aws:ResourceTag/team", Value::Text(there))]
        };
        assert!(!holds(condition, &given("*", "blue")) && holds(condition, &given("*", "*")));
        let long = "x".repeat(3_000);
        let both =
            [("aws:RequestTag/team", Value::Text(&long)), ("aws:ResourceTag/team", Value::Text(&long))];
        assert!(!holds(condition, &both));
    }

    #[test]
    fn variables_are_literal_before_the_version_that_brought_them() {
        let text = r#"{"StringEquals": {"aws:SourceArn": "${aws:username}"}}"#;
        let old = Node::parse(text).and_then(|node| Condition::parse_all(&node, Variables::Literal));
        let old = old.unwrap_or_else(|e| panic!("{e}"));
        with_facts(&Given(&[("aws:SourceArn", Value::Text("${aws:username}"))]), |request| {
            assert!(old.iter().all(|condition| condition.holds(Effect::Allow, request)));
        });
    }

    #[test]
    fn a_value_that_cannot_be_compared_lets_nobody_in() {
        for (operator, with, value) in [
            ("NumericEquals", "7", Value::Text("seven")),
            ("NumericNotEquals", "7", Value::Text("seven")),
            ("DateLessThan", r#""2030""#, Value::Text("soon")),
            ("Bool", "true", Value::Text("yes")),
            ("IpAddress", r#""0.0.0.0/0""#, Value::Text("here")),
            ("NotIpAddress", r#""10.0.0.0/8""#, Value::Text("here")),
            ("StringEquals", r#""x""#, Value::Unreadable),
            ("StringNotLike", r#""x""#, Value::Unreadable),
            ("ForAllValues:StringNotEquals", r#""x""#, Value::Unreadable),
        ] {
            let condition = format!(r#"{{"{operator}": {{"aws:SourceArn": {with}}}}}"#);
            let facts = [("aws:SourceArn", value)];
            assert!(!holds_for(Effect::Allow, &condition, &facts), "{condition}");
            assert!(holds_for(Effect::Deny, &condition, &facts), "{condition}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for text in [
            "[]",
            r#"{"StringEquals": {}}"#,
            r#"{"StringEquals": "x"}"#,
            r#"{"StringMatches": {"aws:SourceArn": "x"}}"#,
            r#"{"StringEquals": {"aws:Nonsense": "x"}}"#,
            r#"{"StringEquals": {"aws:SourceArn": []}}"#,
            r#"{"StringEquals": {"aws:SourceArn": null}}"#,
            r#"{"StringEquals": {"aws:SourceArn": {"a": "b"}}}"#,
            r#"{"StringEquals": {"aws:SourceArn": ["a", ["b"]]}}"#,
            r#"{"StringEquals": {"aws:SourceArn": "a", "AWS:SOURCEARN": "b"}}"#,
            r#"{"StringEquals": {"aws:RequestTag/a": "a", "aws:RequestTag/A": "b"}}"#,
            r#"{"StringEquals": {"aws:SourceArn": "${aws:Nonsense}"}}"#,
            r#"{"NumericEquals": {"aws:EpochTime": "${aws:username}"}}"#,
            r#"{"NumericEquals": {"aws:EpochTime": "many"}}"#,
            r#"{"NumericEquals": {"aws:EpochTime": 1e3}}"#,
            r#"{"DateEquals": {"aws:CurrentTime": "tomorrow"}}"#,
            r#"{"Bool": {"aws:SecureTransport": "yes"}}"#,
            r#"{"Null": {"aws:SecureTransport": "maybe"}}"#,
            r#"{"IpAddress": {"aws:SourceIp": "10.0.0.0/99"}}"#,
            r#"{"BinaryEquals": {"aws:SourceArn": "%"}}"#,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("{}").map(|conditions| conditions.len()), Ok(0));
    }
}
