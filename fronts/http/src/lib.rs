//! Everything Keystead speaks over HTTP: AWS KMS, AWS IAM, AWS STS and its own API.
//!
//! A front turns wire into model, knocks at the engine's door, and turns the answer back; it decides nothing
//! about keys. [`server`] owns the sockets and knows no protocol; [`front`] tells protocols apart; each has a
//! module of its own; [`sigv4`] reads signatures; [`door`] sees to it that what a front refuses is recorded.

mod answer;
pub mod aws;
pub mod door;
pub mod front;
pub mod metrics;
pub mod native;
pub mod server;
pub mod sigv4;
mod site;

pub use front::{Front, FrontParts};
pub use keystead_model::Locations;
pub use metrics::{Metrics, MetricsPage};
pub use native::{ClockMove, NativeBackend, RecordsQuery};
pub use server::{Config, Limits, Server, StartError, Stop, tls};
