//! Session tokens: a whole session, sealed, so that nothing has to be kept for one; and the secrets of temporary access
//! keys, which derive from the root key.
//!
//! `docs/formats/session-token.md` has both byte by byte.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use keystead_model::world::Entropy;
use keystead_model::{AccessKeyId, AccountId, Principal, Session, SessionPolicy, Tag, Tags, Timestamp};
use zeroize::Zeroizing;

use crate::arena::ArenaFull;
use crate::{RootKey, SealingKey, SecretBytes};

/// Makes and reads session tokens, and tells the secrets of the access keys they are for.
pub struct SessionTokens {
    tokens: SealingKey,
    secrets: SealingKey,
}

/// What a token says. It was given out here; whether its time is over is not looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealedSession {
    /// The access key it belongs to.
    pub access_key: AccessKeyId,
    /// Who speaks in the session.
    pub principal: Principal,
    /// The session.
    pub session: Session,
}

/// The text is no token that was given out here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no session token that was given out here")]
pub struct InvalidSessionToken;

/// A session that no token can be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionNotSealed {
    /// Its policies and tags are more than [`SessionTokens::PACKED_BYTES_MAX`], or something in it is longer than a
    /// token can say.
    #[error("policies and tags of {bytes} bytes do not fit the session; leave some out, {max} bytes fit", max = SessionTokens::PACKED_BYTES_MAX)]
    TooLarge {
        /// The bytes that its policies and tags come to.
        bytes: usize,
    },
    /// Only users, roots, roles and federated users speak in sessions.
    #[error("this kind of principal has no sessions")]
    NoSuchSession,
}

impl SessionTokens {
    /// Most bytes that the policies, the tags and the keys of transitive tags take in a token, all together.
    pub const PACKED_BYTES_MAX: usize = 6_144;
    /// Longest token there is, in characters; longer texts are not looked at. Half of what the head of a request may
    /// have in the server's default limits.
    pub const CHARS_MAX: usize = 16_384;
    /// Characters of a temporary secret.
    pub const SECRET_CHARACTERS: usize = 40;

    const DOMAIN: &'static str = "keystead/session-tokens/v1";
    const SECRETS: &'static str = "keystead/session-secrets/v1";
    const VERSION: u8 = 1;

    /// From the root key.
    ///
    /// # Errors
    /// [`ArenaFull`] if there is no locked memory left.
    pub fn new(root: &RootKey) -> Result<Self, ArenaFull> {
        let tokens = root.sealing_key(Self::DOMAIN, b"")?;
        Ok(Self { tokens, secrets: root.sealing_key(Self::SECRETS, b"")? })
    }

    /// The bytes that the policies and tags of a session come to in a token.
    pub fn packed_bytes(session: &Session) -> usize {
        let mut packed = Writer::default();
        packed.contents(session);
        packed.bytes.len()
    }

    /// Makes a token. Each has a salt of its own, so that no two are the same.
    ///
    /// # Errors
    /// [`SessionNotSealed`]
    pub fn seal(&self, entropy: &dyn Entropy, sealed: &SealedSession) -> Result<String, SessionNotSealed> {
        let plain = write(sealed)?;
        let mut token = vec![Self::VERSION];
        token.extend_from_slice(&self.tokens.seal(entropy, &[Self::VERSION], &plain));
        let token = STANDARD_NO_PAD.encode(token);
        match token.len() <= Self::CHARS_MAX {
            true => Ok(token),
            false => Err(SessionNotSealed::TooLarge { bytes: Self::packed_bytes(&sealed.session) }),
        }
    }

    /// Reads a token. Whoever asks compares the access key, the time and whether the principal is still there.
    ///
    /// # Errors
    /// [`InvalidSessionToken`], whatever is wrong with it.
    pub fn open(&self, token: &str) -> Result<SealedSession, InvalidSessionToken> {
        if token.len() > Self::CHARS_MAX {
            return Err(InvalidSessionToken);
        }
        let bytes = STANDARD_NO_PAD.decode(token).map_err(|_| InvalidSessionToken)?;
        let (version, sealed) = bytes.split_first().ok_or(InvalidSessionToken)?;
        if *version != Self::VERSION {
            return Err(InvalidSessionToken);
        }
        let plain = self.tokens.open(&[Self::VERSION], sealed).map_err(|_| InvalidSessionToken)?;
        read(plain.expose()).ok_or(InvalidSessionToken)
    }

    /// The secret of a temporary access key: 40 letters and digits, the same each time for a root key.
    pub fn secret(&self, access_key: &AccessKeyId) -> SecretBytes {
        const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut secret = SecretBytes::zeroed(Self::SECRET_CHARACTERS);
        let mut places = secret.expose_mut().iter_mut();
        let mut place = places.next();
        // A block gives 31 characters on average, so that two are enough nearly always.
        for block in 0..=u8::MAX {
            let bytes = Zeroizing::new(self.secrets.mac(&[&[block], access_key.as_str().as_bytes()]));
            // Left out where the alphabet would not fit evenly, so that every character is as likely.
            for byte in bytes.iter().filter(|byte| **byte < 248) {
                let Some(character) = place else { return secret };
                *character = ALPHABET[usize::from(byte % 62)];
                place = places.next();
            }
        }
        secret
    }
}

// --- Bytes -------------------------------------------------------------------------------------------------

const ROOT: u8 = 1;
const USER: u8 = 2;
const ASSUMED_ROLE: u8 = 3;
const FEDERATED_USER: u8 = 4;
const INLINE: u8 = 1;
const MANAGED: u8 = 2;

fn write(sealed: &SealedSession) -> Result<Vec<u8>, SessionNotSealed> {
    let SealedSession { access_key, principal, session } = sealed;
    let mut out = Writer::default();
    out.text(access_key.as_str());
    out.time(session.issued);
    out.time(session.expires);
    out.principal(principal)?;
    out.flag(session.opened_by.is_some());
    session.opened_by.iter().try_for_each(|principal| out.principal(principal))?;
    let start = out.bytes.len();
    out.contents(session);
    let packed = out.bytes.len() - start;
    for text in [&session.source_identity, &session.provider] {
        out.flag(text.is_some());
        text.iter().for_each(|text| out.text(text));
    }
    out.flag(session.mfa.is_some());
    session.mfa.iter().for_each(|at| out.time(*at));
    match out.is_cut || packed > SessionTokens::PACKED_BYTES_MAX {
        true => Err(SessionNotSealed::TooLarge { bytes: packed }),
        false => Ok(out.bytes),
    }
}

/// Appends fields.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    /// Whether something was longer than its length can say. Then the bytes say nothing.
    is_cut: bool,
}

impl Writer {
    fn flag(&mut self, is_there: bool) {
        self.bytes.push(u8::from(is_there));
    }

    fn time(&mut self, at: Timestamp) {
        self.bytes.extend_from_slice(&at.0.to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.is_cut |= text.len() > usize::from(u16::MAX);
        let len = u16::try_from(text.len()).unwrap_or(u16::MAX);
        self.bytes.extend_from_slice(&len.to_be_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn list<'a, T: 'a>(
        &mut self,
        items: impl ExactSizeIterator<Item = &'a T>,
        mut each: impl FnMut(&mut Self, &T),
    ) {
        self.is_cut |= items.len() > usize::from(u8::MAX);
        self.bytes.push(u8::try_from(items.len()).unwrap_or(u8::MAX));
        items.for_each(|item| each(self, item));
    }

    fn principal(&mut self, principal: &Principal) -> Result<(), SessionNotSealed> {
        let (kind, account, texts): (_, _, &[&str]) = match principal {
            Principal::Root { account } => (ROOT, account, &[]),
            Principal::User { account, name, id } => (USER, account, &[name, id]),
            Principal::AssumedRole { account, role, role_id, session } => {
                (ASSUMED_ROLE, account, &[role, role_id, session])
            }
            Principal::FederatedUser { account, name } => (FEDERATED_USER, account, &[name]),
            Principal::Federated { .. } | Principal::Service { .. } | Principal::Keystead => {
                return Err(SessionNotSealed::NoSuchSession);
            }
        };
        self.bytes.push(kind);
        self.bytes.extend_from_slice(&account.number().to_be_bytes());
        texts.iter().for_each(|text| self.text(text));
        Ok(())
    }

    /// What [`SessionTokens::PACKED_BYTES_MAX`] is about.
    fn contents(&mut self, session: &Session) {
        self.list(session.policies.iter(), |out, policy| {
            let (kind, text) = match policy {
                SessionPolicy::Inline(text) => (INLINE, text),
                SessionPolicy::Managed(arn) => (MANAGED, arn),
            };
            out.bytes.push(kind);
            out.text(text);
        });
        self.list(session.tags.iter(), |out, tag| {
            out.text(&tag.key);
            out.text(&tag.value);
        });
        self.list(session.transitive.iter(), |out, key| out.text(key));
    }
}

/// `None` for what no [`write`] has made.
fn read(plain: &[u8]) -> Option<SealedSession> {
    let mut from = Reader(plain);
    let access_key = AccessKeyId::parse(from.text()?)?;
    let (issued, expires) = (from.time()?, from.time()?);
    let principal = from.principal()?;
    let opened_by = from.option(Reader::principal)?;
    let start = from.0.len();
    let policies = from.list(Reader::policy)?.into();
    let tags = from.tags()?;
    let transitive = from.list(|from| from.text().map(Box::from))?.into();
    if start - from.0.len() > SessionTokens::PACKED_BYTES_MAX {
        return None;
    }
    let source_identity = from.option(|from| from.text().map(Arc::from))?;
    let provider = from.option(|from| from.text().map(Arc::from))?;
    let mfa = from.option(Reader::time)?;
    let session =
        Session { issued, expires, opened_by, policies, tags, transitive, source_identity, provider, mfa };
    from.0.is_empty().then_some(SealedSession { access_key, principal, session })
}

/// Takes fields off the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }

    fn byte(&mut self) -> Option<u8> {
        self.fixed::<1>().map(|[byte]| byte)
    }

    fn time(&mut self) -> Option<Timestamp> {
        self.fixed().map(u64::from_be_bytes).map(Timestamp)
    }

    fn text(&mut self) -> Option<&'a str> {
        let len = u16::from_be_bytes(self.fixed()?);
        let (text, rest) = self.0.split_at_checked(usize::from(len))?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.byte()?;
        (0..count).map(|_| each(self)).collect()
    }

    /// `None` if it does not read; `Some(None)` if nothing is there.
    fn option<T>(&mut self, each: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            1 => each(self).map(Some),
            _ => None,
        }
    }

    fn principal(&mut self) -> Option<Principal> {
        let kind = self.byte()?;
        let account = AccountId::from_number(u64::from_be_bytes(self.fixed()?))?;
        let mut text = || self.text().map(Arc::from);
        Some(match kind {
            ROOT => Principal::Root { account },
            USER => Principal::User { account, name: text()?, id: text()? },
            ASSUMED_ROLE => {
                Principal::AssumedRole { account, role: text()?, role_id: text()?, session: text()? }
            }
            FEDERATED_USER => Principal::FederatedUser { account, name: text()? },
            _ => return None,
        })
    }

    fn policy(&mut self) -> Option<SessionPolicy> {
        match self.byte()? {
            INLINE => self.text().map(Arc::from).map(SessionPolicy::Inline),
            MANAGED => self.text().map(Arc::from).map(SessionPolicy::Managed),
            _ => None,
        }
    }

    fn tags(&mut self) -> Option<Tags> {
        let tags = self.list(|from| Some(Tag { key: from.text()?.into(), value: from.text()?.into() }))?;
        // In another order they would be a second spelling of the same session.
        let is_ascending = tags.is_sorted_by(|a, b| a.key < b.key);
        is_ascending.then(|| Tags::new(tags).ok()).flatten()
    }
}

#[cfg(test)]
mod tests;
