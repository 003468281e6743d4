//! One record as the server's API tells it, printed for people as `keystead_audit::text_line` prints it.

use std::fmt::Write;

use keystead_model::Action;
use serde_json::{Map, Value};

/// A record out of a line of JSON.
pub struct Line(Map<String, Value>);

impl Line {
    /// Reads a line; `None` if it is no record.
    pub fn read(text: &str) -> Option<Self> {
        let Value::Object(fields) = serde_json::from_str(text).ok()? else { return None };
        let line = Self(fields);
        let whole = line.0.get("position")?.is_u64()
            && line.field("request").is_some()
            && line.field("time").is_some();
        whole.then_some(line)
    }

    /// Its place in the log.
    pub fn position(&self) -> u64 {
        self.0.get("position").and_then(Value::as_u64).unwrap_or(u64::MAX)
    }

    /// The request it is about.
    pub fn request(&self) -> &str {
        self.field("request").unwrap_or_default()
    }

    /// The line for people: time, action, what came of it, who; then what else there is.
    pub fn text(&self) -> String {
        let mut line = String::with_capacity(256);
        let action = self.field("action").unwrap_or("-");
        let known = Action::ALL.iter().find(|known| known.as_str() == action);
        let came = match self.field("outcome") {
            Some("success") => "ok",
            _ => self.field("code").unwrap_or("refused"),
        };
        put(&mut line, "", self.field("time").unwrap_or("-"));
        for word in [known.map_or(action, |known| known.verb()), came, self.field("principal").unwrap_or("-")]
        {
            put(&mut line, " ", word);
        }
        for (name, value) in self.details() {
            put(&mut line, &format!(" {name}="), &value);
        }
        for (key, value) in self.0.get("context").and_then(Value::as_object).into_iter().flatten() {
            put(&mut line, " context.", key);
            put(&mut line, "=", value.as_str().unwrap_or_default());
        }
        line
    }

    fn details(&self) -> Vec<(&'static str, String)> {
        let via = self.field("protocol").map(|protocol| match self.0.get("tls") {
            Some(Value::Bool(true)) => format!("{protocol}+tls"),
            _ => protocol.to_owned(),
        });
        let decided = match self.field("decision") {
            Some("allowed") => Some("allowed-by"),
            Some("denied") => Some("denied-by"),
            _ => None,
        };
        let mut details = Vec::new();
        let mut detail =
            |name: &'static str, value: Option<String>| details.extend(value.map(|value| (name, value)));
        let own = |name| self.field(name).map(str::to_owned);
        detail("key", own("key"));
        detail("resource", own("resource"));
        detail("from", own("source"));
        detail("via", via);
        detail("access-key", own("access_key"));
        detail("agent", own("user_agent"));
        if let Some(decided) = decided {
            detail(decided, Some(own("statement").unwrap_or_default()));
        }
        detail("message", own("message"));
        detail("material", own("material"));
        detail("request", own("request"));
        detail("position", Some(self.position().to_string()));
        details
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }
}

/// The JSON text with every character that would steer a terminal escaped. Valid JSON holds such characters in
/// strings only, where an escape means the same.
pub fn printable(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if is_printable(c) {
            safe.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(safe, "\\u{unit:04x}").expect("writing to a string succeeds");
        }
    }
    safe
}

/// A value as it is if that is safe and one word; else in quotes, with escapes.
fn put(line: &mut String, before: &str, value: &str) {
    line.push_str(before);
    let plain = |c: char| c.is_alphanumeric() && is_printable(c) || "-_./:@+*#,()".contains(c);
    let written = match !value.is_empty() && value.chars().all(plain) {
        true => line.write_str(value),
        false => write!(line, "\"{}\"", value.escape_debug()),
    };
    written.expect("writing to a string succeeds");
}

/// Whether a character stands for itself alone: no control, no change of direction, nothing that joins another.
fn is_printable(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\') || c.escape_debug().len() == 1
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::sync::Arc;

    use keystead_audit::{Decision, Log, Options, Outcome, Record, json_line, text_line};
    use keystead_model::{EncryptionContext, Protocol, RequestId, Timestamp};
    use keystead_store::disk::MemoryDisk;

    use super::*;

    const NASTY: &str = "x\u{1b}[2J\u{9b}31m\n2027 Decrypt ok\r\u{202e}gpj\u{7f} a=b \"";

    fn record(context: &EncryptionContext) -> Record<'_> {
        Record {
            request: RequestId([7; 16]),
            at: Timestamp(1_790_000_000_123),
            action: Action::Decrypt,
            protocol: Protocol::AwsKms,
            principal: Some("arn:aws:iam::000000000000:root"),
            account: Some(keystead_model::AccountId::DEVELOPMENT),
            access_key: Some("AKIAEXAMPLE"),
            source: Some("127.0.0.1".parse().expect("an address")),
            location: None,
            user_agent: NASTY,
            key: None,
            resource: Some("alias/a"),
            material: None,
            context: Some(context),
            decision: Decision::Allowed("key-policy:#1"),
            outcome: Outcome::Success,
            change: None,
            tls: true,
        }
    }

    #[test]
    fn the_text_is_the_one_the_log_itself_prints() {
        let log =
            Log::open(Arc::new(MemoryDisk::new()), &*crate::world::system().entropy, Options::default());
        let (log, _) = log.expect("a log");
        let context = EncryptionContext::new(vec![("a".into(), NASTY.into()), ("b".into(), "2".into())]);
        let context = context.expect("a context");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let refused = Outcome::Refused { code: "Denied", message: Some("no, \u{1b}") };
        for record in [
            record(&context),
            Record {
                decision: Decision::Denied(""),
                outcome: refused,
                principal: None,
                tls: false,
                ..record(&context)
            },
            Record { decision: Decision::NotReached, outcome: refused, source: None, ..record(&context) },
        ] {
            runtime.block_on(log.append(&record)).expect("durable");
        }
        let mut seen = 0;
        log.read(0, &mut |position, entry| {
            let json = json_line(position, entry);
            let line = Line::read(&json).expect("a record");
            assert_eq!(line.text(), text_line(position, entry));
            assert_eq!(printable(&json), json);
            seen += 1;
            ControlFlow::Continue(())
        })
        .expect("read");
        assert_eq!(seen, 3);
    }

    #[test]
    fn what_a_strange_server_says_cannot_steer_the_terminal() {
        let line = Line::read("{\"position\":1,\"request\":\"r\",\"time\":\"\u{9b}\",\"key\":\"\u{202e}\"}")
            .expect("a record");
        assert!(line.text().chars().all(is_printable), "{}", line.text());
        assert_eq!(printable("\"\u{202e}\u{9b}\""), "\"\\u202e\\u009b\"");
        for text in ["", "[]", "{}", "{\"position\":-1,\"request\":\"\",\"time\":\"\"}", "{\"position\":1}"] {
            assert!(Line::read(text).is_none(), "{text}");
        }
    }
}
