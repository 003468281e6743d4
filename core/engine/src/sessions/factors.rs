//! Second factors that are shown in a request: the codes of virtual MFA devices, each good once.
//!
//! A code is looked at twice. Before policy is asked, because conditions may ask for it; and when the request succeeds,
//! when the step it belongs to is written to the device's row together with the request's record. Of two requests
//! with the same code one is written first, and the other one finds it spent.

use std::sync::Arc;

use keystead_crypto::{TotpSeed, totp_step};
use keystead_model::{Caller, Error, IamKind, MfaSerial, Principal, Timestamp};
use keystead_store::RecordId;
use parking_lot::Mutex;
use quick_cache::sync::Cache;

use crate::keys::{internal, unreadable};
use crate::ops::sts::SecondFactor;
use crate::records::{DirectoryRecord, MfaOwner, MfaRecord, Row};
use crate::vault::{Change, Vault};

/// How many steps of 30 seconds a code may be early or late, as RFC 6238 section 5.2 recommends.
const DRIFT_STEPS: u64 = 1;
/// Wrong codes of one device after which none is looked at for a while, so that nobody tries a million.
const WRONG_MAX: u32 = 5;
/// How long that is, counted from the first of them, in seconds.
const WRONG_SECONDS: u64 = 900;
/// Devices whose wrong codes are counted at a time.
const COUNTED_MAX: usize = 16_384;

/// The second factors of all users.
pub struct Factors {
    vault: Arc<Vault>,
    wrong: Cache<RecordId, Arc<Mutex<Wrong>>>,
}

/// Wrong codes of a device.
struct Wrong {
    first: Timestamp,
    count: u32,
}

/// A device of the caller's.
struct Device {
    row: RecordId,
    version: u64,
    record: MfaRecord,
    owner: MfaOwner,
}

impl Factors {
    pub fn new(vault: Arc<Vault>) -> Self {
        Self { vault, wrong: Cache::new(COUNTED_MAX) }
    }

    /// Whether a code is one that the caller's device shows now and that nobody has used.
    ///
    /// # Errors
    /// [`Error::SecondFactor`]
    pub fn look(&self, caller: &Caller, factor: &SecondFactor, now: Timestamp) -> Result<(), Error> {
        let device = self.device(caller, &factor.serial)?;
        let wrong = self.wrong_of(&device.row, now);
        let mut wrong = wrong.lock();
        if now.seconds().saturating_sub(wrong.first.seconds()) >= WRONG_SECONDS {
            *wrong = Wrong { first: now, count: 0 };
        }
        if wrong.count >= WRONG_MAX {
            let text = format!(
                "MultiFactorAuthentication failed: after {WRONG_MAX} wrong codes none is taken for {} minutes.",
                WRONG_SECONDS / 60
            );
            return Err(Error::SecondFactor(text.into()));
        }
        match device.step(factor, now) {
            Some(_) => Ok(()),
            None => {
                wrong.count += 1;
                Err(wrong_code())
            }
        }
    }

    /// Spends a code: neither it nor an earlier one is good after this change.
    ///
    /// # Errors
    /// [`Error::SecondFactor`] if another request spent it first.
    pub fn spend(&self, caller: &Caller, factor: &SecondFactor, now: Timestamp) -> Result<Change, Error> {
        let device = self.device(caller, &factor.serial)?;
        let taken = device.step(factor, now).ok_or_else(wrong_code)?;
        let Device { row, version, mut record, owner } = device;
        record.owner = Some(MfaOwner { taken, ..owner });
        Ok(Change::replace(row, version, record.write()))
    }

    /// The device of a serial number, which must be the caller's own.
    fn device(&self, caller: &Caller, serial: &str) -> Result<Device, Error> {
        let unknown = || {
            let text = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial \
                        number is valid and associated with this user.";
            Error::SecondFactor(text.into())
        };
        let Principal::User { account, name, .. } = &caller.principal else { return Err(unknown()) };
        let serial = MfaSerial::parse(serial).filter(|serial| serial.arn().account == Some(*account));
        let serial = serial.ok_or_else(unknown)?;
        let row = Row::Directory(*account, IamKind::Mfa, serial.arn().short_name()).id();
        let plain = self.vault.get(&row).map_err(internal)?.ok_or_else(unknown)?;
        let record = MfaRecord::read(plain.bytes.expose()).map_err(unreadable)?;
        let own = name.rsplit('/').next().unwrap_or(name);
        let is_own = |owner: &MfaOwner| owner.user.eq_ignore_ascii_case(own);
        let owner =
            record.owner.clone().filter(|owner| is_own(owner) && record.arn(*account) == *serial.arn());
        Ok(Device { row, version: plain.version, owner: owner.ok_or_else(unknown)?, record })
    }

    fn wrong_of(&self, row: &RecordId, now: Timestamp) -> Arc<Mutex<Wrong>> {
        let new = || Ok::<_, std::convert::Infallible>(Arc::new(Mutex::new(Wrong { first: now, count: 0 })));
        match self.wrong.get_or_insert_with(row, new) {
            Ok(wrong) => wrong,
            Err(never) => match never {},
        }
    }
}

impl Device {
    /// The step whose code this is.
    fn step(&self, factor: &SecondFactor, now: Timestamp) -> Option<u64> {
        let seed = TotpSeed::new(keystead_crypto::SecretBytes::copy_from(self.record.seed.expose()));
        let around = totp_step(now).saturating_add_signed(self.owner.ahead.into());
        seed.find(factor.code.0, around, DRIFT_STEPS, Some(self.owner.taken))
    }
}

fn wrong_code() -> Error {
    Error::SecondFactor("MultiFactorAuthentication failed with invalid MFA one time pass code. ".into())
}
