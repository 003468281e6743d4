//! `keystead clock`: what the clock of a development server shows, and how it is moved.

use std::io::Read;

use anyhow::Context;
use serde_json::{Map, Value};

use crate::audit::printable;
use crate::cli::ClockArgs;
use crate::exit::Failure;
use crate::{print, remote};

const PATH: &str = "/keystead/v1/dev/clock";
/// Longest answer read, in bytes.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// Moves it, if asked to, and prints what it shows.
pub fn run(args: ClockArgs) -> Result<(), Failure> {
    let client = remote::client()?;
    let answer = match body(&args) {
        None => remote::ask(&client, PATH)?,
        Some(body) => remote::tell(&client, PATH, body.to_string().as_bytes())?,
    };
    let mut text = String::new();
    answer.body.take(ANSWER_BYTES_MAX).read_to_string(&mut text).context("the server's answer broke off")?;
    let shown: Value = serde_json::from_str(&text).context("the server's answer is not JSON")?;
    let now = shown.get("now").and_then(Value::as_str).context("the server's answer has no time")?;
    let stands = if shown.get("frozen") == Some(&Value::Bool(true)) { " (frozen)" } else { "" };
    print(&format!("{}{stands}\n", printable(now)))
}

fn body(args: &ClockArgs) -> Option<Value> {
    let ClockArgs { set, advance, freeze, run } = args;
    let mut body = Map::new();
    body.extend(set.clone().map(|at| ("set".to_owned(), at.into())));
    body.extend(advance.clone().map(|time| ("advance".to_owned(), time.into())));
    if *freeze || *run {
        body.insert("freeze".into(), (*freeze).into());
    }
    (!body.is_empty()).then(|| body.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_was_typed_is_sent() {
        let none = ClockArgs { set: None, advance: None, freeze: false, run: false };
        assert_eq!(body(&none), None);
        let advance = ClockArgs { advance: Some("30d".into()), ..none };
        assert_eq!(body(&advance), Some(json!({"advance": "30d"})));
        assert_eq!(
            body(&ClockArgs { freeze: true, ..advance }),
            Some(json!({"advance": "30d", "freeze": true}))
        );
        let run = ClockArgs { set: Some("2026-01-01".into()), advance: None, freeze: false, run: true };
        assert_eq!(body(&run), Some(json!({"set": "2026-01-01", "freeze": false})));
    }
}
