//! What a server with very many keys takes to tell about keys it has not touched since its start.

use std::time::Instant;

use anyhow::Result;

use crate::client::{Peer, calls, connection};
use crate::figure::{Figure, Unit};
use crate::keys::Kept;
use crate::latency::{Latencies, nanoseconds};
use crate::report::Report;
use crate::series::Series;
use crate::targets;

/// Times of calls about keys that are not in memory, one call at a time.
#[derive(Default)]
pub struct Cold {
    describe_ms: Series,
    list_ms: Series,
}

impl Cold {
    /// Asks a server that has just started. Each key is asked about once.
    pub fn measure(&mut self, peer: &Peer, kept: &Kept) -> Result<()> {
        // The first key answered the request that the start was measured with.
        let cold = kept.ids.iter().skip(1).step_by((kept.ids.len() / DESCRIBED).max(1)).take(DESCRIBED);
        self.describe_ms.push(slowest_hundredth_ms(peer, kept, cold.map(|id| calls::describe_key(id)))?);
        let marks = kept.ids.iter().step_by((kept.ids.len() / LISTED).max(1)).take(LISTED);
        self.list_ms.push(slowest_hundredth_ms(peer, kept, marks.map(|id| calls::list_keys(PAGE, id)))?);
        Ok(())
    }

    /// Puts both into the report. `named` says how many keys there are.
    pub fn tell(self, named: &str, report: &mut Report) {
        let what = format!("DescribeKey of a cold key, p99, {named} keys");
        let figure = Figure::new(what, Unit::Milliseconds, self.describe_ms);
        report.add(figure.against(targets::DESCRIBE_COLD_MS));
        let what = format!("ListKeys, a page of {PAGE}, p99, {named} keys");
        report.add(Figure::new(what, Unit::Milliseconds, self.list_ms).against(targets::LIST_KEYS_MS));
    }
}

fn slowest_hundredth_ms(peer: &Peer, kept: &Kept, calls: impl Iterator<Item = calls::Call>) -> Result<f64> {
    let requests = kept.known.signed(peer, calls)?;
    let mut one = connection::Blocking::open(peer)?;
    let mut times = Vec::with_capacity(requests.count());
    for at in 0..requests.count() {
        let begun = Instant::now();
        one.ask(requests.at(at))?;
        times.push(nanoseconds(begun.elapsed()));
    }
    Ok(Latencies::new(times).within(0.99) / 1e3)
}

/// Keys described in a round.
const DESCRIBED: usize = 2000;
/// Pages listed in a round.
const LISTED: usize = 300;
/// Keys on a page: as many as the API gives.
const PAGE: usize = 1000;
