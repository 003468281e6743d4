//! What is measured, one file a part.

mod audit;
mod cold;
mod durable;
mod files;
mod grants;
mod kms;
mod peers;
mod policy;
mod sign;
mod start;
mod store;
mod syncs;
mod tls;

use anyhow::Result;
use clap::ValueEnum;

use crate::house::House;
use crate::report::Report;

/// A part of the benchmark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Part {
    /// Everything
    All,
    /// Requests a second and latencies of the KMS API over TLS
    Kms,
    /// Signatures a second through the API
    Sign,
    /// One durable request alone
    Durable,
    /// Start time and memory with many keys
    Start,
    /// Sealing and opening a file
    Files,
    /// Commits of the embedded store
    Store,
    /// Appending to the audit log
    Audit,
    /// Decrypt on a key with many grants
    Grants,
    /// New TLS connections
    Tls,
    /// A decision by many documents
    Policy,
}

impl Part {
    /// All but [`Part::All`], in the order they are measured.
    pub const EACH: [Part; 10] = [
        Self::Kms,
        Self::Sign,
        Self::Durable,
        Self::Start,
        Self::Files,
        Self::Store,
        Self::Audit,
        Self::Grants,
        Self::Tls,
        Self::Policy,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Kms => "kms",
            Self::Sign => "sign",
            Self::Durable => "durable",
            Self::Start => "start",
            Self::Files => "files",
            Self::Store => "store",
            Self::Audit => "audit",
            Self::Grants => "grants",
            Self::Tls => "tls",
            Self::Policy => "policy",
        }
    }

    /// Measures it.
    pub fn run(self, house: &House, report: &mut Report) -> Result<()> {
        match self {
            Self::All => Self::EACH.into_iter().try_for_each(|part| part.run(house, report)),
            Self::Kms => kms::run(house, report),
            Self::Sign => sign::run(house, report),
            Self::Durable => durable::run(house, report),
            Self::Start => start::run(house, report),
            Self::Files => files::run(house, report),
            Self::Store => store::run(house, report),
            Self::Audit => audit::run(house, report),
            Self::Grants => grants::run(house, report),
            Self::Tls => tls::run(house, report),
            Self::Policy => policy::run(house, report),
        }
    }
}
