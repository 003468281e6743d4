//! Appending to the audit log: on a real folder, and on disks in memory whose syncs take a known time.

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use keystead_audit::{Decision, Log, Options, Outcome, Record};
use keystead_model::world::{Disk, Entropy};
use keystead_model::{
    Action, EncryptionContext, KeyArn, KeyId, Location, MaterialId, Protocol, RequestId, Timestamp,
};
use keystead_store::disk::{FileDisk, MemoryDisk, SlowDisk};
use tokio::task::{JoinSet, LocalSet};

use super::syncs::Syncs;
use crate::figure::{Figure, Unit};
use crate::house::House;
use crate::report::Report;
use crate::series::Series;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut syncs = Syncs::in_folder(&house.scratch().join("audit-syncs"))?;
    let mut quick: Vec<(usize, usize, Series)> = Vec::new();
    for threads in 1..=cores {
        quick.extend(WAITING.map(|waiting| (threads, waiting, Series::default())));
    }
    let mut slow: Vec<(u64, Series)> = SLOW_MS.map(|ms| (ms, Series::default())).into();
    let mut sync = Series::default();
    for _ in 0..house.rounds {
        for (threads, waiting, series) in &mut quick {
            series.push(appends_a_second(house, None, *threads, *waiting)?);
        }
        sync.push(1e6 / syncs.measure(house.duration / 2)?.within(0.5));
        for (ms, series) in &mut slow {
            let delay = Duration::from_millis(*ms);
            series.push(appends_a_second(house, Some(delay), cores, SLOW_WAITING)?);
        }
    }
    for (threads, waiting, series) in quick {
        let note = format!(
            "{}, and {} of syncs alone",
            Unit::PerSecond.show(series.median()),
            Unit::PerSecond.show(sync.median())
        );
        let plural = if threads == 1 { "" } else { "s" };
        let what = format!("audit appends, {threads} thread{plural}, {waiting} waiting, against syncs");
        report.add(Figure::new(what, Unit::Times, series.over(&sync)).noting(note));
    }
    for (ms, series) in slow {
        let expected = SLOW_WAITING as f64 * 1e3 / ms as f64;
        let note =
            format!("{}, expected {}", Unit::PerSecond.show(series.median()), Unit::PerSecond.show(expected));
        let what = format!("audit appends, {SLOW_WAITING} waiting, syncs of {ms} ms, against 256 a sync");
        let ratio = Series(series.0.iter().map(|found| found / expected).collect());
        report.add(Figure::new(what, Unit::Times, ratio).noting(note));
    }
    Ok(())
}

/// How many records a second a new log makes durable for so many appenders, each of which waits for its record before
/// the next.
fn appends_a_second(house: &House, delay: Option<Duration>, threads: usize, waiting: usize) -> Result<f64> {
    let folder = house.scratch().join("audit");
    let log = open_log(&folder, delay)?;
    let end = Instant::now() + house.duration;
    let sums: Vec<Result<u64>> = std::thread::scope(|scope| {
        let share = |thread| waiting / threads + usize::from(thread < waiting % threads);
        let run = |thread| {
            let log = Arc::clone(&log);
            move || append_until(&log, share(thread), end)
        };
        let begun: Vec<_> = (0..threads).map(|thread| scope.spawn(run(thread))).collect();
        begun.into_iter().map(|thread| thread.join().expect("an appending thread does not panic")).collect()
    });
    log.close();
    drop(log);
    if delay.is_none() {
        std::fs::remove_dir_all(folder)?;
    }
    let mut all = 0;
    for sum in sums {
        all += sum?;
    }
    Ok(all as f64 / house.duration.as_secs_f64())
}

fn open_log(folder: &Path, delay: Option<Duration>) -> Result<Arc<Log>> {
    let disk: Arc<dyn Disk> = match delay {
        None => Arc::new(FileDisk::open(folder)?),
        Some(delay) => Arc::new(SlowDisk::new(Arc::new(MemoryDisk::new()), delay)),
    };
    Ok(Log::open(disk, &SystemEntropy, Options::default())?.0)
}

fn append_until(log: &Arc<Log>, appenders: usize, end: Instant) -> Result<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().context("no runtime")?;
    let sample = Rc::new(Sample::new()?);
    let count = Rc::new(Cell::new(0));
    LocalSet::new().block_on(&runtime, async {
        let mut tasks = JoinSet::new();
        for _ in 0..appenders {
            let (log, sample, count) = (Arc::clone(log), Rc::clone(&sample), Rc::clone(&count));
            tasks.spawn_local(async move {
                loop {
                    log.append(&sample.record()).await?;
                    if Instant::now() >= end {
                        return anyhow::Ok(());
                    }
                    count.set(count.get() + 1);
                }
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.context("an appender panicked")??;
        }
        Ok(count.get())
    })
}

/// What a record of Encrypt is made of.
struct Sample {
    key: KeyArn,
    context: EncryptionContext,
    next: Cell<u128>,
}

impl Sample {
    fn new() -> Result<Self> {
        let location: Location = "us-east-1".parse()?;
        let key = KeyArn { location, account: "000000000000".parse()?, key: KeyId::from_random([7; 16]) };
        let context = EncryptionContext::new(vec![("tenant".into(), "7".into())])?;
        Ok(Self { key, context, next: Cell::new(0) })
    }

    fn record(&self) -> Record<'_> {
        self.next.set(self.next.get() + 1);
        Record {
            request: RequestId(self.next.get().to_be_bytes()),
            at: Timestamp::from_seconds(1_790_000_000),
            action: Action::Encrypt,
            protocol: Protocol::AwsKms,
            principal: Some("arn:aws:iam::000000000000:root"),
            account: Some(self.key.account),
            access_key: Some("AKIAIOSFODNN7EXAMPLE"),
            source: Some(std::net::Ipv4Addr::LOCALHOST.into()),
            location: Some(&self.key.location),
            user_agent: "keystead-bench",
            key: Some(&self.key),
            resource: None,
            material: Some(MaterialId([7; 32])),
            context: Some(&self.context),
            decision: Decision::Allowed("key-policy:#1"),
            outcome: Outcome::Success,
            change: None,
            tls: true,
        }
    }
}

/// The operating system's random bytes.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) {
        SystemRandom::new().fill(out).expect("the operating system gives random bytes");
    }
}

/// Appenders that wait at once.
const WAITING: [usize; 2] = [64, 256];
const SLOW_WAITING: usize = 256;
/// How long syncs are made to take.
const SLOW_MS: [u64; 3] = [1, 5, 20];
