//! Grants as decisions need them: those of one key to one principal, held in memory, never older than the store.
//!
//! A grant is a row; the rows that lead to it say only where to look. What makes a grant count is the summary of its
//! grantee, which every change writes and the freshness table guards: a set whose rows do not add up to its summary
//! is not used, and nothing is allowed. So a row put back after its grant was revoked gives nobody anything, and
//! revoked grants leave nothing behind in the table.

use std::sync::Arc;

use keystead_crypto::{GrantTokens, RootKey, sha256};
use keystead_model::world::Entropy;
use keystead_model::{Call, Error, GrantId, KeyArn, Principal, Timestamp};
use keystead_policy::{Asked, GrantSet, Naming, OwnSide, Verdict, grantee_names};
use keystead_store::RecordId;
use quick_cache::sync::{Cache, GuardResult};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter, sync::DefaultLifecycle};

use crate::keys::{internal, unreadable};
use crate::records::{
    GrantRecord, GrantRow, GrantSummary, PrincipalHash, RecordError, principal_hash, read_pointer,
    write_pointer,
};
use crate::vault::{Change, Vault, VaultError};

/// Grants that one key may have.
pub const PER_KEY_MAX: u64 = 50_000;
/// Grants held in memory at most, and one more for each pair of key and principal that was asked for.
const HELD_MAX: u64 = 250_000;
/// Parts of the cache; each has room for all grants that one key may have.
const PARTS: usize = 4;
/// How often a set is read again because it changed while it was read.
const TRIES_MAX: usize = 64;
/// Rows read at a time.
const ROWS: usize = 1024;
/// Changes of grants on different keys that are planned at the same time.
const TURNS: usize = 64;
/// Grants of a destroyed key that are taken away with one commit.
const SWEEP: usize = 256;

type Asker = (KeyArn, PrincipalHash);

/// Sets held in memory. Separate from [`Grants`], because the vault's writer empties it.
pub struct GrantCache(Cache<Asker, Arc<GrantSet>, ByCount>);

#[derive(Clone)]
struct ByCount;

impl Weighter<Asker, Arc<GrantSet>> for ByCount {
    fn weight(&self, _: &Asker, set: &Arc<GrantSet>) -> u64 {
        1 + set.len() as u64
    }
}

impl GrantCache {
    pub fn new() -> Arc<Self> {
        let options = OptionsBuilder::new()
            .estimated_items_capacity(16_384)
            .weight_capacity(HELD_MAX)
            .shards(PARTS)
            .build()
            .expect("capacities are given");
        let (hasher, lifecycle) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
        Arc::new(Self(Cache::with_options(options, ByCount, hasher, lifecycle)))
    }

    /// Lets go of what was read under a summary.
    pub fn forget(&self, id: &RecordId) {
        if let Some(asker) = GrantRow::read_of_grantee(id) {
            self.0.remove(&asker);
        }
    }
}

/// The grants of all keys.
pub struct Grants {
    vault: Arc<Vault>,
    cache: Arc<GrantCache>,
    tokens: GrantTokens,
    /// Grants of one key are changed one after the other, so that nobody has to plan again and again because of the
    /// others. Fairness, not safety: that is the summaries' expected versions.
    turns: [tokio::sync::Mutex<()>; TURNS],
}

/// A grant, with the rows' names that go with it.
pub struct GrantAt {
    /// Its key.
    pub key: KeyArn,
    /// Its name.
    pub id: GrantId,
    /// Everything that is kept of it.
    pub record: GrantRecord,
}

impl Grants {
    pub fn new(vault: Arc<Vault>, root: &RootKey, cache: Arc<GrantCache>) -> Result<Self, VaultError> {
        let turns = std::array::from_fn(|_| tokio::sync::Mutex::default());
        Ok(Self { vault, cache, tokens: GrantTokens::new(root)?, turns })
    }

    /// Waits for one's turn to change grants of a key.
    pub async fn turn(&self, key: &KeyArn) -> tokio::sync::MutexGuard<'_, ()> {
        self.turns[usize::from(key.key.bytes()[0]) % TURNS].lock().await
    }

    /// The decision of a request that no policy allows and none denies, if a grant allows it.
    pub fn decide(
        &self,
        key: &KeyArn,
        caller: &Principal,
        asked: &Asked<'_>,
        own: impl Fn() -> OwnSide,
    ) -> Result<Option<Verdict>, Error> {
        let mut decided = Ok(None);
        grantee_names(caller, &mut |name, naming| {
            if matches!(decided, Ok(None)) {
                decided = self.decide_as(key, name, naming, asked, &own);
            }
        });
        decided
    }

    fn decide_as(
        &self,
        key: &KeyArn,
        name: &str,
        naming: Naming,
        asked: &Asked<'_>,
        own: impl Fn() -> OwnSide,
    ) -> Result<Option<Verdict>, Error> {
        let Some(id) = self.to(key, principal_hash(name))?.find(asked) else { return Ok(None) };
        // A denial of the caller's own would have been found by policy; it is looked for again all the same.
        Ok(own().with_grant(id, naming))
    }

    /// The grants of a key to one grantee.
    pub fn to(&self, key: &KeyArn, grantee: PrincipalHash) -> Result<Arc<GrantSet>, Error> {
        let asker = (key.clone(), grantee);
        match self.cache.0.get_value_or_guard(&asker, None) {
            GuardResult::Value(set) => Ok(set),
            GuardResult::Guard(guard) => {
                let set = Arc::new(self.read(key, &grantee).map_err(internal)?);
                // Refused if a grant came or went meanwhile: then it serves this request only.
                let _ = guard.insert(Arc::clone(&set));
                Ok(set)
            }
            GuardResult::Timeout => unreachable!("no timeout was set"),
        }
    }

    /// Reads a set, between two readings of its summary that agree.
    fn read(&self, key: &KeyArn, grantee: &PrincipalHash) -> Result<GrantSet, VaultError> {
        let row = GrantRow::OfGrantee(key, grantee).id();
        for _ in 0..TRIES_MAX {
            let before = self.vault.get(&row)?;
            let (grants, found) = self.read_rows(key, grantee)?;
            let after = self.vault.get(&row)?.map(|plain| plain.version);
            if before.as_ref().map(|plain| plain.version) != after {
                continue;
            }
            let summary = match before {
                Some(plain) => GrantSummary::read(plain.bytes.expose())?,
                None => GrantSummary::default(),
            };
            return match summary == found {
                true => Ok(GrantSet::new(grants)),
                false => Err(VaultError::Tampered(format!("a grant on {key}").into())),
            };
        }
        Err(VaultError::Conflict)
    }

    fn read_rows(
        &self,
        key: &KeyArn,
        grantee: &PrincipalHash,
    ) -> Result<(Vec<keystead_policy::Grant>, GrantSummary), VaultError> {
        let prefix = GrantRow::all_to(key, grantee);
        let (mut grants, mut summary, mut after) = (Vec::new(), GrantSummary::default(), None);
        loop {
            let rows = self.vault.scan(&prefix, after.as_ref(), ROWS)?;
            let is_last = rows.len() < ROWS;
            for (row, plain) in &rows {
                let (_, id) = GrantRow::read_grant(row).ok_or(RecordError("a grant has an odd name"))?;
                grants.push(GrantRecord::read(plain.bytes.expose())?.to_grant(id));
                summary = summary.plus(&self.vault.name(row));
            }
            if is_last {
                return Ok((grants, summary));
            }
            after = rows.into_iter().next_back().map(|(row, _)| row);
        }
    }

    /// A grant by its name, if its row is there.
    pub fn find(&self, key: &KeyArn, id: GrantId) -> Result<Option<GrantAt>, Error> {
        let Some(grantee) = self.pointer(&GrantRow::ById(key, id))? else { return Ok(None) };
        self.record(key, &grantee, id)
    }

    /// A grant by its name and grantee, if its row is there.
    pub fn record(
        &self,
        key: &KeyArn,
        grantee: &PrincipalHash,
        id: GrantId,
    ) -> Result<Option<GrantAt>, Error> {
        let row = GrantRow::Grant(key, grantee, id).id();
        let Some(plain) = self.vault.get(&row).map_err(internal)? else { return Ok(None) };
        let record = GrantRecord::read(plain.bytes.expose()).map_err(unreadable)?;
        Ok(Some(GrantAt { key: key.clone(), id, record }))
    }

    /// Whether a grant counts.
    pub fn is_live(&self, key: &KeyArn, grantee: PrincipalHash, id: GrantId) -> Result<bool, Error> {
        Ok(self.to(key, grantee)?.contains(id))
    }

    /// Where a row leads that only says where to look.
    pub fn pointer(&self, row: &GrantRow<'_>) -> Result<Option<[u8; 32]>, Error> {
        let plain = self.vault.get(&row.id()).map_err(internal)?;
        plain.map(|plain| read_pointer(plain.bytes.expose()).map_err(unreadable)).transpose()
    }

    /// The sealed store.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    // --- Tokens ------------------------------------------------------------------------------------------------

    /// A token of a grant; no two are the same.
    pub fn token(&self, entropy: &dyn Entropy, key: &KeyArn, id: GrantId) -> String {
        self.tokens.make(entropy, key, id)
    }

    /// The grant that a token names.
    pub fn named_by(&self, call: &Call, token: &str) -> Result<GrantAt, Error> {
        let (key, id) = self.tokens.read(token).map_err(|_| Error::InvalidGrantToken)?;
        match key.location == call.location {
            true => self.find(&key, id)?.ok_or(Error::InvalidGrantToken),
            false => Err(Error::InvalidGrantToken),
        }
    }

    /// Takes a token into account: from here on its grant is known, also if it is younger than what is in memory.
    pub fn consider(&self, call: &Call, token: &str) -> Result<(), Error> {
        let GrantAt { key, id, record } = self.named_by(call, token)?;
        let asker = (key, principal_hash(record.grantee.as_str()));
        if self.cache.0.peek(&asker).is_some_and(|set| !set.contains(id)) {
            self.cache.0.remove(&asker);
        }
        Ok(())
    }

    // --- Changes -----------------------------------------------------------------------------------------------

    /// The grant that a request with a name has made before, if it has and the grant has not ended.
    pub fn made_before(&self, key: &KeyArn, record: &GrantRecord) -> Result<Option<GrantId>, Error> {
        let Some(request) = request_of(record) else { return Ok(None) };
        let Some(id) = self.pointer(&GrantRow::ByName(key, &request))? else { return Ok(None) };
        let grantee = principal_hash(record.grantee.as_str());
        Ok(self.record(key, &grantee, GrantId(id))?.map(|grant| grant.id))
    }

    /// The rows of one more grant.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] if the key has as many as it may have.
    pub fn added(&self, key: &KeyArn, id: GrantId, record: &GrantRecord) -> Result<Vec<Change>, Error> {
        let grantee = principal_hash(record.grantee.as_str());
        let row = GrantRow::Grant(key, &grantee, id).id();
        let name = self.vault.name(&row);
        let (of_key, of_grantee) = (GrantRow::OfKey(key), GrantRow::OfGrantee(key, &grantee));
        let (all, all_version) = self.summary(&of_key)?;
        if all.count >= PER_KEY_MAX {
            return Err(Error::LimitExceeded(
                format!("{key} has {PER_KEY_MAX} grants, which is the most a key may have").into(),
            ));
        }
        let (own, own_version) = self.summary(&of_grantee)?;
        let mut changes = vec![
            Change::make(row, record.write()),
            Change::make(GrantRow::ById(key, id).id(), write_pointer(&grantee)),
            summed(of_key.id(), all.plus(&name), all_version),
            summed(of_grantee.id(), own.plus(&name), own_version),
        ];
        if let Some(retiring) = &record.retiring {
            let row = GrantRow::Retirable(retiring, key, id).id();
            changes.push(Change::make(row, write_pointer(&grantee)));
        }
        if let Some(request) = request_of(record) {
            changes.push(Change::make(GrantRow::ByName(key, &request).id(), write_pointer(&id.0)));
        }
        Ok(changes)
    }

    /// The rows of a grant that ends.
    pub fn removed(&self, grant: &GrantAt) -> Result<Vec<Change>, Error> {
        let GrantAt { key, id, record } = grant;
        let grantee = principal_hash(record.grantee.as_str());
        let name = self.vault.name(&GrantRow::Grant(key, &grantee, *id).id());
        let (of_key, of_grantee) = (GrantRow::OfKey(key), GrantRow::OfGrantee(key, &grantee));
        let ((all, all_version), (own, own_version)) = (self.summary(&of_key)?, self.summary(&of_grantee)?);
        let mut changes = rows_of(key, &grantee, *id, record);
        // Somebody else may be ending it too; whoever comes second finds that it is gone.
        changes.push(summed(of_key.id(), all.minus(&name), all_version));
        changes.push(summed(of_grantee.id(), own.minus(&name), own_version));
        Ok(changes)
    }

    fn summary(&self, row: &GrantRow<'_>) -> Result<(GrantSummary, Option<u64>), Error> {
        match self.vault.get(&row.id()).map_err(internal)? {
            None => Ok((GrantSummary::default(), None)),
            Some(plain) => {
                let summary = GrantSummary::read(plain.bytes.expose()).map_err(unreadable)?;
                Ok((summary, Some(plain.version)))
            }
        }
    }
}

/// What a summary becomes; an empty one goes.
fn summed(row: RecordId, summary: GrantSummary, version: Option<u64>) -> Change {
    match version {
        None => Change::make(row, summary.write()),
        Some(version) if summary == GrantSummary::default() => Change::delete(row, version),
        Some(version) => Change::replace(row, version, summary.write()),
    }
}

/// Takes a grant's own rows away.
fn rows_of(key: &KeyArn, grantee: &PrincipalHash, id: GrantId, record: &GrantRecord) -> Vec<Change> {
    let mut changes = vec![
        Change::clear(GrantRow::Grant(key, grantee, id).id()),
        Change::clear(GrantRow::ById(key, id).id()),
    ];
    let retiring = record.retiring.as_ref();
    changes.extend(retiring.map(|by| Change::clear(GrantRow::Retirable(by, key, id).id())));
    let request = request_of(record);
    changes.extend(request.map(|request| Change::clear(GrantRow::ByName(key, &request).id())));
    changes
}

/// What tells a request with a name from every other: all it asks for.
fn request_of(record: &GrantRecord) -> Option<[u8; 32]> {
    record.name.is_some().then(|| sha256(&GrantRecord { created: Timestamp(0), ..record.clone() }.write()))
}

/// Whether a key has grants.
pub fn any(vault: &Vault, key: &KeyArn) -> Result<bool, Error> {
    Ok(vault.get(&GrantRow::OfKey(key).id()).map_err(internal)?.is_some())
}

/// Takes away some of the grants of a key that has been destroyed; nothing once none is left.
pub fn swept(vault: &Vault, key: &KeyArn) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    for (row, plain) in vault.scan(&GrantRow::all_of(key), None, SWEEP).map_err(internal)? {
        let Some((grantee, id)) = GrantRow::read_grant(&row) else { continue };
        let record = GrantRecord::read(plain.bytes.expose()).map_err(unreadable)?;
        changes.extend(rows_of(key, &grantee, id, &record));
    }
    if changes.is_empty() {
        let summaries = vault.scan(&GrantRow::summaries_of(key), None, SWEEP).map_err(internal)?;
        changes.extend(summaries.into_iter().map(|(row, _)| Change::clear(row)));
    }
    if changes.is_empty() && any(vault, key)? {
        changes.push(Change::clear(GrantRow::OfKey(key).id()));
    }
    Ok(changes)
}
