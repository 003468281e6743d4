//! The log of a running server, through its own API.

use std::io::{BufRead, BufReader, Read, Write};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use keystead_http::native::{RECORDS_MAX, WAIT_SECONDS_MAX};
use keystead_sdk::kms::{Client, Response};

use super::Form;
use super::line::{self, Line};
use crate::exit::Failure;
use crate::native::ANSWER_BYTES_MAX;
use crate::remote;

/// Least time between two questions of a follower, so that a busy server is not asked for each record alone.
const PAUSE: Duration = Duration::from_millis(250);
/// Longest line read, in bytes: a record has at most 32 KiB, of which a byte may be written as six.
const LINE_BYTES_MAX: u64 = 256 * 1024;

/// Prints the newest records, and goes on with those that come if asked to.
pub fn tail(lines: u32, follow: bool, form: Form) -> Result<(), Failure> {
    let client = remote::client()?;
    let mut printer = Printer::new(form);
    // A follower has to know where to go on from, even one that prints nothing at first.
    let last = lines.max(u32::from(follow));
    let page = printer.print(&client, &[("last", last.to_string())], lines == 0)?;
    match follow {
        true => self::follow(&client, printer, page),
        false => Ok(()),
    }
}

/// Prints records as they come, until stopped.
fn follow(client: &Client, mut printer: Printer, page: Page) -> Result<(), Failure> {
    let mut position = page.position;
    loop {
        let began = Instant::now();
        let beginning = match position {
            Some(position) => ("after", position.to_string()),
            None => ("last", RECORDS_MAX.to_string()),
        };
        let page = printer.print(client, &[("wait", WAIT_SECONDS_MAX.to_string()), beginning], false)?;
        position = page.position.or(position);
        sleep(PAUSE.saturating_sub(began.elapsed()));
    }
}

/// Prints the records that match.
pub fn search(conditions: &[(&'static str, String)], form: Form) -> Result<(), Failure> {
    let client = remote::client()?;
    let mut printer = Printer::new(form);
    let mut pairs = conditions.to_vec();
    loop {
        let page = printer.print(&client, &pairs, false)?;
        let Some(position) = page.position.filter(|_| page.is_full()) else { return Ok(()) };
        pairs.retain(|(name, _)| *name != "after");
        pairs.push(("after", position.to_string()));
    }
}

/// What came of one question.
struct Page {
    /// The last record's position.
    position: Option<u64>,
    records: u32,
    bytes: usize,
}

impl Page {
    /// Whether the answer ended because it had no more room.
    fn is_full(&self) -> bool {
        self.records >= RECORDS_MAX || self.bytes >= ANSWER_BYTES_MAX
    }
}

struct Printer {
    form: Form,
    out: std::io::Stdout,
    /// Requests of our own, whose records are not printed: a follower does not follow itself.
    own: Vec<String>,
}

impl Printer {
    fn new(form: Form) -> Self {
        Self { form, out: std::io::stdout(), own: Vec::new() }
    }

    /// Asks once, and prints the answer.
    fn print(&mut self, client: &Client, pairs: &[(&str, String)], silent: bool) -> Result<Page, Failure> {
        let Response { headers, body, .. } = remote::ask(client, &target(pairs))?;
        // A question that waits may meet its own record, and the next one will.
        let own = headers.get("x-amzn-requestid").and_then(|id| id.to_str().ok());
        self.own.extend(own.map(str::to_owned));
        let mut page = Page { position: None, records: 0, bytes: 0 };
        let mut reader = BufReader::new(body);
        let mut out = self.out.lock();
        while let Some(text) = next_line(&mut reader)? {
            let line =
                Line::read(&text).ok_or_else(|| anyhow!("the server's answer is no record: {text:?}"))?;
            page.records += 1;
            page.bytes += text.len() + 1;
            page.position = Some(line.position());
            let own = self.own.iter().position(|own| own == line.request());
            match own {
                Some(own) => drop(self.own.swap_remove(own)),
                None if silent => {}
                None => {
                    let printed = match self.form {
                        Form::Text => line.text(),
                        Form::Json => line::printable(&text),
                    };
                    writeln!(out, "{printed}").map_err(Failure::output)?;
                }
            }
        }
        out.flush().map_err(Failure::output)?;
        Ok(page)
    }
}

/// Where records are asked for.
fn target(pairs: &[(&str, String)]) -> String {
    let mut target = String::from("/keystead/v1/audit/records");
    for (index, (name, value)) in pairs.iter().enumerate() {
        target.push(if index == 0 { '?' } else { '&' });
        target.push_str(name);
        target.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    target.push(char::from(byte))
                }
                other => target.push_str(&format!("%{other:02X}")),
            }
        }
    }
    target
}

/// The next line, without its end.
fn next_line(reader: &mut impl BufRead) -> anyhow::Result<Option<String>> {
    let mut bytes = Vec::new();
    reader.take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes).context("the server's answer broke off")?;
    match bytes.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(String::from_utf8(bytes).context("the server's answer is no text")?)),
        Some(_) => Err(anyhow!("the server's answer broke off within a record")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_become_a_query() {
        let pairs = [("key", "alias/a b".to_owned()), ("last", "5".to_owned())];
        assert_eq!(target(&pairs), "/keystead/v1/audit/records?key=alias%2Fa%20b&last=5");
        assert_eq!(target(&[]), "/keystead/v1/audit/records");
    }

    #[test]
    fn a_line_that_broke_off_is_noticed() {
        let mut whole: &[u8] = b"one\ntwo\n";
        assert_eq!(next_line(&mut whole).expect("text").as_deref(), Some("one"));
        assert_eq!(next_line(&mut whole).expect("text").as_deref(), Some("two"));
        assert_eq!(next_line(&mut whole).expect("the end"), None);
        assert!(next_line(&mut &b"thr"[..]).is_err());
        assert!(next_line(&mut &b"\xff\n"[..]).is_err());
    }
}
