//! What a principal brings to a decision: its documents, compiled, its boundary and its tags, and what its account has
//! laid down.
//!
//! A view is held in memory and notes the *generation* of its account's directory. The vault's writer raises the
//! generation when a row of that directory has changed, before it answers anybody, and a view of an older generation is
//! made anew: a detached policy or a deleted user is out of force with the very next request.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use keystead_model::{AccountId, Caller, Error, PolicyArn, Principal, SessionPolicy, Tags};
use keystead_policy::{Kind, Named, Policy, Sources, Terms};
use keystead_store::RecordId;
use parking_lot::RwLock;

use super::Directory;
use super::builtin::BuiltIn;
use super::last_uses::Stamp;
use super::rows::Rows;
use crate::keys::RETRY_WAIT;
use crate::records::{
    AccountSettingsRecord, DirectoryRecord, GroupRecord, HolderRecord, PolicyRecord, RoleRecord, Row,
    UserRecord, bears_on_decisions,
};

/// Principals whose views are held in memory at most.
pub const VIEWS_MAX: usize = 65_536;
/// Sessions whose policies are held in memory at most.
pub const SESSIONS_MAX: usize = 8_192;
/// How often a view is made again because the directory changed while it was made.
const TRIES_MAX: usize = 64;

/// Whose a view is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Whose {
    /// An account's root.
    Root(AccountId),
    /// A user, by its unique id.
    User(AccountId, Arc<str>),
    /// A role, by its unique id.
    Role(AccountId, Arc<str>),
}

/// What a principal has of its own.
#[derive(Default)]
struct Own {
    tags: Tags,
    identity: Vec<Named>,
    boundary: Option<Named>,
}

/// What a principal brings to a decision.
pub struct View {
    /// Path and name, without a leading slash; empty for a root.
    name: Box<str>,
    tags: Tags,
    identity: Box<[Named]>,
    boundary: Option<Named>,
    laws: Laws,
    age: Age,
    last_use: Stamp,
}

/// What an account has laid down, compiled.
#[derive(Default)]
pub struct Laws {
    /// Documents each of which must allow.
    pub guardrails: Box<[Named]>,
    /// What else binds.
    pub terms: Terms,
    /// Policies that give one principal both duties are refused.
    pub refuse_joint_duties: bool,
}

/// The policies of a session, compiled.
pub struct SessionView {
    policies: Box<[SessionPolicy]>,
    documents: Box<[Named]>,
    age: Age,
}

/// Which generation something was made of, and which is the newest.
struct Age {
    made: u64,
    newest: Arc<AtomicU64>,
}

impl Age {
    fn is_newest(&self) -> bool {
        self.newest.load(Ordering::Acquire) == self.made
    }
}

/// The generations of all accounts' directories. Separate from [`Directory`], because the vault's writer raises them.
#[derive(Default)]
pub struct Generations(RwLock<HashMap<AccountId, Arc<AtomicU64>>>);

impl Generations {
    /// Raises the generation of the account whose directory a row belongs to, if what policies say can hang on it.
    pub fn forget(&self, id: &RecordId) {
        let Some((account, letter)) = Row::read_directory(id) else { return };
        if bears_on_decisions(letter)
            && let Some(generation) = self.0.read().get(&account)
        {
            generation.fetch_add(1, Ordering::Release);
        }
    }

    /// The generation of an account. Whoever reads rows asks for it first. One for each account that has asked for
    /// anything; they stay.
    pub(super) fn of(&self, account: AccountId) -> Arc<AtomicU64> {
        if let Some(generation) = self.0.read().get(&account) {
            return Arc::clone(generation);
        }
        Arc::clone(self.0.write().entry(account).or_default())
    }
}

/// All that a caller brings to a decision.
#[derive(Default)]
pub struct Standing {
    view: Option<Arc<View>>,
    session: Option<Arc<SessionView>>,
}

impl Standing {
    /// The documents that bear on a request of the caller's. `resource`: the policy of what it is about.
    pub fn sources<'a>(&'a self, resource: Option<&'a Policy>) -> Sources<'a> {
        let session = self.session.as_ref().map(|session| &*session.documents);
        match &self.view {
            None => Sources { resource, session, ..Sources::default() },
            Some(view) => Sources {
                resource,
                identity: &view.identity,
                boundary: view.boundary.as_ref(),
                session,
                guardrails: &view.laws.guardrails,
                terms: view.laws.terms,
            },
        }
    }

    /// The tags of the user or role.
    pub fn tags(&self) -> &Tags {
        self.view.as_ref().map_or(Tags::EMPTY, |view| &view.tags)
    }

    /// Whether the caller's account keeps duties apart.
    pub fn keeps_duties_apart(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.laws.refuse_joint_duties)
    }

    /// When sessions of the role last asked for anything.
    pub(super) fn last_use(&self) -> Option<&Stamp> {
        self.view.as_ref().map(|view| &view.last_use)
    }
}

impl Directory {
    /// What a caller brings to a decision. Callers that are gone are refused here, and nowhere else: a user or a role
    /// that was deleted, renamed, or made anew with the same name.
    ///
    /// # Errors
    /// [`Error::UnknownAccessKey`], [`Error::BadSessionToken`]: the caller is gone, or the user who opened its session
    /// is, or one of its session's policies. [`Error::Unavailable`] if the directory changes faster than it can be
    /// read.
    pub fn standing(&self, caller: &Caller) -> Result<Standing, Error> {
        let gone = match &caller.session {
            Some(_) => Error::BadSessionToken,
            None => Error::UnknownAccessKey,
        };
        let principal = match (&caller.principal, &caller.session) {
            // A federated user has what the user has who opened its session.
            (Principal::FederatedUser { account, .. }, session) => {
                let opened_by = session.as_ref().and_then(|session| session.opened_by.as_ref());
                opened_by.filter(|user| is_user_of(user, *account)).ok_or(Error::BadSessionToken)?
            }
            (principal, _) => principal,
        };
        let Some(whose) = Whose::of(principal) else { return Ok(Standing::default()) };
        let view = self.view(&whose, principal)?.ok_or(gone)?;
        Ok(Standing { view: Some(view), session: self.session(caller)? })
    }

    /// The view of a principal, as the directory is now; `None` if the directory has no such principal.
    fn view(&self, whose: &Whose, principal: &Principal) -> Result<Option<Arc<View>>, Error> {
        let name = principal_name(principal);
        if let Some(view) = self.views.get(whose)
            && view.age.is_newest()
        {
            // An older name of the same user is not one that anybody has.
            return Ok((*view.name == *name).then_some(view));
        }
        let account = whose.account();
        let made = self.settled(account, |rows, age| {
            let Some(Own { tags, identity, boundary }) = self.own(rows, whose, name)? else {
                return Ok(None);
            };
            let laws = self.laws(&self.settings(account)?.1)?;
            let (name, identity, last_use) = (name.into(), identity.into(), Stamp::default());
            Ok(Some(Arc::new(View { name, tags, identity, boundary, laws, age, last_use })))
        })?;
        match &made {
            Some(view) => self.views.insert(whose.clone(), Arc::clone(view)),
            None => drop(self.views.remove(whose)),
        }
        Ok(made)
    }

    /// The policies of a caller's session, if it was opened with any.
    fn session(&self, caller: &Caller) -> Result<Option<Arc<SessionView>>, Error> {
        let Some(session) = caller.session.as_ref().filter(|session| !session.policies.is_empty()) else {
            return Ok(None);
        };
        let account = caller.principal.account().ok_or(Error::BadSessionToken)?;
        let held = caller.access_key.as_ref().and_then(|id| self.sessions.get(id));
        if let Some(held) = held.filter(|held| held.age.is_newest() && held.policies == session.policies) {
            return Ok(Some(held));
        }
        let made = self.settled(account, |rows, age| {
            let documents = session.policies.iter().map(|policy| self.session_policy(rows, policy));
            let documents = documents.collect::<Result<_, _>>()?;
            Ok(Arc::new(SessionView { policies: session.policies.clone(), documents, age }))
        })?;
        if let Some(id) = &caller.access_key {
            self.sessions.insert(id.clone(), Arc::clone(&made));
        }
        Ok(Some(made))
    }

    /// A policy that is gone may have denied something, so nobody goes on without it.
    fn session_policy(&self, rows: Rows<'_>, policy: &SessionPolicy) -> Result<Named, Error> {
        match policy {
            SessionPolicy::Inline(text) => {
                Ok(Named { name: "inline".into(), policy: self.compiled.stored(text, Kind::Session)? })
            }
            SessionPolicy::Managed(arn) => {
                let arn = PolicyArn::parse(arn).ok_or(Error::BadSessionToken)?;
                self.managed(rows, &arn)?.ok_or(Error::BadSessionToken)
            }
        }
    }

    /// Reads rows of an account until they did not change while they were read: what is put together of them was true
    /// at one time.
    fn settled<T>(
        &self,
        account: AccountId,
        mut read: impl FnMut(Rows<'_>, Age) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let newest = self.generations.of(account);
        for _ in 0..TRIES_MAX {
            let made = newest.load(Ordering::Acquire);
            let result = read(self.rows(account), Age { made, newest: Arc::clone(&newest) });
            if matches!(result, Err(Error::Internal)) {
                // Of a change that is just being made, one row may have been seen and another one not.
                self.vault.rest();
            }
            if newest.load(Ordering::Acquire) == made {
                return result;
            }
        }
        Err(Error::Unavailable { wait: RETRY_WAIT })
    }

    /// What a principal has of its own; `None` if there is no such principal.
    fn own(&self, rows: Rows<'_>, whose: &Whose, name: &str) -> Result<Option<Own>, Error> {
        match whose {
            Whose::Root(_) => Ok(Some(Own::default())),
            Whose::User(_, id) => {
                let Some(user) = this::<UserRecord>(rows, id, name)? else { return Ok(None) };
                let mut own = self.own_of(rows, &user)?;
                for group in &user.groups {
                    let group = rows.find::<GroupRecord>(group)?.ok_or_else(|| dangling(group))?;
                    self.held(rows, &group.record, &mut own.identity)?;
                }
                Ok(Some(own))
            }
            Whose::Role(_, id) => match this::<RoleRecord>(rows, id, name)? {
                None => Ok(None),
                Some(role) => self.own_of(rows, &role).map(Some),
            },
        }
    }

    /// What a user or a role has of its own, without what its groups have.
    fn own_of<R: HolderRecord>(&self, rows: Rows<'_>, of: &R) -> Result<Own, Error> {
        let boundary = match of.boundary() {
            None => None,
            Some(arn) => Some(self.managed(rows, arn)?.ok_or_else(|| dangling(arn))?),
        };
        let mut own = Own { tags: of.tags().clone(), identity: Vec::new(), boundary };
        self.held(rows, of, &mut own.identity)?;
        Ok(own)
    }

    /// The policies that a user, a group or a role has.
    fn held<R: HolderRecord>(
        &self,
        rows: Rows<'_>,
        holder: &R,
        documents: &mut Vec<Named>,
    ) -> Result<(), Error> {
        for inline in &holder.held().inline {
            let name = format!("{} of {}/{}", inline.name, R::KIND, holder.name());
            let policy = self.compiled.stored(&inline.document, Kind::Identity)?;
            documents.push(Named { name: name.into(), policy });
        }
        for arn in &holder.held().attached {
            documents.push(self.managed(rows, arn)?.ok_or_else(|| dangling(arn))?);
        }
        Ok(())
    }

    /// Whether a managed policy is there for the principals of an account.
    pub fn has_policy(&self, account: AccountId, arn: &PolicyArn) -> Result<bool, Error> {
        Ok(self.managed(self.rows(account), arn)?.is_some())
    }

    /// The version of a managed policy that is in force.
    pub(super) fn managed(&self, rows: Rows<'_>, arn: &PolicyArn) -> Result<Option<Named>, Error> {
        let name: Arc<str> = arn.to_string().into();
        if let Some(built_in) = BuiltIn::find(arn.arn()) {
            return Ok(Some(Named {
                name,
                policy: self.compiled.stored(built_in.document, Kind::Identity)?,
            }));
        }
        let found = match rows.find::<PolicyRecord>(arn.arn().short_name())? {
            Some(found) if found.record.arn(rows.account()) == *arn.arn() => found.record,
            _ => return Ok(None),
        };
        let version = found.in_force().ok_or(Error::Internal)?;
        Ok(Some(Named { name, policy: self.compiled.stored(&version.document, Kind::Identity)? }))
    }

    /// A stored document, compiled.
    ///
    /// # Errors
    /// [`Error::Internal`] for one that does not compile.
    pub fn compiled(&self, text: &str, kind: Kind) -> Result<Arc<Policy>, Error> {
        self.compiled.stored(text, kind)
    }

    /// What an account has laid down, compiled.
    pub fn laws(&self, settings: &AccountSettingsRecord) -> Result<Laws, Error> {
        let compiled = settings.guardrails.iter().map(|guardrail| {
            let policy = self.compiled.stored(&guardrail.document, Kind::Guardrail)?;
            Ok(Named { name: (&*guardrail.name).into(), policy })
        });
        Ok(Laws {
            guardrails: compiled.collect::<Result<_, Error>>()?,
            terms: Terms {
                both_must_agree: settings.both_must_agree,
                root_may_not_use_keys: settings.root_may_not_use_keys,
            },
            refuse_joint_duties: settings.refuse_joint_duties,
        })
    }
}

impl Whose {
    /// Whose a principal's view is; `None` for one that belongs to no account.
    fn of(principal: &Principal) -> Option<Self> {
        match principal {
            Principal::Root { account } => Some(Self::Root(*account)),
            Principal::User { account, id, .. } => Some(Self::User(*account, Arc::clone(id))),
            Principal::AssumedRole { account, role_id, .. } => {
                Some(Self::Role(*account, Arc::clone(role_id)))
            }
            Principal::FederatedUser { .. }
            | Principal::Federated { .. }
            | Principal::Service { .. }
            | Principal::Keystead => None,
        }
    }

    fn account(&self) -> AccountId {
        match self {
            Self::Root(account) | Self::User(account, _) | Self::Role(account, _) => *account,
        }
    }
}

/// Path and name; empty for a root.
fn principal_name(principal: &Principal) -> &str {
    match principal {
        Principal::User { name, .. } => name,
        Principal::AssumedRole { role, .. } => role,
        _ => "",
    }
}

/// Whether somebody can have opened the session of a federated user of this account.
fn is_user_of(principal: &Principal, account: AccountId) -> bool {
    let can_open = matches!(principal, Principal::User { .. } | Principal::Root { .. });
    can_open && principal.account() == Some(account)
}

/// The user or role of this unique id, path and name; one that has only the name is another one.
fn this<R: HolderRecord>(rows: Rows<'_>, id: &str, name: &str) -> Result<Option<R>, Error> {
    let found = rows.find::<R>(name.rsplit('/').next().unwrap_or(name))?;
    let is_it = |record: &R| record.id() == id && *record.arn(rows.account()).name == *name;
    Ok(found.map(|found| found.record).filter(is_it))
}

/// Something that a row names is not there. Nobody goes on without a policy that may have denied something.
fn dangling(what: impl std::fmt::Display) -> Error {
    tracing::error!(%what, "a row of a directory names what is not there");
    Error::Internal
}
