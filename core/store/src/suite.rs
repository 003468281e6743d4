//! What every [`Store`] promises, as checks that panic with the promise that was broken.
//!
//! An implementation's test is one line: `suite::check(|| MyStore::new(…))`. Durability is not checked here, since
//! it takes a disk that loses power; see the crash test of the embedded store.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

use crate::contract::{
    CHANGES_MAX, Change, Expect, Limit, RECORD_BYTES_MAX, Record, RecordId, Revision, SCAN_RECORDS_MAX,
    Store, StoreError, Transaction, WRITES_MAX, Write,
};

/// Checks every promise of the contract, each on a store of its own. `make` gives an empty store.
///
/// # Panics
/// When a promise is broken.
pub fn check<S: Store>(make: impl Fn() -> S) {
    an_empty_store_has_nothing(&make());
    what_was_put_is_found(&make());
    what_was_deleted_is_gone(&make());
    every_commit_gets_the_next_revision(&make());
    a_transaction_without_writes_changes_nothing(&make());
    expectations_hold_or_refuse(&make());
    all_or_nothing(&make());
    limits_are_kept(&make());
    scans_ascend_within_their_prefix(&make());
    scans_page_without_gap_or_repeat(&make());
    changes_come_in_order(&make());
    no_increment_is_lost_between_threads(&make());
    one_scan_sees_one_instant(&make());
    erasable_records_are_records(&make());
    it_behaves_like_a_plain_map(&make);
}

/// Checks that the newest `kept` commits can be asked for, and that older ones answer [`StoreError::TooOld`].
///
/// # Panics
/// When it is otherwise.
pub fn check_trimming<S: Store>(make: impl Fn() -> S, kept: u64) {
    let store = make();
    let total = kept + 5;
    for n in 0..total {
        commit(&store, [put("k", n.to_string().as_bytes())]);
        let all = store.changes(Revision::ZERO, 1);
        assert_eq!(all.is_err(), n >= kept, "all commits can be told until {kept} have been, at {n}");
    }
    let oldest = Revision(total - kept + 1);
    match store.changes(Revision(oldest.0 - 2), 1) {
        Err(StoreError::TooOld { oldest: told }) => {
            assert_eq!(told, oldest, "the error names the oldest commit kept")
        }
        other => panic!("changes below the oldest kept answer TooOld, not {other:?}"),
    }
    let changes =
        store.changes(Revision(oldest.0 - 1), CHANGES_MAX).expect("the oldest kept can be asked for");
    assert_eq!(changes.commits.len() as u64, kept, "all that is kept is told");
    assert_eq!(changes.commits[0].revision, oldest);
}

fn an_empty_store_has_nothing(store: &impl Store) {
    assert_eq!(store.revision().expect("revision"), Revision::ZERO);
    assert_eq!(store.get(&id("a")).expect("get"), None);
    assert_eq!(store.scan(b"", None, 10).expect("scan"), []);
    let changes = store.changes(Revision::ZERO, 10).expect("changes");
    assert_eq!((changes.commits, changes.newest), (Vec::new(), Revision::ZERO));
}

fn what_was_put_is_found(store: &impl Store) {
    let longest = RecordId::parse(&[0xff; RecordId::BYTES_MAX]).expect("the longest id");
    let largest = vec![0xa5; RECORD_BYTES_MAX];
    commit(store, [put("a", b"1"), put("empty", b"")]);
    commit(store, [put("a", b"2"), Write { id: longest.clone(), ..put("x", &largest) }]);
    assert_eq!(
        store.get(&id("a")).expect("get"),
        record(2, b"2"),
        "the newest bytes, and the revision that wrote them"
    );
    assert_eq!(
        store.get(&id("empty")).expect("get"),
        record(1, b""),
        "an empty record is a record, untouched since"
    );
    assert_eq!(store.get(&longest).expect("get"), record(2, &largest));
    assert_eq!(store.get(&id("b")).expect("get"), None);
    assert_eq!(store.get(&id("aa")).expect("get"), None, "an id is not its prefix");
}

fn what_was_deleted_is_gone(store: &impl Store) {
    commit(store, [put("a", b"1"), put("b", b"1")]);
    commit(store, [delete("a"), delete("never there")]);
    assert_eq!(store.get(&id("a")).expect("get"), None);
    assert_eq!(ids(&store.scan(b"", None, 10).expect("scan")), ["b"]);
    commit(store, [Write { expect: Expect::Absent, ..put("a", b"3") }]);
    assert_eq!(store.get(&id("a")).expect("get"), record(3, b"3"), "what comes again is new");
}

fn every_commit_gets_the_next_revision(store: &impl Store) {
    for n in 1..=20 {
        assert_eq!(commit(store, [put("a", b""), put("b", b"")]), Revision(n));
        assert_eq!(store.revision().expect("revision"), Revision(n));
    }
    assert_eq!(
        commit(store, [delete("not there")]),
        Revision(21),
        "a commit without effect is still a commit"
    );
}

fn a_transaction_without_writes_changes_nothing(store: &impl Store) {
    commit(store, [put("a", b"")]);
    assert_eq!(commit(store, []), Revision(1));
    assert_eq!(store.revision().expect("revision"), Revision(1));
    assert_eq!(store.changes(Revision::ZERO, 10).expect("changes").commits.len(), 1);
}

fn expectations_hold_or_refuse(store: &impl Store) {
    commit(store, [put("there", b"")]);
    commit(store, [put("other", b"")]);
    let (here, gone) = (Some(Revision(1)), None);
    for (name, expect, refused) in [
        ("there", Expect::Absent, Some(here)),
        ("there", Expect::At(Revision(2)), Some(here)),
        ("there", Expect::At(Revision::ZERO), Some(here)),
        ("gone", Expect::At(Revision(1)), Some(gone)),
        ("gone", Expect::At(Revision::ZERO), Some(gone)),
        ("there", Expect::At(Revision(1)), None),
        ("gone", Expect::Absent, None),
        ("there", Expect::Any, None),
        ("gone too", Expect::Any, None),
    ] {
        for write in [Write { expect, ..delete(name) }, Write { expect, ..put(name, b"new") }] {
            let Some(found) = refused else { continue };
            match store.commit(Transaction(vec![write])) {
                Err(StoreError::Conflict { id: told, found: seen }) => {
                    assert_eq!(
                        (told, seen),
                        (id(name), found),
                        "a conflict names the record and what was found"
                    );
                }
                other => panic!("{name} with {expect:?} must conflict, not {other:?}"),
            }
        }
        if refused.is_none() {
            commit(store, [Write { expect, ..put(name, b"new") }]);
        }
    }
    assert_eq!(store.revision().expect("revision"), Revision(6), "only what was not refused has a revision");
}

fn all_or_nothing(store: &impl Store) {
    commit(store, [put("a", b"1"), put("b", b"1")]);
    let refused =
        [put("a", b"2"), delete("b"), put("c", b"2"), Write { expect: Expect::Absent, ..put("d", b"2") }];
    commit(store, [put("d", b"1")]);
    match store.commit(Transaction(refused.into())) {
        Err(StoreError::Conflict { id: told, .. }) => assert_eq!(told, id("d")),
        other => panic!("must conflict, not {other:?}"),
    }
    assert_eq!(ids(&store.scan(b"", None, 10).expect("scan")), ["a", "b", "d"]);
    assert_eq!(store.get(&id("a")).expect("get"), record(1, b"1"));
    assert_eq!(store.revision().expect("revision"), Revision(2));
    assert_eq!(store.changes(Revision::ZERO, 10).expect("changes").commits.len(), 2);
    let first = [
        Write { expect: Expect::Absent, ..put("b", b"") },
        Write { expect: Expect::Absent, ..put("a", b"") },
    ];
    match store.commit(Transaction(first.into())) {
        Err(StoreError::Conflict { id: told, .. }) => assert_eq!(told, id("b"), "the first conflict is told"),
        other => panic!("must conflict, not {other:?}"),
    }
}

/// Whether a record is erasable shows in nothing but what is left of it; that is the business of the store's own
/// tests.
fn erasable_records_are_records(store: &impl Store) {
    let erasable = |name, bytes: &[u8]| Write { erasable: true, ..put(name, bytes) };
    let largest = vec![0xa5; RECORD_BYTES_MAX];
    commit(store, [erasable("a", b"1"), put("b", b"1"), erasable("c", b""), erasable("d", &largest)]);
    assert_eq!(store.get(&id("a")).expect("get"), record(1, b"1"));
    assert_eq!(store.get(&id("c")).expect("get"), record(1, b""));
    assert_eq!(store.get(&id("d")).expect("get"), record(1, &largest));
    commit(store, [put("a", b"2"), erasable("b", b"2"), delete("d"), erasable("c", &[7; 504])]);
    let found = store.scan(b"", None, 10).expect("scan");
    let expected = [("a", b"2".as_slice()), ("b", b"2"), ("c", &[7; 504])];
    let expected = expected.map(|(name, bytes)| (id(name), record(2, bytes).expect("a record")));
    assert_eq!(found, expected, "either kind takes the place of the other");
    let stale = Write { expect: Expect::At(Revision(1)), ..erasable("b", b"3") };
    assert!(matches!(
        store.commit(Transaction(vec![stale])),
        Err(StoreError::Conflict { found: Some(Revision(2)), .. })
    ));
    for n in 3..40 {
        commit(store, [erasable("b", &vec![n as u8; n * 97]), delete("c"), erasable("e", &[n as u8; 600])]);
        assert_eq!(store.get(&id("b")).expect("get"), record(n as u64, &vec![n as u8; n * 97]));
    }
    assert_eq!(ids(&store.scan(b"", None, 10).expect("scan")), ["a", "b", "e"]);
}

fn limits_are_kept(store: &impl Store) {
    let limit = |transaction| match store.commit(Transaction(transaction)) {
        Err(StoreError::Limit(limit)) => limit,
        other => panic!("must be over a limit, not {other:?}"),
    };
    let many = |count: usize| (0..count).map(|n| put(&format!("{n:06}"), b"")).collect::<Vec<_>>();
    assert_eq!(limit(many(WRITES_MAX + 1)), Limit::Writes { found: WRITES_MAX + 1 });
    assert_eq!(limit(vec![put("a", b"1"), put("b", b""), delete("a")]), Limit::Twice { id: id("a") });
    let large = RECORD_BYTES_MAX + 1;
    assert_eq!(limit(vec![put("a", &vec![0; large])]), Limit::RecordBytes { id: id("a"), found: large });
    assert!(matches!(
        store.scan(b"", None, SCAN_RECORDS_MAX + 1),
        Err(StoreError::Limit(Limit::Scan { .. }))
    ));
    assert!(matches!(
        store.changes(Revision::ZERO, CHANGES_MAX + 1),
        Err(StoreError::Limit(Limit::Changes { .. }))
    ));
    assert_eq!(store.revision().expect("revision"), Revision::ZERO, "nothing was written");

    assert_eq!(commit(store, many(WRITES_MAX)), Revision(1), "the most writes fit");
    assert_eq!(store.scan(b"", None, SCAN_RECORDS_MAX).expect("scan").len(), WRITES_MAX);
    let changes = store.changes(Revision::ZERO, CHANGES_MAX).expect("changes");
    assert_eq!(changes.commits[0].ids.len(), WRITES_MAX);
}

fn scans_ascend_within_their_prefix(store: &impl Store) {
    let all: [&[u8]; 12] = [
        b"\0",
        b"a",
        b"a\0",
        b"a/1",
        b"a/2",
        b"a0",
        b"b",
        b"\xfe",
        b"\xff",
        b"\xff\x00",
        b"\xff\xff",
        b"\xff\xff\xff",
    ];
    let shuffled =
        [7, 3, 11, 0, 5, 9, 1, 10, 4, 2, 8, 6].map(|at| Write { id: raw(all[at]), ..put("x", b"") });
    commit(store, shuffled);
    let found = |prefix: &[u8], after: Option<&[u8]>, limit| -> Vec<Vec<u8>> {
        let records = store.scan(prefix, after.map(raw).as_ref(), limit).expect("scan");
        records.iter().map(|(id, _)| id.as_bytes().to_vec()).collect()
    };
    assert_eq!(found(b"", None, 100), all, "ascending by bytes");
    assert_eq!(found(b"a", None, 100), all[1..6], "the prefix itself is within");
    assert_eq!(found(b"a/", None, 100), all[3..5]);
    assert_eq!(found(b"\xff", None, 100), all[8..], "a prefix that has no successor");
    assert_eq!(found(b"\xff\xff", None, 100), all[10..]);
    assert_eq!(found(b"\xff\xff\xff\xff", None, 100), Vec::<Vec<u8>>::new());
    assert_eq!(found(b"a", Some(b"a"), 100), all[2..6], "after is left out");
    assert_eq!(found(b"a", Some(b"a/10"), 100), all[4..6], "after need not be there");
    assert_eq!(found(b"a", Some(b"\0"), 100), all[1..6], "after may be before the prefix");
    assert_eq!(found(b"a", Some(b"b"), 100), Vec::<Vec<u8>>::new(), "after may be past the prefix");
    assert_eq!(found(b"", Some(b"\xff\xff\xff"), 100), Vec::<Vec<u8>>::new());
    assert_eq!(found(b"a", None, 2), all[1..3]);
    assert_eq!(found(b"a", None, 0), Vec::<Vec<u8>>::new());
}

fn scans_page_without_gap_or_repeat(store: &impl Store) {
    commit(
        store,
        (0..100).map(|n| put(&format!("key/{n:03}"), n.to_string().as_bytes())).collect::<Vec<_>>(),
    );
    commit(store, [put("kex", b""), put("kez", b""), put("key", b""), put("key0", b"")]);
    for limit in [1, 3, 7, 50, 99, 100, 101] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store.scan(b"key/", after.as_ref(), limit).expect("scan");
            assert!(page.len() <= limit);
            after = page.last().map(|(id, _)| id.clone()).or(after);
            let more = page.len() == limit;
            seen.extend(page);
            if !more {
                break;
            }
        }
        let expected: Vec<_> = (0..100).map(|n| id(&format!("key/{n:03}"))).collect();
        assert_eq!(seen.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), expected, "pages of {limit}");
        assert!(seen.iter().enumerate().all(|(n, (_, record))| *record.bytes == *n.to_string().as_bytes()));
    }
}

fn changes_come_in_order(store: &impl Store) {
    commit(store, [put("z", b""), put("a", b""), delete("m")]);
    commit(store, [put("a", b"")]);
    commit(store, [delete("z")]);
    let expected = [(1, vec!["z", "a", "m"]), (2, vec!["a"]), (3, vec!["z"])].map(|(revision, names)| {
        Change { revision: Revision(revision), ids: names.into_iter().map(id).collect() }
    });
    let changes = |after, limit| store.changes(Revision(after), limit).expect("changes");
    assert_eq!(changes(0, 10).commits, expected);
    assert_eq!(changes(0, 10).newest, Revision(3));
    assert_eq!(changes(1, 10).commits, expected[1..]);
    assert_eq!(changes(0, 2).commits, expected[..2]);
    assert_eq!(changes(0, 2).newest, Revision(3), "the newest is told, however small the page");
    assert_eq!(changes(3, 10).commits, [], "nothing after the newest");
    assert_eq!(changes(0, 0).commits, []);
    match store.changes(Revision(4), 10) {
        Err(StoreError::Ahead { newest }) => assert_eq!(newest, Revision(3)),
        other => panic!("a revision that has not happened answers Ahead, not {other:?}"),
    }
}

fn no_increment_is_lost_between_threads(store: &impl Store) {
    let (threads, rounds) = (4, 25_u64);
    commit(store, [put("count", b"0")]);
    let increment = || -> Revision {
        loop {
            let found = store.get(&id("count")).expect("get").expect("it was put");
            let count: u64 = std::str::from_utf8(&found.bytes).expect("digits").parse().expect("digits");
            let write = put("count", (count + 1).to_string().as_bytes());
            match store.commit(Transaction(vec![Write { expect: Expect::At(found.revision), ..write }])) {
                Ok(revision) => {
                    assert!(store.revision().expect("revision") >= revision, "a read sees what has returned");
                    return revision;
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
    };
    let revisions: Vec<Revision> = thread::scope(|scope| {
        let worker = || (0..rounds).map(|_| increment()).collect::<Vec<_>>();
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no thread fails")).collect()
    });
    let total = threads * rounds;
    let count = store.get(&id("count")).expect("get").expect("it was put");
    assert_eq!(*count.bytes, *total.to_string().as_bytes(), "each success counted once");
    let distinct: BTreeSet<_> = revisions.iter().map(|revision| revision.0).collect();
    assert_eq!(distinct, (2..=total + 1).collect(), "each commit has a revision of its own, without gaps");
}

fn one_scan_sees_one_instant(store: &impl Store) {
    let names: Vec<String> = (0..10).map(|n| format!("pair/{n}")).collect();
    let write_all = |bytes: &[u8]| {
        let write = |(n, name): (usize, &String)| Write { erasable: n % 2 == 1, ..put(name, bytes) };
        commit(store, names.iter().enumerate().map(write).collect::<Vec<_>>())
    };
    write_all(b"0");
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 1..=40 {
                write_all(n.to_string().as_bytes());
            }
        });
        while !writer.is_finished() {
            let page = store.scan(b"pair/", None, 100).expect("scan");
            assert_eq!(page.len(), 10);
            assert!(page.iter().all(|(_, record)| *record == page[0].1), "all of a commit or none of it");
        }
    });
}

/// One step of the comparison with a plain map. Ids are few and short, so that steps meet.
#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<Planned>),
    Scan { prefix: Vec<u8>, after: Option<Vec<u8>>, limit: usize },
    Changes { back: u64, limit: usize },
}

/// A write to be: id, expectation, bytes, and whether they are erasable.
type Planned = (Vec<u8>, Guess, Option<Vec<u8>>, bool);

/// An expectation, relative to what is there.
#[derive(Clone, Copy, Debug)]
enum Guess {
    Right,
    Stale,
    Absent,
    Any,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let short_id = || vec(prop_oneof![Just(0_u8), Just(b'a'), Just(b'b'), Just(0xff)], 1..4);
    let prefix = vec(prop_oneof![Just(0_u8), Just(b'a'), Just(b'b'), Just(0xff)], 0..3);
    let guess = prop_oneof![6 => Just(Guess::Right), 1 => Just(Guess::Stale), 1 => Just(Guess::Absent), 3 => Just(Guess::Any)];
    let bytes =
        proptest::option::weighted(0.7, prop_oneof![vec(any::<u8>(), 0..20), vec(any::<u8>(), 490..520)]);
    let after = proptest::option::of(short_id());
    let step = prop_oneof![
        4 => vec((short_id(), guess, bytes, any::<bool>()), 0..6).prop_map(Step::Commit),
        2 => (prefix, after, 0..20_usize).prop_map(|(prefix, after, limit)| Step::Scan { prefix, after, limit }),
        1 => (0..20_u64, 0..10_usize).prop_map(|(back, limit)| Step::Changes { back, limit }),
    ];
    vec(step, 1..40)
}

fn it_behaves_like_a_plain_map<S: Store>(make: &impl Fn() -> S) {
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps(), |steps| {
        let (store, mut model) = (make(), Model::default());
        for step in steps {
            model.step(&store, step);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[derive(Default)]
struct Model {
    records: BTreeMap<RecordId, Record>,
    changes: Vec<Change>,
}

impl Model {
    fn step(&mut self, store: &impl Store, step: Step) {
        match step {
            Step::Commit(writes) => self.commit(store, writes),
            Step::Scan { prefix, after, limit } => {
                let after = after.as_deref().map(raw);
                let within = self.records.iter().filter(|(id, _)| id.as_bytes().starts_with(&prefix));
                let later = within.filter(|(id, _)| after.as_ref().is_none_or(|after| *id > after));
                let expected: Vec<_> =
                    later.take(limit).map(|(id, record)| (id.clone(), record.clone())).collect();
                assert_eq!(store.scan(&prefix, after.as_ref(), limit).expect("scan"), expected);
            }
            Step::Changes { back, limit } => {
                let after = (self.changes.len() as u64).saturating_sub(back);
                let expected: Vec<_> = self.changes[after as usize..].iter().take(limit).cloned().collect();
                assert_eq!(store.changes(Revision(after), limit).expect("changes").commits, expected);
            }
        }
    }

    fn commit(&mut self, store: &impl Store, writes: Vec<Planned>) {
        let mut seen = BTreeSet::new();
        let distinct = writes.into_iter().filter(|(id, ..)| seen.insert(id.clone()));
        let write =
            |(id, guess, put, erasable): Planned| Write { erasable, ..self.write(&raw(&id), guess, put) };
        let writes: Vec<Write> = distinct.map(write).collect();
        let conflict = writes.iter().find(|write| !write.expect.holds(self.found(&write.id)));
        match (store.commit(Transaction(writes.clone())), conflict) {
            (Ok(revision), None) => self.apply(writes, revision),
            (Err(StoreError::Conflict { id, found }), Some(write)) => {
                assert_eq!((&id, found), (&write.id, self.found(&write.id)));
            }
            (outcome, conflict) => panic!("{outcome:?} where {conflict:?} was expected to conflict"),
        }
        for (id, record) in &self.records {
            assert_eq!(store.get(id).expect("get").as_ref(), Some(record));
        }
    }

    fn apply(&mut self, writes: Vec<Write>, revision: Revision) {
        let expected = self.changes.len() as u64 + u64::from(!writes.is_empty());
        assert_eq!(revision, Revision(expected));
        if writes.is_empty() {
            return;
        }
        self.changes.push(Change { revision, ids: writes.iter().map(|write| write.id.clone()).collect() });
        for Write { id, put, expect: _, erasable: _ } in writes {
            match put {
                Some(bytes) => self.records.insert(id, Record { revision, bytes }),
                None => self.records.remove(&id),
            };
        }
    }

    fn found(&self, id: &RecordId) -> Option<Revision> {
        self.records.get(id).map(|record| record.revision)
    }

    fn write(&self, id: &RecordId, guess: Guess, put: Option<Vec<u8>>) -> Write {
        let found = self.found(id);
        let expect = match guess {
            Guess::Right => found.map_or(Expect::Absent, Expect::At),
            Guess::Stale => Expect::At(Revision(found.map_or(1, |revision| revision.0 - 1))),
            Guess::Absent => Expect::Absent,
            Guess::Any => Expect::Any,
        };
        Write { id: id.clone(), expect, put: put.map(Into::into), erasable: false }
    }
}

fn id(name: &str) -> RecordId {
    raw(name.as_bytes())
}

fn raw(bytes: &[u8]) -> RecordId {
    RecordId::parse(bytes).expect("1 to 512 bytes")
}

fn put(name: &str, bytes: &[u8]) -> Write {
    Write { id: id(name), expect: Expect::Any, put: Some(bytes.into()), erasable: false }
}

fn delete(name: &str) -> Write {
    Write { id: id(name), expect: Expect::Any, put: None, erasable: false }
}

fn record(revision: u64, bytes: &[u8]) -> Option<Record> {
    Some(Record { revision: Revision(revision), bytes: bytes.into() })
}

fn ids(records: &[(RecordId, Record)]) -> Vec<String> {
    records.iter().map(|(id, _)| id.to_string()).collect()
}

fn commit(store: &impl Store, writes: impl Into<Vec<Write>>) -> Revision {
    store.commit(Transaction(writes.into())).expect("nothing stands against it")
}
