//! `keystead status`: how a server is, for people and for programs.

use std::io::Read;

use anyhow::{Context, anyhow};
use serde_json::Value;

use crate::audit::printable;
use crate::cli::StatusArgs;
use crate::exit::Failure;
use crate::{print, remote};

/// Longest answer read, in bytes.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// Asks, and prints the answer. A server that is not ready is a failure.
pub fn run(args: StatusArgs) -> Result<(), Failure> {
    let client = remote::client()?;
    let answer = remote::ask(&client, "/keystead/v1/status")?;
    let mut text = String::new();
    answer.body.take(ANSWER_BYTES_MAX).read_to_string(&mut text).context("the server's answer broke off")?;
    let status: Value = serde_json::from_str(&text).context("the server's answer is not JSON")?;
    match args.json {
        true => print(&format!("{}\n", printable(&status.to_string())))?,
        false => print(&for_people("", &status))?,
    }
    match status.get("ready") {
        Some(Value::Bool(true)) => Ok(()),
        _ => Err(anyhow!("the server is not ready").into()),
    }
}

/// One line a value: `audit.records  5`.
fn for_people(prefix: &str, value: &Value) -> String {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match prefix {
                "" => for_people(name, value),
                prefix => for_people(&format!("{prefix}.{name}"), value),
            })
            .collect(),
        Value::Null => String::new(),
        Value::String(text) => line(prefix, text),
        Value::Bool(flag) => line(prefix, if *flag { "yes" } else { "no" }),
        Value::Number(number) => line(prefix, &number.to_string()),
        Value::Array(items) => {
            let items: Vec<_> =
                items.iter().map(|item| item.as_str().map_or(item.to_string(), str::to_owned)).collect();
            line(prefix, &items.join(", "))
        }
    }
}

fn line(name: &str, value: &str) -> String {
    format!("{:<24}{}\n", printable(name), printable(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_read_one_line_a_value() {
        let status =
            json!({"ready": true, "audit": {"records": 5, "failure": null}, "locations": ["a", "b"]});
        let text = for_people("", &status);
        for expected in
            ["ready                   yes\n", "audit.records           5\n", "locations               a, b\n"]
        {
            assert!(text.contains(expected), "{text}");
        }
        assert!(!text.contains("failure"));
    }
}
