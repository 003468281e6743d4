//! New TLS connections, with the hybrid key exchange against the classic one, on the product's own listener.

use anyhow::Result;

use crate::client::tls::{self, Exchange};
use crate::client::{Peer, handshakes};
use crate::figure::{Figure, Unit};
use crate::house::House;
use crate::report::Report;
use crate::series::Series;
use crate::targets;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let keystead = house.keystead("tls")?;
    let hybrid = keystead.peer.clone();
    let classic = tls::config(&keystead.known.certificates, Exchange::Classic)?;
    let classic = Peer { tls: classic, ..hybrid.clone() };
    let (mut with, mut without) = (Series::default(), Series::default());
    for _ in 0..house.rounds {
        with.push(handshakes(&hybrid, CLIENTS, house.duration)?);
        without.push(handshakes(&classic, CLIENTS, house.duration)?);
    }
    keystead.running.stop()?;
    let note =
        format!("{} against {}", Unit::PerSecond.show(with.median()), Unit::PerSecond.show(without.median()));
    let what = "new TLS connections, X25519MLKEM768 against X25519";
    report.add(Figure::new(what, Unit::Times, with.over(&without)).against(targets::HANDSHAKES).noting(note));
    Ok(())
}

/// Connections being made at once.
const CLIENTS: usize = 16;
