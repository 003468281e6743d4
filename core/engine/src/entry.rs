//! The open audit entry of a request: it is closed exactly once, by an outcome or by being dropped.

use std::sync::Arc;

use keystead_attestation::Attested;
use keystead_audit::{Appending, Decision, Expected, Log, Outcome, Record};
use keystead_model::{
    AccountId, Action, ApprovalId, Call, Caller, EncryptionContext, Error, KeyArn, MaterialId, Protocol,
};

use crate::throttle::Over;
use crate::usage::{Usages, Use, other_key};

/// What is known of a request so far. Dropping it without an outcome records that it was abandoned.
pub struct AuditEntry {
    log: Arc<Log>,
    call: Call,
    caller: Who,
    action: Action,
    pub(crate) key: Option<KeyArn>,
    pub(crate) resource: Option<Box<str>>,
    /// Whose what it is about is, a role or an approval. The record is that account's if neither the key nor the caller
    /// says so.
    pub(crate) owner: Option<AccountId>,
    pub(crate) material: Option<MaterialId>,
    pub(crate) context: EncryptionContext,
    pub(crate) decision: Decided,
    recipient: Option<Box<Attested>>,
    /// What `kms:ViaService` says, if a service asks.
    pub(crate) via: Option<Box<str>>,
    /// Where it is noted if the request is a use of its keys.
    pub(crate) usages: Option<Arc<Usages>>,
    open: bool,
}

/// Who asks, as far as it is known.
pub enum Who {
    /// Proved.
    Known(Arc<Caller>),
    /// Not proved: the access key id that was claimed, if one was.
    Claimed(Option<Box<str>>),
}

/// What policy said, and by which statement.
pub enum Decided {
    NotReached,
    Allowed(String),
    Denied(String),
}

/// The outcome code of an entry that was dropped.
const ABANDONED: &str = "Abandoned";

impl AuditEntry {
    pub fn open(log: &Arc<Log>, call: &Call, caller: Who, action: Action) -> Self {
        Self {
            log: Arc::clone(log),
            call: call.clone(),
            caller,
            action,
            key: None,
            resource: None,
            owner: None,
            material: None,
            context: EncryptionContext::default(),
            decision: Decided::NotReached,
            recipient: None,
            via: None,
            usages: None,
            open: true,
        }
    }

    /// Keeps who the answer is for. The record names it as its further resource.
    pub(crate) fn is_for(&mut self, recipient: Attested) {
        self.resource = Some(recipient.to_string().into());
        self.recipient = Some(Box::new(recipient));
    }

    /// Notes the approval that let the request through, as the second word of its further resource.
    pub(crate) fn was_approved(&mut self, id: ApprovalId) {
        let approval = crate::approvals::name(id);
        self.resource = Some(match &self.resource {
            Some(resource) => format!("{resource} {approval}").into(),
            None => approval,
        });
    }

    /// Who the answer is for, if not for the caller.
    pub(crate) fn recipient(&self) -> Option<&Attested> {
        self.recipient.as_deref()
    }

    /// What was asked, and by whom it was proved to be asked.
    pub(crate) fn asked(&self) -> Result<(Call, Arc<Caller>), Error> {
        match &self.caller {
            Who::Known(caller) => Ok((self.call.clone(), Arc::clone(caller))),
            // A permit is only made for a caller that is known.
            Who::Claimed(_) => Err(Error::Internal),
        }
    }

    /// To be held during slow work that this entry is closed after at once.
    pub(crate) fn expect(&self) -> Expected {
        self.log.expect()
    }

    /// Closes the entry with what came of the request, and answers that once the record is durable.
    ///
    /// # Errors
    /// The request's own error, or, if the record cannot be made durable, the log's: then nothing of the request
    /// may be answered.
    ///
    /// The record is on its way when this returns; what is left to await holds nothing but the answer.
    pub fn close<T>(mut self, result: Result<T, Error>) -> impl Future<Output = Result<T, Error>> + use<T> {
        let appending = self.append(&result);
        async move {
            appending.await?;
            result
        }
    }

    /// [`AuditEntry::close`] for a refusal that has words of its own.
    pub fn refuse(mut self, code: &str, message: &str) -> impl Future<Output = Result<(), Error>> + use<> {
        let message = Some(message).filter(|message| !message.is_empty());
        self.open = false;
        let appending = self.log.append(&self.record(Outcome::Refused { code, message }, None));
        async move {
            appending.await?;
            Ok(())
        }
    }

    /// Closes the entry of a request that is one too many. Most of those leave no record: a flood must not cost a
    /// durable write each.
    pub fn throttled(mut self, over: Over) -> Option<impl Future<Output = Result<(), Error>> + use<>> {
        let Over { class, record } = over;
        let Some(unrecorded) = record else {
            self.open = false;
            return None;
        };
        let more = match unrecorded {
            0 => String::new(),
            more => format!("; {more} more were refused since the record before"),
        };
        let message = format!("the account's rate of {} requests is exceeded{more}", class.name());
        Some(self.refuse(Error::Throttled.code(), &message))
    }

    /// Closes the entry, and answers what to wait for before the request is answered.
    pub(crate) fn append<T>(&mut self, result: &Result<T, Error>) -> Appending {
        self.open = false;
        match result {
            Ok(_) => {
                self.note_use();
                self.log.append(&self.record(Outcome::Success, None))
            }
            Err(error) => {
                let message = error.to_string();
                self.log.append(
                    &self.record(Outcome::Refused { code: error.code(), message: Some(&message) }, None),
                )
            }
        }
    }

    fn note_use(&self) {
        let (Some(usages), Some(key)) = (&self.usages, &self.key) else { return };
        let last = Use { action: self.action, at: self.call.at, request: self.call.request };
        usages.note(key, last);
        if let Some(other) = other_key(self.action, self.resource.as_deref()) {
            usages.note(&other, last);
        }
    }

    /// The record of a change that succeeds with outbox number `change`.
    pub(crate) fn encode_success(&self, change: u64, out: &mut Vec<u8>) {
        self.record(Outcome::Success, Some(change))
            .encode(out)
            .expect("what the house writes keeps its limits");
    }

    /// Puts the same record into the log, after the commit.
    pub(crate) fn append_success(mut self: Box<Self>, change: u64) -> Appending {
        self.open = false;
        self.log.append(&self.record(Outcome::Success, Some(change)))
    }

    fn record<'a>(&'a self, outcome: Outcome<&'a str>, change: Option<u64>) -> Record<'a> {
        let (principal, access_key) = match &self.caller {
            Who::Known(caller) => (Some(&*caller.arn), caller.access_key.as_ref().map(|id| id.as_str())),
            Who::Claimed(id) => (None, id.as_deref()),
        };
        Record {
            request: self.call.request,
            at: self.call.at,
            action: self.action,
            protocol: self.call.protocol,
            principal,
            account: self.account(),
            access_key,
            source: (self.call.protocol != Protocol::Internal).then_some(self.call.source),
            location: Some(&self.call.location),
            user_agent: &self.call.user_agent,
            key: self.key.as_ref(),
            resource: self.resource.as_deref(),
            material: self.material,
            context: Some(&self.context),
            decision: match &self.decision {
                Decided::NotReached => Decision::NotReached,
                Decided::Allowed(by) => Decision::Allowed(by),
                Decided::Denied(by) => Decision::Denied(by),
            },
            outcome,
            change,
            tls: self.call.secure,
        }
    }

    /// The account the record belongs to: the key's owner, or else the caller's, or else [`AuditEntry::owner`].
    pub(crate) fn account(&self) -> Option<AccountId> {
        let caller = match &self.caller {
            Who::Known(caller) => caller.principal.account(),
            Who::Claimed(_) => None,
        };
        self.key.as_ref().map(|key| key.account).or(caller).or(self.owner)
    }
}

impl Drop for AuditEntry {
    fn drop(&mut self) {
        if self.open {
            self.open = false;
            // Nobody waits for it, so nobody can be told whether it became durable.
            let outcome = Outcome::Refused { code: ABANDONED, message: None };
            drop(self.log.append(&self.record(outcome, None)));
        }
    }
}
