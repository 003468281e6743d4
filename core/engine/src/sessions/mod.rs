//! Sessions: what temporary credentials are made of, and how the token that their holder shows becomes a caller again.
//!
//! Nothing is stored for a session. Its token holds all of it, sealed (`docs/formats/session-token.md`), and the secret of its
//! access key follows from the root key. What was opened is held in memory for a while, together with the digest of
//! the very token it came from. Whether its time is over, and whether its user or role is still there, is asked anew
//! with each request.

mod day_keys;
mod factors;
mod labels;
mod lasting;
mod leave;
mod roles;

use std::sync::Arc;

use keystead_crypto::{ArenaFull, RootKey, SealedSession, SessionNotSealed, SessionTokens, sha256};
use keystead_model::world::{Entropy, World};
use keystead_model::{AccessKeyId, AccountId, Caller, Error, PolicyArn, Principal, Session, SessionPolicy};
use keystead_policy::{Kind, Policy};
use quick_cache::sync::Cache;

use crate::SecretBytes;
use crate::directory::Directory;
use crate::identity::new_id;
use crate::ops::sts::Credentials;

pub use day_keys::DayKeys;
pub(crate) use factors::Factors;
pub(crate) use labels::Labels;
pub(crate) use lasting::{FEDERATION_SECONDS, SESSION_SECONDS, Span, role_seconds_max};
pub(crate) use leave::may_ask;
pub(crate) use roles::TakenOn;

/// Sessions held in memory at most. Others are opened from their token again.
const HELD_MAX: usize = 16_384;

/// What a session is made with.
#[derive(Clone, Copy)]
pub(crate) struct Bench<'a> {
    pub(crate) sessions: &'a Sessions,
    pub(crate) directory: &'a Directory,
    pub(crate) world: &'a World,
}

/// Makes sessions, and finds them in their tokens.
pub struct Sessions {
    tokens: SessionTokens,
    held: Cache<AccessKeyId, Arc<Held>>,
}

/// A session in memory.
pub struct Held {
    /// SHA-256 of the token that it came from. No other token may stand for it.
    digest: [u8; 32],
    /// Who speaks in it.
    pub caller: Arc<Caller>,
    /// What signatures are checked with.
    pub day_keys: DayKeys,
}

impl Sessions {
    /// # Errors
    /// [`ArenaFull`] if there is no locked memory left.
    pub fn new(root: &RootKey) -> Result<Self, ArenaFull> {
        Ok(Self { tokens: SessionTokens::new(root)?, held: Cache::new(HELD_MAX) })
    }

    /// The session of a token that is shown with an access key. That the key's secret was known, that the session has not
    /// ended and that its principal is still there is up to whoever asks.
    ///
    /// # Errors
    /// [`Error::BadSessionToken`] if the token was not given out here, or with another access key.
    pub fn find(&self, access_key: &AccessKeyId, token: &str) -> Result<Arc<Held>, Error> {
        if token.len() > SessionTokens::CHARS_MAX {
            return Err(Error::BadSessionToken);
        }
        let digest = sha256(token.as_bytes());
        if let Some(held) = self.held.get(access_key).filter(|held| held.digest == digest) {
            return Ok(held);
        }
        let sealed = self.tokens.open(token).map_err(|_| Error::BadSessionToken)?;
        if sealed.access_key != *access_key {
            return Err(Error::BadSessionToken);
        }
        let SealedSession { access_key, principal, session } = sealed;
        let caller = Arc::new(Caller::in_session(principal, access_key.clone(), Arc::new(session)));
        let held = Arc::new(Held { digest, caller, day_keys: DayKeys::default() });
        self.held.insert(access_key, Arc::clone(&held));
        Ok(held)
    }

    /// The secret of a temporary access key.
    pub fn secret(&self, access_key: &AccessKeyId) -> SecretBytes {
        self.tokens.secret(access_key)
    }

    /// Opens a session: its credentials, which are shown once and kept nowhere.
    ///
    /// # Errors
    /// [`Error::SessionTooLarge`] if its policies and tags do not fit a token.
    pub fn open(
        &self,
        entropy: &dyn Entropy,
        principal: Principal,
        session: Session,
    ) -> Result<Credentials, Error> {
        let access_key = new_id(entropy, TEMPORARY);
        let expires = session.expires;
        let sealed = SealedSession { access_key, principal, session };
        let token = self.tokens.seal(entropy, &sealed).map_err(|error| match error {
            SessionNotSealed::TooLarge { bytes } => too_large(bytes),
            SessionNotSealed::NoSuchSession => Error::Internal,
        })?;
        let secret = self.tokens.secret(&sealed.access_key);
        Ok(Credentials { access_key: sealed.access_key, secret, token: token.into(), expires })
    }
}

/// How much of the room for policies and tags a session takes, in percent, rounded up; `None` if it has neither.
pub fn packed_percent(session: &Session) -> Option<u8> {
    let has_any = !session.policies.is_empty() || !session.tags.is_empty();
    let percent = (SessionTokens::packed_bytes(session) * 100).div_ceil(SessionTokens::PACKED_BYTES_MAX);
    has_any.then(|| u8::try_from(percent).unwrap_or(u8::MAX))
}

fn too_large(bytes: usize) -> Error {
    let percent = (bytes * 100).div_ceil(SessionTokens::PACKED_BYTES_MAX);
    let text = format!("Packed size of session policies and tags consumes {percent}% of allotted space.");
    Error::SessionTooLarge(text.into())
}

/// Managed policies that a session is opened with at most, as AWS documents it.
pub const MANAGED_POLICIES_MAX: usize = 10;

/// The policies of a session in an account. The managed ones must be there, and must stay there for as long as the session
/// is to do anything.
///
/// # Errors
/// [`Error::MalformedPolicy`] for a text that is no policy or a managed policy that is not there, [`Error::LimitExceeded`]
/// for too many managed ones.
pub fn session_policies(
    directory: &Directory,
    account: AccountId,
    inline: Option<&str>,
    managed: &[PolicyArn],
) -> Result<Box<[SessionPolicy]>, Error> {
    if managed.len() > MANAGED_POLICIES_MAX {
        let text = format!("a session has at most {MANAGED_POLICIES_MAX} managed policies");
        return Err(Error::LimitExceeded(text.into()));
    }
    if let Some(text) = inline {
        Policy::parse(text, Kind::Session)
            .map_err(|error| Error::MalformedPolicy(error.to_string().into()))?;
    }
    for arn in managed {
        if !directory.has_policy(account, arn)? {
            let text = format!("there is no managed policy {arn} for sessions of the account {account}");
            return Err(Error::MalformedPolicy(text.into()));
        }
    }
    let inline = inline.map(|text| SessionPolicy::Inline(text.into()));
    let managed = managed.iter().map(|arn| SessionPolicy::Managed(arn.to_string().into()));
    Ok(inline.into_iter().chain(managed).collect())
}

/// What the ids of temporary access keys begin with.
pub const TEMPORARY: &str = "ASIA";

#[cfg(test)]
mod tests {
    use keystead_crypto::Arena;
    use keystead_model::{Tags, Timestamp};

    use super::*;

    /// No two bytes of one place in a block of 32 are alike for 32 blocks, so that ids differ.
    struct Counting(std::sync::atomic::AtomicU16);
    impl Entropy for Counting {
        fn fill(&self, out: &mut [u8]) {
            for byte in out {
                let number = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                *byte = (number + number / 32) as u8;
            }
        }
    }

    fn sessions() -> (Sessions, Counting) {
        let root = RootKey::load(&Arena::new(64), &[1; 32]).expect("there is room");
        (Sessions::new(&root).expect("there is room"), Counting(0.into()))
    }

    fn session() -> Session {
        Session {
            issued: Timestamp(1),
            expires: Timestamp(2),
            opened_by: None,
            policies: Box::default(),
            tags: Tags::default(),
            transitive: Box::default(),
            source_identity: None,
            provider: None,
            mfa: None,
        }
    }

    const ROOT: Principal = Principal::Root { account: AccountId::DEVELOPMENT };

    #[test]
    fn a_session_is_found_by_its_own_token_only() {
        let (sessions, dice) = sessions();
        let open = || sessions.open(&dice, ROOT, session()).expect("it is opened");
        let (first, second) = (open(), open());
        assert!(first.access_key.as_str().starts_with("ASIA") && first.access_key.as_str().len() == 20);
        assert!(sessions.secret(&first.access_key) == first.secret);
        for _ in 0..2 {
            let held = sessions.find(&first.access_key, &first.token).expect("it is found");
            assert_eq!(held.caller.principal, ROOT);
            assert_eq!(held.caller.access_key.as_ref(), Some(&first.access_key));
            // The first one is in memory from the second round on.
            for odd in [&*second.token, "", "x", &"A".repeat(20_000)] {
                assert_eq!(sessions.find(&first.access_key, odd).err(), Some(Error::BadSessionToken));
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_told_in_percent() {
        let (sessions, dice) = sessions();
        let with = |len: usize| Session {
            policies: [SessionPolicy::Inline("x".repeat(len).into())].into(),
            ..session()
        };
        assert_eq!(packed_percent(&with(3000)), Some(49));
        assert_eq!(packed_percent(&session()), None);
        let refused = sessions.open(&dice, ROOT, with(7000)).err();
        let text = "Packed size of session policies and tags consumes 115% of allotted space.";
        assert_eq!(refused, Some(Error::SessionTooLarge(text.into())));
    }
}
