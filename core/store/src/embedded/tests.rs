//! The embedded store against its contract, and against disks that fail.

use std::io;

use super::*;
use crate::contract::{Expect, Limit};
use crate::disk::{FileDisk, MemoryDisk, TornDisk};
use crate::suite;

const NAME: &str = "store";

fn open(disk: &Arc<dyn Disk>) -> Result<RedbStore, StoreError> {
    RedbStore::open(disk, NAME, RedbOptions { cache_bytes: 1 << 20 })
}

fn in_memory() -> Arc<dyn Disk> {
    Arc::new(MemoryDisk::new())
}

fn id(name: &str) -> RecordId {
    RecordId::parse(name.as_bytes()).expect("a short name")
}

fn put(name: &str, bytes: &[u8]) -> Transaction {
    Transaction(vec![Write { id: id(name), expect: Expect::Any, put: Some(bytes.into()) }])
}

#[test]
fn redb_store_keeps_the_contract() {
    suite::check(|| open(&in_memory()).expect("open"));
}

#[test]
fn redb_store_trims_its_changes() {
    suite::check_trimming(
        || RedbStore::open_keeping(&in_memory(), NAME, RedbOptions::default(), 10).expect("open"),
        10,
    );
}

#[test]
fn what_was_committed_is_there_after_reopening() {
    let folder = tempfile::tempdir().expect("a folder");
    for n in 1..=3 {
        let disk: Arc<dyn Disk> = Arc::new(FileDisk::open(folder.path()).expect("open the disk"));
        let store = open(&disk).expect("open");
        assert_eq!(store.revision().expect("revision"), Revision(n - 1));
        store.commit(put("a", &[n as u8])).expect("commit");
        store.verify().expect("sound");
    }
}

#[test]
fn a_foreign_file_is_named_as_such() {
    for bytes in [b"".as_slice(), b"redb", b"SQLite format 3\0and so on"] {
        let disk = in_memory();
        disk.open(NAME).expect("open").write_at(0, bytes).expect("write");
        assert!(matches!(open(&disk), Err(StoreError::Foreign { .. })), "{bytes:?}");
    }
}

#[test]
fn a_database_of_another_program_is_refused() {
    let disk = in_memory();
    let file = disk.open(NAME).expect("open");
    let adapter = Adapter { file, damaged: Arc::default() };
    let database = Database::builder().create_with_backend(adapter).expect("create");
    let writing = database.begin_write().expect("begin");
    writing
        .open_table(redb::TableDefinition::<u64, u64>::new("theirs"))
        .expect("table")
        .insert(1, 2)
        .expect("insert");
    writing.commit().expect("commit");
    drop(database);
    assert!(matches!(open(&disk), Err(StoreError::Foreign { .. })));
}

#[test]
fn a_newer_format_is_refused_and_left_alone() {
    let disk = in_memory();
    let store = open(&disk).expect("open");
    store
        .with(|database| {
            let writing = begin_write(database)?;
            writing.open_table(ABOUT).map_err(stored)?.insert(FORMAT, 2).map_err(stored)?;
            writing.commit().map_err(stored)
        })
        .expect("the row is written");
    drop(store);
    let error = open(&disk).err().expect("refused");
    assert!(matches!(error, StoreError::Version { found: 2, known: FORMAT_NEWEST }), "{error}");
}

#[test]
fn an_unfinished_beginning_is_begun_again() {
    let disk = in_memory();
    disk.open("store.new").expect("open").write_at(0, b"half a file").expect("write");
    let store = open(&disk).expect("open");
    assert_eq!(store.revision().expect("revision"), Revision::ZERO);
    assert_eq!(disk.list().expect("list"), [NAME]);
}

#[test]
fn a_full_disk_refuses_commits_and_goes_on_reading() {
    let torn = TornDisk::new(1);
    let disk: Arc<dyn Disk> = Arc::new(torn.clone());
    let store = open(&disk).expect("open");
    let mut acknowledged = 0_u64;
    torn.set_free(Some(1 << 20));
    let error = loop {
        match store.commit(put(&format!("{acknowledged}"), &[7; 100_000])) {
            Ok(revision) => acknowledged = revision.0,
            Err(error) => break error,
        }
        assert!(acknowledged < 1000, "the disk fills up");
    };
    assert!(matches!(error, StoreError::Full), "{error}");
    assert!(acknowledged > 0);
    for n in 0..acknowledged {
        assert!(store.get(&id(&n.to_string())).expect("reads go on").is_some());
    }
    assert_eq!(store.revision().expect("revision"), Revision(acknowledged));
    torn.set_free(None);
    assert_eq!(store.commit(put("after", b"")).expect("room again"), Revision(acknowledged + 1));
    store.verify().expect("sound");
}

#[test]
fn a_failing_sync_is_no_commit_and_passes() {
    let torn = TornDisk::new(1);
    let disk: Arc<dyn Disk> = Arc::new(torn.clone());
    let store = open(&disk).expect("open");
    store.commit(put("a", b"1")).expect("commit");
    torn.fail_syncs(true);
    assert!(matches!(store.commit(put("a", b"2")), Err(StoreError::Io(_))));
    assert!(matches!(store.commit(put("a", b"3")), Err(StoreError::Io(_))));
    torn.fail_syncs(false);
    let found = store.revision().expect("it answers again");
    assert!(found <= Revision(2));
    let next = store.commit(put("a", b"4")).expect("it commits again");
    assert_eq!(next, found.next());
    drop(store);
    let disk: Arc<dyn Disk> = Arc::new(torn.restart(2));
    let store = open(&disk).expect("open after a power cut");
    assert_eq!(*store.get(&id("a")).expect("get").expect("it was put").bytes, *b"4");
    store.verify().expect("sound");
}

#[test]
fn a_vanished_commit_is_damage() {
    let disk = in_memory();
    let store = open(&disk).expect("open");
    store.commit(put("a", b"1")).expect("commit");
    *store.writer.lock() = Revision(7);
    assert!(matches!(store.commit(put("a", b"2")), Err(StoreError::Corrupt(_))));
    assert!(matches!(store.commit(put("a", b"2")), Err(StoreError::Corrupt(_))));
    assert!(store.get(&id("a")).expect("reads go on").is_some());
}

#[test]
fn limits_come_before_the_disk_is_touched() {
    let torn = TornDisk::new(1);
    let disk: Arc<dyn Disk> = Arc::new(torn.clone());
    let store = open(&disk).expect("open");
    let before = torn.operations();
    let twice = Transaction([put("a", b"").0, put("a", b"").0].concat());
    assert!(matches!(store.commit(twice), Err(StoreError::Limit(Limit::Twice { .. }))));
    assert_eq!(torn.operations(), before);
}

/// Damage anywhere in the file is told or goes unseen by reads, and is found before the first commit if one looks.
#[test]
fn a_damaged_file_is_told_and_not_panicked_over() {
    let mut noticed = 0;
    for seed in 0..150_u64 {
        let torn = TornDisk::new(seed);
        let disk: Arc<dyn Disk> = Arc::new(torn.clone());
        let store = open(&disk).expect("open");
        for n in 0..30 {
            store.commit(put(&format!("key/{n}"), &[n; 200])).expect("commit");
        }
        drop(store);
        let length = disk.open(NAME).expect("open").len().expect("len");
        for n in 0..40 {
            let at = (seed * 7919 + n * 104_729).wrapping_mul(0x9e37_79b9_7f4a_7c15) % length;
            torn.flip_bit(NAME, at, (n % 8) as u8).expect("within the file");
        }
        let outcome = open(&disk).and_then(|store| {
            store.scan(b"", None, 100)?;
            store.changes(Revision(0), 100)?;
            store.verify()?;
            store.commit(put("new", b"")).map(drop)
        });
        noticed += u32::from(outcome.is_err());
    }
    assert!(noticed > 100, "{noticed}");
}

#[test]
fn verify_finds_one_flipped_bit() {
    let torn = TornDisk::new(1);
    let disk: Arc<dyn Disk> = Arc::new(torn.clone());
    let store = open(&disk).expect("open");
    store.commit(put("a", &[0x5a; 3000])).expect("commit");
    let file = disk.open(NAME).expect("open");
    let mut bytes = vec![0; file.len().expect("len") as usize];
    file.read_at(0, &mut bytes).expect("read");
    let at = bytes.windows(100).position(|part| part == [0x5a; 100]).expect("the record is in the file");
    torn.flip_bit(NAME, at as u64 + 50, 3).expect("within the file");
    assert!(matches!(store.verify(), Err(StoreError::Corrupt(_))));
    assert!(matches!(store.commit(put("b", b"")), Err(StoreError::Corrupt(_))));
}

#[test]
fn the_file_keeps_to_its_page() {
    assert_eq!(MAGIC, b"redb\x1a\x0a\xa9\x0d\x0a");
    let error: StoreError = io::Error::from(io::ErrorKind::QuotaExceeded).into();
    assert!(matches!(error, StoreError::Full));
}
