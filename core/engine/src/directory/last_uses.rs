//! When access keys and roles were last used: noted in memory, to the minute, and written down now and then.
//!
//! The audit log has every use; what a crash takes from here is the uses of the last minute.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use keystead_model::{AccessKeyId, Call, Error, Protocol, Timestamp};
use keystead_store::RecordId;
use parking_lot::Mutex;

use crate::keys::{internal, unreadable};
use crate::records::{LastUseRecord, Row};
use crate::vault::{Change, Vault};

/// Ticks between two writings.
const TICKS: u32 = 60;
/// Uses noted beyond which a writing does not wait for its time.
const NOTED_MAX: usize = 20_000;
/// Rows written with one commit at most.
const ROWS_MAX: usize = 4096;
/// How exact last uses are, in milliseconds.
const GRAIN_MS: u64 = 60_000;

/// Last uses, as far as they are not written down.
#[derive(Default)]
pub struct LastUses {
    noted: Mutex<HashMap<RecordId, LastUseRecord>>,
    ticks: AtomicU32,
}

/// Rows of last uses, and what they are to hold.
type Noted = Vec<(RecordId, LastUseRecord)>;

/// What a use leaves with whoever used it, so that most uses are noted without a lock: the minute and the place of the
/// newest, mixed into one number.
#[derive(Default)]
pub struct Stamp(AtomicU64);

impl LastUses {
    /// Notes that an access key was used.
    pub fn note_access_key(&self, id: &AccessKeyId, stamp: &Stamp, call: &Call) {
        if stamp.is_news(call) {
            self.note(Row::AccessKeyUse(id).id(), call);
        }
    }

    /// Notes that a session of a role asked for something. `id`: the role's unique id.
    pub fn note_role(&self, id: &str, stamp: &Stamp, call: &Call) {
        if stamp.is_news(call) {
            self.note(Row::RoleUse(id).id(), call);
        }
    }

    /// Lets go of what was noted of an access key that is being deleted.
    pub fn forget_access_key(&self, id: &AccessKeyId) {
        self.noted.lock().remove(&Row::AccessKeyUse(id).id());
    }

    /// Lets go of what was noted of a role that is being deleted. `id`: its unique id.
    pub fn forget_role(&self, id: &str) {
        self.noted.lock().remove(&Row::RoleUse(id).id());
    }

    /// The last use of an access key.
    pub fn of_access_key(&self, vault: &Vault, id: &AccessKeyId) -> Result<Option<LastUseRecord>, Error> {
        self.last(vault, &Row::AccessKeyUse(id).id())
    }

    /// The last use of a role. `id`: its unique id.
    pub fn of_role(&self, vault: &Vault, id: &str) -> Result<Option<LastUseRecord>, Error> {
        self.last(vault, &Row::RoleUse(id).id())
    }

    /// Writes down what was noted, when its time has come. To be called with every tick.
    pub async fn keep_up(&self, vault: &Vault) {
        let ticks = self.ticks.fetch_add(1, Ordering::Relaxed) + 1;
        if ticks.is_multiple_of(TICKS) || self.noted.lock().len() > NOTED_MAX {
            while let Some(some) = self.some() {
                if let Err(error) = vault.note(changes(&some)).await {
                    tracing::warn!(%error, "when access keys were last used could not be written down yet");
                    return;
                }
                self.let_go(some);
            }
        }
    }

    /// What is not written down yet, as far as one commit holds it.
    pub fn finish(&self) -> Vec<Change> {
        self.some().map_or_else(Vec::new, |some| changes(&some))
    }

    /// Some of what is noted; `None` if nothing is.
    fn some(&self) -> Option<Noted> {
        let noted = self.noted.lock();
        let some: Noted = noted.iter().take(ROWS_MAX).map(|(id, last)| (id.clone(), last.clone())).collect();
        (!some.is_empty()).then_some(some)
    }

    /// Lets go of what was written down, unless it is older than what is noted by now.
    fn let_go(&self, written: Noted) {
        let mut noted = self.noted.lock();
        for (id, last) in written {
            if noted.get(&id) == Some(&last) {
                noted.remove(&id);
            }
        }
    }

    fn note(&self, row: RecordId, call: &Call) {
        let at = Timestamp(call.at.0 - call.at.0 % GRAIN_MS);
        let last =
            LastUseRecord { at, service: service(call.protocol).into(), location: call.location.clone() };
        self.noted.lock().insert(row, last);
    }

    fn last(&self, vault: &Vault, row: &RecordId) -> Result<Option<LastUseRecord>, Error> {
        if let Some(last) = self.noted.lock().get(row) {
            return Ok(Some(last.clone()));
        }
        let plain = vault.get(row).map_err(internal)?;
        plain.map(|plain| LastUseRecord::read(plain.bytes.expose()).map_err(unreadable)).transpose()
    }
}

fn changes(noted: &Noted) -> Vec<Change> {
    noted.iter().map(|(id, last)| Change::put(id.clone(), last.write())).collect()
}

impl Stamp {
    /// Whether a use is in another minute, location or service than the newest; it is the newest from then on.
    fn is_news(&self, call: &Call) -> bool {
        // A clash is a use that is not noted, told a minute late.
        let place = call.location.as_str().bytes().fold(u64::from(call.protocol.code()), |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        let mark = (call.at.0 / GRAIN_MS) << 24 | (place & 0xff_ffff);
        self.0.load(Ordering::Relaxed) != mark && self.0.swap(mark, Ordering::Relaxed) != mark
    }
}

/// What AWS calls the service behind a protocol.
fn service(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::AwsKms => "kms",
        Protocol::AwsSts => "sts",
        Protocol::AwsIam => "iam",
        Protocol::Native | Protocol::Internal => "keystead",
    }
}
