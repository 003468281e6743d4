//! What is written down of one decision, and its one binary form.
//!
//! The bytes are laid out in `docs/formats/audit-record.md`. What a caller may write freely is cut to a named limit,
//! so that no request can make itself unrecordable; what the house made is refused if it breaks its limit.

use std::net::IpAddr;

use keystead_model::{
    AccountId, Action, EncryptionContext, KeyArn, Location, MaterialId, Protocol, RequestId, Timestamp,
};

/// One decision, borrowed from whoever made it.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// Names the request. 128 random bits, which also keep the record's leaf hash from being guessed.
    pub request: RequestId,
    /// When the request was read whole.
    pub at: Timestamp,
    /// What was asked for.
    pub action: Action,
    /// The language it was asked in.
    pub protocol: Protocol,
    /// Who asked, if that could be told: an ARN or a service's name, at most [`PRINCIPAL_BYTES_MAX`] bytes.
    pub principal: Option<&'a str>,
    /// The tenant whose record this is, if that could be told.
    pub account: Option<AccountId>,
    /// The access key id as shown, proved or not; cut to [`ACCESS_KEY_BYTES_MAX`] bytes.
    pub access_key: Option<&'a str>,
    /// Where it came from. Nothing for what Keystead does by itself.
    pub source: Option<IpAddr>,
    /// The location it was addressed to.
    pub location: Option<&'a Location>,
    /// What the client calls itself; cut to [`USER_AGENT_BYTES_MAX`] bytes.
    pub user_agent: &'a str,
    /// The key that was used or would have been.
    pub key: Option<&'a KeyArn>,
    /// A further resource: an alias, the other key of a ReEncrypt, the word a caller wrote that names no key. Cut to
    /// [`RESOURCE_BYTES_MAX`] bytes.
    pub resource: Option<&'a str>,
    /// The version of the key's bytes that was used.
    pub material: Option<MaterialId>,
    /// The encryption context; an empty one and none are the same.
    pub context: Option<&'a EncryptionContext>,
    /// What policy said, and which statement said so; the statement is cut to [`STATEMENT_BYTES_MAX`] bytes.
    pub decision: Decision<&'a str>,
    /// What came of it.
    pub outcome: Outcome<&'a str>,
    /// The number under which the store's outbox holds this record, if the request changed state. Recovery uses it
    /// to tell that a record is in the log already.
    pub change: Option<u64>,
    /// Whether it came over TLS.
    pub tls: bool,
}

/// What policy said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision<T> {
    /// Policy was not asked: the request failed before, or needs no permission.
    NotReached,
    /// Allowed, by this statement, such as `key-policy:Sid` or `key-policy:#2`.
    Allowed(T),
    /// Denied, by this statement, or empty if no statement allowed it.
    Denied(T),
}

/// What came of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome<T> {
    /// It was done.
    Success,
    /// It was not done.
    Refused {
        /// [`keystead_model::Error::code`] or a front's own stable word: 1 to 64 visible ASCII characters.
        code: T,
        /// Detail for people; cut to [`MESSAGE_BYTES_MAX`] bytes.
        message: Option<T>,
    },
}

impl Decision<Box<str>> {
    pub(crate) fn as_ref(&self) -> Decision<&str> {
        match self {
            Self::NotReached => Decision::NotReached,
            Self::Allowed(by) => Decision::Allowed(by),
            Self::Denied(by) => Decision::Denied(by),
        }
    }
}

impl Outcome<Box<str>> {
    pub(crate) fn as_ref(&self) -> Outcome<&str> {
        match self {
            Self::Success => Outcome::Success,
            Self::Refused { code, message } => Outcome::Refused { code, message: message.as_deref() },
        }
    }
}

/// Why a record cannot be written. Nothing a caller sends leads here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A field the house made is longer than its limit, or empty where it must not be.
    #[error("the record's {field} has {bytes} bytes; 1 to {max} are allowed")]
    Length {
        /// The field.
        field: &'static str,
        /// Its length.
        bytes: usize,
        /// Its limit.
        max: usize,
    },
    /// A word has characters other than visible ASCII.
    #[error("the record's {field} has a character that is not visible ASCII")]
    Character {
        /// The field.
        field: &'static str,
    },
}

impl Record<'_> {
    /// Appends the record's one binary form to `out`. On an error, `out` may have grown and is to be thrown away.
    ///
    /// # Errors
    /// [`RecordError`] where a field that the house made breaks its limit.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), RecordError> {
        let parts = Parts {
            request: self.request,
            at: self.at,
            action: self.action.as_str(),
            protocol: self.protocol.as_str(),
            principal: self.principal,
            account: self.account,
            access_key: self.access_key,
            source: self.source,
            location: self.location,
            user_agent: Some(self.user_agent).filter(|text| !text.is_empty()),
            key: self.key,
            resource: self.resource,
            material: self.material.as_ref(),
            context: self.context.filter(|context| !context.is_empty()),
            decision: self.decision,
            outcome: self.outcome,
            change: self.change,
            tls: self.tls,
            unknown: &[],
        };
        parts.encode(out)
    }
}

/// What a record and an entry that was read have in common: the fields as they are laid down.
pub(crate) struct Parts<'a> {
    pub request: RequestId,
    pub at: Timestamp,
    pub action: &'a str,
    pub protocol: &'a str,
    pub principal: Option<&'a str>,
    pub account: Option<AccountId>,
    pub access_key: Option<&'a str>,
    pub source: Option<IpAddr>,
    pub location: Option<&'a Location>,
    pub user_agent: Option<&'a str>,
    pub key: Option<&'a KeyArn>,
    pub resource: Option<&'a str>,
    pub material: Option<&'a MaterialId>,
    pub context: Option<&'a EncryptionContext>,
    pub decision: Decision<&'a str>,
    pub outcome: Outcome<&'a str>,
    pub change: Option<u64>,
    pub tls: bool,
    pub unknown: &'a [(u8, Box<[u8]>)],
}

impl Parts<'_> {
    /// Fields in ascending order of tags, each at most once.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) -> Result<(), RecordError> {
        let Parts { request, at, action, protocol, principal, account, access_key, source, location, .. } =
            self;
        let Parts {
            user_agent,
            key,
            resource,
            material,
            context,
            decision,
            outcome,
            change,
            tls,
            unknown,
            ..
        } = self;
        out.push(VERSION);
        field(out, tag::REQUEST, &[&request.0]);
        field(out, tag::TIME, &[&at.0.to_be_bytes()]);
        field(out, tag::ACTION, &[word("action", action)?]);
        field(out, tag::PROTOCOL, &[word("protocol", protocol)?]);
        if let Some(text) = principal {
            field(out, tag::PRINCIPAL, &[bounded("principal", text, PRINCIPAL_BYTES_MAX)?]);
        }
        if let Some(account) = account {
            field(out, tag::ACCOUNT, &[&account.number().to_be_bytes()]);
        }
        cut_field(out, tag::ACCESS_KEY, *access_key, ACCESS_KEY_BYTES_MAX);
        match source.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => field(out, tag::SOURCE, &[&address.octets()]),
            Some(IpAddr::V6(address)) => field(out, tag::SOURCE, &[&address.octets()]),
            None => {}
        }
        if let Some(location) = location {
            field(out, tag::LOCATION, &[location.as_str().as_bytes()]);
        }
        cut_field(out, tag::USER_AGENT, *user_agent, USER_AGENT_BYTES_MAX);
        if let Some(KeyArn { location, account, key }) = key {
            let (account, form) = (account.number().to_be_bytes(), [u8::from(key.is_multi_region())]);
            field(out, tag::KEY, &[&account, &form, key.bytes(), location.as_str().as_bytes()]);
        }
        cut_field(out, tag::RESOURCE, *resource, RESOURCE_BYTES_MAX);
        if let Some(material) = material {
            field(out, tag::MATERIAL, &[&material.0]);
        }
        if let Some(context) = context {
            head(out, tag::CONTEXT, context.canonical_len());
            context.write_canonical(out);
        }
        match decision {
            Decision::NotReached => field(out, tag::DECISION, &[&[NOT_REACHED]]),
            Decision::Allowed(by) => judged(out, ALLOWED, by),
            Decision::Denied(by) => judged(out, DENIED, by),
        }
        match outcome {
            Outcome::Success => field(out, tag::OUTCOME, &[&[SUCCESS]]),
            Outcome::Refused { code, message } => {
                field(out, tag::OUTCOME, &[&[REFUSED], word("code", code)?]);
                cut_field(out, tag::MESSAGE, *message, MESSAGE_BYTES_MAX);
            }
        }
        if let Some(change) = change {
            field(out, tag::CHANGE, &[&change.to_be_bytes()]);
        }
        if *tls {
            field(out, tag::TLS, &[&[1]]);
        }
        for (tag, value) in *unknown {
            field(out, *tag, &[value]);
        }
        Ok(())
    }
}

/// The longest statement is `key-policy:` and a name; what is longer is cut.
fn judged(out: &mut Vec<u8>, verdict: u8, by: &str) {
    let (text, ending) = cut(by, STATEMENT_BYTES_MAX);
    field(out, tag::DECISION, &[&[verdict], text.as_bytes(), ending.as_bytes()]);
}

/// A text that a caller may write freely; an empty one is left out.
fn cut_field(out: &mut Vec<u8>, tag: u8, text: Option<&str>, bytes_max: usize) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let (text, ending) = cut(text, bytes_max);
        field(out, tag, &[text.as_bytes(), ending.as_bytes()]);
    }
}

/// The text, or as much of it as fits together with the sign that something is missing.
fn cut(text: &str, bytes_max: usize) -> (&str, &str) {
    if text.len() <= bytes_max {
        return (text, "");
    }
    (&text[..text.floor_char_boundary(bytes_max - CUT_SIGN.len())], CUT_SIGN)
}

fn bounded<'a>(field: &'static str, text: &'a str, max: usize) -> Result<&'a [u8], RecordError> {
    match (1..=max).contains(&text.len()) {
        true => Ok(text.as_bytes()),
        false => Err(RecordError::Length { field, bytes: text.len(), max }),
    }
}

fn word<'a>(field: &'static str, text: &'a str) -> Result<&'a [u8], RecordError> {
    let bytes = bounded(field, text, WORD_BYTES_MAX)?;
    match bytes.iter().all(u8::is_ascii_graphic) {
        true => Ok(bytes),
        false => Err(RecordError::Character { field }),
    }
}

fn field(out: &mut Vec<u8>, tag: u8, parts: &[&[u8]]) {
    head(out, tag, parts.iter().map(|part| part.len()).sum());
    for part in parts {
        out.extend_from_slice(part);
    }
}

fn head(out: &mut Vec<u8>, tag: u8, len: usize) {
    out.push(tag);
    let len = u16::try_from(len).expect("every field's limit is below 65,536 bytes");
    out.extend_from_slice(&len.to_be_bytes());
}

/// The numbers of the fields. A number is never used again for something else.
pub(crate) mod tag {
    pub const REQUEST: u8 = 1;
    pub const TIME: u8 = 2;
    pub const ACTION: u8 = 3;
    pub const PROTOCOL: u8 = 4;
    pub const PRINCIPAL: u8 = 5;
    pub const ACCOUNT: u8 = 6;
    pub const ACCESS_KEY: u8 = 7;
    pub const SOURCE: u8 = 8;
    pub const LOCATION: u8 = 9;
    pub const USER_AGENT: u8 = 10;
    pub const KEY: u8 = 11;
    pub const RESOURCE: u8 = 12;
    pub const MATERIAL: u8 = 13;
    pub const CONTEXT: u8 = 14;
    pub const DECISION: u8 = 15;
    pub const OUTCOME: u8 = 16;
    pub const MESSAGE: u8 = 17;
    pub const CHANGE: u8 = 18;
    pub const TLS: u8 = 19;
}

pub(crate) const VERSION: u8 = 1;
pub(crate) const NOT_REACHED: u8 = 0;
pub(crate) const ALLOWED: u8 = 1;
pub(crate) const DENIED: u8 = 2;
pub(crate) const SUCCESS: u8 = 0;
pub(crate) const REFUSED: u8 = 1;
const CUT_SIGN: &str = "…";

/// Longest record, in bytes. All known fields at their limits stay below half of it.
pub const RECORD_BYTES_MAX: usize = 32 * 1024;
/// Longest action, protocol or code, in bytes.
pub(crate) const WORD_BYTES_MAX: usize = 64;
/// Longest principal, in bytes.
pub(crate) const PRINCIPAL_BYTES_MAX: usize = 2048;
/// Longest access key id kept, in bytes.
pub(crate) const ACCESS_KEY_BYTES_MAX: usize = 128;
/// Longest user agent kept, in bytes.
pub(crate) const USER_AGENT_BYTES_MAX: usize = 256;
/// Longest further resource kept, in bytes.
pub(crate) const RESOURCE_BYTES_MAX: usize = 2048;
/// Longest statement kept, in bytes.
pub(crate) const STATEMENT_BYTES_MAX: usize = 256;
/// Longest message kept, in bytes.
pub(crate) const MESSAGE_BYTES_MAX: usize = 512;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Entry;

    /// A record like most: a Decrypt that was allowed.
    pub(crate) fn ordinary() -> Record<'static> {
        Record {
            request: RequestId([7; 16]),
            at: Timestamp(1_795_000_000_123),
            action: Action::Decrypt,
            protocol: Protocol::AwsKms,
            principal: Some("arn:aws:iam::111122223333:user/app/billing"),
            account: AccountId::from_number(111_122_223_333),
            access_key: Some("AKIAIOSFODNN7EXAMPLE"),
            source: Some(IpAddr::from([192, 0, 2, 7])),
            location: None,
            user_agent: "aws-cli/2.31.0",
            key: None,
            resource: None,
            material: Some(MaterialId([3; 32])),
            context: None,
            decision: Decision::Allowed("key-policy:#1"),
            outcome: Outcome::Success,
            change: None,
            tls: true,
        }
    }

    fn encoded(record: &Record<'_>) -> Result<Vec<u8>, RecordError> {
        let mut out = Vec::new();
        record.encode(&mut out).map(|()| out)
    }

    #[test]
    fn what_a_caller_may_write_freely_is_cut_and_shows_it() {
        let long = "é".repeat(5000);
        let record = Record {
            access_key: Some(&long),
            user_agent: &long,
            resource: Some(&long),
            outcome: Outcome::Refused { code: "KeyNotFound", message: Some(&long) },
            decision: Decision::Denied(&long),
            ..ordinary()
        };
        let bytes = encoded(&record).expect("callers cannot make a request unrecordable");
        assert!(bytes.len() < RECORD_BYTES_MAX / 2);
        let entry = Entry::decode(&bytes).expect("canonical");
        for (text, max) in [(&entry.user_agent, USER_AGENT_BYTES_MAX), (&entry.resource, RESOURCE_BYTES_MAX)]
        {
            let text = text.as_deref().expect("present");
            assert!(text.len() <= max && text.len() > max - 8 && text.ends_with('…'), "{text}");
        }
    }

    #[test]
    fn what_the_house_made_is_refused_past_its_limit() {
        let long = "x".repeat(PRINCIPAL_BYTES_MAX + 1);
        let record = Record { principal: Some(&long), ..ordinary() };
        assert!(matches!(encoded(&record), Err(RecordError::Length { field: "principal", .. })));
        let record = Record { outcome: Outcome::Refused { code: "two words", message: None }, ..ordinary() };
        assert_eq!(encoded(&record), Err(RecordError::Character { field: "code" }));
        let record = Record { outcome: Outcome::Refused { code: "", message: None }, ..ordinary() };
        assert!(matches!(encoded(&record), Err(RecordError::Length { field: "code", bytes: 0, .. })));
    }

    #[test]
    fn all_fields_at_their_limits_fit_a_record() {
        let long = "x".repeat(4096);
        let (location, account) = ("x".repeat(Location::BYTES_MAX), AccountId::DEVELOPMENT);
        let location: Location = location.parse().expect("well formed");
        let key = keystead_model::KeyId::from_random([1; 16]);
        let context = EncryptionContext::new(vec![("k".into(), "v".repeat(8192 - 7).into())]).expect("fits");
        let code = "x".repeat(WORD_BYTES_MAX);
        let record = Record {
            principal: Some(&long[..PRINCIPAL_BYTES_MAX]),
            access_key: Some(&long),
            source: Some(IpAddr::from([0x20, 1, 0xd, 0xb8, 0, 0, 0, 1])),
            location: Some(&location),
            user_agent: &long,
            key: Some(&KeyArn { location: location.clone(), account, key }),
            resource: Some(&long),
            context: Some(&context),
            decision: Decision::Denied(&long),
            outcome: Outcome::Refused { code: &code, message: Some(&long) },
            change: Some(1),
            ..ordinary()
        };
        let bytes = encoded(&record).expect("within limits");
        assert!(bytes.len() < RECORD_BYTES_MAX / 2, "{}", bytes.len());
        assert!(Entry::decode(&bytes).is_ok());
    }
}
