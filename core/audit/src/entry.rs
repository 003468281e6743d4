//! A record as read back, and the strict reading of its bytes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use keystead_model::{
    AccountId, Action, EncryptionContext, KeyArn, KeyId, Location, MaterialId, RequestId, Timestamp,
};

use crate::record::{self, Decision, Outcome, Parts, tag};

/// A record as read back. Fields as in [`Record`](crate::Record); words this version may not know are text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Names the request.
    pub request: RequestId,
    /// When the request was read whole.
    pub at: Timestamp,
    /// What was asked for, such as `kms:Decrypt`.
    pub action: Box<str>,
    /// The language it was asked in, such as `aws-kms`.
    pub protocol: Box<str>,
    /// Who asked.
    pub principal: Option<Box<str>>,
    /// The tenant whose record this is.
    pub account: Option<AccountId>,
    /// The access key id as shown, proved or not.
    pub access_key: Option<Box<str>>,
    /// Where it came from.
    pub source: Option<IpAddr>,
    /// The location it was addressed to.
    pub location: Option<Location>,
    /// What the client calls itself.
    pub user_agent: Option<Box<str>>,
    /// The key.
    pub key: Option<KeyArn>,
    /// A further resource.
    pub resource: Option<Box<str>>,
    /// The version of the key's bytes that was used.
    pub material: Option<MaterialId>,
    /// The encryption context; never empty.
    pub context: Option<EncryptionContext>,
    /// What policy said.
    pub decision: Decision<Box<str>>,
    /// What came of it.
    pub outcome: Outcome<Box<str>>,
    /// The number under which the store's outbox held this record.
    pub change: Option<u64>,
    /// Whether it came over TLS.
    pub tls: bool,
    unknown: Box<[(u8, Box<[u8]>)]>,
}

/// Why bytes are no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer than [`RECORD_BYTES_MAX`](crate::RECORD_BYTES_MAX).
    #[error("a record is at most 32768 bytes long")]
    Size,
    /// The bytes end inside a field, or there are none.
    #[error("the record ends early")]
    Short,
    /// A version this program does not read.
    #[error("the record has version {0}; this program reads version 1")]
    Version(u8),
    /// A tag that is zero, repeated, or lower than the one before.
    #[error("the field {0} is out of order")]
    Order(u8),
    /// A required field is not there, or a message stands without a refusal.
    #[error("the field {0} is missing")]
    Missing(u8),
    /// A field that breaks its own rule: length, spelling, range or characters.
    #[error("the field {0} is not well formed")]
    Field(u8),
}

impl Entry {
    /// Reads a record's bytes, and only their one canonical spelling: what decodes encodes to the same bytes.
    ///
    /// # Errors
    /// [`DecodeError`] for anything else.
    pub fn decode(bytes: &[u8]) -> Result<Entry, DecodeError> {
        if bytes.len() > record::RECORD_BYTES_MAX {
            return Err(DecodeError::Size);
        }
        let (version, mut rest) = bytes.split_first().ok_or(DecodeError::Short)?;
        if *version != record::VERSION {
            return Err(DecodeError::Version(*version));
        }
        let mut fields = Fields::default();
        let mut last = 0;
        while let Some((tag, after)) = rest.split_first() {
            let (len, after) = after.split_first_chunk().ok_or(DecodeError::Short)?;
            let (value, after) =
                after.split_at_checked(usize::from(u16::from_be_bytes(*len))).ok_or(DecodeError::Short)?;
            if *tag <= last {
                return Err(DecodeError::Order(*tag));
            }
            fields.read(*tag, value).ok_or(DecodeError::Field(*tag))?;
            (last, rest) = (*tag, after);
        }
        fields.finish()
    }

    /// Appends the bytes this was read from, unknown fields included.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let parts = Parts {
            request: self.request,
            at: self.at,
            action: &self.action,
            protocol: &self.protocol,
            principal: self.principal.as_deref(),
            account: self.account,
            access_key: self.access_key.as_deref(),
            source: self.source,
            location: self.location.as_ref(),
            user_agent: self.user_agent.as_deref(),
            key: self.key.as_ref(),
            resource: self.resource.as_deref(),
            material: self.material.as_ref(),
            context: self.context.as_ref(),
            decision: self.decision.as_ref(),
            outcome: self.outcome.as_ref(),
            change: self.change,
            tls: self.tls,
            unknown: &self.unknown,
        };
        let from = out.len();
        if parts.encode(out).is_err() {
            // Only an entry changed by hand after it was read gets here; it has no form.
            out.truncate(from);
        }
    }

    /// The action, if this version knows it.
    pub fn known_action(&self) -> Option<Action> {
        Action::parse(&self.action)
    }

    /// Fields of later versions: tag and bytes, ascending.
    pub fn unknown(&self) -> &[(u8, Box<[u8]>)] {
        &self.unknown
    }
}

/// The fields met so far.
#[derive(Default)]
struct Fields {
    request: Option<RequestId>,
    at: Option<Timestamp>,
    action: Option<Box<str>>,
    protocol: Option<Box<str>>,
    principal: Option<Box<str>>,
    account: Option<AccountId>,
    access_key: Option<Box<str>>,
    source: Option<IpAddr>,
    location: Option<Location>,
    user_agent: Option<Box<str>>,
    key: Option<KeyArn>,
    resource: Option<Box<str>>,
    material: Option<MaterialId>,
    context: Option<EncryptionContext>,
    decision: Option<Decision<Box<str>>>,
    outcome: Option<Outcome<Box<str>>>,
    change: Option<u64>,
    tls: bool,
    unknown: Vec<(u8, Box<[u8]>)>,
}

impl Fields {
    /// Reads one field; nothing if its value breaks the field's rule.
    fn read(&mut self, tag: u8, value: &[u8]) -> Option<()> {
        match tag {
            tag::REQUEST => self.request = Some(RequestId(value.try_into().ok()?)),
            tag::TIME => self.at = Some(Timestamp(number(value)?)),
            tag::ACTION => self.action = Some(word(value)?),
            tag::PROTOCOL => self.protocol = Some(word(value)?),
            tag::PRINCIPAL => self.principal = Some(text(value, record::PRINCIPAL_BYTES_MAX)?),
            tag::ACCOUNT => self.account = Some(AccountId::from_number(number(value)?)?),
            tag::ACCESS_KEY => self.access_key = Some(text(value, record::ACCESS_KEY_BYTES_MAX)?),
            tag::SOURCE => self.source = Some(address(value)?),
            tag::LOCATION => self.location = Some(location(value)?),
            tag::USER_AGENT => self.user_agent = Some(text(value, record::USER_AGENT_BYTES_MAX)?),
            tag::KEY => self.key = Some(key(value)?),
            tag::RESOURCE => self.resource = Some(text(value, record::RESOURCE_BYTES_MAX)?),
            tag::MATERIAL => self.material = Some(MaterialId(value.try_into().ok()?)),
            tag::CONTEXT => self.context = Some(context(value)?),
            tag::DECISION => self.decision = Some(decision(value)?),
            tag::OUTCOME => self.outcome = Some(outcome(value)?),
            tag::MESSAGE => match &mut self.outcome {
                Some(Outcome::Refused { message, .. }) => {
                    *message = Some(text(value, record::MESSAGE_BYTES_MAX)?)
                }
                _ => return None,
            },
            tag::CHANGE => self.change = Some(number(value)?),
            tag::TLS => self.tls = (value == [1]).then_some(true)?,
            unknown => self.unknown.push((unknown, value.into())),
        }
        Some(())
    }

    fn finish(self) -> Result<Entry, DecodeError> {
        Ok(Entry {
            request: self.request.ok_or(DecodeError::Missing(tag::REQUEST))?,
            at: self.at.ok_or(DecodeError::Missing(tag::TIME))?,
            action: self.action.ok_or(DecodeError::Missing(tag::ACTION))?,
            protocol: self.protocol.ok_or(DecodeError::Missing(tag::PROTOCOL))?,
            principal: self.principal,
            account: self.account,
            access_key: self.access_key,
            source: self.source,
            location: self.location,
            user_agent: self.user_agent,
            key: self.key,
            resource: self.resource,
            material: self.material,
            context: self.context,
            decision: self.decision.ok_or(DecodeError::Missing(tag::DECISION))?,
            outcome: self.outcome.ok_or(DecodeError::Missing(tag::OUTCOME))?,
            change: self.change,
            tls: self.tls,
            unknown: self.unknown.into(),
        })
    }
}

fn number(value: &[u8]) -> Option<u64> {
    value.try_into().ok().map(u64::from_be_bytes)
}

fn text(value: &[u8], bytes_max: usize) -> Option<Box<str>> {
    let text = (1..=bytes_max).contains(&value.len()).then(|| std::str::from_utf8(value).ok())??;
    Some(text.into())
}

fn word(value: &[u8]) -> Option<Box<str>> {
    value.iter().all(u8::is_ascii_graphic).then(|| text(value, record::WORD_BYTES_MAX))?
}

fn address(value: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(value) {
        return Some(Ipv4Addr::from(octets).into());
    }
    let address = Ipv6Addr::from(<[u8; 16]>::try_from(value).ok()?);
    // An IPv4 address in IPv6 clothes has its own, shorter spelling.
    address.to_ipv4_mapped().is_none().then_some(address.into())
}

fn location(value: &[u8]) -> Option<Location> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

fn key(value: &[u8]) -> Option<KeyArn> {
    let (account, rest) = value.split_first_chunk()?;
    let (form, rest) = rest.split_first()?;
    let (id, rest) = rest.split_first_chunk()?;
    let multi_region = match form {
        0 => false,
        1 => true,
        _ => return None,
    };
    Some(KeyArn {
        location: location(rest)?,
        account: AccountId::from_number(u64::from_be_bytes(*account))?,
        key: KeyId::from_parts(*id, multi_region),
    })
}

/// The canonical form, keys strictly ascending, and at least one pair.
fn context(value: &[u8]) -> Option<EncryptionContext> {
    fn piece<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
        let (len, after) = rest.split_first_chunk()?;
        let (piece, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
        *rest = after;
        std::str::from_utf8(piece).ok()
    }
    let (count, mut rest) = value.split_first_chunk()?;
    let count = u16::from_be_bytes(*count);
    let mut pairs: Vec<(Box<str>, Box<str>)> = Vec::new();
    for _ in 0..count {
        let (key, text) = (piece(&mut rest)?, piece(&mut rest)?);
        if pairs.last().is_some_and(|(last, _)| **last >= *key) {
            return None;
        }
        pairs.push((key.into(), text.into()));
    }
    (rest.is_empty() && count > 0).then(|| EncryptionContext::new(pairs).ok())?
}

fn decision(value: &[u8]) -> Option<Decision<Box<str>>> {
    let (verdict, by) = value.split_first()?;
    let by = (by.len() <= record::STATEMENT_BYTES_MAX).then(|| std::str::from_utf8(by).ok())??;
    match *verdict {
        record::NOT_REACHED if by.is_empty() => Some(Decision::NotReached),
        record::ALLOWED => Some(Decision::Allowed(by.into())),
        record::DENIED => Some(Decision::Denied(by.into())),
        _ => None,
    }
}

fn outcome(value: &[u8]) -> Option<Outcome<Box<str>>> {
    let (verdict, code) = value.split_first()?;
    match *verdict {
        record::SUCCESS if code.is_empty() => Some(Outcome::Success),
        record::REFUSED => Some(Outcome::Refused { code: word(code)?, message: None }),
        _ => None,
    }
}
