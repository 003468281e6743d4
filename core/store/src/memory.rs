//! A store that is gone with the process.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;

use parking_lot::RwLock;

use crate::contract::{
    CHANGES_KEPT, Change, Changes, Record, RecordId, Revision, Store, StoreError, Transaction, Write,
    check_changes, check_scan,
};

/// Keeps everything in memory; "durable" is for as long as the process lives.
pub struct MemoryStore {
    inside: RwLock<Inside>,
    changes_kept: u64,
}

#[derive(Default)]
struct Inside {
    records: BTreeMap<RecordId, Record>,
    changes: VecDeque<Change>,
    revision: Revision,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::keeping(CHANGES_KEPT)
    }

    /// An empty store that keeps another number of changes.
    pub(crate) fn keeping(changes_kept: u64) -> Self {
        Self { inside: RwLock::default(), changes_kept }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for MemoryStore {
    fn get(&self, id: &RecordId) -> Result<Option<Record>, StoreError> {
        Ok(self.inside.read().records.get(id).cloned())
    }

    fn scan(
        &self,
        prefix: &[u8],
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<(RecordId, Record)>, StoreError> {
        check_scan(limit)?;
        let start = match after.map(RecordId::as_bytes) {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let inside = self.inside.read();
        let found = inside.records.range::<[u8], _>((start, Bound::Unbounded));
        let within = found.take_while(|(id, _)| id.as_bytes().starts_with(prefix)).take(limit);
        Ok(within.map(|(id, record)| (id.clone(), record.clone())).collect())
    }

    fn commit(&self, transaction: Transaction) -> Result<Revision, StoreError> {
        transaction.check()?;
        let mut inside = self.inside.write();
        for Write { id, expect, put: _, erasable: _ } in &transaction.0 {
            let found = inside.records.get(id).map(|record| record.revision);
            if !expect.holds(found) {
                return Err(StoreError::Conflict { id: id.clone(), found });
            }
        }
        if !transaction.0.is_empty() {
            inside.apply(transaction, self.changes_kept);
        }
        Ok(inside.revision)
    }

    fn changes(&self, after: Revision, limit: usize) -> Result<Changes, StoreError> {
        let inside = self.inside.read();
        let newest = inside.revision;
        check_changes(after, limit, inside.changes.front().map(|change| change.revision), newest)?;
        let first = inside.changes.partition_point(|change| change.revision <= after);
        let commits = inside.changes.range(first..).take(limit).cloned().collect();
        Ok(Changes { commits, newest })
    }

    fn revision(&self) -> Result<Revision, StoreError> {
        Ok(self.inside.read().revision)
    }
}

impl Inside {
    fn apply(&mut self, transaction: Transaction, changes_kept: u64) {
        let revision = self.revision.next();
        let mut ids = Vec::with_capacity(transaction.0.len());
        for Write { id, put, expect: _, erasable: _ } in transaction.0 {
            ids.push(id.clone());
            match put {
                Some(bytes) => self.records.insert(id, Record { revision, bytes }),
                None => self.records.remove(&id),
            };
        }
        self.changes.push_back(Change { revision, ids });
        while self.changes.len() as u64 > changes_kept {
            self.changes.pop_front();
        }
        self.revision = revision;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_store_keeps_the_contract() {
        crate::suite::check(MemoryStore::new);
    }

    #[test]
    fn memory_store_trims_its_changes() {
        crate::suite::check_trimming(|| MemoryStore::keeping(10), 10);
    }
}
