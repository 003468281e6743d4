//! When each key was last used: noted in memory as it happens, written down in batches, and completed from the audit
//! log after a crash.
//!
//! The log has every use, so nothing has to be written for the sake of this alone. A use is noted before its record
//! goes to the log; a batch says up to which position of the log it is complete, and is written a tick after it was
//! gathered, when the records it tells of are durable. At start the records from that position on are read again.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use keystead_audit::{Entry, Log, Outcome};
use keystead_model::{Action, Error, KeyArn, KeyRef, RequestId, Timestamp};
use parking_lot::Mutex;

use crate::keys::{Keys, internal, unreadable};
use crate::records::{Row, UsagePosition, UsageRecord};
use crate::vault::{Change, Vault, VaultError};

/// Ticks between two batches.
const TICKS: u32 = 10;
/// Keys noted beyond which a batch does not wait for its time.
const NOTED_MAX: usize = 20_000;
/// Records of the log beyond which a batch does not wait for its time, so that the next start has little to read.
const LAG_MAX: u64 = 50_000;
/// Rows written with one commit at most.
const ROWS_MAX: usize = 4096;
/// So many locks share the work, so that requests seldom wait for each other here.
const SHARDS: usize = 16;

/// What counts as a use: the service model's list.
const TRACKED: &[Action] = &[
    Action::Decrypt,
    Action::DeriveSharedSecret,
    Action::Encrypt,
    Action::GenerateDataKey,
    Action::GenerateDataKeyPair,
    Action::GenerateDataKeyPairWithoutPlaintext,
    Action::GenerateDataKeyWithoutPlaintext,
    Action::GenerateMac,
    Action::ReEncryptFrom,
    Action::Sign,
    Action::Verify,
    Action::VerifyMac,
    Action::Encapsulate,
    Action::Decapsulate,
];

/// Whether a request of this action is a use of its keys.
pub fn is_tracked(action: Action) -> bool {
    TRACKED.contains(&action)
}

/// The action of this name, if it counts as a use.
pub fn tracked(name: &str) -> Option<Action> {
    TRACKED.iter().find(|action| action.as_str() == name).copied()
}

/// The last use of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Use {
    /// What was done. Re-encryption counts for both of its keys.
    pub action: Action,
    /// When the request came.
    pub at: Timestamp,
    /// The request, which names the record in the audit log.
    pub request: RequestId,
}

/// The last uses of keys, as far as they are not written down.
pub struct Usages {
    noted: [Mutex<HashMap<KeyArn, Use>>; SHARDS],
    /// Gathered from `noted` and not yet in the store.
    batch: Mutex<Batch>,
    /// Up to which position of the log the store is complete.
    written: AtomicU64,
    since: Timestamp,
    ticks: AtomicU32,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Batch {
    uses: HashMap<KeyArn, Use>,
    position: Option<u64>,
}

impl Usages {
    /// What the store knows, completed from the log. A store that knows nothing begins to keep track now.
    ///
    /// # Errors
    /// Store or log cannot be read.
    pub fn open(vault: &Vault, log: &Log, now: Timestamp) -> Result<Arc<Self>, VaultError> {
        let row = vault.get(&Row::UsagePosition.id())?;
        let known = row.map(|row| UsagePosition::read(row.bytes.expose())).transpose()?;
        let begun = UsagePosition { since: now, position: log.durable() };
        if known.is_none() {
            vault.note_unasked(vec![Change::put(Row::UsagePosition.id(), begun.write())]);
        }
        let UsagePosition { since, position } = known.unwrap_or(begun);
        let usages = Self {
            noted: Default::default(),
            batch: Mutex::default(),
            written: position.into(),
            since,
            ticks: AtomicU32::new(0),
            turn: tokio::sync::Mutex::default(),
        };
        let read = log.read(position, &mut |_, entry| {
            usages.note_again(entry);
            ControlFlow::Continue(())
        });
        read.map_err(|error| VaultError::Log(error.to_string().into()))?;
        Ok(Arc::new(usages))
    }

    /// Since when uses have been kept track of.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// Notes a use. To be called before its record goes to the log.
    pub fn note(&self, key: &KeyArn, last: Use) {
        let mut noted = self.noted[usize::from(key.key.bytes()[0]) % SHARDS].lock();
        match noted.get_mut(key) {
            Some(known) => *known = last,
            None => drop(noted.insert(key.clone(), last)),
        }
    }

    /// The last use of a key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn last(&self, vault: &Vault, key: &KeyArn) -> Result<Option<Use>, Error> {
        let noted = self.noted[usize::from(key.key.bytes()[0]) % SHARDS].lock().get(key).copied();
        if let Some(last) = noted.or_else(|| self.batch.lock().uses.get(key).copied()) {
            return Ok(Some(last));
        }
        let row = vault.get(&Row::Usage(key).id()).map_err(internal)?;
        let record = row.map(|row| UsageRecord::read(row.bytes.expose())).transpose().map_err(unreadable)?;
        Ok(record.map(|UsageRecord(last)| last))
    }

    /// Writes the batch that was gathered last, and gathers one when its time has come. To be called with every tick.
    pub async fn keep_up(&self, keys: &Keys, log: &Log) {
        let Ok(_turn) = self.turn.try_lock() else { return };
        if log.health().failed.is_some() {
            return;
        }
        if let Err(error) = self.write(keys).await {
            tracing::warn!(%error, "when keys were last used could not be written down yet");
            return;
        }
        let ticks = self.ticks.fetch_add(1, Ordering::Relaxed) + 1;
        let lag = log.durable().saturating_sub(self.written.load(Ordering::Relaxed));
        let noted: usize = self.noted.iter().map(|noted| noted.lock().len()).sum();
        if (ticks.is_multiple_of(TICKS) && noted > 0) || lag > LAG_MAX || noted > NOTED_MAX {
            self.gather(log);
        }
    }

    /// All that is not written yet, as the last thing to be written before the vault closes.
    pub fn finish(&self, keys: &Keys, log: &Log) -> Vec<Change> {
        if log.health().failed.is_some() {
            return Vec::new();
        }
        self.gather(log);
        let mut changes = self.changes(keys);
        changes.truncate(ROWS_MAX);
        // The next start reads from the log what does not fit.
        if changes.len() < ROWS_MAX {
            changes.extend(self.position_change());
        }
        changes
    }

    fn gather(&self, log: &Log) {
        // Read first: whatever has a lower position was noted before, and is gathered below or was written already.
        let position = log.durable();
        let mut batch = self.batch.lock();
        batch.position = Some(position);
        for noted in &self.noted {
            batch.uses.extend(std::mem::take(&mut *noted.lock()));
        }
    }

    async fn write(&self, keys: &Keys) -> Result<(), VaultError> {
        let Some(position) = self.batch.lock().position else { return Ok(()) };
        let mut changes = self.changes(keys);
        changes.extend(self.position_change());
        while !changes.is_empty() {
            let rest = changes.split_off(changes.len().min(ROWS_MAX));
            keys.vault().note(changes).await?;
            changes = rest;
        }
        self.written.store(position, Ordering::Relaxed);
        *self.batch.lock() = Batch::default();
        Ok(())
    }

    /// The rows of the batch, without those of keys that are gone by now.
    fn changes(&self, keys: &Keys) -> Vec<Change> {
        let batch = self.batch.lock();
        let there = batch.uses.iter().filter(|(key, _)| !matches!(keys.find(key), Ok(None)));
        there.map(|(key, last)| Change::put(Row::Usage(key).id(), UsageRecord(*last).write())).collect()
    }

    fn position_change(&self) -> Option<Change> {
        let position = self.batch.lock().position?;
        let row = UsagePosition { since: self.since, position };
        Some(Change::put(Row::UsagePosition.id(), row.write()))
    }

    fn note_again(&self, entry: &Entry) {
        let (Some(action), Some(key), Outcome::Success) =
            (tracked(&entry.action), &entry.key, &entry.outcome)
        else {
            return;
        };
        let last = Use { action, at: entry.at, request: entry.request };
        self.note(key, last);
        if let Some(other) = other_key(action, entry.resource.as_deref()) {
            self.note(&other, last);
        }
    }
}

/// The key that a re-encryption seals under, which the record has beside the one it opens with.
pub fn other_key(action: Action, resource: Option<&str>) -> Option<KeyArn> {
    match (action, KeyRef::parse(resource?)) {
        (Action::ReEncryptFrom, Ok(KeyRef::Arn(arn))) => Some(arn),
        _ => None,
    }
}
