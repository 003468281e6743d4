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
    /// How many erasable records were written. Each has its number in it.
    erasable: u64,
}

/// What an erasable record begins with; eight bytes of its number follow.
const ERASABLE: &[u8; 8] = b"ERASABLE";

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
        Self { seed, dice: seed, disk, known: (Revision::ZERO, Records::new()), maybe: None, erasable: 0 }
    }

    /// Commits until power goes or the process is killed, then opens what is left and looks.
    fn live(&mut self) {
        // What was acknowledged as gone is gone before anything is opened again.
        self.look_for_leftovers();
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
                if self.look(&store) {
                    self.look_for_leftovers();
                }
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

    /// No erasable record is in the store's first file, and none is in the second but those that are there.
    fn look_for_leftovers(&self) {
        let alive = |records: &Records, number: &[u8]| {
            records.values().any(|(_, bytes)| bytes.starts_with(ERASABLE) && bytes[8..].starts_with(number))
        };
        let names = self.disk.list().expect("there is power");
        for name in names {
            let file = self.disk.open(&name).expect("open");
            let mut bytes = vec![0; file.len().expect("len") as usize];
            file.read_at(0, &mut bytes).expect("read");
            for at in memchr::memmem::find_iter(&bytes, ERASABLE) {
                // A write that was torn may have ended within the number.
                let number = &bytes[at + 8..at + 16];
                let may_be =
                    name.ends_with(".erasable") && (alive(&self.known.1, number) || self.maybe.is_some());
                assert!(may_be, "story {}: {name} holds an erasable record that went: {number:?}", self.seed);
            }
        }
    }

    /// The store shows what is known, or that and the commit under way, which is known from then on. False if power
    /// went meanwhile.
    fn look(&mut self, store: &RedbStore) -> bool {
        let seed = self.seed;
        let Ok(revision) = store.revision() else { return false };
        if let Some(maybe) = self.maybe.take_if(|maybe| maybe.0 == revision) {
            self.known = maybe;
        }
        let Ok(page) = store.scan(b"", None, SCAN_RECORDS_MAX) else { return false };
        let Ok(changes) = store.changes(Revision(revision.0.saturating_sub(CHANGES_KEPT)), 100) else {
            return false;
        };
        self.maybe = None;
        assert_eq!(
            revision, self.known.0,
            "story {seed}: no acknowledged commit is lost, none comes from nowhere"
        );
        let found: Records =
            page.into_iter().map(|(id, record)| (id, (record.revision, record.bytes.to_vec()))).collect();
        assert!(
            found == self.known.1,
            "story {seed}: at revision {revision} the records are those of that commit"
        );
        assert_eq!(
            changes.commits.len() as u64,
            revision.0.min(CHANGES_KEPT),
            "story {seed}: changes are all kept"
        );
        match store.verify() {
            Ok(()) => true,
            Err(error) => {
                assert!(self.disk.is_cut(), "story {seed}: {error}");
                false
            }
        }
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
        let erasable = self.roll(3) == 0;
        let mut bytes = vec![self.roll(256) as u8; length];
        if erasable {
            self.erasable += 1;
            bytes.splice(..0, [ERASABLE.as_slice(), &self.erasable.to_be_bytes()].concat());
        }
        let put = (self.roll(4) > 0).then(|| bytes.into());
        Write {
            id: RecordId::parse(name.as_bytes()).expect("a short name"),
            expect: Expect::Any,
            put,
            erasable,
        }
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.dice = self.dice.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        let mixed = (self.dice ^ (self.dice >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        (mixed ^ (mixed >> 32)) % sides
    }
}
