//! Reads the named cases of `vectors/`.
//!
//! A file is a list of blocks with an empty line between them. A block that begins with `default` gives values for the
//! cases after it; a case begins with its `name` and replaces some of them. `condition` stands in for the word CONDITION
//! in every document. A document without `Statement` is a list of statements. A line that begins with a space goes on
//! with the value above it.
//!
//! ```text
//! key, trust             the policy of the resource
//! identity NAME, boundary NAME, session NAME, guardrail NAME
//! terms                  both must agree, the root may not use keys
//! caller                 an ARN or a service; `ARN opened by ARN` for a federated user
//! credentials            lasting, or temporary and then: issued, mfa (seconds), source-identity, provider, tag K=V
//! tag K = V              a tag of the user or role
//! do, on                 the action; what `world::resource` reads
//! with KEY = VALUE       a fact; number:, flag:, instant:, address: or unreadable for what is no text
//! source, secure, at, agent
//! grant                  in person, by account
//! expect                 allowed by …, denied WHY by …
//! ```

use std::collections::HashSet;

use keystead_model::{Action, Timestamp};
use keystead_policy::{Naming, Terms};

use crate::world::{self, Document, Given, NOW_SECONDS, Place, World};

/// Each file, and how many cases it has.
pub const FILES: &[(&str, &str, usize)] = &[
    ("combination", include_str!("../../vectors/combination.txt"), 472),
    ("operators", include_str!("../../vectors/operators.txt"), 516),
    ("language", include_str!("../../vectors/language.txt"), 195),
];

/// A line's word, what follows the word, and its value.
type Field = (String, String, String);

pub struct Case {
    pub name: String,
    pub world: World,
    pub expect: String,
}

/// The cases of one file.
pub fn read(text: &str) -> Vec<Case> {
    let mut defaults: Vec<Field> = Vec::new();
    let mut cases = Vec::new();
    for block in text.split("\n\n").map(lines).filter(|lines| !lines.is_empty()) {
        let mut fields: Vec<Field> =
            block.iter().filter(|line| *line != "default").map(|line| field(line)).collect();
        if block[0] == "default" {
            defaults = fields;
            continue;
        }
        let given: HashSet<String> = fields.iter().map(|(word, ..)| word.clone()).collect();
        fields.extend(defaults.iter().filter(|(word, ..)| !given.contains(word)).cloned());
        cases.push(case(&fields));
    }
    cases
}

/// The lines of a block without comments, each with those that go on with it.
fn lines(block: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in block.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        match (line.starts_with(' '), lines.last_mut()) {
            (true, Some(last)) => last.push_str(line),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn field(line: &str) -> Field {
    let (left, value) = line.split_once('=').unwrap_or_else(|| panic!("no value in {line}"));
    let (word, rest) = left.trim().split_once(' ').unwrap_or((left.trim(), ""));
    (word.to_owned(), rest.trim().to_owned(), value.trim().to_owned())
}

fn case(fields: &[Field]) -> Case {
    let one = |word: &str| fields.iter().find(|(name, ..)| name == word).map(|(.., value)| value.clone());
    let name = one("name").unwrap_or_else(|| panic!("a case has no name: {fields:?}"));
    let condition = one("condition").unwrap_or_default();
    let mut world = World::new();
    let mut tags = Vec::new();
    // Whom a session is of decides whether there is one.
    let order = |word: &str| if word == "caller" { 0 } else { 1 };
    let mut sorted: Vec<&Field> = fields.iter().collect();
    sorted.sort_by_key(|(word, ..)| order(word));
    for (word, rest, value) in sorted {
        let mut document = |place| add(&mut world, place, rest, &value.replace("CONDITION", &condition));
        match word.as_str() {
            "name" | "condition" | "expect" => {}
            "key" => document(Place::Key),
            "trust" => document(Place::Trust),
            "identity" => document(Place::Identity),
            "boundary" => document(Place::Boundary),
            "session" => document(Place::Session),
            "guardrail" => document(Place::Guardrail),
            "terms" => world.terms = terms(value),
            "caller" => set_caller(&mut world, value),
            "credentials" => set_credentials(&mut world, value),
            "tag" => tags.push((rest.as_str(), value.as_str())),
            "do" => world.action = Action::parse(value).unwrap_or_else(|| panic!("no action {value}")),
            "on" => world.resource = world::resource(value),
            "with" => world.facts.push((rest.clone(), given(value))),
            "source" => world.call.source = value.parse().expect("an address"),
            "secure" => world.call.secure = value == "yes",
            "at" => world.call.at = Timestamp::from_seconds(value.parse().expect("seconds")),
            "agent" => world.call.user_agent = value.as_str().into(),
            "grant" => {
                world.grant = grant(value);
            }
            other => panic!("{name}: no field is called {other}"),
        }
    }
    world.tags = world::tags(&tags);
    Case {
        name: name.clone(),
        world,
        expect: one("expect").unwrap_or_else(|| panic!("{name} expects nothing")),
    }
}

fn add(world: &mut World, place: Place, name: &str, value: &str) {
    if value == "none" {
        return;
    }
    let text = match value.contains("\"Statement\"") {
        true => value.to_owned(),
        false => format!(r#"{{"Version": "2012-10-17", "Statement": [{value}]}}"#),
    };
    world.documents.push(Document { place, name: name.to_owned(), text });
}

fn terms(value: &str) -> Terms {
    Terms {
        both_must_agree: value.contains("both must agree"),
        root_may_not_use_keys: value.contains("the root may not use keys"),
    }
}

fn set_caller(world: &mut World, value: &str) {
    let (caller, opened_by) = match value.split_once(" opened by ") {
        Some((caller, by)) => (caller, Some(world::principal(by))),
        None => (value, None),
    };
    world.principal = world::principal(caller);
    if caller.contains("role/") || caller.contains("federated-user/") {
        world.session = Some(keystead_model::Session { opened_by, ..world::plain_session() });
    }
}

fn set_credentials(world: &mut World, value: &str) {
    if value == "lasting" {
        world.session = None;
        return;
    }
    let mut session = world.session.take().unwrap_or_else(world::plain_session);
    let mut tags = Vec::new();
    for part in value.split(", ") {
        let (word, rest) = part.split_once(' ').unwrap_or((part, ""));
        let seconds = || Timestamp::from_seconds(NOW_SECONDS - rest.parse::<u64>().expect("seconds ago"));
        match word {
            "temporary" => {}
            "issued" => session.issued = seconds(),
            "mfa" => session.mfa = Some(seconds()),
            "source-identity" => session.source_identity = Some(rest.into()),
            "provider" => session.provider = Some(rest.into()),
            "tag" => tags.push(rest.split_once('=').expect("a key and a value")),
            other => panic!("no credentials are {other}"),
        }
    }
    session.tags = world::tags(&tags);
    world.session = Some(session);
}

fn given(value: &str) -> Given {
    match value.split_once(':') {
        Some(("number", rest)) => Given::Number(rest.parse().expect("a number")),
        Some(("flag", rest)) => Given::Flag(rest == "true"),
        Some(("instant", rest)) => Given::Instant(rest.parse().expect("seconds")),
        Some(("address", rest)) => Given::Address(rest.parse().expect("an address")),
        _ if value == "unreadable" => Given::Unreadable,
        _ => Given::Text(value.to_owned()),
    }
}

fn grant(value: &str) -> Option<Naming> {
    match value {
        "in person" => Some(Naming::InPerson),
        "by account" => Some(Naming::ByAccount),
        "none" => None,
        other => panic!("no grant is {other}"),
    }
}
