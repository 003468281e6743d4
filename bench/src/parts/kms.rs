//! The KMS API over TLS 1.3 keep-alive, with signatures, policy and durable audit, against a server that does
//! nothing on the same stack.

use std::sync::Arc;

use anyhow::{Result, bail};

use super::store::rows_a_second;
use crate::client::{Requests, Run, calls, closed, each, open};
use crate::figure::{Figure, Unit, grouped};
use crate::house::House;
use crate::keys::{self, IDS_MAX};
use crate::process::own_cpu_seconds;
use crate::report::Report;
use crate::series::Series;
use crate::server::{Keystead, Nothing};
use crate::targets;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let (keystead, nothing) = (house.keystead("kms")?, house.nothing()?);
    let key = new_key(&keystead)?;
    let mut levels = levels();
    let mut open_loops = OpenLoops::default();
    let mut creates = Creates::default();
    for round in 0..house.rounds {
        eprintln!("  round {} of {}", round + 1, house.rounds);
        for same_connections in levels.chunks_mut(Operation::ALL.len()) {
            // Signed anew each time, because a signature is good for five minutes. Both sides are sent the same.
            let pools = Pools::sign(&keystead, &key)?;
            for level in same_connections {
                level.measure(house, &keystead, &nothing, pools.of(level.operation), round)?;
            }
        }
        open_loops.measure(house, &keystead, &nothing, &Pools::sign(&keystead, &key)?.encrypt)?;
        creates.measure(house, &keystead, round)?;
    }
    keystead.running.stop()?;
    levels.iter().for_each(|level| level.tell(report));
    open_loops.tell(report);
    creates.tell(report);
    distinct(house, report)
}

/// Which call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Encrypt,
    Decrypt,
    GenerateDataKey,
}

impl Operation {
    const ALL: [Self; 3] = [Self::Encrypt, Self::Decrypt, Self::GenerateDataKey];

    fn name(self) -> &'static str {
        match self {
            Self::Encrypt => "Encrypt",
            Self::Decrypt => "Decrypt",
            Self::GenerateDataKey => "GenerateDataKey",
        }
    }
}

/// Requests of one round.
struct Pools {
    encrypt: Arc<Requests>,
    decrypt: Arc<Requests>,
    generate: Arc<Requests>,
}

impl Pools {
    /// Signs them, and sees on the way that what is sealed opens again.
    fn sign(keystead: &Keystead, key: &str) -> Result<Self> {
        let encrypt = keystead.signed((0..POOL).map(|number| calls::encrypt(key, number)))?;
        let sealed =
            each(&keystead.peer, &encrypt, POOL, 4, |_, answer| calls::text_at(answer, "/CiphertextBlob"))?;
        let decrypt = keystead.signed(sealed.iter().map(|text| calls::decrypt(text)))?;
        each(&keystead.peer, &decrypt, POOL, 4, |number, answer| {
            match calls::holds_plaintext(answer, number)? {
                true => Ok(()),
                false => bail!("what was sealed opens as something else"),
            }
        })?;
        let generate = keystead.signed((0..POOL).map(|_| calls::generate_data_key(key)))?;
        Ok(Self { encrypt, decrypt, generate })
    }

    fn of(&self, operation: Operation) -> &Arc<Requests> {
        match operation {
            Operation::Encrypt => &self.encrypt,
            Operation::Decrypt => &self.decrypt,
            Operation::GenerateDataKey => &self.generate,
        }
    }
}

fn new_key(keystead: &Keystead) -> Result<String> {
    let request = keystead.signed(std::iter::once(calls::create_key()))?;
    let ids = each(&keystead.peer, &request, 1, 1, |_, answer| calls::text_at(answer, "/KeyMetadata/KeyId"))?;
    Ok(ids.into_iter().next().expect("one request, one answer"))
}

/// One operation at one number of connections.
struct Level {
    operation: Operation,
    connections: usize,
    ours: Found,
    theirs: Found,
}

/// What one side showed, round by round. Times in milliseconds.
#[derive(Default)]
struct Found {
    per_second: Series,
    p50: Series,
    p99: Series,
    p999: Series,
    /// Processor time a request, in microseconds: the server's, and the load generator's.
    server_us: Series,
    load_us: Series,
}

impl Found {
    fn push(&mut self, run: &Run) {
        let ms = |share| run.latencies.within(share) / 1e3;
        self.per_second.push(run.per_second);
        self.p50.push(ms(0.5));
        self.p99.push(ms(0.99));
        self.p999.push(ms(0.999));
    }
}

fn levels() -> Vec<Level> {
    let level = |connections, operation| Level {
        operation,
        connections,
        ours: Found::default(),
        theirs: Found::default(),
    };
    let levels = CONNECTIONS.into_iter();
    levels.flat_map(|connections| Operation::ALL.map(|operation| level(connections, operation))).collect()
}

impl Level {
    /// Both sides, the first to go changing from round to round.
    fn measure(
        &mut self,
        house: &House,
        keystead: &Keystead,
        nothing: &Nothing,
        requests: &Arc<Requests>,
        round: usize,
    ) -> Result<()> {
        let mut sides = [
            (&mut self.ours, &keystead.running, &keystead.peer),
            (&mut self.theirs, &nothing.running, &nothing.peer),
        ];
        if !round.is_multiple_of(2) {
            sides.reverse();
        }
        for (found, server, peer) in sides {
            let (server_before, load_before) = (server.cpu_seconds()?, own_cpu_seconds()?);
            let run = closed(peer, requests, self.connections, house.duration)?;
            // The tenth that warms up takes processor time, too, and its answers are not counted.
            let answers = run.latencies.count() as f64 * 1.1;
            found.server_us.push((server.cpu_seconds()? - server_before) * 1e6 / answers);
            found.load_us.push((own_cpu_seconds()? - load_before) * 1e6 / answers);
            found.push(&run);
        }
        Ok(())
    }

    fn tell(&self, report: &mut Report) {
        let Self { operation, connections, ours, theirs, .. } = self;
        let what = format!(
            "{} at {connections} connection{}",
            operation.name(),
            if *connections == 1 { "" } else { "s" }
        );
        let note = format!(
            "{} against {}; processor time a request {:.0} µs against {:.0}, and {:.0} in the load generator",
            Unit::PerSecond.show(ours.per_second.median()),
            Unit::PerSecond.show(theirs.per_second.median()),
            ours.server_us.median(),
            theirs.server_us.median(),
            ours.load_us.median(),
        );
        let ratio = ours.per_second.over(&theirs.per_second);
        let ratio = Figure::new(format!("{what}, against do-nothing"), Unit::Times, ratio).noting(note);
        let note = format!(
            "p50 {}, p99.9 {}; do-nothing p50 {}, p99 {}, p99.9 {}",
            Unit::Milliseconds.show(ours.p50.median()),
            Unit::Milliseconds.show(ours.p999.median()),
            Unit::Milliseconds.show(theirs.p50.median()),
            Unit::Milliseconds.show(theirs.p99.median()),
            Unit::Milliseconds.show(theirs.p999.median()),
        );
        let p99 = Figure::new(format!("{what}, p99"), Unit::Milliseconds, ours.p99.clone()).noting(note);
        match *connections == JUDGED {
            true => {
                report.add(ratio.against(targets::THROUGHPUT));
                report.add(p99.against(targets::P99_MS));
            }
            false => {
                report.add(ratio);
                report.add(p99);
            }
        }
    }
}

/// Encrypt at a fixed rate.
#[derive(Default)]
struct OpenLoops {
    ours: Found,
    theirs: Found,
}

impl OpenLoops {
    fn measure(
        &mut self,
        house: &House,
        keystead: &Keystead,
        nothing: &Nothing,
        requests: &Requests,
    ) -> Result<()> {
        let connections = u32::try_from(JUDGED)?;
        self.ours.push(&open(&keystead.peer, requests, connections, RATE, house.duration)?);
        self.theirs.push(&open(&nothing.peer, requests, connections, RATE, house.duration)?);
        Ok(())
    }

    fn tell(&self, report: &mut Report) {
        let Self { ours, theirs } = self;
        let target = targets::P99_OPEN_MS.with_goal(targets::P99_OPEN_TIMES * theirs.p99.median());
        let note = format!(
            "do-nothing {}, so {}; p50 {}, p99.9 {}",
            Unit::Milliseconds.show(theirs.p99.median()),
            Unit::Times.show(ours.p99.over(&theirs.p99).median()),
            Unit::Milliseconds.show(ours.p50.median()),
            Unit::Milliseconds.show(ours.p999.median()),
        );
        let figure =
            Figure::new("Encrypt at 10,000/s, p99 from due time", Unit::Milliseconds, ours.p99.clone());
        report.add(figure.against(target).noting(note));
    }
}

/// CreateKey, and the embedded store by itself as what it stands on.
#[derive(Default)]
struct Creates {
    ours: Found,
    rows: Series,
}

impl Creates {
    fn measure(&mut self, house: &House, keystead: &Keystead, round: usize) -> Result<()> {
        let requests = keystead.signed(std::iter::once(calls::create_key()))?;
        self.ours.push(&closed(&keystead.peer, &requests, JUDGED, house.duration)?);
        let folder = house.scratch().join(format!("rows-{round}"));
        self.rows.push(rows_a_second(&folder, JUDGED, house.duration)?);
        Ok(std::fs::remove_dir_all(folder)?)
    }

    fn tell(&self, report: &mut Report) {
        let note = format!(
            "{} of the store's rows in commits of {JUDGED}; p50 {}, p99 {}",
            Unit::Times.show(self.ours.per_second.over(&self.rows).median()),
            Unit::Milliseconds.show(self.ours.p50.median()),
            Unit::Milliseconds.show(self.ours.p99.median()),
        );
        let what = format!("CreateKey at {JUDGED} connections");
        let figure = Figure::new(what, Unit::PerSecond, self.ours.per_second.clone());
        report.add(figure.against(targets::CREATE_PER_SECOND).noting(note));
    }
}

/// Encrypt over many keys against one of them. Both sides have equally many requests ready, so that the load
/// generator's own memory weighs the same on both.
fn distinct(house: &House, report: &mut Report) -> Result<()> {
    let count = IDS_MAX.min(house.keys_most);
    let kept = keys::kept(house, count)?;
    let data = house.scratch().join("distinct");
    keys::copied(&kept, &data)?;
    let keystead = Keystead::start(house.program()?, &data, house.scratch())?;
    let (mut many, mut one) = (Series::default(), Series::default());
    for round in 0..house.rounds {
        let requests = keystead.signed(kept.ids.iter().enumerate().map(|(at, id)| calls::encrypt(id, at)))?;
        if round == 0 {
            each(&keystead.peer, &requests, count, JUDGED, |_, _| Ok(()))?;
        }
        many.push(closed(&keystead.peer, &requests, JUDGED, house.duration)?.per_second);
        drop(requests);
        let requests = keystead.signed((0..count).map(|at| calls::encrypt(&kept.ids[0], at)))?;
        one.push(closed(&keystead.peer, &requests, JUDGED, house.duration)?.per_second);
    }
    keystead.running.stop()?;
    std::fs::remove_dir_all(data)?;
    let note =
        format!("{} against {}", Unit::PerSecond.show(many.median()), Unit::PerSecond.show(one.median()));
    let what = format!("Encrypt over {} keys, against one key", grouped(count as f64));
    report.add(Figure::new(what, Unit::Times, many.over(&one)).against(targets::DISTINCT).noting(note));
    Ok(())
}

const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
/// The number of connections for which figures are set.
const JUDGED: usize = 64;
/// Requests a second of the open loop.
const RATE: u32 = 10_000;
/// Different requests of each operation.
const POOL: usize = 1024;
