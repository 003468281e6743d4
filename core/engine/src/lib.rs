//! The one door to the keys: authorise → act → record → answer.

mod engine;
pub mod ops;
mod permit;

pub use engine::Engine;
pub use ops::Operation;
pub use permit::Permit;
