//! What a request can tell about itself.

use std::fmt::Write;
use std::net::IpAddr;

use keystead_model::{Action, EncryptionContext, Principal, Resource, Session, Tags, Timestamp};

use crate::action::TAKING_ON;
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
    /// Never asked about the caller, its session and tags (but for a second factor that is shown in the request
    /// itself: [`ConditionKey::AwsMultiFactorAuthPresent`], [`ConditionKey::AwsMultiFactorAuthAge`]), the time, the transport, the source address, the user
    /// agent, the location or the resource's account: those follow from the [`Request`]. The name within
    /// [`ConditionKey::AwsResourceTag`] and its like is to be compared without regard to case; [`context_values`],
    /// [`resource_tag_values`], [`request_tag_values`] and [`claim_values`] do so.
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
    if let ConditionKey::AwsResourceTag(name) | ConditionKey::IamResourceTag(name) = key {
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

/// What a web identity token says about a key, for whoever takes on a role with it; nothing if the key asks for
/// something else. `provider` is its issuer without `https://`; a claim with several values comes once for each.
///
/// Names of claims that differ in case only are one key and two claims: what such a token says cannot be told.
pub fn claim_values<'a>(
    provider: &str,
    claims: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    key: &ConditionKey,
    visit: &mut Visit<'_>,
) {
    let ConditionKey::WebIdentityClaim(name) = key else { return };
    let Some((start, rest)) = name.split_at_checked(provider.len()) else { return };
    let Some(claim) = rest.strip_prefix(':').filter(|_| start.eq_ignore_ascii_case(provider)) else { return };
    let mut asked = claims.filter(|(name, _)| same_ignoring_case(name, claim));
    let mut others = asked.clone();
    let first = others.next();
    match first.is_some_and(|(first, _)| others.any(|(name, _)| name != first)) {
        true => visit(Value::Unreadable),
        false => asked.by_ref().for_each(|(_, value)| visit(Value::Text(value))),
    }
}

fn visit_tag(tags: &Tags, name: &str, visit: &mut Visit<'_>) {
    tags.iter()
        .filter(|tag| same_ignoring_case(&tag.key, name))
        .for_each(|tag| visit(Value::Text(&tag.value)));
}

/// Equal but for the case of letters, of any script.
pub(crate) fn same_ignoring_case(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
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
                Resource::FederatedUser(account, _) => visit_account(Some(*account), visit),
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
            ConditionKey::AwsPrincipalTag(name) => self.principal_tag_values(name, visit),
            ConditionKey::AwsTokenIssueTime
            | ConditionKey::AwsSourceIdentity
            | ConditionKey::AwsFederatedProvider => self.session_values(key, visit),
            // A role can be taken on with a second factor shown in the very request.
            ConditionKey::AwsMultiFactorAuthPresent | ConditionKey::AwsMultiFactorAuthAge => {
                if !self.told_by_facts(key, visit) {
                    self.session_values(key, visit);
                }
            }
            ConditionKey::IamResourceTag(_) if !matches!(self.resource, Resource::Iam(_)) => {}
            // Who comes as itself to take on a role has no token of a provider.
            ConditionKey::WebIdentityClaim(_)
                if !TAKING_ON.contains(&self.action) || self.action == Action::AssumeRole => {}
            // Always there, as AWS documents it: denials of whoever is not a service rest on it.
            ConditionKey::AwsViaAwsService => {
                if !self.told_by_facts(key, visit) {
                    visit(Value::Flag(false));
                }
            }
            _ => self.facts.values(key, visit),
        }
    }

    /// Hands on what the engine knows; whether that is anything.
    fn told_by_facts(&self, key: &ConditionKey, visit: &mut Visit<'_>) -> bool {
        let mut told = false;
        self.facts.values(key, &mut |value| {
            told = true;
            visit(value);
        });
        told
    }

    fn session_values(&self, key: &ConditionKey, visit: &mut Visit<'_>) {
        if let Some(session) = self.session {
            session_values(session, self.call.at, key, visit);
        }
    }

    /// The tag of the session, where it has one of that key; that of the user or role where not.
    fn principal_tag_values(&self, name: &str, visit: &mut Visit<'_>) {
        let mut told = false;
        if let Some(session) = self.session {
            visit_tag(&session.tags, name, &mut |value| {
                told = true;
                visit(value);
            });
        }
        if !told {
            visit_tag(self.principal_tags, name, visit);
        }
    }
}

/// What temporary credentials say about themselves. That there was no second factor is said too, as AWS does it, so
/// that only lasting credentials say nothing.
fn session_values(session: &Session, at: Timestamp, key: &ConditionKey, visit: &mut Visit<'_>) {
    match key {
        ConditionKey::AwsTokenIssueTime => visit(Value::Instant(session.issued)),
        ConditionKey::AwsMultiFactorAuthPresent => visit(Value::Flag(session.mfa.is_some())),
        ConditionKey::AwsMultiFactorAuthAge => {
            let since = |shown: Timestamp| at.seconds().saturating_sub(shown.seconds());
            session.mfa.map(since).into_iter().for_each(|age| visit(Value::Number(age)));
        }
        ConditionKey::AwsSourceIdentity => {
            session.source_identity.iter().for_each(|identity| visit(Value::Text(identity)));
        }
        ConditionKey::AwsFederatedProvider => {
            session.provider.iter().for_each(|provider| visit(Value::Text(provider)));
        }
        _ => {}
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

#[cfg(test)]
mod tests {
    use keystead_model::Tag;

    use super::*;
    use crate::NoFacts;
    use crate::decide::tests::{call, key_of, request, user};

    const ACCOUNT: &str = "111122223333";

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        let tag = |(key, value): &(&str, &str)| Tag { key: (*key).into(), value: (*value).into() };
        Tags::new(pairs.iter().map(tag).collect()).expect("tags")
    }

    fn opened(mfa: Option<u64>) -> Session {
        Session {
            issued: Timestamp::from_seconds(1_767_222_000),
            expires: Timestamp::from_seconds(1_767_229_200),
            opened_by: None,
            policies: Box::default(),
            tags: tags(&[("team", "blue")]),
            transitive: Box::default(),
            source_identity: Some("alice".into()),
            provider: Some("arn:aws:iam::111122223333:oidc-provider/token.example.com".into()),
            mfa: mfa.map(Timestamp::from_seconds),
        }
    }

    /// The texts of all values.
    fn values(session: Option<&Session>, own: &Tags, action: Action, key: &str) -> Vec<String> {
        let (principal, resource, call) = (user(ACCOUNT, "alice"), key_of(ACCOUNT), call());
        let plain = request(&principal, action, &resource, &call, &NoFacts);
        let request = Request { session, principal_tags: own, ..plain };
        let key = ConditionKey::parse(key).unwrap_or_else(|e| panic!("{e}"));
        let mut found = Vec::new();
        request.values(&key, &mut |value| value.with_text(|text| found.extend(text.map(str::to_owned))));
        found
    }

    #[test]
    fn a_session_says_when_it_began_and_with_what() {
        let (plain, strong) = (opened(None), opened(Some(1_767_225_000)));
        let of = |session, key| values(session, Tags::EMPTY, Action::Decrypt, key);
        assert_eq!(of(Some(&plain), "aws:TokenIssueTime"), ["2025-12-31T23:00:00Z"]);
        assert_eq!(of(Some(&plain), "aws:MultiFactorAuthPresent"), ["false"]);
        assert_eq!(of(Some(&strong), "aws:MultiFactorAuthPresent"), ["true"]);
        assert_eq!(of(Some(&strong), "aws:MultiFactorAuthAge"), ["600"]);
        assert!(of(Some(&plain), "aws:MultiFactorAuthAge").is_empty());
        assert_eq!(of(Some(&plain), "aws:SourceIdentity"), ["alice"]);
        assert_eq!(of(Some(&plain), "aws:FederatedProvider").len(), 1);
    }

    #[test]
    fn lasting_credentials_say_nothing_of_a_session_not_even_that_a_factor_is_missing() {
        for key in [
            "aws:TokenIssueTime",
            "aws:MultiFactorAuthPresent",
            "aws:MultiFactorAuthAge",
            "aws:SourceIdentity",
            "aws:FederatedProvider",
        ] {
            assert!(values(None, Tags::EMPTY, Action::Decrypt, key).is_empty(), "{key}");
        }
    }

    #[test]
    fn the_tags_of_a_session_outweigh_those_of_its_principal_whatever_their_case() {
        let (own, session) = (tags(&[("Team", "red"), ("cost", "7")]), opened(None));
        let of = |session, key| values(session, &own, Action::Decrypt, key);
        assert_eq!(of(None, "aws:PrincipalTag/team"), ["red"]);
        assert_eq!(of(Some(&session), "aws:PrincipalTag/TEAM"), ["blue"]);
        assert_eq!(of(Some(&session), "aws:PrincipalTag/cost"), ["7"]);
        assert!(of(Some(&session), "aws:PrincipalTag/other").is_empty());
    }

    #[test]
    fn claims_are_told_by_their_provider_and_only_where_a_role_is_taken_on_by_them() {
        struct Token;
        impl Facts for Token {
            fn values(&self, key: &ConditionKey, visit: &mut Visit<'_>) {
                let claims = [("sub", "repo:x"), ("amr", "one"), ("amr", "two")];
                claim_values("token.example.com/a", claims.into_iter(), key, visit);
            }
        }
        let (principal, resource, call) = (user(ACCOUNT, "alice"), key_of(ACCOUNT), call());
        let of = |action, key: &str| {
            let request = request(&principal, action, &resource, &call, &Token);
            let key = ConditionKey::parse(key).unwrap_or_else(|e| panic!("{e}"));
            let mut count = 0;
            request.values(&key, &mut |_| count += 1);
            count
        };
        let taking_on = Action::AssumeRoleWithWebIdentity;
        assert_eq!(of(taking_on, "Token.example.com/A:SUB"), 1);
        assert_eq!(of(taking_on, "token.example.com/a:amr"), 2);
        for other in ["token.example.com:sub", "token.example.com/a:aud", "token.example.com/ab:sub"] {
            assert_eq!(of(taking_on, other), 0, "{other}");
        }
        assert_eq!(of(Action::Decrypt, "token.example.com/a:sub"), 0);
    }

    #[test]
    fn claims_that_differ_in_case_only_cannot_be_told() {
        let claims = [("sub", "good"), ("Sub", "evil"), ("aud", "a"), ("aud", "b")];
        let of = |name: &str| {
            let key = ConditionKey::parse(name).unwrap_or_else(|e| panic!("{e}"));
            let mut found = Vec::new();
            claim_values("id.example.com", claims.into_iter(), &key, &mut |value| {
                value.with_text(|text| found.push(text.map(str::to_owned)));
            });
            found
        };
        assert_eq!(of("id.example.com:sub"), [None]);
        assert_eq!(of("id.example.com:aud").len(), 2);
        assert_eq!(of("id.example.com:email"), []);
    }
}
