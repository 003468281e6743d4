//! AWS IAM, over the query protocol: users, groups, roles, their policies and their credentials.

mod errors;
mod routes;
mod translate;

pub(crate) use routes::{answer_iam, iam_trouble};
