//! What approvers sign: a request that waits, spelled in one way only, and the signature over it.
//!
//! `docs/formats/approval.md` has both byte by byte. The bytes are written by the server and read by the approver's own
//! program, which shows what they say before it signs them: it trusts no description that came beside them.

use keystead_model::{AccountId, Action, ApprovalId, Location, Timestamp};

use crate::{SecretBytes, equal_in_constant_time, hmac_sha256, sha256};

/// A request that waits for approval.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApprovalStatement {
    /// Names the request.
    pub id: ApprovalId,
    /// When it was asked.
    pub created: Timestamp,
    /// When it runs out.
    pub expires: Timestamp,
    /// The account whose rule it meets.
    pub account: AccountId,
    /// Where it was addressed to.
    pub location: Location,
    /// What is to be done.
    pub action: Action,
    /// To what: an ARN, or `*` for the account as a whole.
    pub resource: Box<str>,
    /// The ARN of whoever asks.
    pub requester: Box<str>,
    /// The unique id of whoever asks, so that nobody takes over a name and what was approved with it.
    pub requester_id: Box<str>,
    /// The request's own parameters, each with its name.
    pub parameters: ApprovalParameters,
}

/// Parameters of a request, each with its name, in the order its operation writes them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ApprovalParameters(Vec<(Box<str>, Box<str>)>);

/// The bytes are no request that waits for approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these are not the bytes of a request that waits for approval: {0}")]
pub struct InvalidApprovalStatement(&'static str);

impl ApprovalParameters {
    /// Most parameters of one request.
    pub const COUNT_MAX: usize = 256;

    /// Adds a parameter. One that is absent is not there; operations add what a missing one stands for.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.0.push((name.into(), value.to_string().into()));
        self
    }

    /// Adds a parameter if it is there.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl std::fmt::Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

impl ApprovalStatement {
    /// Longest statement, in bytes; a longer request cannot wait.
    pub const BYTES_MAX: usize = 900 * 1024;
    const LABEL: &'static [u8] = b"keystead-approval";
    const VERSION: u8 = 1;

    /// The bytes that approvers sign.
    pub fn write(&self) -> Vec<u8> {
        let Self {
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
        } = self;
        let mut out = Vec::with_capacity(512);
        out.extend_from_slice(Self::LABEL);
        out.push(Self::VERSION);
        out.extend_from_slice(&id.0);
        for number in [created.0, expires.0, account.number()] {
            out.extend_from_slice(&number.to_be_bytes());
        }
        for text in [location.as_str(), action.as_str(), resource, requester, requester_id] {
            put(&mut out, text);
        }
        let count = u16::try_from(parameters.0.len()).expect("operations have few parameters");
        out.extend_from_slice(&count.to_be_bytes());
        for (name, value) in parameters.iter() {
            put(&mut out, name);
            put(&mut out, value);
        }
        out
    }

    /// Reads what [`ApprovalStatement::write`] has written, and nothing else.
    ///
    /// # Errors
    /// [`InvalidApprovalStatement`] says what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidApprovalStatement> {
        let error = InvalidApprovalStatement;
        if bytes.len() > Self::BYTES_MAX {
            return Err(error("they are too long"));
        }
        let rest = bytes.strip_prefix(Self::LABEL).ok_or(error("they begin otherwise"))?;
        let mut reader = Reader(rest);
        if reader.fixed::<1>()? != [Self::VERSION] {
            return Err(error("their version is unknown to this program"));
        }
        let id = ApprovalId(reader.fixed()?);
        let (created, expires) = (Timestamp(reader.u64()?), Timestamp(reader.u64()?));
        let account = AccountId::from_number(reader.u64()?).ok_or(error("the account is out of range"))?;
        let location = reader.text()?.parse().map_err(|_| error("the location is none"))?;
        let action = Action::parse(reader.text()?).ok_or(error("the action is unknown to this program"))?;
        let (resource, requester) = (reader.text()?.into(), reader.text()?.into());
        let requester_id = reader.text()?.into();
        let count = usize::from(u16::from_be_bytes(reader.fixed()?));
        if count > ApprovalParameters::COUNT_MAX {
            return Err(error("they have too many parameters"));
        }
        let mut parameters = ApprovalParameters::default();
        for _ in 0..count {
            parameters.0.push((reader.text()?.into(), reader.text()?.into()));
        }
        match reader.0 {
            [] => Ok(Self {
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
            }),
            _ => Err(error("more follows")),
        }
    }

    /// What makes two requests the same: the SHA-256 of the bytes with an id and times of zero.
    pub fn fingerprint(&self) -> [u8; 32] {
        let zero = Timestamp(0);
        sha256(&Self { id: ApprovalId([0; 16]), created: zero, expires: zero, ..self.clone() }.write())
    }
}

/// An approver's signature over the bytes of a request: HMAC-SHA-256 under a key that derives from the secret of
/// their access key, so that it fits no other protocol.
pub fn approval_signature(secret: &SecretBytes, statement: &[u8]) -> [u8; 32] {
    let key = zeroize::Zeroizing::new(hmac_sha256(secret.expose(), &[ApprovalStatement::LABEL]));
    hmac_sha256(&*key, &[statement])
}

/// Whether a signature is that secret's over those bytes, in constant time.
pub fn is_approval_signature(secret: &SecretBytes, statement: &[u8], signature: &[u8; 32]) -> bool {
    equal_in_constant_time(&approval_signature(secret, statement), signature)
}

/// A text: its length (4 bytes, big-endian), and the text.
fn put(out: &mut Vec<u8>, text: &str) {
    let len = u32::try_from(text.len()).expect("what a request says is far below 4 GiB");
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], InvalidApprovalStatement> {
        let (head, rest) =
            self.0.split_first_chunk::<N>().ok_or(InvalidApprovalStatement("they end early"))?;
        self.0 = rest;
        Ok(*head)
    }

    fn u64(&mut self) -> Result<u64, InvalidApprovalStatement> {
        self.fixed().map(u64::from_be_bytes)
    }

    fn text(&mut self) -> Result<&'a str, InvalidApprovalStatement> {
        let len = u32::from_be_bytes(self.fixed()?) as usize;
        let (head, rest) =
            self.0.split_at_checked(len).ok_or(InvalidApprovalStatement("a text ends early"))?;
        self.0 = rest;
        std::str::from_utf8(head).map_err(|_| InvalidApprovalStatement("a text is not UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> ApprovalStatement {
        ApprovalStatement {
            id: ApprovalId(std::array::from_fn(|at| at as u8)),
            created: Timestamp(1_800_000_000_000),
            expires: Timestamp(1_800_086_400_000),
            account: "111122223333".parse().expect("an account"),
            location: "eu-central-1".parse().expect("a location"),
            action: Action::ScheduleKeyDeletion,
            resource: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".into(),
            requester: "arn:aws:iam::111122223333:user/ada".into(),
            requester_id: "AIDAABCDEFGHIJKLMNOPQ".into(),
            parameters: ApprovalParameters::default().with("PendingWindowInDays", 7),
        }
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let bytes = statement().write();
        assert_eq!(ApprovalStatement::read(&bytes), Ok(statement()));
        for len in 0..bytes.len() {
            assert!(ApprovalStatement::read(&bytes[..len]).is_err(), "length {len}");
        }
        assert!(ApprovalStatement::read(&[bytes.clone(), vec![0]].concat()).is_err());
        let mut newer = bytes;
        newer[ApprovalStatement::LABEL.len()] = 2;
        assert!(ApprovalStatement::read(&newer).is_err());
    }

    #[test]
    fn every_change_of_a_byte_changes_what_is_read_or_is_refused() {
        let bytes = statement().write();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            match ApprovalStatement::read(&changed) {
                Ok(read) => assert_eq!(read.write(), changed, "byte {at}"),
                Err(InvalidApprovalStatement(why)) => assert!(!why.is_empty()),
            }
        }
    }

    #[test]
    fn a_request_is_the_same_whenever_it_is_asked_and_another_one_if_anything_of_it_is() {
        let first = statement();
        let later = ApprovalStatement {
            id: ApprovalId([9; 16]),
            created: Timestamp(1),
            expires: Timestamp(2),
            ..first.clone()
        };
        assert_eq!(first.fingerprint(), later.fingerprint());
        let others = [
            ApprovalStatement { account: AccountId::DEVELOPMENT, ..first.clone() },
            ApprovalStatement { location: "eu-west-1".parse().expect("a location"), ..first.clone() },
            ApprovalStatement { action: Action::DisableKey, ..first.clone() },
            ApprovalStatement { resource: "*".into(), ..first.clone() },
            ApprovalStatement { requester: "arn:aws:iam::111122223333:user/bob".into(), ..first.clone() },
            ApprovalStatement { requester_id: "AIDA2".into(), ..first.clone() },
            ApprovalStatement {
                parameters: ApprovalParameters::default().with("PendingWindowInDays", 30),
                ..first.clone()
            },
            ApprovalStatement { parameters: ApprovalParameters::default(), ..first.clone() },
        ];
        for other in others {
            assert_ne!(first.fingerprint(), other.fingerprint(), "{other:?}");
        }
    }

    /// `vectors/approval.txt` is made by `approval.py`, with Python's own HMAC.
    #[test]
    fn vectors_agree() {
        let (mut read, mut refused) = (0, 0);
        for block in include_str!("../vectors/approval.txt").split("\n\n").filter(|block| !block.is_empty()) {
            let field = |name: &str| {
                let line = block.lines().find_map(|line| {
                    let (found, value) = line.split_once('=')?;
                    (found.trim() == name).then_some(value.trim())
                });
                line.unwrap_or_else(|| panic!("{name} in {block}"))
            };
            let bytes = hex::decode(field("bytes")).expect("hexadecimal");
            let found = ApprovalStatement::read(&bytes);
            if field("expect") == "refused" {
                assert!(found.is_err(), "{block}");
                refused += 1;
                continue;
            }
            let found = found.unwrap_or_else(|error| panic!("{error}: {block}"));
            assert_eq!(found.write(), bytes, "{block}");
            assert_eq!(found.id.to_string(), field("id"));
            assert_eq!(found.action.as_str(), field("action"));
            assert_eq!(found.parameters.iter().count().to_string(), field("parameters"));
            assert_eq!(hex::encode(found.fingerprint()), field("fingerprint"), "{block}");
            let secret = SecretBytes::copy_from(field("secret").as_bytes());
            let signature = approval_signature(&secret, &bytes);
            assert_eq!(hex::encode(signature), field("signature"), "{block}");
            assert!(is_approval_signature(&secret, &bytes, &signature));
            assert!(!is_approval_signature(&SecretBytes::copy_from(b"other"), &bytes, &signature));
            read += 1;
        }
        assert_eq!((read, refused), (3, 8));
    }
}
