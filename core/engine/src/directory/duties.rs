//! Keeping duties apart: in an account that has laid it down, no policy lets one principal both look after keys and use
//! them. Each document is looked at by itself.

use keystead_model::Error;
use keystead_policy::Policy;
use keystead_policy::lint::{Conflict, duties};

/// Refuses a policy that gives one principal both duties.
///
/// # Errors
/// [`Error::MalformedPolicy`], with the principal and a statement of each duty.
pub fn are_apart(policy: &Policy) -> Result<(), Error> {
    let Some(Conflict { principal, administration, usage }) = duties(policy).into_iter().next() else {
        return Ok(());
    };
    let first = |duties: &[keystead_policy::lint::Duty]| {
        duties.first().map_or_else(String::new, |duty| format!("statement {}", duty.statement))
    };
    let why = format!(
        "The account keeps duties apart, and this policy lets {principal} both look after keys ({}) and use them ({}). \
         Give the two to different principals.",
        first(&administration),
        first(&usage)
    );
    Err(Error::MalformedPolicy(why.into()))
}
