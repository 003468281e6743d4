//! What every protocol does with a request that is not answered: it goes into the log once, then out.
//!
//! A front's own refusal ([`Refusal`]) cannot be turned into an answer. Only a [`Recorded`] one can, and there
//! are two ways to one: [`Door::settle`], which records it, or an error that came out of the engine, which
//! has recorded it before.

use std::borrow::Cow;
use std::sync::Arc;

use keystead_engine::Engine;
use keystead_model::{Action, Call, Caller, Error};

use crate::sigv4;

/// Longest message put into the log for a refusal, in bytes; the rest is cut off.
pub const LOGGED_BYTES_MAX: usize = 1024;

/// Why a front refuses a request by itself.
#[must_use = "a refusal that is not recorded leaves no trace of an attempt"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The signature is missing, broken, out of time or out of scope.
    Signature(sigv4::Failure),
    /// No such operation.
    UnknownOperation,
    /// The body does not have the form it should. Holds what is wrong.
    Serialization(String),
    /// Values break limits. Holds which.
    Validation(String),
    /// An ARN that is none of a key or an alias. Holds the reason.
    InvalidArn(String),
    /// Tags that break a rule. Holds which.
    Tag(String),
    /// A name that nothing can have, of something that should be there. Holds what was looked for.
    NoSuchEntity(String),
    /// A member that is not served. Holds which.
    Unsupported(String),
    /// An action of a query protocol that is not there. Holds what was asked for.
    InvalidAction(String),
    /// Nothing is at this path.
    NoSuchPath,
    /// Nothing answers this method here.
    WrongMethod,
    /// The server has as much to do as it will take on.
    Busy,
    /// The body is longer than the limit.
    BodyTooLong,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// The connection broke while the body arrived.
    BodyBroken,
    /// The code that answers panicked, which is a bug.
    Panicked,
}

impl Refusal {
    /// A stable word for records and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Signature(sigv4::Failure::Missing) => "MissingSignature",
            Self::Signature(sigv4::Failure::Incomplete(_)) => "IncompleteSignature",
            Self::Signature(sigv4::Failure::Invalid(_)) => "InvalidSignature",
            Self::Signature(sigv4::Failure::Unrecognized) => "UnknownAccessKey",
            Self::Signature(sigv4::Failure::MalformedQuery) => "MalformedQuery",
            Self::UnknownOperation => "UnknownOperation",
            Self::Serialization(_) => "Serialization",
            Self::Validation(_) => "Validation",
            Self::InvalidArn(_) => "InvalidArn",
            Self::Tag(_) => "Tag",
            Self::NoSuchEntity(_) => "NoSuchEntity",
            Self::Unsupported(_) => "Unsupported",
            Self::InvalidAction(_) => "InvalidAction",
            Self::NoSuchPath => "NoSuchPath",
            Self::WrongMethod => "WrongMethod",
            Self::Busy => "Busy",
            Self::BodyTooLong => "BodyTooLong",
            Self::BodyTooSlow => "BodyTooSlow",
            Self::BodyBroken => "BodyBroken",
            Self::Panicked => "Panicked",
        }
    }

    /// What is wrong and what to do, for the caller and the log.
    pub fn message(&self) -> Cow<'_, str> {
        match self {
            Self::Signature(failure) => failure.message(),
            Self::UnknownOperation => "There is no such operation.".into(),
            Self::Serialization(message)
            | Self::Validation(message)
            | Self::InvalidArn(message)
            | Self::Tag(message)
            | Self::NoSuchEntity(message)
            | Self::Unsupported(message) => message.into(),
            Self::InvalidAction(action) => action.into(),
            Self::NoSuchPath => "There is nothing at this path.".into(),
            Self::WrongMethod => "This path does not answer that method.".into(),
            Self::Busy => "Rate exceeded".into(),
            Self::BodyTooLong => "The request body is too long.".into(),
            Self::BodyTooSlow => "The request body did not arrive in time.".into(),
            Self::BodyBroken => "The request body did not arrive whole.".into(),
            Self::Panicked => "The server failed; its log says why.".into(),
        }
    }
}

/// Why a request is not answered, and whether the log knows already.
#[must_use = "a refusal that is not recorded leaves no trace of an attempt"]
pub enum Stop {
    /// The front stopped it; nothing is recorded yet.
    Here(Refusal),
    /// The engine stopped it, and has recorded it.
    Engine(Recorded),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Here(refusal)
    }
}

impl From<Error> for Stop {
    /// For what comes out of the engine, and nothing else: no front makes an [`Error`] of its own.
    fn from(error: Error) -> Self {
        Self::Engine(Recorded(Cause::Engine(error)))
    }
}

/// A refusal that the log holds. The only thing an error answer is made of.
pub struct Recorded(Cause);

/// What a recorded refusal is about.
pub enum Cause {
    /// The front refused.
    Front(Refusal),
    /// The engine refused, or could not record.
    Engine(Error),
}

impl Recorded {
    /// A request turned away in a flood, when there is no room even for its record. The one refusal that is
    /// counted only.
    pub fn shed() -> Self {
        Self(Cause::Front(Refusal::Busy))
    }

    /// What it is about.
    pub fn cause(&self) -> &Cause {
        &self.0
    }
}

/// The engine, and the arrival that something is asked of it for.
pub struct Door<'f> {
    /// The engine.
    pub engine: &'f Engine,
    /// The arrival.
    pub call: Call,
    /// Who asks, once known.
    pub caller: Option<Arc<Caller>>,
    /// What is asked for, as far as known.
    pub action: Action,
}

impl Door<'_> {
    /// Sees to it that a stopped request is in the log, exactly once. If it cannot be made durable, that is
    /// what the caller is told instead.
    pub async fn settle(&self, stop: Stop) -> Recorded {
        let refusal = match stop {
            Stop::Engine(recorded) => return recorded,
            Stop::Here(refusal) => refusal,
        };
        let recorded = {
            let message = refusal.message();
            let message = cut(&message, LOGGED_BYTES_MAX);
            self.engine.refuse(&self.call, self.caller.as_ref(), self.action, refusal.code(), message).await
        };
        Recorded(match recorded {
            Ok(()) => Cause::Front(refusal),
            Err(error) => Cause::Engine(error),
        })
    }
}

/// The beginning of a text, at most so many bytes of it.
pub(crate) fn cut(text: &str, bytes_max: usize) -> &str {
    let mut end = bytes_max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
impl Recorded {
    /// For tests of the error tables.
    pub(crate) fn of(cause: Cause) -> Self {
        Self(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(cut("aé", 3), "aé");
        assert_eq!(cut("", 3), "");
    }
}
