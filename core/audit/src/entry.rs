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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{Record, RecordError, json_line, leaf_hash};
    use keystead_model::Protocol;

    const VECTORS: &str = include_str!("../vectors/records.txt");

    fn bytes_of(text: &str) -> Vec<u8> {
        let piece = |text: &str| match text.strip_prefix("0*") {
            Some(count) => vec![0; count.parse().expect("a count")],
            None => hex::decode(text).expect("hexadecimal digits"),
        };
        text.split_whitespace().flat_map(piece).collect()
    }

    #[test]
    fn every_vector_reads_as_it_says() {
        let mut cases = 0;
        for block in VECTORS.split("\n\n") {
            let lines = block.lines().filter(|line| !line.starts_with('#'));
            let case: BTreeMap<_, _> = lines.filter_map(|line| line.split_once('=')).collect();
            let case: BTreeMap<_, _> = case.iter().map(|(name, value)| (name.trim(), value.trim())).collect();
            let Some(name) = case.get("name") else { continue };
            let bytes = bytes_of(case["record"]);
            match Entry::decode(&bytes) {
                Ok(entry) => {
                    assert_eq!(json_line(7, &entry), case["expect"], "{name}");
                    assert_eq!(hex::encode(leaf_hash(&bytes)), case["leaf"], "{name}");
                    let mut again = Vec::new();
                    entry.encode(&mut again);
                    assert_eq!(again, bytes, "{name}");
                }
                Err(error) => assert_eq!(format!("{error:?}"), case["expect"], "{name}"),
            }
            cases += 1;
        }
        assert_eq!(cases, 51);
    }

    type Texts = (Option<String>, Option<String>, Option<String>, String, Option<String>);

    fn texts() -> impl Strategy<Value = Texts> {
        let text = |most| {
            proptest::option::of(
                proptest::string::string_regex(&format!(".{{1,{most}}}")).expect("a pattern"),
            )
        };
        (text(500), text(200), text(900), ".{0,400}", text(700))
    }

    fn context() -> impl Strategy<Value = EncryptionContext> {
        proptest::collection::vec((".{0,20}", ".{0,20}"), 0..5).prop_filter_map(
            "keys are distinct",
            |pairs| {
                let pairs = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
                EncryptionContext::new(pairs).ok()
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_and_writes_the_same(
            (request, at, change, tls) in any::<([u8; 16], u64, Option<u64>, bool)>(),
            (action, protocol) in (0..Action::ALL.len(), 0..Protocol::ALL.len()),
            (principal, access_key, resource, user_agent, message) in texts(),
            (account, multi, id) in (0..1_000_000_000_000_u64, any::<bool>(), any::<[u8; 16]>()),
            (source, material) in any::<(Option<IpAddr>, Option<[u8; 32]>)>(),
            (verdict, by, refused) in (0..3_u8, ".{0,300}", any::<bool>()),
            context in context(),
        ) {
            let location: Location = "eu-central-1".parse().expect("well formed");
            let account = AccountId::from_number(account).expect("in range");
            let key = KeyArn { location: location.clone(), account, key: KeyId::from_parts(id, multi) };
            let record = Record {
                request: RequestId(request),
                at: Timestamp(at),
                action: Action::ALL[action],
                protocol: Protocol::ALL[protocol],
                principal: principal.as_deref(),
                account: Some(account),
                access_key: access_key.as_deref(),
                source,
                location: Some(&location),
                user_agent: &user_agent,
                key: Some(&key),
                resource: resource.as_deref(),
                material: material.map(MaterialId),
                context: Some(&context),
                decision: [Decision::NotReached, Decision::Allowed(&*by), Decision::Denied(&*by)][usize::from(verdict)],
                outcome: match refused {
                    true => Outcome::Refused { code: "KeyNotFound", message: message.as_deref() },
                    false => Outcome::Success,
                },
                change,
                tls,
            };
            let mut bytes = Vec::new();
            if let Err(error) = record.encode(&mut bytes) {
                prop_assert!(matches!(error, RecordError::Length { field: "principal", .. }), "{error}");
                return Ok(());
            }
            let entry = Entry::decode(&bytes).expect("what is written is canonical");
            let mut again = Vec::new();
            entry.encode(&mut again);
            prop_assert_eq!(&again, &bytes);
            prop_assert_eq!(entry.request, record.request);
            prop_assert_eq!(entry.at, record.at);
            prop_assert_eq!(entry.known_action(), Some(record.action));
            prop_assert_eq!(&*entry.protocol, record.protocol.as_str());
            prop_assert_eq!(entry.principal.as_deref(), record.principal);
            prop_assert_eq!(entry.source, source.map(|address| address.to_canonical()));
            prop_assert_eq!(entry.key.as_ref(), record.key);
            prop_assert_eq!(entry.material, record.material);
            prop_assert_eq!(entry.context.unwrap_or_default(), context);
            prop_assert_eq!(entry.change, change);
            prop_assert_eq!(entry.tls, tls);
        }

        #[test]
        fn bytes_from_outside_are_refused_or_written_again_the_same(
            mut bytes in Just(bytes_of(VECTORS.lines().filter_map(|line| line.strip_prefix("record = ")).nth(1).expect("a vector"))),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        ) {
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Ok(entry) = Entry::decode(&bytes) {
                let mut again = Vec::new();
                entry.encode(&mut again);
                prop_assert_eq!(again, bytes);
            }
        }
    }
}
