//! How long a server takes from its start to its first answer, and how much memory it holds, with more and more keys.

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::cold::Cold;
use crate::client::tls::{self, Exchange};
use crate::client::{Peer, calls, connection, each};
use crate::figure::{Figure, Unit, grouped};
use crate::house::House;
use crate::keys::{self, IDS_MAX, Kept};
use crate::process::{Memory, Running};
use crate::report::Report;
use crate::series::Series;
use crate::server::{Keystead, Nothing, still_runs};
use crate::targets;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let mut sizes = Vec::new();
    for keys in sizes_up_to(house.keys_most) {
        sizes.push(Size::new(keys, keys::kept(house, keys)?));
    }
    let (mut nothing, mut killed, mut used) = (Series::default(), Series::default(), Used::default());
    let mut cold = Cold::default();
    for _ in 0..house.rounds {
        nothing.push(start_of_nothing(house)?);
        for size in &mut sizes {
            size.measure(house)?;
        }
        if let Some(largest) = sizes.last() {
            let fresh = start(house, &largest.kept)?;
            cold.measure(&fresh.peer, &largest.kept)?;
            fresh.running.stop()?;
            used.measure(house, &largest.kept)?;
            killed.push(start_after_kill(house, &largest.kept)?);
        }
    }
    sizes.iter().for_each(|size| size.tell(&nothing, house.keys_most, report));
    let what = format!("start to first answer, {} keys, after kill -9", named(house.keys_most));
    report.add(Figure::new(what, Unit::Milliseconds, killed).against(targets::START_MS));
    used.tell(house.keys_most, report);
    cold.tell(&named(house.keys_most), report);
    Ok(())
}

fn sizes_up_to(most: usize) -> Vec<usize> {
    let mut sizes: Vec<_> = [1_000, 100_000].into_iter().filter(|size| *size < most).collect();
    sizes.push(most);
    sizes
}

/// One data folder.
struct Size {
    keys: usize,
    kept: Kept,
    start_ms: Series,
    resident_mb: Series,
    own_mb: Series,
}

impl Size {
    fn new(keys: usize, kept: Kept) -> Self {
        let (start_ms, resident_mb, own_mb) = Default::default();
        Self { keys, kept, start_ms, resident_mb, own_mb }
    }

    fn measure(&mut self, house: &House) -> Result<()> {
        let Started { running, first_answer, .. } = start(house, &self.kept)?;
        self.start_ms.push(first_answer.as_secs_f64() * 1e3);
        std::thread::sleep(SETTLE);
        let Memory { resident_mb, own_mb, .. } = running.memory()?;
        self.resident_mb.push(resident_mb);
        self.own_mb.push(own_mb.unwrap_or(f64::NAN));
        running.stop()
    }

    fn tell(&self, nothing: &Series, most: usize, report: &mut Report) {
        let note = format!(
            "{} that of do-nothing ({})",
            Unit::Times.show(self.start_ms.over(nothing).median()),
            Unit::Milliseconds.show(nothing.median())
        );
        let what = format!("start to first answer, {} keys", named(self.keys));
        let start = Figure::new(what, Unit::Milliseconds, self.start_ms.clone()).noting(note);
        report.add(if self.keys == most { start.against(targets::START_MS) } else { start });
        let note = format!(
            "{} of it its own, the rest the program's file",
            Unit::Megabytes.show(self.own_mb.median())
        );
        let what = format!("resident memory after the first answer, {} keys", named(self.keys));
        report.add(Figure::new(what, Unit::Megabytes, self.resident_mb.clone()).noting(note));
    }
}

/// Memory of a server that has just used many keys.
#[derive(Default)]
struct Used {
    keys: usize,
    resident_mb: Series,
    own_mb: Series,
    shared_out_mb: Series,
}

impl Used {
    /// Uses each key once; then the server is killed, so that the next one starts from what a crash leaves.
    fn measure(&mut self, house: &House, kept: &Kept) -> Result<()> {
        let Started { running, peer, .. } = start(house, kept)?;
        self.keys = kept.ids.len().min(IDS_MAX);
        let calls = kept.ids.iter().take(self.keys).enumerate().map(|(at, id)| calls::encrypt(id, at));
        let requests = kept.known.signed(&peer, calls)?;
        each(&peer, &requests, self.keys, CONNECTIONS, |_, _| Ok(()))?;
        std::thread::sleep(SETTLE);
        let Memory { resident_mb, own_mb, shared_out_mb } = running.memory()?;
        self.resident_mb.push(resident_mb);
        self.own_mb.push(own_mb.unwrap_or(f64::NAN));
        self.shared_out_mb.push(shared_out_mb.unwrap_or(f64::NAN));
        drop(running);
        Ok(())
    }

    fn tell(self, most: usize, report: &mut Report) {
        let note = format!(
            "{} of it its own; {} with shared pages split",
            Unit::Megabytes.show(self.own_mb.median()),
            Unit::Megabytes.show(self.shared_out_mb.median())
        );
        let what = format!("resident memory, {} keys, {} just used", named(most), named(self.keys));
        let figure = Figure::new(what, Unit::Megabytes, self.resident_mb);
        report.add(figure.against(targets::MEMORY_MB).noting(note));
    }
}

fn start_after_kill(house: &House, kept: &Kept) -> Result<f64> {
    let Started { running, first_answer, .. } = start(house, kept)?;
    running.stop()?;
    Ok(first_answer.as_secs_f64() * 1e3)
}

/// A server that has answered once.
struct Started {
    running: Running,
    peer: Peer,
    first_answer: Duration,
}

/// Starts a server and asks it to encrypt under one of its keys until it does.
fn start(house: &House, kept: &Kept) -> Result<Started> {
    let tls = tls::config(&kept.known.certificates, Exchange::Hybrid)?;
    let peer = Peer { address: ([127, 0, 0, 1], free_port()?).into(), tls };
    let key = kept.ids.first().expect("a store of many keys has one");
    let requests = kept.known.signed(&peer, std::iter::once(calls::encrypt(key, 0)))?;
    let (program, scratch) = (house.program()?, house.scratch());
    let begun = Instant::now();
    let mut running = Keystead::spawn_at(program, &kept.data, scratch, peer.address.port())?;
    let first_answer = await_answer(&mut running, &peer, requests.at(0), begun, scratch)?;
    Ok(Started { running, peer, first_answer })
}

fn await_answer(
    running: &mut Running,
    peer: &Peer,
    request: &[u8],
    begun: Instant,
    scratch: &Path,
) -> Result<Duration> {
    loop {
        match connection::Blocking::open(peer).and_then(|mut one| one.ask(request).map(|_| ())) {
            Ok(()) => return Ok(begun.elapsed()),
            Err(error) if is_refused(&error) => still_runs(running, scratch)?,
            Err(error) => return Err(error),
        }
        if begun.elapsed() > WAIT_MAX {
            bail!("the server does not answer");
        }
        std::thread::sleep(BETWEEN);
    }
}

/// Whether nobody listens there yet.
fn is_refused(error: &anyhow::Error) -> bool {
    let kinds = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    kinds.into_iter().any(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
}

/// A port nobody listens on at this moment. Somebody else may take it first; then the start fails and says so.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Start of the do-nothing server to its first answer, in milliseconds.
fn start_of_nothing(house: &House) -> Result<f64> {
    let begun = Instant::now();
    let nothing = Nothing::start(house.scratch())?;
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    connection::Blocking::open(&nothing.peer)?.ask(request)?;
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

fn named(keys: usize) -> String {
    grouped(keys as f64)
}

/// Time for a server to come to rest before its memory is read.
const SETTLE: Duration = Duration::from_secs(1);
/// Between two attempts to reach a server that starts.
const BETWEEN: Duration = Duration::from_micros(500);
const WAIT_MAX: Duration = Duration::from_secs(120);
const CONNECTIONS: usize = 64;
