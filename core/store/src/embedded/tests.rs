//! The embedded store against its contract, and against disks that fail.

use std::io;

use super::*;
use crate::contract::{Expect, Limit};
use crate::disk::{FileDisk, MemoryDisk, TornDisk};
use crate::suite;

const NAME: &str = "store";
const SECOND: &str = "store.erasable";

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
    let put = Some(bytes.into());
    Transaction(vec![Write { id: id(name), expect: Expect::Any, put, erasable: false }])
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
            writing.open_table(ABOUT).map_err(stored)?.insert(FORMAT, FORMAT_NEWEST + 1).map_err(stored)?;
            writing.commit().map_err(stored)
        })
        .expect("the row is written");
    drop(store);
    let error = open(&disk).err().expect("refused");
    assert!(matches!(error, StoreError::Version { found: 3, known: FORMAT_NEWEST }), "{error}");
}

#[test]
fn an_unfinished_beginning_is_begun_again() {
    let disk = in_memory();
    disk.open("store.new").expect("open").write_at(0, b"half a file").expect("write");
    let store = open(&disk).expect("open");
    assert_eq!(store.revision().expect("revision"), Revision::ZERO);
    assert_eq!(disk.list().expect("list"), [NAME, SECOND]);
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
    store.writer.lock().revision = Revision(7);
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

fn erasable(name: &str, bytes: &[u8]) -> Transaction {
    let put = Some(bytes.into());
    Transaction(vec![Write { id: id(name), expect: Expect::Any, put, erasable: true }])
}

fn delete(name: &str) -> Transaction {
    Transaction(vec![Write { id: id(name), expect: Expect::Any, put: None, erasable: false }])
}

/// How often the files of a disk hold these bytes: the first file, and the second.
fn count(disk: &Arc<dyn Disk>, needle: &[u8]) -> [usize; 2] {
    [NAME, SECOND].map(|name| {
        let file = disk.open(name).expect("open");
        let mut bytes = vec![0; file.len().expect("len") as usize];
        file.read_at(0, &mut bytes).expect("read");
        memchr::memmem::find_iter(&bytes, needle).count()
    })
}

#[test]
fn what_is_erased_is_in_neither_file() {
    let disk = in_memory();
    let store = open(&disk).expect("open");
    let secret = |n: u8| [b"something to be erased ".as_slice(), &[b'0' + n]].concat();
    store.commit(put("plain", b"not to be erased")).expect("commit");
    store.commit(put("plain", b"but replaced all the same")).expect("commit");
    assert_eq!(count(&disk, b"not to be erased")[0], 1, "redb alone leaves behind what was replaced");
    for n in 0..4 {
        store.commit(erasable("a", &secret(n))).expect("commit");
        for other in 0..20 {
            store.commit(put(&format!("a{other}"), &[n; 300])).expect("commit");
        }
        assert_eq!(count(&disk, b"something to be erased"), [0, 1], "the newest is in the second file, once");
        assert_eq!(*store.get(&id("a")).expect("get").expect("it is there").bytes, *secret(n));
    }
    store.commit(delete("a")).expect("commit");
    assert_eq!(count(&disk, b"something to be erased"), [0, 0]);
    store.commit(erasable("a", &secret(5))).expect("commit");
    store.commit(put("a", b"replaced by something that may stay")).expect("commit");
    assert_eq!(count(&disk, b"something to be erased"), [0, 0]);
    store.verify().expect("sound");
}

/// A disk that writes no zeros while it is told not to.
struct Stubborn {
    inner: Arc<dyn Disk>,
    on: Arc<AtomicBool>,
}

struct StubbornFile {
    inner: Arc<dyn DiskFile>,
    on: Arc<AtomicBool>,
}

impl Disk for Stubborn {
    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(StubbornFile { inner: self.inner.open(name)?, on: Arc::clone(&self.on) }))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        self.inner.list()
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.inner.remove(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.inner.rename(from, to)
    }

    fn sync_names(&self) -> io::Result<()> {
        self.inner.sync_names()
    }
}

impl DiskFile for StubbornFile {
    fn len(&self) -> io::Result<u64> {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.inner.read_at(offset, out)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        match self.on.load(Ordering::Acquire) && bytes.iter().all(|b| *b == 0) {
            true => Err(io::Error::other("no zeros today")),
            false => self.inner.write_at(offset, bytes),
        }
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.inner.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.inner.sync()
    }
}

#[test]
fn nothing_is_committed_before_what_was_erased_is_gone() {
    let (inner, on) = (in_memory(), Arc::new(AtomicBool::new(false)));
    let disk: Arc<dyn Disk> = Arc::new(Stubborn { inner: Arc::clone(&inner), on: Arc::clone(&on) });
    let store = open(&disk).expect("open");
    store.commit(erasable("a", b"something to be erased")).expect("commit");
    on.store(true, Ordering::Release);
    assert_eq!(store.commit(delete("a")).expect("the deletion stands"), Revision(2));
    assert_eq!(store.get(&id("a")).expect("get"), None);
    assert!(matches!(store.commit(put("b", b"1")), Err(StoreError::Io(_))));
    assert_eq!(count(&inner, b"something to be erased"), [0, 1]);
    on.store(false, Ordering::Release);
    assert_eq!(store.commit(put("b", b"1")).expect("commit"), Revision(3));
    assert_eq!(count(&inner, b"something to be erased"), [0, 0]);

    store.commit(erasable("a", b"something to be erased")).expect("commit");
    on.store(true, Ordering::Release);
    store.commit(delete("a")).expect("the deletion stands");
    drop(store);
    assert!(open(&disk).is_err(), "nor is the store opened before");
    on.store(false, Ordering::Release);
    let store = open(&disk).expect("open");
    assert_eq!(count(&inner, b"something to be erased"), [0, 0]);
    store.verify().expect("sound");
}

#[test]
fn units_are_used_again() {
    let disk = in_memory();
    let store = open(&disk).expect("open");
    let many = |round: usize, put: bool| {
        let write = |n: usize| Write {
            id: id(&format!("{round}/{n}")),
            expect: Expect::Any,
            put: put.then(|| vec![7; 600].into()),
            erasable: true,
        };
        Transaction((0..4000).map(write).collect())
    };
    for round in 0..6 {
        store.commit(many(round, true)).expect("commit");
        store.commit(many(round, false)).expect("commit");
        store.verify().expect("sound");
    }
    let units = disk.open(SECOND).expect("open").len().expect("len") / erasable::UNIT_BYTES as u64;
    assert!((8000..12_000).contains(&units), "{units}");
    drop(store);
    open(&disk).expect("open").verify().expect("sound");
}

#[test]
fn a_store_of_format_1_is_brought_to_the_newest() {
    let disk = in_memory();
    let file = disk.open(NAME).expect("open");
    let adapter = Adapter { file, damaged: Arc::default() };
    let database = Database::builder().create_with_backend(adapter).expect("create");
    let writing = database.begin_write().expect("begin");
    {
        let row = rows::encode_record(Revision(1), b"old");
        writing.open_table(RECORDS).expect("table").insert(b"a".as_slice(), &*row).expect("insert");
        let change = rows::encode_change(&put("a", b""));
        writing.open_table(CHANGES).expect("table").insert(1, &*change).expect("insert");
        writing.open_table(ABOUT).expect("table").insert(FORMAT, 1).expect("insert");
    }
    writing.commit().expect("commit");
    drop(database);
    for revision in [2, 3] {
        let store = open(&disk).expect("open");
        assert_eq!(*store.get(&id("a")).expect("get").expect("it is there").bytes, *b"old");
        assert_eq!(store.commit(erasable("b", b"new")).expect("commit"), Revision(revision));
        store.verify().expect("sound");
    }
}

#[test]
fn neither_file_is_taken_for_a_store_without_the_other() {
    let disk = in_memory();
    let store = open(&disk).expect("open");
    store.commit(erasable("a", b"bytes")).expect("commit");
    drop(store);
    disk.rename(SECOND, "elsewhere").expect("rename");
    assert!(matches!(open(&disk), Err(StoreError::Corrupt(_))));
    disk.rename("elsewhere", SECOND).expect("rename");
    disk.rename(NAME, "elsewhere").expect("rename");
    assert!(matches!(open(&disk), Err(StoreError::Io(_))));
    disk.rename("elsewhere", NAME).expect("rename");
    disk.open(SECOND).expect("open").set_len(0).expect("cut");
    let store = open(&disk).expect("open");
    assert!(matches!(store.get(&id("a")), Err(StoreError::Corrupt(_))), "lost bytes are not empty bytes");
    drop(store);
    assert!(matches!(open(&disk).expect("open").verify(), Err(StoreError::Corrupt(_))));
}

#[test]
fn erasable_records_fill_a_disk_as_others_do() {
    let torn = TornDisk::new(1);
    let disk: Arc<dyn Disk> = Arc::new(torn.clone());
    let store = open(&disk).expect("open");
    let mut acknowledged = 0_u64;
    torn.set_free(Some(2 << 20));
    let error = loop {
        match store.commit(erasable(&format!("{acknowledged}"), &[7; 100_000])) {
            Ok(revision) => acknowledged = revision.0,
            Err(error) => break error,
        }
        assert!(acknowledged < 1000, "the disk fills up");
    };
    assert!(matches!(error, StoreError::Full), "{error}");
    for n in 0..acknowledged {
        assert!(store.get(&id(&n.to_string())).expect("reads go on").is_some());
    }
    torn.set_free(None);
    assert_eq!(store.commit(erasable("after", b"")).expect("room again"), Revision(acknowledged + 1));
    store.verify().expect("sound");
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
