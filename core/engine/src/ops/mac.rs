//! Make and verify message authentication codes.

use keystead_crypto::{SecretBytes, equal_in_constant_time};
use keystead_model::{Action, Error, KeyArn, KeyRef, KeyUsage, MacAlgorithm};
use keystead_policy::{ConditionKey, Value, Visit};

use super::Operation;
use super::usable::{dry_run, fits, usable};
use crate::authority::{Found, Subject};
use crate::keys::{Key, Keys, provider_error};

/// Make a message authentication code.
pub struct GenerateMac {
    /// Which key.
    pub key: KeyRef,
    /// 1 to 4,096 bytes.
    pub message: SecretBytes,
    /// How.
    pub algorithm: MacAlgorithm,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`GenerateMac`] answers.
pub struct Mac {
    /// The key.
    pub key: KeyArn,
    /// The code, as long as [`MacAlgorithm::mac_bytes`] says.
    pub mac: Vec<u8>,
    /// How.
    pub algorithm: MacAlgorithm,
}

/// Verify a message authentication code. One that is not valid is an error, [`Error::InvalidMac`].
pub struct VerifyMac {
    /// Which key.
    pub key: KeyRef,
    /// 1 to 4,096 bytes.
    pub message: SecretBytes,
    /// 1 to 6,144 bytes.
    pub mac: Box<[u8]>,
    /// How.
    pub algorithm: MacAlgorithm,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`VerifyMac`] answers: the code is that key's over that message.
pub struct VerifiedMac {
    /// The key.
    pub key: KeyArn,
    /// How.
    pub algorithm: MacAlgorithm,
}

impl GenerateMac {
    pub(crate) fn run(self, keys: &Keys, found: &Found) -> Result<Mac, Error> {
        let key = found.key();
        authenticating(key, Self::ACTION, self.algorithm)?;
        dry_run(self.dry_run)?;
        let mac = keys.current(key)?.mac(self.algorithm, self.message.expose());
        let mac = mac.map_err(|error| provider_error(&error))?.expose().to_vec();
        Ok(Mac { key: key.arn.clone(), mac, algorithm: self.algorithm })
    }
}

impl VerifyMac {
    pub(crate) fn run(self, keys: &Keys, found: &Found) -> Result<VerifiedMac, Error> {
        let key = found.key();
        authenticating(key, Self::ACTION, self.algorithm)?;
        let mac = keys.current(key)?.mac(self.algorithm, self.message.expose());
        let mac = mac.map_err(|error| provider_error(&error))?;
        if !equal_in_constant_time(mac.expose(), &self.mac) {
            return Err(Error::InvalidMac);
        }
        dry_run(self.dry_run)?;
        Ok(VerifiedMac { key: key.arn.clone(), algorithm: self.algorithm })
    }
}

fn authenticating(key: &Key, action: Action, algorithm: MacAlgorithm) -> Result<(), Error> {
    usable(key, action, KeyUsage::GenerateVerifyMac)?;
    fits(key.spec, key.spec.mac_algorithms(), &algorithm, algorithm.as_str())
}

fn facts(algorithm: MacAlgorithm, name: &ConditionKey, visit: &mut Visit<'_>) {
    if *name == ConditionKey::KmsMacAlgorithm {
        visit(Value::Text(algorithm.as_str()));
    }
}

impl Operation for GenerateMac {
    const ACTION: Action = Action::GenerateMac;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        facts(self.algorithm, name, visit);
    }
}

impl Operation for VerifyMac {
    const ACTION: Action = Action::VerifyMac;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        facts(self.algorithm, name, visit);
    }
}
