//! Records for people's eyes and for other programs: one line each.
//!
//! Both forms are safe to print: what a caller wrote (user agents, contexts, names) cannot move a terminal's cursor,
//! change its colours or reverse its text, and cannot begin a line of its own.

use std::fmt::Write;
use std::net::IpAddr;

use keystead_model::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::{Decision, Entry, Outcome};

/// One line of text, without its line end: time, action, what came of it, who; then what else there is, as
/// `name=value`. A value with anything but plain characters stands in quotes, with escapes as in Rust.
pub fn text_line(position: u64, entry: &Entry) -> String {
    let mut line = String::with_capacity(256);
    let verb = entry.action.split_once(':').map_or(&*entry.action, |(_, verb)| verb);
    let came = match &entry.outcome {
        Outcome::Success => "ok",
        Outcome::Refused { code, .. } => code,
    };
    let who = entry.principal.as_deref().unwrap_or("-");
    put(&mut line, "", &time(entry.at));
    for word in [verb, came, who] {
        put(&mut line, " ", word);
    }
    for (name, value) in details(position, entry) {
        put(&mut line, &format!(" {name}="), &value);
    }
    if let Some(context) = &entry.context {
        for (key, value) in context.pairs() {
            put(&mut line, " context.", key);
            put(&mut line, "=", value);
        }
    }
    line
}

fn details(position: u64, entry: &Entry) -> impl Iterator<Item = (&'static str, String)> {
    let decided = match &entry.decision {
        Decision::NotReached => None,
        Decision::Allowed(by) => Some(("allowed-by", by.to_string())),
        Decision::Denied(by) => Some(("denied-by", by.to_string())),
    };
    let message = match &entry.outcome {
        Outcome::Success => None,
        Outcome::Refused { message, .. } => message.as_ref(),
    };
    [
        entry.key.as_ref().map(|key| ("key", key.to_string())),
        entry.resource.as_ref().map(|resource| ("resource", resource.to_string())),
        entry.source.map(|source| ("from", source.to_string())),
        Some(("via", format!("{}{}", entry.protocol, if entry.tls { "+tls" } else { "" }))),
        entry.access_key.as_ref().map(|id| ("access-key", id.to_string())),
        entry.user_agent.as_ref().map(|agent| ("agent", agent.to_string())),
        decided,
        message.map(|message| ("message", message.to_string())),
        entry.material.map(|material| ("material", material.to_string())),
        Some(("request", entry.request.to_string())),
        Some(("position", position.to_string())),
    ]
    .into_iter()
    .flatten()
}

/// A value as it is if that is safe and one word; else in quotes, with everything that is not printable escaped.
fn put(line: &mut String, before: &str, value: &str) {
    line.push_str(before);
    let plain = |c: char| c.is_alphanumeric() && is_printable(c) || "-_./:@+*#,()".contains(c);
    let written = match !value.is_empty() && value.chars().all(plain) {
        true => line.write_str(value),
        false => write!(line, "\"{}\"", value.escape_debug()),
    };
    written.expect("writing to a string cannot fail");
}

/// Whether a character stands for itself alone: no control, no change of direction, nothing unassigned, nothing that
/// joins the character before.
fn is_printable(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\') || c.escape_debug().len() == 1
}

/// `2027-03-01T12:30:00.250Z`; a time past the year 9999 as its milliseconds.
fn time(at: Timestamp) -> String {
    match i64::try_from(at.0).map(jiff::Timestamp::from_millisecond) {
        Ok(Ok(instant)) => format!("{instant:.3}"),
        _ => at.0.to_string(),
    }
}

/// One JSON object, without its line end. The names are documented in `docs/formats/audit-record.md` and stay; a
/// field that is not there is left out.
pub fn json_line(position: u64, entry: &Entry) -> String {
    let line = Line {
        position,
        time: time(entry.at),
        request: entry.request.to_string(),
        action: &entry.action,
        protocol: &entry.protocol,
        tls: entry.tls,
        principal: entry.principal.as_deref(),
        account: entry.account.map(|account| account.to_string()),
        access_key: entry.access_key.as_deref(),
        source: entry.source,
        location: entry.location.as_ref().map(|location| location.as_str()),
        user_agent: entry.user_agent.as_deref(),
        key: entry.key.as_ref().map(ToString::to_string),
        resource: entry.resource.as_deref(),
        material: entry.material.map(|material| material.to_string()),
        context: entry.context.as_ref().map(|context| Pairs(context.pairs().collect())),
        decision: match entry.decision {
            Decision::NotReached => "not-reached",
            Decision::Allowed(_) => "allowed",
            Decision::Denied(_) => "denied",
        },
        statement: match &entry.decision {
            Decision::Allowed(by) | Decision::Denied(by) if !by.is_empty() => Some(by),
            _ => None,
        },
        outcome: match entry.outcome {
            Outcome::Success => "success",
            Outcome::Refused { .. } => "refused",
        },
        code: match &entry.outcome {
            Outcome::Refused { code, .. } => Some(code),
            Outcome::Success => None,
        },
        message: match &entry.outcome {
            Outcome::Refused { message, .. } => message.as_deref(),
            Outcome::Success => None,
        },
        change: entry.change,
        unknown: Some(entry.unknown()).filter(|fields| !fields.is_empty()).map(|fields| {
            Pairs(fields.iter().map(|(tag, value)| (tag.to_string(), hex::encode(value))).collect())
        }),
    };
    escape_unprintable(serde_json::to_string(&line).expect("a line has only text, numbers and flags"))
}

/// What JSON lets stand in a string and a terminal obeys. Outside strings JSON has no such character.
fn escape_unprintable(json: String) -> String {
    if json.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_printable(c) {
            safe.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(safe, "\\u{unit:04x}").expect("writing to a string cannot fail");
        }
    }
    safe
}

#[derive(Serialize)]
struct Line<'a> {
    position: u64,
    time: String,
    request: String,
    action: &'a str,
    protocol: &'a str,
    tls: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    material: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Pairs<&'a str>>,
    decision: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<&'a str>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Pairs<String>>,
}

/// An object whose members stand in the order given.
struct Pairs<T>(Vec<(T, T)>);

impl<T: AsRef<str>> Serialize for Pairs<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key.as_ref(), value.as_ref())?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use keystead_model::EncryptionContext;

    use super::*;
    use crate::Record;
    use crate::record::tests::ordinary;

    fn entry(record: &Record<'_>) -> Entry {
        let mut bytes = Vec::new();
        record.encode(&mut bytes).expect("encodes");
        Entry::decode(&bytes).expect("decodes")
    }

    #[test]
    fn an_ordinary_record_reads_well() {
        assert_eq!(
            text_line(5, &entry(&ordinary())),
            "2026-11-18T11:06:40.123Z Decrypt ok arn:aws:iam::111122223333:user/app/billing from=192.0.2.7 \
             via=aws-kms+tls access-key=AKIAIOSFODNN7EXAMPLE agent=aws-cli/2.31.0 allowed-by=key-policy:#1 \
             material=0303030303030303030303030303030303030303030303030303030303030303 \
             request=07070707-0707-0707-0707-070707070707 position=5"
        );
    }

    #[test]
    fn what_a_caller_wrote_cannot_steer_a_terminal_or_forge_a_line() {
        let nasty = "x\u{1b}[2J\u{9b}31m\n2027 Decrypt ok\r\u{202e}gpj\u{7f}\u{2028}\u{200b}\u{feff} a=b \"";
        let pairs = vec![(nasty.into(), nasty.into())];
        let context = EncryptionContext::new(pairs).expect("a context");
        let entry = entry(&Record { user_agent: nasty, context: Some(&context), ..ordinary() });
        for line in [text_line(0, &entry), json_line(0, &entry)] {
            assert!(line.chars().all(is_printable), "{line}");
        }
        let back: serde_json::Value = serde_json::from_str(&json_line(0, &entry)).expect("still JSON");
        assert_eq!(back["user_agent"], nasty);
        assert_eq!(back["context"][nasty], nasty);
        assert!(text_line(0, &entry).contains(" a=b \\\"\""));
    }

    #[test]
    fn every_instant_has_a_text() {
        assert_eq!(time(Timestamp(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(time(Timestamp(u64::MAX)), u64::MAX.to_string());
    }
}
