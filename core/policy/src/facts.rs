//! What a request can tell about itself.

use std::fmt::Write;
use std::net::IpAddr;

use keystead_model::{Action, EncryptionContext, Principal, Resource, Tags, Timestamp};

use crate::buffer::Buffer;
use crate::{ConditionKey, Request};

/// One value of a condition key, in the form it is at hand: nobody formats a number to have it parsed again.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// A point in time.
    Instant(Timestamp),
    /// A network address.
    Address(IpAddr),
    /// There is a value, but it cannot be told. No comparison with it ever helps the caller.
    Unreadable,
}

/// What is done with each value.
pub type Visit<'v> = dyn FnMut(Value<'_>) + 'v;

/// The engine's side of a request: whatever its [`Request`] does not say by itself.
pub trait Facts {
    /// Calls `visit` once for every value the request has for `key`, in any order; not at all where it has none.
    ///
    /// Never asked about the caller, the time, the transport, the source address, the user agent, the location or
    /// the resource's account: those follow from the [`Request`]. The name within [`ConditionKey::AwsPrincipalTag`]
    /// and its like is to be compared without regard to case; [`context_values`], [`resource_tag_values`] and
    /// [`request_tag_values`] do so.
    fn values(&self, key: &ConditionKey, visit: &mut Visit<'_>);
}

/// Nothing but what the [`Request`] says by itself.
pub struct NoFacts;

impl Facts for NoFacts {
    fn values(&self, _: &ConditionKey, _: &mut Visit<'_>) {}
}

/// What an encryption context says about a key; nothing if the key asks for something else.
pub fn context_values(context: &EncryptionContext, key: &ConditionKey, visit: &mut Visit<'_>) {
    match key {
        ConditionKey::KmsEncryptionContext(name) => context
            .pairs()
            .filter(|(key, _)| same_ignoring_case(key, name))
            .for_each(|(_, value)| visit(Value::Text(value))),
        ConditionKey::KmsEncryptionContextKeys => {
            context.pairs().for_each(|(key, _)| visit(Value::Text(key)))
        }
        _ => {}
    }
}

/// What a resource's tags say about a key; nothing if the key asks for something else.
pub fn resource_tag_values(tags: &Tags, key: &ConditionKey, visit: &mut Visit<'_>) {
    if let ConditionKey::AwsResourceTag(name) = key {
        visit_tag(tags, name, visit);
    }
}

/// What the tags in a request say about a key; nothing if the key asks for something else.
pub fn request_tag_values(tags: &Tags, key: &ConditionKey, visit: &mut Visit<'_>) {
    match key {
        ConditionKey::AwsRequestTag(name) => visit_tag(tags, name, visit),
        ConditionKey::AwsTagKeys => tags.iter().for_each(|tag| visit(Value::Text(&tag.key))),
        _ => {}
    }
}

fn visit_tag(tags: &Tags, name: &str, visit: &mut Visit<'_>) {
    tags.iter()
        .filter(|tag| same_ignoring_case(&tag.key, name))
        .for_each(|tag| visit(Value::Text(&tag.value)));
}

/// Equal but for the case of letters, of any script.
pub(crate) fn same_ignoring_case(a: &str, b: &str) -> bool {
    let folded = |text| str::chars(text).flat_map(char::to_lowercase);
    folded(a).eq(folded(b))
}

/// Room for a principal's ARN: 31 bytes before the name, paths of 512 and names of 64 bytes.
const ARN_BYTES_MAX: usize = 1024;

impl Request<'_> {
    /// Every value the request has for a key.
    pub(crate) fn values(&self, key: &ConditionKey, visit: &mut Visit<'_>) {
        match key {
            ConditionKey::AwsCurrentTime => visit(Value::Instant(self.call.at)),
            ConditionKey::AwsEpochTime => visit(Value::Number(self.call.at.seconds())),
            ConditionKey::AwsSecureTransport => visit(Value::Flag(self.call.secure)),
            ConditionKey::AwsSourceIp => visit(Value::Address(self.call.source)),
            ConditionKey::AwsUserAgent => visit(Value::Text(&self.call.user_agent)),
            ConditionKey::AwsRequestedRegion => visit(Value::Text(self.call.location.as_str())),
            ConditionKey::AwsResourceAccount => match self.resource {
                Resource::Key(arn) => visit_account(Some(arn.account), visit),
                Resource::Alias(arn) => visit_account(Some(arn.account), visit),
                Resource::Iam(arn) => visit_account(arn.account, visit),
                Resource::Account => {}
            },
            ConditionKey::KmsCallerAccount | ConditionKey::AwsPrincipalAccount => {
                visit_account(self.principal.account(), visit);
            }
            ConditionKey::AwsPrincipalArn
            | ConditionKey::AwsPrincipalType
            | ConditionKey::AwsPrincipalIsAwsService
            | ConditionKey::AwsPrincipalServiceName
            | ConditionKey::AwsUserid
            | ConditionKey::AwsUsername => principal_values(self.principal, key, visit),
            ConditionKey::KmsGrantIsForAwsResource => match self.action {
                Action::CreateGrant | Action::ListGrants | Action::RevokeGrant => {
                    visit(Value::Flag(matches!(self.principal, Principal::Service { .. })));
                }
                _ => {}
            },
            // Always there, as AWS documents it: denials of whoever is not a service rest on it.
            ConditionKey::AwsViaAwsService => {
                let mut told = false;
                self.facts.values(key, &mut |value| {
                    told = true;
                    visit(value);
                });
                if !told {
                    visit(Value::Flag(false));
                }
            }
            _ => self.facts.values(key, visit),
        }
    }
}

fn visit_account(account: Option<keystead_model::AccountId>, visit: &mut Visit<'_>) {
    if let Some(account) = account {
        let mut text = Buffer::<12>::new();
        text.push_account(account);
        visit(text.text().map_or(Value::Unreadable, Value::Text));
    }
}

fn principal_values(principal: &Principal, key: &ConditionKey, visit: &mut Visit<'_>) {
    match (key, principal) {
        (ConditionKey::AwsPrincipalArn, _) => visit_principal_arn(principal, visit),
        (ConditionKey::AwsPrincipalType, Principal::Root { .. }) => visit(Value::Text("Account")),
        (ConditionKey::AwsPrincipalType, Principal::User { .. }) => visit(Value::Text("User")),
        (ConditionKey::AwsPrincipalType, Principal::AssumedRole { .. }) => visit(Value::Text("AssumedRole")),
        (ConditionKey::AwsPrincipalIsAwsService, _) => {
            visit(Value::Flag(matches!(principal, Principal::Service { .. })));
        }
        (ConditionKey::AwsPrincipalServiceName, Principal::Service { name }) => visit(Value::Text(name)),
        (ConditionKey::AwsUserid, Principal::Root { account }) => visit_account(Some(*account), visit),
        (ConditionKey::AwsUserid, Principal::User { id, .. }) => visit(Value::Text(id)),
        (ConditionKey::AwsPrincipalType, Principal::FederatedUser { .. }) => {
            visit(Value::Text("FederatedUser"))
        }
        (ConditionKey::AwsUserid, Principal::FederatedUser { account, name }) => {
            let mut text = Buffer::<ARN_BYTES_MAX>::new();
            text.push_account(*account);
            [":", name].into_iter().for_each(|part| text.push(part));
            visit(text.text().map_or(Value::Unreadable, Value::Text));
        }
        (ConditionKey::AwsUserid, Principal::AssumedRole { role_id, session, .. }) => {
            let mut text = Buffer::<ARN_BYTES_MAX>::new();
            [&**role_id, ":", session].into_iter().for_each(|part| text.push(part));
            visit(text.text().map_or(Value::Unreadable, Value::Text));
        }
        (ConditionKey::AwsUsername, Principal::User { name, .. }) => {
            visit(Value::Text(name.rsplit('/').next().unwrap_or(name)));
        }
        _ => {}
    }
}

/// The ARN of who stands behind the request: for a session its role, as AWS documents `aws:PrincipalArn`.
fn visit_principal_arn(principal: &Principal, visit: &mut Visit<'_>) {
    let (account, kind, name) = match principal {
        Principal::Root { account } => (account, ":root", ""),
        Principal::User { account, name, .. } => (account, ":user/", &**name),
        Principal::AssumedRole { account, role, .. } => (account, ":role/", &**role),
        Principal::FederatedUser { account, name } => (account, ":federated-user/", &**name),
        Principal::Federated { .. } | Principal::Service { .. } | Principal::Keystead => return,
    };
    let mut text = Buffer::<ARN_BYTES_MAX>::new();
    let service = if matches!(principal, Principal::FederatedUser { .. }) { "sts" } else { "iam" };
    ["arn:aws:", service, "::"].into_iter().for_each(|part| text.push(part));
    text.push_account(*account);
    text.push(kind);
    text.push(name);
    visit(text.text().map_or(Value::Unreadable, Value::Text));
}

impl Value<'_> {
    /// Hands on the text form; `None` for what cannot be told.
    pub(crate) fn with_text<T>(&self, then: impl FnOnce(Option<&str>) -> T) -> T {
        let mut text = Buffer::<64>::new();
        match *self {
            Self::Text(text) => return then(Some(text)),
            Self::Flag(flag) => return then(Some(if flag { "true" } else { "false" })),
            Self::Unreadable => return then(None),
            Self::Number(number) => drop(write!(text, "{number}")),
            Self::Address(address) => drop(write!(text, "{}", address.to_canonical())),
            Self::Instant(at) => match i64::try_from(at.0).map(jiff::Timestamp::from_millisecond) {
                Ok(Ok(at)) => drop(write!(text, "{at}")),
                _ => return then(None),
            },
        }
        then(text.text())
    }
}
