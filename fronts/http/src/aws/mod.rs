//! AWS's own protocols: KMS in JSON 1.1, and of STS the one action every tool asks first.

mod errors;
pub mod kms_model;
mod routes;
mod sts;
pub mod sts_model;
mod translate;
pub mod wire;

pub(crate) use errors::kms_error;
pub(crate) use routes::{answer_kms, answer_trouble, is_kms, kms_refused};
pub(crate) use sts::{answer_sts, is_sts, sts_trouble};
