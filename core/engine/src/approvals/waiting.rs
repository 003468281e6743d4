//! Requests that wait, and how far they have come.

use std::ops::ControlFlow;
use std::sync::Arc;

use keystead_audit::Log;
use keystead_crypto::{ApprovalStatement, is_approval_signature};
use keystead_model::world::World;
use keystead_model::{AccountId, Action, ApprovalId, Caller, Error, Location, Principal, Timestamp};
use keystead_store::RecordId;

use super::{name, unique_id, vault_row};
use crate::authority::Found;
use crate::entry::{AuditEntry, Who};
use crate::keys::{internal, unreadable};
use crate::permit::Permit;
use crate::records::{AccessKeyRecord, ApprovalRecord, ApprovalRuleRecord, ApproverRecord, GivenRecord, Row};
use crate::schedule::internal_call;
use crate::vault::{Change, Vault};

/// Rows of one read.
const READ_ROWS: usize = 64;
/// Requests that ran out and are taken away at a time.
const EXPIRED_MAX: usize = 256;

/// A request that waits.
#[derive(Clone)]
pub struct Open {
    /// Its row's.
    pub version: u64,
    /// What it says.
    pub statement: ApprovalStatement,
    /// Its row.
    pub record: ApprovalRecord,
}

/// One approval that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    /// Whose it is.
    pub approver: Box<str>,
    /// When it came.
    pub at: Timestamp,
}

/// How far a request has come.
pub struct Progress {
    /// The approvals that count now, in the order they came.
    pub counted: Vec<Counted>,
    /// When it may be carried out; `None` while there are not enough.
    pub ready: Option<Timestamp>,
}

impl Open {
    pub fn read(version: u64, bytes: &[u8]) -> Result<Self, Error> {
        let record = ApprovalRecord::read(bytes).map_err(unreadable)?;
        let statement = ApprovalStatement::read(&record.statement).map_err(|error| {
            tracing::error!(%error, "a stored request that waits for approval cannot be read");
            Error::Internal
        })?;
        Ok(Self { version, statement, record })
    }

    /// The changes that take it away.
    pub fn removed(&self) -> Vec<Change> {
        let (account, fingerprint) = (self.statement.account, self.statement.fingerprint());
        vec![
            Change::delete(Row::Approval(account, &fingerprint).id(), self.version),
            Change::clear(Row::ApprovalDue(self.statement.expires, account, &fingerprint).id()),
        ]
    }

    /// The change that writes it anew.
    pub fn replaced(&self, record: &ApprovalRecord) -> Change {
        let id = Row::Approval(self.statement.account, &self.statement.fingerprint()).id();
        Change::replace(id, self.version, record.write())
    }

    /// The approvals that count now, and when they let it through. `requester`: who carries it out, if that is known; it
    /// says more than the statement of who must not count.
    pub fn progress(
        &self,
        vault: &Vault,
        rule: &ApprovalRuleRecord,
        requester: Option<&Caller>,
    ) -> Result<Progress, Error> {
        let mut seen: Vec<&str> = Vec::new();
        let mut counted = Vec::new();
        for given in &self.record.given {
            let Some(approver) = self.approver(vault, rule, given)? else { continue };
            let is_own = *approver.id == *self.statement.requester_id
                || requester.is_some_and(|caller| speaks_for(caller, approver));
            if !is_own && !seen.contains(&&*approver.id) {
                seen.push(&approver.id);
                counted.push(Counted { approver: approver.arn.clone(), at: given.at });
            }
        }
        counted.sort_by_key(|counted| counted.at);
        let delay_ms = u64::from(rule.delay_seconds) * 1_000;
        let last = usize::from(rule.needed).checked_sub(1).and_then(|last| counted.get(last));
        let ready = last.map(|last| last.at.plus_ms(delay_ms));
        Ok(Progress { counted, ready })
    }

    /// Whose a signature is, if it counts: the access key is there and switched on, its owner is an approver of the rule,
    /// and the signature is over these bytes.
    pub fn approver<'r>(
        &self,
        vault: &Vault,
        rule: &'r ApprovalRuleRecord,
        given: &GivenRecord,
    ) -> Result<Option<&'r ApproverRecord>, Error> {
        let Some(plain) = vault.get(&Row::AccessKey(&given.access_key).id()).map_err(internal)? else {
            return Ok(None);
        };
        let key = AccessKeyRecord::read(plain.bytes.expose()).map_err(unreadable)?;
        let is_own_account = key.principal.account() == Some(self.statement.account);
        if !key.active || !is_own_account {
            return Ok(None);
        }
        let approver = approver_of(rule, &key.principal);
        let is_good = is_approval_signature(&key.secret, &self.record.statement, &given.signature);
        Ok(approver.filter(|_| is_good))
    }
}

impl Progress {
    /// What the requester is told while it waits.
    pub fn told(&self, rule: &ApprovalRuleRecord, statement: &ApprovalStatement) -> Box<str> {
        let (id, until) = (statement.id, told_time(statement.expires));
        let (needed, of) = (rule.needed, rule.approvers.len());
        match self.ready {
            Some(ready) => format!(
                "This action is approved and waits for the cooling-off delay of the rule {}: request {id} can be carried out \
                 from {} to {until}. Send the same request again then.",
                rule.name,
                told_time(ready)
            ),
            None => format!(
                "This action needs the approval of {needed} of {of} approvers, and {} of them so far: request {id} \
                 waits for it until {until}. Ask them to run `keystead approvals approve {id}`, then send the same request \
                 again.",
                match self.counted.len() {
                    0 => "has that of none".to_owned(),
                    given => format!("has that of {given}"),
                }
            ),
        }
        .into()
    }
}

/// What the requester of a waiting request is told.
pub fn told(vault: &Vault, rule: &ApprovalRuleRecord, open: &Open) -> Result<Box<str>, Error> {
    Ok(open.progress(vault, rule, None)?.told(rule, &open.statement))
}

/// The approver of a rule that a principal is: a user by its unique id, an account's root by the account.
pub fn approver_of<'r>(rule: &'r ApprovalRuleRecord, principal: &Principal) -> Option<&'r ApproverRecord> {
    let id = match principal {
        Principal::Root { .. } | Principal::User { .. } => unique_id(principal),
        _ => return None,
    };
    rule.approvers.iter().find(|approver| *approver.id == *id)
}

/// Whether a caller is an approver, in person or in a session that is known to be that approver's.
fn speaks_for(caller: &Caller, approver: &ApproverRecord) -> bool {
    if unique_id(&caller.principal) == approver.id {
        return true;
    }
    let Some(session) = &caller.session else { return false };
    let opened = session.opened_by.as_ref().is_some_and(|opener| unique_id(opener) == approver.id);
    // A source identity is a name; whoever sets it is held to it by policy.
    let name = approver.arn.rsplit(['/', ':']).next().unwrap_or(&approver.arn);
    opened || session.source_identity.as_ref().is_some_and(|source| source.eq_ignore_ascii_case(name))
}

/// The requests of an account that wait, ascending by fingerprint after `after`, until `visit` has enough. Those that ran
/// out are among them until they are taken away.
pub fn visit(
    vault: &Vault,
    account: AccountId,
    after: Option<&[u8; 32]>,
    mut visit: impl FnMut(Open) -> Result<ControlFlow<()>, Error>,
) -> Result<(), Error> {
    let prefix = Row::approvals_of(account);
    let mut after: Option<RecordId> = after.map(|fingerprint| Row::Approval(account, fingerprint).id());
    loop {
        let rows = vault.scan(&prefix, after.as_ref(), READ_ROWS).map_err(internal)?;
        let is_last = rows.len() < READ_ROWS;
        for (id, plain) in rows {
            if visit(Open::read(plain.version, plain.bytes.expose())?)?.is_break() {
                return Ok(());
            }
            after = Some(id);
        }
        if is_last {
            return Ok(());
        }
    }
}

/// The requests of an account that wait and have not run out, `limit` at most.
pub fn all(
    vault: &Vault,
    account: AccountId,
    after: Option<&[u8; 32]>,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Open>, Error> {
    let mut found = Vec::new();
    visit(vault, account, after, |open| {
        if open.statement.expires > now {
            found.push(open);
        }
        Ok(if found.len() >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(found)
}

/// The request of this name, if it waits and has not run out.
///
/// # Errors
/// [`Error::ApprovalNotFound`]
pub fn find(vault: &Vault, account: AccountId, id: ApprovalId, now: Timestamp) -> Result<Open, Error> {
    let mut found = None;
    visit(vault, account, None, |open| {
        if open.statement.id == id && open.statement.expires > now {
            found = Some(open);
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    found.ok_or_else(|| Error::ApprovalNotFound(id.to_string().into()))
}

/// Takes away the requests that ran out.
pub async fn expired(vault: &Vault, log: &Arc<Log>, world: &World, place: &Location) -> Result<(), Error> {
    let now = world.clock.now();
    let rows = vault.scan(Row::APPROVALS_DUE, None, EXPIRED_MAX).map_err(internal)?;
    let named = rows.iter().filter_map(|(id, _)| Row::read_approval_due(id));
    for (at, account, fingerprint) in named.take_while(|(at, ..)| *at <= now) {
        let call = internal_call(world, place.clone());
        let keystead = Arc::new(Caller::new(Principal::Keystead, None));
        let entry = AuditEntry::open(log, &call, Who::Known(keystead), Action::ExpireApproval);
        let permit = Permit { op: (), found: Found::default(), entry };
        let taken = permit.change(vault, |(), _, entry| {
            let open = vault_row(vault, account, &fingerprint)?.filter(|open| open.statement.expires <= now);
            let mut changes = vec![Change::clear(Row::ApprovalDue(at, account, &fingerprint).id())];
            if let Some(open) = open {
                entry.owner = Some(account);
                entry.resource = Some(name(open.statement.id));
                changes = open.removed();
            }
            Ok((changes, ()))
        });
        taken.await?;
    }
    Ok(())
}

/// An instant as RFC 3339 in UTC, to the second.
pub fn told_time(at: Timestamp) -> String {
    let told = crate::directory::credentials_csv::told(at);
    told.replace("+00:00", "Z")
}
