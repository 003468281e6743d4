//! Requests that wait for the approval of others: list, read, approve, veto, withdraw.

use keystead_model::{
    AccessKeyId, AccountId, Action, ApprovalId, Caller, Error, KeyRef, Location, Timestamp,
};

use super::{Operation, Page, PageRequest, page};
use crate::accounts;
use crate::approvals::{self, Counted, Open, Progress, rules, unique_id};
use crate::authority::Subject;
use crate::entry::AuditEntry;
use crate::records::{ApprovalRecord, ApprovalRuleRecord, GivenRecord};
use crate::vault::{Change, Vault};

/// List the requests of the caller's account that wait for approval; answers a [`Page`](super::Page) of [`Approval`].
/// Default 50, at most 100.
pub struct ListApprovals {
    /// Which page.
    pub page: PageRequest,
}

/// Read a request that waits; answers the [`ApprovalDetail`].
pub struct GetApproval {
    /// Which.
    pub id: ApprovalId,
}

/// Approve a request of somebody else; answers the [`Approval`] as it then stands.
pub struct Approve {
    /// Which.
    pub id: ApprovalId,
    /// The access key whose secret has signed: one of the caller's own.
    pub access_key: AccessKeyId,
    /// The signature over [`ApprovalDetail::statement`], by `docs/formats/approval.md`.
    pub signature: [u8; 32],
}

/// End a request for good, as one of those who may approve it.
pub struct Veto {
    /// Which.
    pub id: ApprovalId,
}

/// Take one's own request back.
pub struct WithdrawApproval {
    /// Which.
    pub id: ApprovalId,
}

/// A request that waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Approval {
    /// Its name.
    pub id: ApprovalId,
    /// What is to be done.
    pub action: Action,
    /// To what: an ARN, or `*` for the account as a whole.
    pub resource: Box<str>,
    /// Where.
    pub location: Location,
    /// Who asks.
    pub requester: Box<str>,
    /// When it was asked.
    pub created: Timestamp,
    /// When it runs out.
    pub expires: Timestamp,
    /// The rule that has it wait; absent if none does any more.
    pub rule: Option<Box<str>>,
    /// How many have to approve; 0 without a rule.
    pub needed: u8,
    /// Who may approve; whoever asks does not count.
    pub approvers: Vec<Box<str>>,
    /// Who has, as far as it counts now, in the order they did.
    pub approved: Vec<ApprovedBy>,
    /// From when on it can be carried out; absent while there are not enough.
    pub ready: Option<Timestamp>,
}

/// An approval that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApprovedBy {
    /// Whose.
    pub approver: Box<str>,
    /// When.
    pub at: Timestamp,
}

/// A request that waits, and the bytes that approvers sign.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApprovalDetail {
    /// The request.
    pub approval: Approval,
    /// The bytes.
    pub statement: Box<[u8]>,
}

/// Requests of a page unless the caller says otherwise.
const PAGE_DEFAULT: u16 = 50;
/// Requests of a page at most.
const PAGE_MAX: usize = 100;

impl ListApprovals {
    pub(crate) fn run(
        &self,
        vault: &Vault,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Page<Approval>, Error> {
        let after = self.page.marker.as_deref().map(read_marker).transpose()?;
        let limit = self.page.limit_or(PAGE_DEFAULT).min(PAGE_MAX);
        let found = approvals::all(vault, account, after.as_ref(), now, limit + 1)?;
        let Page { items, next } =
            page(found, limit, |open| hex::encode(open.statement.fingerprint()).into());
        let items = items.iter().map(|open| told(vault, open)).collect::<Result<_, Error>>()?;
        Ok(Page { items, next })
    }
}

impl GetApproval {
    pub(crate) fn run(
        &self,
        vault: &Vault,
        account: AccountId,
        now: Timestamp,
        entry: &mut AuditEntry,
    ) -> Result<ApprovalDetail, Error> {
        let open = noted(vault, account, self.id, now, entry)?;
        Ok(ApprovalDetail { approval: told(vault, &open)?, statement: open.record.statement })
    }
}

impl Approve {
    pub(crate) fn plan(
        &self,
        vault: &Vault,
        caller: &Caller,
        now: Timestamp,
        entry: &mut AuditEntry,
    ) -> Result<(Vec<Change>, Approval), Error> {
        let open = noted(vault, accounts::of(caller)?, self.id, now, entry)?;
        let rule = rule_for(vault, &open, caller)?;
        let own = unique_id(&caller.principal);
        if own == open.statement.requester_id {
            return Err(Error::Invalid(
                "whoever asks for an action does not approve it; ask the other approvers".into(),
            ));
        }
        let given = GivenRecord { access_key: self.access_key.clone(), at: now, signature: self.signature };
        if open.approver(vault, &rule, &given)?.is_none_or(|approver| approver.id != own) {
            let why = "the signature is not one of an active access key of yours over this request; sign what \
                       GetApproval answers now, with the key that is named";
            return Err(Error::Invalid(why.into()));
        }
        let mut record = ApprovalRecord { statement: open.record.statement.clone(), given: Vec::new() };
        // What does not count any more goes, and so does an earlier signature of the same approver.
        for before in &open.record.given {
            if open.approver(vault, &rule, before)?.is_some_and(|approver| approver.id != own) {
                record.given.push(before.clone());
            }
        }
        record.given.push(given);
        let change = open.replaced(&record);
        let after = Open { record, ..open };
        Ok((vec![change], told(vault, &after)?))
    }
}

impl Veto {
    pub(crate) fn plan(
        &self,
        vault: &Vault,
        caller: &Caller,
        now: Timestamp,
        entry: &mut AuditEntry,
    ) -> Result<(Vec<Change>, ()), Error> {
        let open = noted(vault, accounts::of(caller)?, self.id, now, entry)?;
        rule_for(vault, &open, caller)?;
        Ok((open.removed(), ()))
    }
}

impl WithdrawApproval {
    pub(crate) fn plan(
        &self,
        vault: &Vault,
        caller: &Caller,
        now: Timestamp,
        entry: &mut AuditEntry,
    ) -> Result<(Vec<Change>, ()), Error> {
        let open = noted(vault, accounts::of(caller)?, self.id, now, entry)?;
        match unique_id(&caller.principal) == open.statement.requester_id {
            true => Ok((open.removed(), ())),
            false => Err(Error::Invalid(
                "only whoever asked for it can withdraw a request; an approver can veto it".into(),
            )),
        }
    }
}

/// The request of this name; the record says which it is, and about which key.
fn noted(
    vault: &Vault,
    account: AccountId,
    id: ApprovalId,
    now: Timestamp,
    entry: &mut AuditEntry,
) -> Result<Open, Error> {
    entry.resource = Some(approvals::name(id));
    let open = approvals::find(vault, account, id, now)?;
    if let Ok(KeyRef::Arn(arn)) = KeyRef::parse(&open.statement.resource) {
        entry.key = Some(arn);
    }
    Ok(open)
}

/// The rule that has a request wait, if the caller is one of its approvers.
fn rule_for(vault: &Vault, open: &Open, caller: &Caller) -> Result<ApprovalRuleRecord, Error> {
    let action = open.statement.action;
    let Some(rule) = rules::of(vault, open.statement.account, action)? else {
        let why = format!(
            "no rule has {action} wait for approval any more; the request can be sent again as it is"
        );
        return Err(Error::Invalid(why.into()));
    };
    match approvals::approver_of(&rule, &caller.principal) {
        Some(_) => Ok(rule),
        None => Err(Error::Invalid(
            format!(
                "{} is not an approver of the rule {}, which has this request wait; an approver is a user or the \
                 account's root, named in the account's settings",
                caller.arn, rule.name
            )
            .into(),
        )),
    }
}

fn told(vault: &Vault, open: &Open) -> Result<Approval, Error> {
    let statement = &open.statement;
    let rule = rules::of(vault, statement.account, statement.action)?;
    let (name, needed, approvers, progress) = match rule {
        Some(rule) => {
            let progress = open.progress(vault, &rule, None)?;
            let approvers = rule.approvers.into_iter().map(|approver| approver.arn).collect();
            (Some(rule.name), rule.needed, approvers, progress)
        }
        None => (None, 0, Vec::new(), Progress { counted: Vec::new(), ready: Some(statement.created) }),
    };
    let approved = progress.counted.into_iter().map(|Counted { approver, at }| ApprovedBy { approver, at });
    Ok(Approval {
        id: statement.id,
        action: statement.action,
        resource: statement.resource.clone(),
        location: statement.location.clone(),
        requester: statement.requester.clone(),
        created: statement.created,
        expires: statement.expires,
        rule: name,
        needed,
        approvers,
        approved: approved.collect(),
        ready: progress.ready,
    })
}

fn read_marker(marker: &str) -> Result<[u8; 32], Error> {
    let mut fingerprint = [0; 32];
    hex::decode_to_slice(marker, &mut fingerprint).map_err(|_| Error::InvalidMarker)?;
    Ok(fingerprint)
}

macro_rules! on_the_account {
    ($($name:ident $action:ident),+) => {
        $(impl Operation for $name {
            const ACTION: Action = Action::$action;

            fn subject(&self) -> Subject<'_> {
                Subject::Account
            }
        })+
    };
}
on_the_account!(
    ListApprovals ListApprovals,
    GetApproval GetApproval,
    Approve Approve,
    Veto Veto,
    WithdrawApproval WithdrawApproval
);
