//! Pulls the plug on the embedded store, thousands of times.
//!
//! Each story is one disk that lives through several power cuts and kills, with random transactions in between. After
//! each, the store must open and show exactly the commits that were acknowledged, or those and the one that was
//! under way. A failure names the seed of its story; `STORY=<seed>` replays that one.

use std::collections::BTreeMap;

use super::*;
use crate::contract::{Expect, SCAN_RECORDS_MAX};
use crate::disk::TornDisk;

const NAME: &str = "store";
const STORIES: u64 = 400;
const LIVES: u64 = 12;
/// So few that trimming happens within one life.
const CHANGES_KEPT: u64 = 8;

/// What a store holds after each commit.
type Records = BTreeMap<RecordId, (Revision, Vec<u8>)>;

struct Story {
    seed: u64,
    dice: u64,
    disk: TornDisk,
    /// After the newest acknowledged commit.
    known: (Revision, Records),
    /// What the commit under way would have made of it, if there was one.
    maybe: Option<(Revision, Records)>,
}

#[test]
fn no_cut_loses_or_halves_a_commit() {
    let (mut cuts, mut commits) = (0, 0);
    let chosen: Option<u64> = std::env::var("STORY").ok().and_then(|seed| seed.parse().ok());
    for seed in chosen.map_or(0..STORIES, |seed| seed..seed + 1) {
        let mut story = Story::begin(seed);
        for _ in 0..LIVES {
            story.live();
            cuts += 1;
        }
        commits += story.known.0.0;
    }
    assert!(chosen.is_some() || (cuts >= 4800 && commits > 8000), "{cuts} cuts over {commits} commits");
}

#[test]
fn a_disk_that_lies_about_syncs_is_noticed() {
    let survived = (0..20).filter(|seed| {
        let told = std::panic::catch_unwind(|| {
            let mut story = Story::begin(*seed);
            for _ in 0..LIVES {
                story.disk.ignore_syncs(true);
                story.live();
            }
        });
        told.is_ok()
    });
    let survived = survived.count();
    assert!(survived <= 1, "{survived} of 20 stories went on as if nothing had happened");
}

impl Story {
    fn begin(seed: u64) -> Self {
        let disk = TornDisk::new(seed);
        Self { seed, dice: seed, disk, known: (Revision::ZERO, Records::new()), maybe: None }
    }

    /// Commits until power goes or the process is killed, then opens what is left and looks.
    fn live(&mut self) {
        let opening = self.roll(4) == 0;
        let operations = if opening { self.roll(30) } else { self.roll(120) };
        let disk: Arc<dyn Disk> = Arc::new(self.disk.clone());
        if opening {
            self.disk.cut_after(operations);
        }
        let opened =
            RedbStore::open_keeping(&disk, NAME, RedbOptions { cache_bytes: 256 << 10 }, CHANGES_KEPT);
        match opened {
            Ok(store) => {
                self.look(&store);
                if !opening {
                    self.disk.cut_after(operations + 1);
                }
                while self.commit(&store) {}
                if self.roll(2) == 0 {
                    // As in a killed process, nothing gets to close the file.
                    std::mem::forget(store);
                }
            }
            Err(error) => {
                assert!(self.disk.is_cut(), "story {}: it opens while there is power: {error}", self.seed)
            }
        }
        let seed = self.roll(u64::MAX);
        self.disk = if self.roll(8) == 0 { self.disk.killed() } else { self.disk.restart(seed) };
    }

    /// The store shows what is known, or that and the commit under way, which is known from then on.
    fn look(&mut self, store: &RedbStore) {
        let seed = self.seed;
        let Ok(revision) = store.revision() else { return };
        if let Some(maybe) = self.maybe.take_if(|maybe| maybe.0 == revision) {
            self.known = maybe;
        }
        let Ok(page) = store.scan(b"", None, SCAN_RECORDS_MAX) else { return };
        let Ok(changes) = store.changes(Revision(revision.0.saturating_sub(CHANGES_KEPT)), 100) else {
            return;
        };
        self.maybe = None;
        assert_eq!(
            revision, self.known.0,
            "story {seed}: no acknowledged commit is lost, none comes from nowhere"
        );
        let found: Records =
            page.into_iter().map(|(id, record)| (id, (record.revision, record.bytes.into_vec()))).collect();
        assert!(
            found == self.known.1,
            "story {seed}: at revision {revision} the records are those of that commit"
        );
        assert_eq!(
            changes.commits.len() as u64,
            revision.0.min(CHANGES_KEPT),
            "story {seed}: changes are all kept"
        );
    }

    /// Commits something; false when power is gone.
    fn commit(&mut self, store: &RedbStore) -> bool {
        let next = self.known.0.next();
        let mut records = self.known.1.clone();
        let mut writes = BTreeMap::new();
        for _ in 0..=self.roll(6) {
            let write = self.write();
            writes.insert(write.id.clone(), write);
        }
        for write in writes.values() {
            match &write.put {
                Some(bytes) => records.insert(write.id.clone(), (next, bytes.to_vec())),
                None => records.remove(&write.id),
            };
        }
        match store.commit(Transaction(writes.into_values().collect())) {
            Ok(revision) => {
                assert_eq!(revision, next, "story {}", self.seed);
                self.known = (next, records);
                true
            }
            Err(StoreError::Io(_)) => {
                assert!(self.disk.is_cut(), "story {}: only a cut stops a commit", self.seed);
                self.maybe = Some((next, records));
                false
            }
            Err(error) => panic!("story {}: {error}", self.seed),
        }
    }

    fn write(&mut self) -> Write {
        let name = format!("key/{}", self.roll(40));
        let bytes = match self.roll(40) {
            0 => 60_000,
            1..10 => 3_000,
            _ => 200,
        };
        let length = self.roll(bytes) as usize;
        let put = (self.roll(4) > 0).then(|| vec![self.roll(256) as u8; length].into());
        Write { id: RecordId::parse(name.as_bytes()).expect("a short name"), expect: Expect::Any, put }
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.dice = self.dice.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        let mixed = (self.dice ^ (self.dice >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        (mixed ^ (mixed >> 32)) % sides
    }
}
