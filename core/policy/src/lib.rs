//! Who may do what: (caller, action, resource, context) → allow or deny, and which statement said so.
//!
//! The language is AWS's, versions 2012-10-17 and 2008-10-17, evaluated as AWS documents it; `docs/policy.md` lists
//! every operator and condition key, and every place where this evaluator differs, with its reason.
//!
//! A policy is compiled when it is written: what is not understood is an error with line, column and reason, so
//! that at evaluation nothing is left to guess. Evaluation allocates nothing, and where a request cannot be
//! compared (a value that does not parse, a variable without a value) the doubt counts against the caller.

mod buffer;
mod error;
mod json;

mod facts;
mod key;
mod pattern;

mod action;
mod condition;
mod principal;
mod resource;

mod policy;

mod decide;
mod duty;
mod explain;
mod grant;
pub mod lint;
mod own;
mod request;
mod verdict;

pub use decide::{Retirement, decide, decide_retirement, keeps_administrator};
pub use error::PolicyError;
pub use explain::{DocumentOutcome, DocumentRole, Explanation, Mismatch, NamedAs, StatementOutcome, explain};
pub use facts::{
    Facts, NoFacts, Value, Visit, claim_values, context_values, request_tag_values, resource_tag_values,
};
pub use grant::{
    Asked, ContextConstraint, Grant, GrantConstraints, GrantPrincipal, GrantSet, Naming, grantee_names,
};
pub use key::ConditionKey;
pub use own::{OwnSide, own_side};
pub use policy::{Kind, Policy};
pub use request::{Named, Request, Sources, Terms};
pub use verdict::{Grounds, Verdict};
