//! An evaluator that is as simple as can be: it reads the JSON again for each question, compares texts and goes through
//! AWS's rules one by one. It takes well-formed documents only.

use keystead_model::{Action, Principal, Resource};
use keystead_policy::Naming;
use serde_json::Value;

use crate::world::{Document, Given, Place, World};

/// What it says.
#[derive(PartialEq, Eq, Debug)]
pub struct Answer {
    pub allowed: bool,
    /// Whether a statement denies.
    pub denied: bool,
}

const ALLOWED: Answer = Answer { allowed: true, denied: false };
const DENIED: Answer = Answer { allowed: false, denied: true };
const NOT_ALLOWED: Answer = Answer { allowed: false, denied: false };

pub fn decide(world: &World) -> Answer {
    let governed = match &world.resource {
        Resource::Key(_) => true,
        Resource::Iam(_) => matches!(
            world.action,
            Action::AssumeRole
                | Action::AssumeRoleWithWebIdentity
                | Action::TagSession
                | Action::SetSourceIdentity
        ),
        _ => false,
    };
    let is_resource = |document: &&Document| matches!(document.place, Place::Key | Place::Trust);
    let resource = world.documents.iter().find(is_resource).filter(|_| governed);
    let resource_says =
        |effect: &str, how: &str| resource.is_some_and(|policy| says(world, policy, effect, how));
    let resource_denies = ["person", "behind", "account"].iter().any(|how| resource_says("Deny", how));
    let Some(account) = world.principal.account() else {
        return match (resource_denies, resource_says("Allow", "person")) {
            (true, _) => DENIED,
            (false, true) => ALLOWED,
            (false, false) => NOT_ALLOWED,
        };
    };
    let own = |place: Place| world.documents.iter().filter(move |document| document.place == place);
    let own_places = [Place::Identity, Place::Boundary, Place::Session, Place::Guardrail];
    let own_denies =
        own_places.iter().any(|place| own(*place).any(|policy| says(world, policy, "Deny", "holder")));
    if resource_denies || own_denies {
        return DENIED;
    }
    let allows = |place: Place| own(place).any(|policy| says(world, policy, "Allow", "holder"));
    if !own(Place::Guardrail).all(|policy| says(world, policy, "Allow", "holder")) {
        return NOT_ALLOWED;
    }
    let is_root = matches!(world.principal, Principal::Root { .. });
    if is_root && world.terms.root_may_not_use_keys && USES.contains(&world.action.as_str()) {
        return NOT_ALLOWED;
    }
    let opener = world.session.as_ref().and_then(|session| session.opened_by.as_ref());
    let federated = matches!(world.principal, Principal::FederatedUser { .. });
    let root_behind =
        federated && matches!(opener, Some(Principal::Root { account: own }) if *own == account);
    let identity = allows(Place::Identity) || is_root || root_behind;
    let boundary = own(Place::Boundary).count() == 0 || allows(Place::Boundary);
    let without_session = own(Place::Session).count() == 0;
    let session = if without_session { !federated } else { allows(Place::Session) };
    let (person, behind) = (resource_says("Allow", "person"), resource_says("Allow", "behind"));
    let by_account = resource_says("Allow", "account");
    let owner = match &world.resource {
        Resource::Key(arn) => arn.account,
        Resource::Alias(arn) => arn.account,
        Resource::Iam(arn) => arn.account.unwrap_or(account),
        Resource::FederatedUser(owner, _) => *owner,
        Resource::Account => account,
    };
    let all_own = identity && boundary && session;
    let agreed = !world.terms.both_must_agree || all_own;
    // A user has no session policies; if there were any, they would bind.
    let is_session =
        matches!(world.principal, Principal::AssumedRole { .. } | Principal::FederatedUser { .. });
    let by_policies = match (owner == account, governed) {
        (true, false) => all_own,
        (false, false) => false,
        (true, true) => {
            agreed
                && ((person && (is_session || session))
                    || (behind && boundary && session)
                    || (by_account && all_own))
        }
        (false, true) => (person || behind || by_account) && all_own,
    };
    let by_grant = match world.grant {
        None => false,
        Some(Naming::InPerson) => boundary && session && agreed,
        Some(Naming::ByAccount) => all_own,
    };
    if by_policies || by_grant { ALLOWED } else { NOT_ALLOWED }
}

const USES: &[&str] = &[
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:Sign",
    "kms:Verify",
    "kms:GenerateMac",
    "kms:VerifyMac",
    "kms:DeriveSharedSecret",
    "kms:Encapsulate",
    "kms:Decapsulate",
];

/// Whether a statement of this effect applies to a caller whom it names so; `holder`: in a policy of the caller's own.
fn says(world: &World, document: &Document, effect: &str, how: &str) -> bool {
    applying(world, document, effect, how).contains(&true)
}

/// Which statements of this effect apply to a caller whom they name so.
pub fn applying(world: &World, document: &Document, effect: &str, how: &str) -> Vec<bool> {
    let policy: Value = serde_json::from_str(&document.text).expect("JSON");
    let fills = policy["Version"] == "2012-10-17";
    let applies = |statement: &Value| {
        statement["Effect"] == effect
            && (how == "holder" || named(world, statement) == how)
            && acts(world, statement)
            && covers(world, statement, fills)
            && conditions(world, statement, fills)
    };
    many(&policy["Statement"]).into_iter().map(applies).collect()
}

/// A value, or the values of a list.
fn many(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn acts(world: &World, statement: &Value) -> bool {
    let asked = world.action.as_str().to_lowercase();
    let listed = |name: &str| {
        many(&statement[name])
            .iter()
            .any(|pattern| glob(&literal_stars(&text(pattern).to_lowercase()), &asked))
    };
    if statement["Action"].is_null() { !listed("NotAction") } else { listed("Action") }
}

// Who.

/// How a statement names the caller: `person`, `behind`, `account` or `no`.
fn named(world: &World, statement: &Value) -> &'static str {
    if statement["NotPrincipal"].is_null() {
        let ways: Vec<&str> = entries(&statement["Principal"]).iter().map(|who| names(world, who)).collect();
        return ["person", "behind", "account"].into_iter().find(|way| ways.contains(way)).unwrap_or("no");
    }
    let listed = entries(&statement["NotPrincipal"]);
    let bounded = world.documents.iter().any(|document| document.place == Place::Boundary);
    let lists = |way: &str| listed.iter().any(|who| who.1 == "*" || names(world, who) == way);
    let account = world.principal.account().map(|account| account.to_string());
    let root = account.as_ref().map(|account| format!("arn:aws:iam::{account}:root"));
    let lists_account = listed
        .iter()
        .any(|(_, who)| who == "*" || account.as_ref() == Some(who) || root.as_ref() == Some(who));
    let spared = match &world.principal {
        Principal::Root { .. } => lists_account,
        Principal::User { .. } | Principal::FederatedUser { .. } => lists_account && lists("person"),
        Principal::AssumedRole { .. } => lists_account && lists("person") && lists("behind"),
        Principal::Service { .. } | Principal::Federated { .. } => lists("person"),
        Principal::Keystead => false,
    };
    if spared && !bounded { "no" } else { "person" }
}

/// Kind and name of each principal.
fn entries(principals: &Value) -> Vec<(String, String)> {
    match principals {
        Value::String(star) => vec![("AWS".into(), star.clone())],
        Value::Object(kinds) => kinds
            .iter()
            .flat_map(|(kind, names)| many(names).into_iter().map(|name| (kind.clone(), text(name))))
            .collect(),
        _ => Vec::new(),
    }
}

fn names(world: &World, (kind, who): &(String, String)) -> &'static str {
    let caller = &world.principal;
    let is_provider = matches!(caller, Principal::Federated { .. });
    match (kind.as_str(), who.as_str()) {
        ("AWS", "*") if is_provider => return "account",
        ("AWS", "*") => return "person",
        ("AWS", _) | ("Federated", _) | ("Service", _) => {}
        _ => return "no",
    }
    let kind_of_caller = match caller {
        Principal::Service { .. } => "Service",
        Principal::Federated { .. } => "Federated",
        _ => "AWS",
    };
    if kind != kind_of_caller {
        return "no";
    }
    if *who == caller.to_string() {
        return "person";
    }
    if let Some(account) = caller.account()
        && (*who == account.to_string() || *who == format!("arn:aws:iam::{account}:root"))
    {
        return if matches!(caller, Principal::Root { .. }) { "person" } else { "account" };
    }
    let behind = match caller {
        Principal::AssumedRole { account, role, .. } => Some(format!("arn:aws:iam::{account}:role/{role}")),
        Principal::FederatedUser { .. } => {
            let opener = world.session.as_ref().and_then(|session| session.opened_by.as_ref());
            opener.filter(|user| matches!(user, Principal::User { .. })).map(ToString::to_string)
        }
        _ => None,
    };
    if behind.as_ref() == Some(who) { "behind" } else { "no" }
}

// What.

/// A piece of a pattern.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Piece {
    Any,
    One,
    Just(char),
}

fn literal_stars(pattern: &str) -> Vec<Piece> {
    pattern
        .chars()
        .map(|c| match c {
            '*' => Piece::Any,
            '?' => Piece::One,
            other => Piece::Just(other),
        })
        .collect()
}

/// By the definition, going back wherever a star could have reached further.
fn glob(pattern: &[Piece], subject: &str) -> bool {
    match (pattern.split_first(), subject.chars().next()) {
        (None, next) => next.is_none(),
        (Some((Piece::Any, rest)), next) => {
            glob(rest, subject) || next.is_some_and(|c| glob(pattern, &subject[c.len_utf8()..]))
        }
        (Some(_), None) => false,
        (Some((Piece::One, rest)), Some(c)) => glob(rest, &subject[c.len_utf8()..]),
        (Some((Piece::Just(wanted), rest)), Some(c)) => *wanted == c && glob(rest, &subject[c.len_utf8()..]),
    }
}

/// An ARN part by part, or, where the pattern has fewer than six parts, as one text.
fn arn_glob(pattern: &[Piece], subject: &str) -> bool {
    let parts: Vec<&[Piece]> = pattern.splitn(6, |piece| *piece == Piece::Just(':')).collect();
    let subjects: Vec<&str> = subject.splitn(6, ':').collect();
    match parts.len() {
        6 => subjects.len() == 6 && parts.iter().zip(subjects).all(|(pattern, part)| glob(pattern, part)),
        _ => glob(pattern, subject),
    }
}

fn covers(world: &World, statement: &Value, fills: bool) -> bool {
    let asked = world.resource.to_string();
    let doubtful = statement["Effect"] == "Deny";
    let listed = |name: &str, of_doubt: bool| {
        many(&statement[name]).iter().any(|pattern| match pieces(world, &text(pattern), fills) {
            Some(pattern) => pattern == [Piece::Any] || arn_glob(&pattern, &asked),
            None => of_doubt,
        })
    };
    match (&statement["Resource"], &statement["NotResource"]) {
        (Value::Null, Value::Null) => true,
        (Value::Null, _) => !listed("NotResource", !doubtful),
        _ => listed("Resource", false),
    }
}

/// A text with its variables filled in; `None` if one has no value.
fn pieces(world: &World, pattern: &str, fills: bool) -> Option<Vec<Piece>> {
    let (mut out, mut rest) = (Vec::new(), pattern);
    while let Some(c) = rest.chars().next() {
        if let (true, Some(inside)) = (fills, rest.strip_prefix("${")) {
            let end = inside.find('}').expect("an end");
            let name = &inside[..end];
            rest = &inside[end + 1..];
            let (name, default) = match name.split_once(',') {
                Some((name, default)) => (name, Some(default.trim().trim_matches('\''))),
                None => (name, None),
            };
            if let "*" | "?" | "$" = name {
                out.extend(name.chars().map(Piece::Just));
                continue;
            }
            let values = values(world, name);
            let filled = match (&values[..], default) {
                ([Some(one)], _) => one.as_str(),
                ([], Some(default)) => default,
                _ => return None,
            };
            out.extend(filled.chars().map(Piece::Just));
            continue;
        }
        out.extend(literal_stars(&c.to_string()));
        rest = &rest[c.len_utf8()..];
    }
    Some(out)
}

// When.

fn conditions(world: &World, statement: &Value, fills: bool) -> bool {
    let Value::Object(blocks) = &statement["Condition"] else { return true };
    let allow = statement["Effect"] == "Allow";
    blocks.iter().all(|(operator, keys)| {
        let keys = keys.as_object().expect("keys");
        keys.iter().all(|(key, wanted)| condition(world, operator, key, &many(wanted), fills, allow))
    })
}

fn condition(world: &World, operator: &str, key: &str, wanted: &[&Value], fills: bool, allow: bool) -> bool {
    let (over, name) = operator.split_once(':').unwrap_or(("", operator));
    let (name, if_exists) = match name.strip_suffix("IfExists") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let mut asked = values(world, key);
    if is_list(key) && asked.iter().all(|value| value.as_deref() == Some("")) {
        asked.clear();
    }
    if name == "Null" {
        let absent = asked.is_empty().to_string();
        return wanted.iter().any(|value| text(value).to_lowercase() == absent);
    }
    let negated = name.contains("Not");
    let name = name.replace("Not", "");
    if asked.is_empty() {
        return if_exists || over == "ForAllValues" || (over.is_empty() && negated);
    }
    let holds = |value: &Option<String>| {
        let Some(value) = value else { return !allow };
        let mut found = Some(false);
        for wanted in wanted {
            match matches(world, &name, value, &text(wanted), fills) {
                Compared::Yes => {
                    found = Some(true);
                    break;
                }
                Compared::No => {}
                Compared::NoVariable => found = None,
                Compared::Never => return !allow,
            }
        }
        match found {
            Some(found) => found != negated,
            None => negated && !allow,
        }
    };
    match over {
        "ForAllValues" => asked.iter().all(holds),
        "ForAnyValue" => asked.iter().any(holds),
        _ if allow => asked.iter().all(holds),
        _ => asked.iter().any(holds),
    }
}

enum Compared {
    Yes,
    No,
    /// A variable has no value.
    NoVariable,
    /// The request's value is none that this operator can compare.
    Never,
}

fn matches(world: &World, name: &str, value: &str, wanted: &str, fills: bool) -> Compared {
    let yes = |yes: bool| if yes { Compared::Yes } else { Compared::No };
    let pattern = || pieces(world, wanted, fills);
    let plain = || {
        // Without wildcards all is literal, but what was filled in.
        let literal = |piece: &Piece| match piece {
            Piece::Any => '*',
            Piece::One => '?',
            Piece::Just(c) => *c,
        };
        pattern().map(|pieces| pieces.iter().map(literal).collect::<String>())
    };
    let Some(order) = ["LessThanEquals", "LessThan", "GreaterThanEquals", "GreaterThan", "Equals"]
        .into_iter()
        .find(|order| name.ends_with(order))
        .or(Some("other"))
    else {
        return Compared::Never;
    };
    let in_order = |value: f64, wanted: f64| match order {
        "LessThan" => value < wanted,
        "LessThanEquals" => value <= wanted,
        "GreaterThan" => value > wanted,
        "GreaterThanEquals" => value >= wanted,
        _ => value == wanted,
    };
    match name {
        "StringEquals" => plain().map_or(Compared::NoVariable, |wanted| yes(wanted == value)),
        "StringEqualsIgnoreCase" => {
            plain().map_or(Compared::NoVariable, |wanted| yes(wanted.to_lowercase() == value.to_lowercase()))
        }
        "StringLike" => pattern().map_or(Compared::NoVariable, |wanted| yes(glob(&wanted, value))),
        "ArnEquals" | "ArnLike" => {
            pattern().map_or(Compared::NoVariable, |wanted| yes(arn_glob(&wanted, value)))
        }
        "Bool" => match value.to_lowercase().as_str() {
            told @ ("true" | "false") => yes(told == wanted.to_lowercase()),
            _ => Compared::Never,
        },
        "BinaryEquals" => {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::STANDARD.decode(wanted).expect("base64");
            yes(bytes == value.as_bytes())
        }
        "IpAddress" => match value.parse() {
            Ok(address) => yes(within(address, wanted)),
            Err(_) => Compared::Never,
        },
        _ if name.starts_with("Numeric") => match value.parse::<f64>() {
            Ok(number) => yes(in_order(number, wanted.parse().expect("a number"))),
            Err(_) => Compared::Never,
        },
        _ if name.starts_with("Date") => match seconds(value) {
            Some(value) => yes(in_order(value, seconds(wanted).expect("an instant"))),
            None => Compared::Never,
        },
        other => panic!("no operator {other}"),
    }
}

fn seconds(text: &str) -> Option<f64> {
    if text.len() != 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let whole = match text.len() {
        4 => format!("{text}-01-01T00:00:00Z"),
        7 => format!("{text}-01T00:00:00Z"),
        10 => format!("{text}T00:00:00Z"),
        _ => text.to_owned(),
    };
    whole.parse::<jiff::Timestamp>().ok().map(|at| at.as_millisecond() as f64 / 1000.0)
}

fn within(address: std::net::IpAddr, range: &str) -> bool {
    let bits = |address: std::net::IpAddr| -> String {
        match address.to_canonical() {
            std::net::IpAddr::V4(four) => four.octets().iter().map(|octet| format!("{octet:08b}")).collect(),
            std::net::IpAddr::V6(six) => six.octets().iter().map(|octet| format!("{octet:08b}")).collect(),
        }
    };
    let (start, prefix) = range.split_once('/').unwrap_or((range, ""));
    let start = bits(start.parse().expect("an address"));
    let prefix: usize = if prefix.is_empty() { start.len() } else { prefix.parse().expect("a prefix") };
    let asked = bits(address);
    asked.len() == start.len() && asked[..prefix] == start[..prefix]
}

/// Keys that AWS documents as multivalued and that questions here use.
fn is_list(key: &str) -> bool {
    [
        "aws:tagkeys",
        "kms:encryptioncontextkeys",
        "kms:grantoperations",
        "kms:resourcealiases",
        "sts:transitivetagkeys",
    ]
    .contains(&key.to_lowercase().as_str())
        || key.to_lowercase().ends_with(":amr")
}

/// The values of a key as texts; `None` for one that cannot be read.
fn values(world: &World, key: &str) -> Vec<Option<String>> {
    let key = key.to_lowercase();
    let session = world.session.as_ref();
    let caller = &world.principal;
    let account = caller.account().map(|account| account.to_string());
    let told = || {
        let of = |given: &Given| match given {
            Given::Text(text) => Some(text.clone()),
            Given::Number(number) => Some(number.to_string()),
            Given::Flag(flag) => Some(flag.to_string()),
            Given::Instant(seconds) => Some(seconds.to_string()),
            Given::Address(address) => Some(address.to_canonical().to_string()),
            Given::Unreadable => None,
        };
        world
            .facts
            .iter()
            .filter(|(name, _)| name.to_lowercase() == key)
            .map(|(_, given)| of(given))
            .collect()
    };
    let some = |text: Option<String>| text.into_iter().map(Some).collect::<Vec<_>>();
    let told_or = |otherwise: Option<String>| {
        let told: Vec<_> = told();
        if told.is_empty() { some(otherwise) } else { told }
    };
    if let Some(name) = key.strip_prefix("aws:principaltag/") {
        let of = |tags: &keystead_model::Tags| {
            tags.iter().find(|tag| tag.key.to_lowercase() == name).map(|tag| tag.value.to_string())
        };
        return some(session.and_then(|session| of(&session.tags)).or_else(|| of(&world.tags)));
    }
    match key.as_str() {
        "aws:currenttime" | "aws:epochtime" => some(Some(world.call.at.seconds().to_string())),
        "aws:securetransport" => some(Some(world.call.secure.to_string())),
        "aws:sourceip" => some(Some(world.call.source.to_canonical().to_string())),
        "aws:useragent" => some(Some(world.call.user_agent.to_string())),
        "aws:requestedregion" => some(Some(world.call.location.as_str().to_owned())),
        "aws:principalaccount" | "kms:calleraccount" => some(account),
        "aws:resourceaccount" => match &world.resource {
            Resource::Key(arn) => some(Some(arn.account.to_string())),
            Resource::Alias(arn) => some(Some(arn.account.to_string())),
            Resource::Iam(arn) => some(arn.account.map(|account| account.to_string())),
            Resource::FederatedUser(owner, _) => some(Some(owner.to_string())),
            Resource::Account => Vec::new(),
        },
        "aws:principalarn" => some(match caller {
            Principal::AssumedRole { account, role, .. } => {
                Some(format!("arn:aws:iam::{account}:role/{role}"))
            }
            Principal::Service { .. } | Principal::Federated { .. } | Principal::Keystead => None,
            other => Some(other.to_string()),
        }),
        "aws:principaltype" => some(match caller {
            Principal::Root { .. } => Some("Account".into()),
            Principal::User { .. } => Some("User".into()),
            Principal::AssumedRole { .. } => Some("AssumedRole".into()),
            Principal::FederatedUser { .. } => Some("FederatedUser".into()),
            _ => None,
        }),
        "aws:username" => some(match caller {
            Principal::User { name, .. } => name.rsplit('/').next().map(ToOwned::to_owned),
            _ => None,
        }),
        "aws:userid" => some(match caller {
            Principal::Root { account } => Some(account.to_string()),
            Principal::User { id, .. } => Some(id.to_string()),
            Principal::AssumedRole { role_id, session, .. } => Some(format!("{role_id}:{session}")),
            Principal::FederatedUser { account, name } => Some(format!("{account}:{name}")),
            _ => None,
        }),
        "aws:principalisawsservice" => some(Some(matches!(caller, Principal::Service { .. }).to_string())),
        "aws:principalservicename" => some(match caller {
            Principal::Service { name } => Some(name.to_string()),
            _ => None,
        }),
        "kms:grantisforawsresource" => match world.action {
            Action::CreateGrant | Action::ListGrants | Action::RevokeGrant => {
                some(Some(matches!(caller, Principal::Service { .. }).to_string()))
            }
            _ => Vec::new(),
        },
        "aws:viaawsservice" => told_or(Some("false".into())),
        "aws:tokenissuetime" => some(session.map(|session| session.issued.seconds().to_string())),
        "aws:multifactorauthpresent" => told_or(session.map(|session| session.mfa.is_some().to_string())),
        "aws:multifactorauthage" => {
            let shown = session.and_then(|session| session.mfa);
            told_or(shown.map(|shown| (world.call.at.seconds() - shown.seconds()).to_string()))
        }
        "aws:sourceidentity" => {
            some(session.and_then(|session| session.source_identity.as_ref()).map(|name| name.to_string()))
        }
        "aws:federatedprovider" => {
            some(session.and_then(|session| session.provider.as_ref()).map(|name| name.to_string()))
        }
        key if key.starts_with("iam:resourcetag/") && !matches!(world.resource, Resource::Iam(_)) => {
            Vec::new()
        }
        key if key.split(':').next().is_some_and(|start| start.contains('.'))
            && !matches!(
                world.action,
                Action::AssumeRoleWithWebIdentity | Action::TagSession | Action::SetSourceIdentity
            ) =>
        {
            Vec::new()
        }
        _ => told(),
    }
}
