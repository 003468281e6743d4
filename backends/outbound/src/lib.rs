//! What every client inside the server has in common, whatever it speaks: the hosts it may speak to, where they are, and
//! which certificates it believes.
//!
//! A host is spoken to because whoever runs the server has named it, and a name does not lead home.

mod names;
mod route;
mod trust;

pub use names::{LOOKUPS_MAX, Names, reach};
pub use route::{At, Route, RouteError};
pub use trust::{Trust, TrustError};
