//! Grant tokens: a grant's name, sealed, so that nobody but this house can make one and nobody can read what it says.
//!
//! A token is base 64 without padding over what a [`SealingKey`] makes of: format version (1 byte, 1), account
//! (8, big-endian), multi-Region flag (1), key id (16), grant id (32), location (the rest). Each token has a salt
//! of its own, so that no two are the same; all tokens of a grant say the same.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use keystead_model::world::Entropy;
use keystead_model::{AccountId, GrantId, KeyArn, KeyId};

use crate::arena::ArenaFull;
use crate::{RootKey, SealingKey};

/// Makes and reads grant tokens.
pub struct GrantTokens(SealingKey);

/// The text is no token that was made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no grant token that was given out here")]
pub struct InvalidGrantToken;

impl GrantTokens {
    /// Longest token there is, in characters; longer texts are not looked at.
    pub const CHARS_MAX: usize = 256;
    const DOMAIN: &'static str = "keystead/grant-tokens/v1";
    const VERSION: u8 = 1;

    /// From the root key.
    ///
    /// # Errors
    /// [`ArenaFull`] if there is no locked memory left.
    pub fn new(root: &RootKey) -> Result<Self, ArenaFull> {
        root.sealing_key(Self::DOMAIN, b"").map(Self)
    }

    /// Makes a token of a grant.
    pub fn make(&self, entropy: &dyn Entropy, key: &KeyArn, grant: GrantId) -> String {
        let mut plain = Vec::with_capacity(96);
        plain.push(Self::VERSION);
        plain.extend_from_slice(&key.account.number().to_be_bytes());
        plain.push(u8::from(key.key.is_multi_region()));
        plain.extend_from_slice(key.key.bytes());
        plain.extend_from_slice(&grant.0);
        plain.extend_from_slice(key.location.as_str().as_bytes());
        STANDARD_NO_PAD.encode(self.0.seal(entropy, b"", &plain))
    }

    /// Reads a token.
    ///
    /// # Errors
    /// [`InvalidGrantToken`], whatever is wrong with it.
    pub fn read(&self, token: &str) -> Result<(KeyArn, GrantId), InvalidGrantToken> {
        if token.len() > Self::CHARS_MAX {
            return Err(InvalidGrantToken);
        }
        let sealed = STANDARD_NO_PAD.decode(token).map_err(|_| InvalidGrantToken)?;
        let plain = self.0.open(b"", &sealed).map_err(|_| InvalidGrantToken)?;
        read_plain(plain.expose()).ok_or(InvalidGrantToken)
    }
}

fn read_plain(plain: &[u8]) -> Option<(KeyArn, GrantId)> {
    let (version, rest) = plain.split_first()?;
    let (account, rest) = rest.split_first_chunk::<8>()?;
    let (multi_region, rest) = rest.split_first()?;
    let (key, rest) = rest.split_first_chunk::<16>()?;
    let (grant, location) = rest.split_first_chunk::<32>()?;
    if *version != GrantTokens::VERSION || *multi_region > 1 {
        return None;
    }
    let arn = KeyArn {
        location: std::str::from_utf8(location).ok()?.parse().ok()?,
        account: AccountId::from_number(u64::from_be_bytes(*account))?,
        key: KeyId::from_parts(*key, *multi_region == 1),
    };
    Some((arn, GrantId(*grant)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;
    use crate::Arena;

    struct Counting(AtomicU8);
    impl Entropy for Counting {
        fn fill(&self, out: &mut [u8]) {
            out.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn tokens(root: u8) -> GrantTokens {
        let root = RootKey::load(&Arena::new(8), &[root; 32]).expect("there is room");
        GrantTokens::new(&root).expect("there is room")
    }

    fn key(location: &str) -> KeyArn {
        KeyArn {
            location: location.parse().expect("a location"),
            account: AccountId::from_number(42).expect("an account"),
            key: "mrk-1234abcd12ab34cd56ef1234567890ab".parse().expect("a key id"),
        }
    }

    #[test]
    fn a_token_names_its_grant_to_the_house_that_made_it_and_no_other() {
        let (dice, grant) = (Counting(AtomicU8::new(0)), GrantId([7; 32]));
        for location in ["a", &"a".repeat(32)] {
            let (one, two) =
                (tokens(1).make(&dice, &key(location), grant), tokens(1).make(&dice, &key(location), grant));
            assert_ne!(one, two);
            assert!(one.len() <= GrantTokens::CHARS_MAX, "{}", one.len());
            for token in [&one, &two] {
                assert_eq!(tokens(1).read(token), Ok((key(location), grant)));
                assert_eq!(tokens(2).read(token), Err(InvalidGrantToken));
            }
        }
    }

    #[test]
    fn a_token_that_was_changed_anywhere_is_none() {
        let dice = Counting(AtomicU8::new(0));
        let token = tokens(1).make(&dice, &key("eu-central-1"), GrantId([7; 32]));
        for at in 0..token.len() {
            let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            assert_eq!(tokens(1).read(&changed), Err(InvalidGrantToken), "{at}");
            assert_eq!(tokens(1).read(&token[..at]), Err(InvalidGrantToken), "{at}");
        }
        for odd in ["", "=", &format!("{token}="), &format!("{token} "), &"A".repeat(8192)] {
            assert_eq!(tokens(1).read(odd), Err(InvalidGrantToken), "{odd}");
        }
    }
}
