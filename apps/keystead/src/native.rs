//! What Keystead's own API answers from: the log, and the state of the server.
//!
//! Policy decides who may ask, through the engine's door; each reading is on record before anything is read. A
//! caller sees the records of its own account, and those of attempts that proved to be nobody's: whoever runs the
//! only account of a server is the one to look at them.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use keystead_audit::{Entry, Filter, FilterError, Log, LogError, json_line};
use keystead_crypto::Arena;
use keystead_engine::Engine;
use keystead_engine::ops::{MoveClock, ReadAudit, ReadStatus};
use keystead_http::native::RECORDS_MAX;
use keystead_http::{ClockMove, NativeBackend, RecordsQuery, Stop};
use keystead_model::world::World;
use keystead_model::{AccountId, Action, Call, Caller, Error, Location, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use crate::dev::DevClock;
use crate::when;

/// Bytes of records after which an answer ends; the last record may go beyond.
pub const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Readers of the log at a time. One more waits: reading competes with requests for the processor.
const READERS_MAX: usize = 2;
/// How often a waiting reader looks whether there is more.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Answers for a running server.
pub struct Native {
    /// Who decides.
    pub engine: Arc<Engine>,
    /// What is read.
    pub log: Arc<Log>,
    /// Where keys are in memory.
    pub arena: Arc<Arena>,
    /// Clock.
    pub world: World,
    /// The clock of a server for development.
    pub clock: Option<Arc<DevClock>>,
    /// When it started.
    pub started: Timestamp,
    /// Takes turns at the log.
    pub readers: Arc<Semaphore>,
}

impl Native {
    /// The turns at the log of one server.
    pub fn readers() -> Arc<Semaphore> {
        Arc::new(Semaphore::new(READERS_MAX))
    }

    fn locations(&self) -> Value {
        match self.engine.locations().all() {
            None => "any".into(),
            Some(locations) => locations.iter().map(Location::as_str).collect(),
        }
    }

    async fn read(&self, reading: Reading) -> Result<Page, Error> {
        let turn = Arc::clone(&self.readers).acquire_owned().await.map_err(|_| Error::Internal)?;
        let log = Arc::clone(&self.log);
        let read = tokio::task::spawn_blocking(move || {
            let page = reading.run(&log);
            drop(turn);
            page
        });
        let failed = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "the audit log cannot be read");
            Error::Internal
        };
        read.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }
}

impl NativeBackend for Native {
    async fn records(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        query: &RecordsQuery,
        stop: &Stop,
    ) -> Result<Bytes, Error> {
        // Taken before this reading is on record, so that no reading shows itself.
        let end = self.log.durable();
        let filter = match filter(query) {
            Ok(filter) => filter,
            Err(error) => {
                let error = Error::Invalid(error.to_string().into());
                self.engine
                    .refuse(call, Some(caller), Action::ReadAudit, error.code(), &error.to_string())
                    .await?;
                return Err(error);
            }
        };
        let permit = self.engine.authorise(call, caller, ReadAudit).await?;
        self.engine.read_audit(permit).await?;
        let account = caller.principal.account();
        let mut reading = Reading { filter, account, after: query.after, last: query.last, end };
        let until = Instant::now() + Duration::from_secs(query.wait_seconds.into());
        loop {
            let page = self.read(reading.clone()).await?;
            if page.has_news || Instant::now() >= until || stop.has_begun() {
                return Ok(page.into_bytes());
            }
            // Readings alone are no news: readers that wait for each other's would never rest.
            while self.log.durable() == reading.end && Instant::now() < until && !stop.has_begun() {
                sleep(LOOK_AGAIN).await;
            }
            reading.end = self.log.durable();
        }
    }

    async fn status(&self, call: &Call, caller: &Arc<Caller>) -> Result<Bytes, Error> {
        let permit = self.engine.authorise(call, caller, ReadStatus).await?;
        self.engine.read_status(permit).await?;
        let log = self.log.health();
        let healthy = self.engine.is_healthy();
        let status = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "account": caller.principal.account().map(|account| account.to_string()),
            "locations": self.locations(),
            "ready": healthy && log.failed.is_none(),
            "now": when::spell(self.world.clock.now()),
            "started": when::spell(self.started),
            "store": { "takes_changes": healthy },
            "audit": {
                "takes_records": log.failed.is_none(),
                "failure": log.failed,
                "records": log.records,
                "segments": log.segments,
                "appended": log.appended,
                "batches": log.batches,
                "failures": log.failures,
            },
            "memory": { "keys_locked": self.arena.is_locked(), "slots_used": self.arena.used() },
        });
        Ok(status.to_string().into())
    }

    fn has_clock(&self) -> bool {
        self.clock.is_some()
    }

    async fn clock(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        change: Option<ClockMove>,
    ) -> Result<Bytes, Error> {
        // Without one, the front does not ask.
        let Some(clock) = &self.clock else { return Err(Error::Internal) };
        match change {
            None => {
                let permit = self.engine.authorise(call, caller, ReadStatus).await?;
                self.engine.read_status(permit).await?;
            }
            Some(change) => {
                let permit = self.engine.authorise(call, caller, MoveClock { how: spell(&change) }).await?;
                self.engine.move_clock(permit).await?;
                clock.make(&change, &self.engine).await?;
            }
        }
        let now = when::spell(self.world.clock.now());
        Ok(json!({ "now": now, "frozen": clock.is_frozen() }).to_string().into())
    }
}

/// A move, for the record.
fn spell(change: &ClockMove) -> Box<str> {
    let ClockMove { set, advance_ms, freeze } = change;
    let parts = [
        set.map(|at| format!("set={}", when::spell(at))),
        advance_ms.map(|ms| format!("advance={ms}ms")),
        freeze.map(|freeze| format!("freeze={freeze}")),
    ];
    format!("clock {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" ")).into()
}

fn filter(query: &RecordsQuery) -> Result<Filter, FilterError> {
    let RecordsQuery {
        key,
        principal,
        action,
        outcome,
        request,
        from,
        until,
        last: _,
        after: _,
        wait_seconds: _,
    } = query;
    let (from, until) = (from.map(when::spell), until.map(when::spell));
    let pairs = [
        ("key", key),
        ("principal", principal),
        ("action", action),
        ("outcome", outcome),
        ("request", request),
        ("from", &from),
        ("until", &until),
    ];
    Filter::parse(pairs.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))))
}

/// One look at the log.
#[derive(Clone)]
struct Reading {
    filter: Filter,
    account: Option<AccountId>,
    after: Option<u64>,
    last: Option<u32>,
    /// The first position that is not read.
    end: u64,
}

/// What one look found.
#[derive(Default)]
struct Page {
    lines: Vec<String>,
    bytes: usize,
    /// Whether there is more than readings.
    has_news: bool,
}

impl Reading {
    fn run(&self, log: &Log) -> Result<Page, LogError> {
        match self.last {
            Some(last) => self.newest(log, last),
            None => self.oldest(log),
        }
    }

    /// From the beginning, or after a position, as far as an answer goes.
    fn oldest(&self, log: &Log) -> Result<Page, LogError> {
        let mut page = Page::default();
        let from = self.least();
        if from < self.end {
            log.read(from, &mut |position, entry| match position < self.end {
                true => page.meet(self, position, entry, RECORDS_MAX),
                false => ControlFlow::Break(()),
            })?;
        }
        Ok(page)
    }

    /// The newest, put in order.
    fn newest(&self, log: &Log, last: u32) -> Result<Page, LogError> {
        let mut page = Page::default();
        let least = self.least();
        if last > 0 {
            log.read_back(self.end, &mut |position, entry| match position >= least {
                true => page.meet(self, position, entry, last.min(RECORDS_MAX)),
                false => ControlFlow::Break(()),
            })?;
        }
        page.lines.reverse();
        Ok(page)
    }

    fn least(&self) -> u64 {
        self.after.map_or(0, |after| after.saturating_add(1))
    }

    fn shows(&self, entry: &Entry) -> bool {
        let own = entry.account.is_none() || entry.account == self.account;
        own && self.filter.matches(entry)
    }
}

impl Page {
    /// Takes a record if it is wanted, and says whether there is room for more.
    fn meet(&mut self, reading: &Reading, position: u64, entry: &Entry, records_max: u32) -> ControlFlow<()> {
        if reading.shows(entry) {
            let mut line = json_line(position, entry);
            line.push('\n');
            self.bytes += line.len();
            self.lines.push(line);
            self.has_news |= entry.known_action() != Some(Action::ReadAudit);
        }
        match self.lines.len() < records_max as usize && self.bytes < ANSWER_BYTES_MAX {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }

    fn into_bytes(self) -> Bytes {
        self.lines.concat().into()
    }
}
