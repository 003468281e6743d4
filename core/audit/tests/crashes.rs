//! Power cuts, killed processes, failing syncs and full disks: nothing acknowledged is lost or moved, nothing is
//! there twice, and the log always opens.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use keystead_audit::{AppendError, Decision, Log, LogError, Options, Outcome, Record, Recovery};
use keystead_model::world::{Disk, Entropy};
use keystead_model::{Action, Protocol, RequestId, Timestamp};
use keystead_store::disk::{MemoryDisk, TornDisk};

/// SplitMix64, so that a seed says how the dice fall.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

struct Fixed;

impl Entropy for Fixed {
    fn fill(&self, out: &mut [u8]) {
        out.fill(0x5a);
    }
}

fn options() -> Options {
    Options {
        segment_bytes: 40 * 1024,
        buffer_bytes_max: 36 * 1024,
        resume_bytes: 5000,
        gather_wait: Duration::from_micros(1),
        heal_wait: Duration::from_millis(1),
    }
}

fn open(disk: &TornDisk) -> Result<(Arc<Log>, Recovery), LogError> {
    Log::open(Arc::new(disk.clone()), &Fixed, options())
}

/// A record that its number can be told from; lengths vary with it.
fn with_record<T>(number: u64, act: impl FnOnce(&Record<'_>) -> T) -> T {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    let agent = "x".repeat(1 + (number % 200) as usize);
    act(&Record {
        request: RequestId(id),
        at: Timestamp(number),
        action: Action::Decrypt,
        protocol: Protocol::AwsKms,
        principal: Some("arn:aws:iam::111122223333:root"),
        account: None,
        access_key: None,
        source: None,
        location: None,
        user_agent: &agent,
        key: None,
        resource: None,
        material: None,
        context: None,
        decision: Decision::NotReached,
        outcome: Outcome::Success,
        change: None,
        tls: true,
    })
}

fn append(log: &Log, number: u64) -> Result<u64, AppendError> {
    with_record(number, |record| log.append(record)).wait()
}

/// All records, by position, with the promises that hold for any log.
fn all(log: &Log) -> Vec<u64> {
    let mut numbers = Vec::new();
    let end = log
        .read(0, &mut |position, entry| {
            assert_eq!(position, numbers.len() as u64, "positions are dense");
            numbers.push(entry.at.0);
            ControlFlow::Continue(())
        })
        .expect("readable");
    assert_eq!(end, log.durable());
    let distinct: BTreeSet<_> = numbers.iter().collect();
    assert_eq!(distinct.len(), numbers.len(), "no record is there twice");
    assert_eq!(log.verify().expect("verifies").records, end);
    let mut backwards = Vec::new();
    log.read_back(u64::MAX, &mut |_, entry| {
        backwards.push(entry.at.0);
        ControlFlow::Continue(())
    })
    .expect("readable backwards");
    backwards.reverse();
    assert_eq!(backwards, numbers);
    numbers
}

/// What was acknowledged so far, by position.
type Acknowledged = BTreeMap<u64, u64>;

/// Nothing acknowledged is missing. What was not acknowledged and is there all the same stays, from here on.
fn check(log: &Log, acknowledged: &mut Acknowledged, story: &str) {
    let found = all(log);
    for (position, number) in &*acknowledged {
        assert_eq!(found.get(*position as usize), Some(number), "{story}: position {position}");
    }
    *acknowledged = (0..).zip(found).collect();
}

/// Several threads append, in groups, until the power goes; refused records are tried again under a new number.
fn work(log: &Log, disk: &TornDisk, numbers: &AtomicU64, threads: u64, groups: u64) -> Acknowledged {
    let worker = |thread: u64| {
        let mut dice = Dice(thread);
        let mut acknowledged = Acknowledged::new();
        for _ in 0..groups {
            let group: Vec<_> =
                (0..=dice.below(4)).map(|_| numbers.fetch_add(1, Ordering::Relaxed)).collect();
            let mut append = |number| {
                let here = dice.below(3) == 0;
                with_record(number, |record| if here { log.append_here(record) } else { log.append(record) })
            };
            let waiting: Vec<_> = group.iter().map(|number| (number, append(*number))).collect();
            for (number, appending) in waiting {
                if let Ok(position) = appending.wait() {
                    let before = acknowledged.insert(position, *number);
                    assert_eq!(before, None, "a position is given out once");
                }
            }
            if disk.is_cut() {
                break;
            }
        }
        acknowledged
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || worker(thread))).collect();
        let mut together = Acknowledged::new();
        for worker in workers {
            for (position, number) in worker.join().expect("no panic") {
                assert_eq!(together.insert(position, number), None, "a position is given out once");
            }
        }
        together
    })
}

#[test]
fn no_cut_loses_repeats_or_moves_an_acknowledged_record() {
    let (mut cuts, mut torn, mut records) = (0, 0, 0);
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let mut disk = TornDisk::new(seed);
        let numbers = AtomicU64::new(0);
        let mut acknowledged = Acknowledged::new();
        for life in 0..5 {
            let story = format!("seed {seed}, life {life}");
            disk.cut_after(1 + dice.below(150));
            // The first life may end while the log is being begun; later ones while it is being mended.
            if let Ok((log, _)) = open(&disk) {
                let threads = 1 + dice.below(3);
                acknowledged.extend(work(&log, &disk, &numbers, threads, 60));
            }
            cuts += 1;
            disk = match dice.below(4) {
                0 => disk.killed(),
                _ => disk.restart(dice.below(u64::MAX)),
            };
            let (log, recovery) = open(&disk).unwrap_or_else(|error| panic!("{story}: {error}"));
            torn += u64::from(recovery.cut.is_some());
            check(&log, &mut acknowledged, &story);
        }
        records += acknowledged.len();
    }
    assert_eq!(cuts, 2000);
    assert!(torn > 100 && records > 20_000, "{torn} torn tails, {records} records");
}

/// A process was killed between writing a segment's header and syncing it. The next one found the header, wrote a batch
/// behind it, and power went before that was synced: the batch was on the disk, the header was not, and the log would
/// not open. Now a header that nothing stands behind is written and synced again at every start.
#[test]
fn a_header_that_was_never_synced_is_synced_before_a_batch_stands_behind_it() {
    for (first, second) in (1..20).flat_map(|first| (1..12).map(move |second| (first, second))) {
        for seed in 0..8 {
            let disk = TornDisk::new(seed);
            disk.cut_after(first);
            if let Ok((log, _)) = open(&disk) {
                let _ = append(&log, 1);
            }
            let disk = disk.killed();
            disk.cut_after(second);
            if let Ok((log, _)) = open(&disk) {
                let _ = append(&log, 2);
            }
            let story = format!("killed at {first}, power cut at {second}, seed {seed}");
            open(&disk.restart(seed)).unwrap_or_else(|error| panic!("{story}: {error}"));
        }
    }
}

#[test]
fn failing_syncs_acknowledge_nothing_that_a_later_cut_takes_away() {
    let mut failures = 0;
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let mut disk = TornDisk::new(seed);
        let numbers = AtomicU64::new(0);
        let mut acknowledged = Acknowledged::new();
        for life in 0..3 {
            let (log, _) = open(&disk).expect("opens");
            check(&log, &mut acknowledged, &format!("seed {seed}, life {life}"));
            thread::scope(|scope| {
                let working = scope.spawn(|| work(&log, &disk, &numbers, 3, 40));
                while !working.is_finished() {
                    disk.fail_syncs(true);
                    thread::sleep(Duration::from_micros(dice.below(300)));
                    disk.fail_syncs(false);
                    thread::sleep(Duration::from_micros(dice.below(2000)));
                }
                acknowledged.extend(working.join().expect("no panic"));
            });
            failures += log.health().failures;
            disk.fail_syncs(dice.below(2) == 0);
            drop(log);
            disk.fail_syncs(false);
            disk = match dice.below(2) {
                0 => disk.killed(),
                _ => disk.restart(seed),
            };
        }
        let (log, _) = open(&disk).expect("opens");
        check(&log, &mut acknowledged, &format!("seed {seed}, at the end"));
    }
    assert!(failures > 100, "{failures}");
}

#[test]
fn a_failed_sync_refuses_what_waits_and_the_log_gets_back_to_work_by_itself() {
    let disk = TornDisk::new(1);
    let (log, _) = open(&disk).expect("begins");
    assert_eq!(append(&log, 1), Ok(0));
    disk.fail_syncs(true);
    assert_eq!(append(&log, 2), Err(AppendError::Failed));
    assert_eq!(append(&log, 3), Err(AppendError::Failed));
    assert!(log.health().failed.is_some());
    assert!(append(&log, 3).is_err_and(|error| error.may_retry()));
    disk.fail_syncs(false);
    assert_eq!(append_until_taken(&log, 4), 1);
    assert_eq!(log.health().failed, None);
    assert_eq!(all(&log), [1, 4]);
    drop(log);
    let (log, recovery) = open(&disk.restart(2)).expect("opens");
    assert_eq!(all(&log), [1, 4]);
    assert_eq!(recovery.segments, 2);
}

#[test]
fn a_full_disk_refuses_and_room_mends_it() {
    let disk = TornDisk::new(1);
    let (log, _) = open(&disk).expect("begins");
    disk.set_free(Some(10_000));
    let mut taken = 0;
    while append(&log, taken).is_ok() {
        taken += 1;
    }
    assert!(taken > 50, "the segment that was made ahead is used to its end, not {taken}");
    assert!(log.health().failed.is_some_and(|why| why.contains("space")));
    disk.set_free(None);
    assert_eq!(append_until_taken(&log, taken), taken);
    assert_eq!(all(&log).len() as u64, taken + 1);
}

fn append_until_taken(log: &Log, number: u64) -> u64 {
    for _ in 0..2000 {
        match append(log, number) {
            Ok(position) => return position,
            Err(_) => thread::sleep(Duration::from_millis(1)),
        }
    }
    panic!("the log does not heal: {:?}", log.health());
}

/// Naps so long that whoever takes one when it should not is never done.
const FOR_EVER: Duration = Duration::from_secs(3600);

fn open_gathering(disk: &TornDisk, gather_wait: Duration) -> Arc<Log> {
    let options = Options { gather_wait, ..options() };
    Log::open(Arc::new(disk.clone()), &Fixed, options).expect("begins").0
}

#[test]
fn a_quiet_log_waits_for_nothing() {
    let log = open_gathering(&TornDisk::new(1), FOR_EVER);
    for number in 0..10 {
        assert_eq!(append(&log, number), Ok(number));
    }
    assert_eq!(log.health().batches, 10);
}

#[test]
fn records_that_are_expected_share_a_sync() {
    let log = open_gathering(&TornDisk::new(1), Duration::from_millis(100));
    let expected: Vec<_> = (0..7).map(|_| log.expect()).collect();
    let first = with_record(0, |record| log.append(record));
    let rest: Vec<_> = (1..8).map(|number| with_record(number, |record| log.append(record))).collect();
    drop(expected);
    for (number, appending) in std::iter::once(first).chain(rest).enumerate() {
        assert_eq!(appending.wait(), Ok(number as u64));
    }
    assert_eq!(log.health().batches, 1);
}

#[test]
fn a_lone_record_written_here_is_durable_on_return() {
    let disk = TornDisk::new(1);
    let (log, _) = open(&disk).expect("begins");
    append(&log, 0).expect("taken");
    thread::sleep(Duration::from_millis(5));
    let mut here = 0;
    for number in 1..100 {
        let appending = with_record(number, |record| log.append_here(record));
        // The writer goes to sleep soon after its last batch; until then, it does the writing.
        here += u64::from(log.durable() > number);
        assert_eq!(appending.wait(), Ok(number));
    }
    assert!(here > 50, "{here}");
    assert_eq!(all(&log).len(), 100);
    disk.fail_syncs(true);
    assert_eq!(with_record(100, |record| log.append_here(record)).wait(), Err(AppendError::Failed));
    disk.fail_syncs(false);
    assert_eq!(append_until_taken(&log, 101), 100);
}

#[test]
fn an_orderly_close_leaves_nothing_to_scan() {
    let disk = TornDisk::new(1);
    let (log, recovery) = open(&disk).expect("begins");
    assert!(recovery.began);
    for number in 0..300 {
        append(&log, number).expect("taken");
    }
    log.close();
    assert_eq!(append(&log, 300), Err(AppendError::Closed));
    drop(log);
    let (log, recovery) = open(&disk.restart(3)).expect("opens");
    assert_eq!((recovery.records, recovery.scanned_records, recovery.cut), (300, 0, None));
    assert!(recovery.segments > 2);
    assert_eq!(all(&log), (0..300).collect::<Vec<_>>());
}

#[test]
fn a_start_after_a_crash_hashes_about_one_resume_interval() {
    let disk = TornDisk::new(1);
    let (log, _) = open(&disk).expect("begins");
    for number in 0..500 {
        append(&log, number).expect("taken");
        if number % 50 == 0 {
            thread::sleep(Duration::from_millis(2));
        }
    }
    let (_, recovery) = open(&disk.killed()).expect("opens");
    assert_eq!(recovery.records, 500);
    assert!(recovery.scanned_bytes < 20_000, "{recovery:?}");
}

#[test]
fn a_buffer_that_is_full_refuses_at_once() {
    let disk = keystead_store::disk::SlowDisk::new(Arc::new(MemoryDisk::new()), Duration::from_millis(50));
    let (log, _) = Log::open(Arc::new(disk), &Fixed, options()).expect("begins");
    let waiting: Vec<_> = (0..400).map(|number| with_record(number, |record| log.append(record))).collect();
    let results: Vec<_> = waiting.into_iter().map(keystead_audit::Appending::wait).collect();
    let taken = results.iter().filter(|result| result.is_ok()).count();
    assert!((50..400).contains(&taken), "{taken}");
    assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(AppendError::Full))));
    assert_eq!(all(&log).len(), taken);
}

/// Three segments and a bit, a record a batch, closed in good order.
fn closed_log() -> (TornDisk, Vec<String>) {
    let disk = TornDisk::new(1);
    let (log, _) = open(&disk).expect("begins");
    for number in 0..520 {
        append(&log, number).expect("taken");
    }
    drop(log);
    let names: Vec<_> =
        disk.list().expect("names").into_iter().filter(|name| name.ends_with(".segment")).collect();
    assert!(names.len() >= 4, "{names:?}");
    (disk.restart(1), names)
}

fn used_bytes(disk: &TornDisk, name: &str) -> u64 {
    let file = disk.open(name).expect("opens");
    let mut bytes = vec![0; file.len().expect("length") as usize];
    file.read_at(0, &mut bytes).expect("reads");
    bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at as u64 + 1)
}

/// What is wrong with the log, found on opening or by checking it.
fn complaint(disk: &TornDisk) -> Option<LogError> {
    match open(disk) {
        Ok((log, _)) => log.verify().err(),
        Err(error) => Some(error),
    }
}

#[test]
fn any_byte_changed_in_a_middle_segment_is_named() {
    let (disk, names) = closed_log();
    let name = &names[1];
    let used = used_bytes(&disk, name);
    for at in (0..150).chain((150..used).step_by(97)).chain(used - 1..used) {
        disk.flip_bit(name, at, (at % 8) as u8).expect("flips");
        match complaint(&disk) {
            Some(LogError::Corrupt { segment, offset, .. }) => {
                assert!(
                    segment == *name && offset <= at && at - offset < 700,
                    "byte {at}: {segment} {offset}"
                );
            }
            other => panic!("byte {at}: {other:?}"),
        }
        disk.flip_bit(name, at, (at % 8) as u8).expect("flips back");
    }
    assert!(complaint(&disk).is_none());
}

#[test]
fn a_byte_changed_before_later_batches_is_no_torn_tail() {
    let (disk, names) = closed_log();
    disk.remove("resume").expect("removes");
    let last = names.last().expect("segments");
    let used = used_bytes(&disk, last);
    for at in (0..used - 700).step_by(41) {
        disk.flip_bit(last, at, 3).expect("flips");
        match open(&disk).map(|(_, recovery)| recovery) {
            Err(LogError::Corrupt { segment, offset, .. }) => {
                assert!(
                    segment == *last && offset <= at && at - offset < 700,
                    "byte {at}: {segment} {offset}"
                );
            }
            other => panic!("byte {at}: {other:?}"),
        }
        disk.flip_bit(last, at, 3).expect("flips back");
    }
    assert!(complaint(&disk).is_none());
}

#[test]
fn a_torn_last_batch_is_cut_and_reported() {
    let (disk, names) = closed_log();
    disk.remove("resume").expect("removes");
    let last = names.last().expect("segments");
    let used = used_bytes(&disk, last);
    disk.flip_bit(last, used - 1, 1).expect("flips");
    let (log, recovery) = open(&disk).expect("opens");
    let cut = recovery.cut.expect("a cut");
    assert_eq!((cut.segment, cut.offset + cut.bytes), (last.clone(), used));
    assert_eq!(recovery.records, 519);
    assert_eq!(append(&log, 1000), Ok(519));
}

#[test]
fn a_segment_cut_short_is_named() {
    for (at, len) in [(1, 30_000), (3, 500), (3, 50), (1, 0)] {
        let (disk, names) = closed_log();
        disk.open(&names[at]).expect("opens").set_len(len).expect("cuts");
        let found = complaint(&disk);
        assert!(
            matches!(&found, Some(LogError::Corrupt { segment, .. }) if *segment == names[at]),
            "{found:?}"
        );
    }
}

#[test]
fn a_missing_segment_is_named() {
    for gone in 0..4 {
        let (disk, names) = closed_log();
        disk.remove(&names[gone]).expect("removes");
        match complaint(&disk) {
            Some(LogError::Missing { segment }) => {
                let next = names.get(gone + 1).unwrap_or(&names[gone]);
                assert!(segment.contains(next) || segment.contains(&names[gone]), "{segment}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_segment_of_another_log_is_not_taken_for_ours() {
    struct Other;
    impl Entropy for Other {
        fn fill(&self, out: &mut [u8]) {
            out.fill(1);
        }
    }
    let (disk, names) = closed_log();
    let other = TornDisk::new(1);
    let (log, _) = Log::open(Arc::new(other.clone()), &Other, options()).expect("begins");
    for number in 0..520 {
        append(&log, number).expect("taken");
    }
    drop(log);
    let theirs = other.restart(1).open(&names[1]).expect("opens");
    let mut bytes = vec![0; theirs.len().expect("length") as usize];
    theirs.read_at(0, &mut bytes).expect("reads");
    disk.open(&names[1]).expect("opens").write_at(0, &bytes).expect("writes");
    assert!(matches!(complaint(&disk), Some(LogError::Corrupt { segment, .. }) if segment == names[1]));
}

#[test]
fn a_reader_sees_only_what_is_durable_while_others_write() {
    let (log, _) = Log::open(Arc::new(MemoryDisk::new()), &Fixed, options()).expect("begins");
    let done = AtomicU64::new(0);
    thread::scope(|scope| {
        for thread in 0..2_u64 {
            let (log, done) = (&log, &done);
            scope.spawn(move || {
                for number in 0..1500 {
                    append(log, thread * 10_000 + number).expect("taken");
                }
                done.fetch_add(1, Ordering::Release);
            });
        }
        let (mut next, mut newest) = (0, 0);
        while done.load(Ordering::Acquire) < 2 {
            let expected = log.durable();
            next = log.read(next, &mut |_, _| ControlFlow::Continue(())).expect("readable");
            assert!(next >= expected);
            log.read_back(u64::MAX, &mut |position, _| {
                newest = newest.max(position);
                ControlFlow::Break(())
            })
            .expect("readable");
        }
    });
    assert_eq!(all(&log).len(), 3000);
}

#[test]
fn reading_may_begin_and_end_anywhere() {
    let (disk, _) = closed_log();
    let (log, _) = open(&disk).expect("opens");
    for from in [0, 1, 150, 300, 519, 520, 9999] {
        let mut seen = Vec::new();
        let next = log.read(from, &mut |position, entry| {
            assert_eq!(position, entry.at.0);
            seen.push(position);
            if seen.len() < 5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert_eq!(seen, (from..520.min(from + 5)).collect::<Vec<_>>());
        assert_eq!(next.expect("readable"), from.max(520.min(from + 5)));
    }
    let mut seen = Vec::new();
    log.read_back(300, &mut |position, _| {
        seen.push(position);
        if seen.len() < 250 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .expect("readable");
    assert_eq!(seen, (50..300).rev().collect::<Vec<_>>());
}
