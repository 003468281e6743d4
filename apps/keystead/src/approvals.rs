//! `keystead approvals`: requests that wait, for those who approve them.
//!
//! An approver signs here, with the secret of an access key that never leaves this machine. What is shown before is read
//! from the very bytes that are signed, and from nothing that came beside them.

use std::fmt::Write as _;
use std::io::{BufRead, IsTerminal, Read, Write as _};

use anyhow::{Context, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keystead_crypto::{ApprovalStatement, SecretBytes, approval_signature};
use keystead_model::ApprovalId;
use keystead_sdk::kms::{Client, Response};
use serde_json::{Value, json};

use crate::audit::printable;
use crate::cli::{ApprovalArgs, ApprovalsCommand, DecideArgs, ListApprovalsArgs};
use crate::exit::Failure;
use crate::{print, remote, when};

const PATH: &str = "/keystead/v1/approvals";
/// Longest answer read, in bytes: a page of 50 requests, or one with its bytes.
const ANSWER_BYTES_MAX: u64 = 4 << 20;
/// Longest answer typed to a question, in bytes.
const TYPED_BYTES_MAX: u64 = 64;

/// Does what is asked for.
pub fn run(command: ApprovalsCommand) -> Result<(), Failure> {
    match command {
        ApprovalsCommand::List(args) => list(args),
        ApprovalsCommand::Show(args) => show(&args),
        ApprovalsCommand::Approve(args) => approve(&args),
        ApprovalsCommand::Veto(args) => end(&args, "veto", "End this request for good?"),
        ApprovalsCommand::Withdraw(args) => end(&args, "withdraw", "Take this request back?"),
    }
}

fn list(ListApprovalsArgs { json }: ListApprovalsArgs) -> Result<(), Failure> {
    let client = remote::client()?;
    let mut marker: Option<String> = None;
    loop {
        let query = marker.map(|marker| format!("?marker={marker}")).unwrap_or_default();
        let page = read(remote::ask(&client, &format!("{PATH}{query}"))?)?;
        let waiting =
            page.get("approvals").and_then(Value::as_array).context("the server's answer has no list")?;
        for one in waiting {
            match json {
                true => print(&format!("{}\n", printable(&one.to_string())))?,
                false => print(&line(one))?,
            }
        }
        match page.get("next").and_then(Value::as_str) {
            // It goes into a URL: nothing but what the server writes as markers does.
            Some(next) if next.bytes().all(|b| b.is_ascii_hexdigit()) => marker = Some(next.to_owned()),
            Some(_) => return Err(anyhow!("the server's answer has a marker that is none").into()),
            None => return Ok(()),
        }
    }
}

fn show(args: &ApprovalArgs) -> Result<(), Failure> {
    let client = remote::client()?;
    let waiting = Waiting::ask(&client, args.id)?;
    match args.json {
        true => print(&format!("{}\n", printable(&waiting.told.to_string()))),
        false => print(&waiting.for_people()),
    }
}

fn approve(args: &DecideArgs) -> Result<(), Failure> {
    let signer = Signer::from_lookup(|name| std::env::var(name).ok())?;
    let client = remote::client()?;
    let waiting = Waiting::ask(&client, args.id)?;
    print(&waiting.for_people())?;
    confirm(args.yes, &format!("\nApprove this with access key {}?", printable(&signer.access_key)))?;
    let signature = hex::encode(approval_signature(&signer.secret, &waiting.bytes));
    let body = json!({ "access_key": signer.access_key, "signature": signature }).to_string();
    let after = read(remote::tell(&client, &format!("{PATH}/{}/approve", args.id), body.as_bytes())?)?;
    let given = after.get("approved").and_then(Value::as_array).map_or(0, Vec::len);
    let needed = after.get("needed").and_then(Value::as_u64).unwrap_or(0);
    let mut told = format!("approved: {given} of the {needed} that are needed\n");
    if let Some(ready) = after.get("ready").and_then(Value::as_str) {
        let who = printable(&waiting.statement.requester);
        writeln!(told, "{who} can send the request again from {} on", printable(ready)).expect("a String");
    }
    print(&told)
}

fn end(args: &DecideArgs, verb: &str, question: &str) -> Result<(), Failure> {
    let client = remote::client()?;
    let waiting = Waiting::ask(&client, args.id)?;
    print(&waiting.for_people())?;
    confirm(args.yes, &format!("\n{question}"))?;
    read(remote::tell(&client, &format!("{PATH}/{}/{verb}", args.id), b"{}")?)?;
    print("it is ended\n")
}

/// A request as the server tells it, and the bytes that are signed.
struct Waiting {
    told: Value,
    bytes: Vec<u8>,
    statement: ApprovalStatement,
}

impl Waiting {
    fn ask(client: &Client, id: ApprovalId) -> Result<Self, Failure> {
        Ok(Self::of(id, read(remote::ask(client, &format!("{PATH}/{id}"))?)?)?)
    }

    /// Takes the server's answer apart.
    fn of(id: ApprovalId, told: Value) -> anyhow::Result<Self> {
        let text =
            told.get("statement").and_then(Value::as_str).context("the server's answer has no statement")?;
        let bytes = STANDARD.decode(text).context("the statement is not base 64")?;
        let statement = ApprovalStatement::read(&bytes)?;
        match statement.id == id {
            true => Ok(Self { told, bytes, statement }),
            false => Err(anyhow!("the server answered with another request: {}", statement.id)),
        }
    }

    /// What the signed bytes say, and below it what the server says of the state.
    fn for_people(&self) -> String {
        let ApprovalStatement {
            id,
            created,
            expires,
            account,
            location,
            action,
            resource,
            requester,
            requester_id,
            parameters,
        } = &self.statement;
        let mut out = String::new();
        for (name, value) in [
            ("request", id.to_string()),
            ("who asks", format!("{requester} ({requester_id})")),
            ("for", action.to_string()),
            ("on", resource.to_string()),
            ("account", account.to_string()),
            ("location", location.to_string()),
            ("asked", when::spell(*created)),
            ("runs out", when::spell(*expires)),
        ] {
            writeln!(out, "{name:<10}{}", printable(&value)).expect("a String");
        }
        for (name, value) in parameters.iter() {
            let (name, value) = (printable(name), lines(value));
            writeln!(out, "with      {name}: {value}").expect("a String");
        }
        out.push_str(&self.state());
        out
    }

    fn state(&self) -> String {
        let text = |name: &str| self.told.get(name).and_then(Value::as_str).map(printable);
        let list = |name: &str| self.told.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let needed = self.told.get("needed").and_then(Value::as_u64).unwrap_or(0);
        let mut out = String::new();
        if let Some(rule) = text("rule") {
            let approvers: Vec<_> =
                list("approvers").iter().filter_map(Value::as_str).map(printable).collect();
            writeln!(out, "needs     {needed} of {} (rule {rule})", approvers.join(", ")).expect("a String");
        }
        for by in list("approved") {
            let part = |name: &str| by.get(name).and_then(Value::as_str).map(printable).unwrap_or_default();
            writeln!(out, "approved  {} at {}", part("approver"), part("at")).expect("a String");
        }
        if let Some(ready) = text("ready") {
            writeln!(out, "ready     {ready}").expect("a String");
        }
        out
    }
}

/// A text of several lines, indented; everything that a terminal would act on is escaped.
fn lines(text: &str) -> String {
    match text.contains('\n') {
        false => printable(text),
        true => text.split('\n').map(|line| format!("\n            {}", printable(line))).collect(),
    }
}

fn line(one: &Value) -> String {
    let text = |name: &str| one.get(name).and_then(Value::as_str).map(printable).unwrap_or_default();
    let given = one.get("approved").and_then(Value::as_array).map_or(0, Vec::len);
    let needed = one.get("needed").and_then(Value::as_u64).unwrap_or(0);
    format!(
        "{}  {} on {} by {}, {given} of {needed}, until {}\n",
        text("id"),
        text("action"),
        text("resource"),
        text("requester"),
        text("expires")
    )
}

/// Whoever signs: a lasting access key, out of the environment.
struct Signer {
    access_key: String,
    secret: SecretBytes,
}

impl Signer {
    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let variable = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let required = |name: &str| {
            variable(name)
                .ok_or_else(|| Failure::usage(anyhow!("{name} is not set; an approver signs with it")))
        };
        if variable("AWS_SESSION_TOKEN").is_some() {
            return Err(Failure::usage(anyhow!(
                "AWS_SESSION_TOKEN is set: approvals are signed with a lasting access key, not with that of a session"
            )));
        }
        let secret = SecretBytes::new(required("AWS_SECRET_ACCESS_KEY")?.into_bytes());
        Ok(Self { access_key: required("AWS_ACCESS_KEY_ID")?, secret })
    }
}

/// Asks whoever sits at the terminal.
fn confirm(yes: bool, question: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::usage(anyhow!(
            "nobody is there to be asked; look at it with `show`, then add --yes"
        )));
    }
    print(&format!("{question} Type yes: "))?;
    std::io::stdout().flush().map_err(Failure::output)?;
    let mut typed = String::new();
    stdin.lock().take(TYPED_BYTES_MAX).read_line(&mut typed).context("cannot read what was typed")?;
    match typed.trim() {
        "yes" => Ok(()),
        _ => Err(anyhow!("nothing was done").into()),
    }
}

fn read(answer: Response) -> Result<Value, Failure> {
    let mut text = String::new();
    answer.body.take(ANSWER_BYTES_MAX).read_to_string(&mut text).context("the server's answer broke off")?;
    Ok(serde_json::from_str(&text).context("the server's answer is not JSON")?)
}

#[cfg(test)]
mod tests {
    use keystead_crypto::ApprovalParameters;
    use keystead_model::{Action, Timestamp};

    use super::*;

    fn statement() -> ApprovalStatement {
        ApprovalStatement {
            id: ApprovalId([7; 16]),
            created: Timestamp(1_790_000_000_000),
            expires: Timestamp(1_790_086_400_000),
            account: "111122223333".parse().expect("an account"),
            location: "eu-central-1".parse().expect("a location"),
            action: Action::PutKeyPolicy,
            resource: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".into(),
            requester: "arn:aws:iam::111122223333:user/dan\u{1b}[2J".into(),
            requester_id: "AIDA1".into(),
            parameters: ApprovalParameters::default().with("Policy", "{\n  \"a\": \"\u{202e}b\"\n}"),
        }
    }

    fn told(statement: &ApprovalStatement) -> Value {
        json!({
            "statement": STANDARD.encode(statement.write()),
            "action": "kms:ListKeys",
            "requester": "arn:aws:iam::111122223333:user/nobody-to-worry-about",
            "rule": "policies", "needed": 2, "approvers": ["a", "b", "c"],
            "approved": [{"approver": "a", "at": "2026-09-21T14:13:20.000Z"}], "ready": null,
        })
    }

    #[test]
    fn what_is_shown_is_what_is_signed_and_nothing_else_that_was_said_of_it() {
        let statement = statement();
        let waiting = Waiting::of(statement.id, told(&statement)).expect("it reads");
        let shown = waiting.for_people();
        assert!(shown.contains("kms:PutKeyPolicy") && !shown.contains("ListKeys"), "{shown}");
        assert!(shown.contains("user/dan") && !shown.contains("nobody-to-worry-about"), "{shown}");
        assert!(shown.contains("with      Policy: \n            {\n"), "{shown}");
        assert!(shown.contains("needs     2 of a, b, c (rule policies)"), "{shown}");
        assert!(shown.contains("approved  a at 2026"), "{shown}");
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
    }

    #[test]
    fn another_request_than_the_one_named_is_not_signed() {
        let statement = statement();
        assert!(Waiting::of(ApprovalId([8; 16]), told(&statement)).is_err());
        let mut cut = told(&statement);
        cut["statement"] = STANDARD.encode(&statement.write()[1..]).into();
        assert!(Waiting::of(statement.id, cut).is_err());
        assert!(Waiting::of(statement.id, json!({})).is_err());
    }

    #[test]
    fn a_session_signs_nothing() {
        let lookup = |name: &str| Some(format!("{name}-value"));
        assert!(Signer::from_lookup(lookup).is_err());
        let lasting = |name: &str| lookup(name).filter(|_| name != "AWS_SESSION_TOKEN");
        assert!(Signer::from_lookup(lasting).is_ok());
        assert!(Signer::from_lookup(|_| None).is_err());
    }
}
