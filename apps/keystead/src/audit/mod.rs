//! `keystead audit`: the log for people and for programs.

mod line;
mod online;
mod stopped;

use keystead_audit::Filter;
use keystead_model::Timestamp;

pub use line::printable;

use crate::cli::{AuditCommand, SearchArgs, TailArgs};
use crate::exit::Failure;
use crate::{when, world};

/// How records are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A line of text each.
    Text,
    /// A JSON object each.
    Json,
}

impl Form {
    fn of(json: bool) -> Self {
        if json { Self::Json } else { Self::Text }
    }
}

/// Prints records.
pub fn run(command: AuditCommand) -> Result<(), Failure> {
    match command {
        AuditCommand::Tail(TailArgs { lines, follow, json, data }) => match data {
            Some(folder) => stopped::tail(&folder, lines, Form::of(json)),
            None => online::tail(lines, follow, Form::of(json)),
        },
        AuditCommand::Search(args) => {
            let conditions = conditions(&args, world::system().clock.now())?;
            // Checked here as well, so that a wrong word is told before anybody is asked.
            let pairs = conditions.iter().map(|(name, value)| (*name, value.as_str()));
            let filter = Filter::parse(pairs).map_err(Failure::usage)?;
            match args.data {
                Some(folder) => stopped::search(&folder, &filter, Form::of(args.json)),
                None => online::search(&conditions, Form::of(args.json)),
            }
        }
    }
}

/// The conditions as pairs, with ages turned into times.
fn conditions(args: &SearchArgs, now: Timestamp) -> Result<Vec<(&'static str, String)>, Failure> {
    let SearchArgs { key, principal, action, from, until, outcome, request, json: _, data: _ } = args;
    let mut pairs = Vec::new();
    let outcome = &outcome.as_deref().map(|word| match word {
        // As the text form of a record has it, and as people say it.
        "ok" => "success".to_owned(),
        "failed" => "refused".to_owned(),
        word => word.to_owned(),
    });
    for (name, value) in [
        ("key", key),
        ("principal", principal),
        ("action", action),
        ("outcome", outcome),
        ("request", request),
    ] {
        pairs.extend(value.iter().map(|value| (name, value.clone())));
    }
    for (name, value) in [("from", from), ("until", until)] {
        if let Some(value) = value {
            let at = when::parse(value, now).map_err(Failure::usage)?;
            pairs.push((name, when::spell(at)));
        }
    }
    Ok(pairs)
}
