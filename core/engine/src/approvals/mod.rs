//! Actions that need more than one person: what a rule names waits until enough others have signed for it.
//!
//! ```text
//! policy allows ─► a rule names the action? ─► no: as ever
//!                                           └► kept and waiting ─► error with its id
//!                  the same request again   ─► enough signatures that are good now, and the delay is over?
//!                                           └► its row goes in the same commit as the change
//! ```
//!
//! Nothing is carried out by approving. All that makes an approval count is looked at when the request is carried out: the
//! rule, the approver's access key, its owner, the signature over the request's own bytes.

pub mod rules;
mod waiting;

use std::sync::Arc;

use keystead_audit::Log;
use keystead_crypto::ApprovalStatement;
use keystead_model::world::World;
use keystead_model::{AccountId, Action, ApprovalId, Call, Caller, Error, Principal, Timestamp};

use crate::authority::Found;
use crate::entry::{AuditEntry, Who};
use crate::ops::Operation;
use crate::permit::Permit;
use crate::records::{ApprovalRecord, ApprovalRuleRecord, Row};
use crate::vault::{Change, Vault};

pub use waiting::{Counted, Open, Progress, all, approver_of, expired, find};

/// Requests of one account that may wait at a time.
pub const PER_ACCOUNT_MAX: usize = 1_000;
/// Requests of one requester that may wait at a time. All sessions of a role are one.
pub const PER_REQUESTER_MAX: usize = 50;

/// A request that a rule names.
#[derive(Clone)]
pub struct Asked {
    /// What it says, with an id and times of zero.
    statement: ApprovalStatement,
    fingerprint: [u8; 32],
    caller: Arc<Caller>,
    now: Timestamp,
}

/// A request that enough others have approved.
#[derive(Clone)]
pub struct Approved {
    asked: Asked,
    open: Open,
}

/// What a request meets that policy allowed.
pub enum Gate {
    /// No rule names it.
    Open,
    /// A rule names it, and enough others have approved.
    Approved(Box<Approved>),
    /// A rule names it, and nobody has asked for it yet.
    Unasked(Box<Asked>),
}

/// Looks whether a request that policy allowed has to wait.
///
/// # Errors
/// [`Error::ApprovalRequired`] if it waits already.
pub fn gate<Op: Operation>(
    vault: &Vault,
    world: &World,
    (call, caller): (&Call, &Arc<Caller>),
    (op, found): (&Op, &Found),
    entry: &AuditEntry,
) -> Result<Gate, Error> {
    let Some(parameters) = op.approval(found) else { return Ok(Gate::Open) };
    let Some(account) = entry.account() else { return Ok(Gate::Open) };
    let (none, now) = (Timestamp(0), world.clock.now());
    let statement = ApprovalStatement {
        id: ApprovalId([0; 16]),
        created: none,
        expires: none,
        account,
        location: call.location.clone(),
        action: Op::ACTION,
        resource: resource(found, entry),
        requester: (*caller.arn).into(),
        requester_id: unique_id(&caller.principal),
        parameters,
    };
    let fingerprint = statement.fingerprint();
    let asked = Asked { statement, fingerprint, caller: Arc::clone(caller), now };
    let Some(rule) = rules::of(vault, account, Op::ACTION)? else { return Ok(Gate::Open) };
    match asked.look(vault)? {
        None => Ok(Gate::Unasked(Box::new(asked))),
        Some(open) => asked.judge(vault, &rule, open).map(|approved| Gate::Approved(Box::new(approved))),
    }
}

/// Keeps a request that has to wait, with a record of its own, and answers what its requester is told.
pub async fn ask(
    vault: &Vault,
    log: &Arc<Log>,
    world: &World,
    call: &Call,
    asked: Asked,
    found: Found,
) -> Error {
    let entry = AuditEntry::open(log, call, Who::Known(Arc::clone(&asked.caller)), Action::RequestApproval);
    let mut permit = Permit { op: (), found: Found::default(), entry };
    permit.entry.key = found.key.or(found.source).map(|key| key.arn.clone());
    let kept = permit
        .change(vault, |(), _, entry| {
            let account = asked.statement.account;
            let rule = rules::of(vault, account, asked.statement.action)?
                .ok_or_else(|| Error::Conflict("the account's rules changed meanwhile; try again".into()))?;
            let row = vault_row(vault, account, &asked.fingerprint)?;
            if let Some(open) = row.as_ref().filter(|open| open.statement.expires > asked.now) {
                entry.resource = Some(name(open.statement.id));
                return Ok((Vec::new(), waiting::told(vault, &rule, open)?));
            }
            asked.is_within_limits(vault)?;
            let open = asked.opened(world, &rule)?;
            entry.resource = Some(name(open.statement.id));
            let told = waiting::told(vault, &rule, &open)?;
            Ok((asked.kept(row.as_ref(), &open), told))
        })
        .await;
    match kept {
        Ok(told) => Error::ApprovalRequired(told),
        Err(error) => error,
    }
}

/// How records name a request that waits.
pub fn name(id: ApprovalId) -> Box<str> {
    format!("approval/{id}").into()
}

/// What tells a principal apart from whoever had its name before.
pub fn unique_id(principal: &Principal) -> Box<str> {
    match principal {
        Principal::Root { account } => account.to_string().into(),
        Principal::User { id, .. } => (**id).into(),
        Principal::AssumedRole { role_id, session, .. } => format!("{role_id}:{session}").into(),
        Principal::FederatedUser { account, name } => format!("{account}:{name}").into(),
        Principal::Federated { provider } => (**provider).into(),
        Principal::Service { name } => (**name).into(),
        Principal::Keystead => "keystead".into(),
    }
}

/// Whose a unique id is, whatever the session is called: whoever takes on a role names its sessions.
fn holder(id: &str) -> &str {
    id.split(':').next().unwrap_or(id)
}

/// The row of a request that waits, whether or not it has run out.
pub fn vault_row(vault: &Vault, account: AccountId, fingerprint: &[u8; 32]) -> Result<Option<Open>, Error> {
    let plain = vault.get(&Row::Approval(account, fingerprint).id()).map_err(crate::keys::internal)?;
    plain.map(|plain| Open::read(plain.version, plain.bytes.expose())).transpose()
}

fn resource(found: &Found, entry: &AuditEntry) -> Box<str> {
    match (&found.alias, &entry.resource, &found.key) {
        (Some(alias), ..) => alias.to_string().into(),
        (None, Some(resource), None) => resource.clone(),
        (None, _, Some(key)) => key.arn.to_string().into(),
        (None, None, None) => "*".into(),
    }
}

impl Asked {
    /// The row it has, unless that has run out.
    fn look(&self, vault: &Vault) -> Result<Option<Open>, Error> {
        let row = vault_row(vault, self.statement.account, &self.fingerprint)?;
        Ok(row.filter(|open| open.statement.expires > self.now))
    }

    /// Whether it may be carried out now.
    ///
    /// # Errors
    /// [`Error::ApprovalRequired`] says what it waits for.
    fn judge(&self, vault: &Vault, rule: &ApprovalRuleRecord, open: Open) -> Result<Approved, Error> {
        // The row's place says so already; it is what everything hangs on, so it is looked at once more.
        if open.statement.fingerprint() != self.fingerprint {
            tracing::error!(approval = %open.statement.id, "a waiting request is not the one its row is for");
            return Err(Error::Internal);
        }
        let progress = open.progress(vault, rule, Some(&self.caller))?;
        match progress.ready.is_some_and(|ready| ready <= self.now) {
            true => Ok(Approved { asked: self.clone(), open }),
            false => Err(Error::ApprovalRequired(progress.told(rule, &open.statement))),
        }
    }

    fn is_within_limits(&self, vault: &Vault) -> Result<(), Error> {
        let (mut of_account, mut of_requester) = (0, 0);
        waiting::visit(vault, self.statement.account, None, |open| {
            if open.statement.expires > self.now {
                of_account += 1;
                let is_own = holder(&open.statement.requester_id) == holder(&self.statement.requester_id);
                of_requester += usize::from(is_own);
            }
            Ok(std::ops::ControlFlow::Continue(()))
        })?;
        let full = |what: &str, max: usize| {
            let why = format!(
                "{what} has {max} requests waiting for approval, which is the most; have some withdrawn or carried out"
            );
            Err(Error::LimitExceeded(why.into()))
        };
        match (of_account >= PER_ACCOUNT_MAX, of_requester >= PER_REQUESTER_MAX) {
            (_, true) => full("the requester", PER_REQUESTER_MAX),
            (true, _) => full("the account", PER_ACCOUNT_MAX),
            (false, false) => Ok(()),
        }
    }

    /// It, as it begins to wait.
    fn opened(&self, world: &World, rule: &ApprovalRuleRecord) -> Result<Open, Error> {
        let mut id = ApprovalId([0; 16]);
        world.entropy.fill(&mut id.0);
        let expires = self.now.plus_ms(u64::from(rule.wait_seconds) * 1_000);
        let statement = ApprovalStatement { id, created: self.now, expires, ..self.statement.clone() };
        let bytes = statement.write();
        if bytes.len() > ApprovalStatement::BYTES_MAX {
            let max = ApprovalStatement::BYTES_MAX;
            return Err(Error::LimitExceeded(
                format!("a request of more than {max} bytes cannot wait for approval").into(),
            ));
        }
        let record = ApprovalRecord { statement: bytes.into(), given: Vec::new() };
        Ok(Open { version: 0, statement, record })
    }

    /// The changes that keep it, in the place of one that has run out.
    fn kept(&self, before: Option<&Open>, open: &Open) -> Vec<Change> {
        let account = self.statement.account;
        let id = Row::Approval(account, &self.fingerprint).id();
        let due = |open: &Open| Row::ApprovalDue(open.statement.expires, account, &self.fingerprint).id();
        let mut changes = vec![match before {
            None => Change::make(id, open.record.write()),
            Some(before) => Change::replace(id, before.version, open.record.write()),
        }];
        changes.extend(before.map(|before| Change::clear(due(before))));
        changes.push(Change::put(due(open), vec![DUE_VERSION]));
        changes
    }
}

/// The one byte of a row that only says where to look.
const DUE_VERSION: u8 = 1;

impl Approved {
    /// The request's name.
    pub fn id(&self) -> ApprovalId {
        self.open.statement.id
    }

    /// The changes that take the request away, so that it is carried out once.
    pub fn consumed(&self) -> Vec<Change> {
        self.open.removed()
    }

    /// Looks again after another change came first: it may have been a veto, or another signature.
    ///
    /// # Errors
    /// [`Error::ApprovalNotFound`] or [`Error::ApprovalRequired`] if it may not be carried out any more.
    pub fn renew(&mut self, vault: &Vault) -> Result<(), Error> {
        let asked = &self.asked;
        let gone = || Error::ApprovalNotFound(self.id().to_string().into());
        let open = asked.look(vault)?.filter(|open| open.statement.id == self.id()).ok_or_else(gone)?;
        let rule = rules::of(vault, asked.statement.account, asked.statement.action)?;
        // Without a rule it needs no approval; the one it has is used up all the same.
        let renewed = match rule {
            Some(rule) => asked.judge(vault, &rule, open)?,
            None => Self { asked: asked.clone(), open },
        };
        *self = renewed;
        Ok(())
    }
}
