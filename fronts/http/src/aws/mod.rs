//! AWS's own protocols: KMS in JSON 1.1, IAM and STS in the query protocol.

mod errors;
mod iam;
pub mod iam_model;
pub mod kms_model;
pub mod query;
mod routes;
pub mod rules;
mod sts;
pub mod sts_model;
mod translate;
pub mod wire;

pub(crate) use errors::kms_error;
pub(crate) use iam::{answer_iam, iam_trouble};
pub(crate) use query::Service;
pub(crate) use routes::{answer_kms, answer_trouble, is_kms, kms_refused};
pub(crate) use sts::{answer_sts, sts_trouble};
