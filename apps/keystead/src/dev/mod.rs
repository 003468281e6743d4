//! `keystead dev`.

mod certificate;
mod exports;
mod place;
pub use certificate::{Authority, ServerIdentity};
