//! The one door to the keys: authorise → act → record → answer.
//!
//! Every request takes the same way, denied and failed ones too: [`Engine::authorise`] finds the key and asks policy,
//! the operation's own method acts, and the answer leaves once the audit record is durable. The engine never opens a
//! socket, reads a clock of its own or knows a wire format.

mod engine;
pub mod ops;
mod permit;

mod accounts;
mod approvals;
mod authority;
mod development;
mod directory;
mod identity;
mod schedule;
mod services;
mod sessions;
mod throttle;
mod usage;

mod entry;
mod grants;
mod keys;
mod records;
mod vault;
mod workshop;

/// What requests and answers carry secrets in.
pub use keystead_crypto::SecretBytes;
/// What grants are said in.
pub use keystead_policy::{ContextConstraint, GrantConstraints, GrantPrincipal};

pub use accounts::NewAccessKey;
pub use development::Development;
pub use engine::{Engine, Missing, Parts};
pub use ops::Operation;
pub use permit::Permit;
pub use schedule::{Done, internal_call};
pub use services::{Service, ServiceError, Services};
pub use throttle::{Class, Rate, Rates};
pub use vault::VaultError;
