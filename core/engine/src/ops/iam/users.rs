//! Users: lasting identities.

use keystead_crypto::ApprovalParameters;
use keystead_model::{
    AccountId, Action, Error, IamKind, IamPath, PolicyArn, Principal, Tags, Timestamp, UserName,
};

use super::{IamOperation, Target, labelling, listed};
use crate::directory::rows::{Stored, is_same_name};
use crate::directory::{Desk, Planned};
use crate::keys::{internal, unreadable};
use crate::ops::{Page, PageRequest};
use crate::records::{
    AccessKeyRecord, AccountRecord, DirectoryRecord, GroupRecord, Head, Held, MfaRecord, Row, UserRecord,
};
use crate::vault::Change;

/// Make a user; answers the [`User`].
pub struct CreateUser {
    /// Its name, which no other user of the account has in any case of letters.
    pub name: UserName,
    /// Its path.
    pub path: IamPath,
    /// Its permissions boundary.
    pub boundary: Option<PolicyArn>,
    /// Its tags.
    pub tags: Tags,
}

/// Read a user; answers the [`User`]. For an account's root, one without a name.
pub struct GetUser {
    /// Which; whoever asks if absent.
    pub name: Option<UserName>,
}

/// Give a user another name or path. Its access keys go on to prove it.
pub struct UpdateUser {
    /// Which.
    pub name: UserName,
    /// The new name; as it was if absent.
    pub new_name: Option<UserName>,
    /// The new path; as it was if absent.
    pub new_path: Option<IamPath>,
}

/// Delete a user, who must have no access keys, policies, groups or MFA devices any more. Its permissions boundary goes
/// with it.
pub struct DeleteUser {
    /// Which.
    pub name: UserName,
}

/// List users by name; answers a [`Page`] of [`User`]. Default 100.
pub struct ListUsers {
    /// Only those whose path begins with this; all if absent.
    pub path_prefix: Option<Box<str>>,
    /// Which page.
    pub page: PageRequest,
}

/// A user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// Its unique id: `AIDA` and 17 characters; for an account's root, the account.
    pub id: Box<str>,
    /// Its name; empty for an account's root, which has none.
    pub name: Box<str>,
    /// Its path; empty for an account's root.
    pub path: Box<str>,
    /// Its ARN.
    pub arn: Box<str>,
    /// When it was made.
    pub created: Timestamp,
    /// Its permissions boundary.
    pub boundary: Option<PolicyArn>,
    /// Its tags. AWS leaves them and the boundary out of listings.
    pub tags: Tags,
}

impl CreateUser {
    fn record(&self, desk: &Desk<'_>) -> UserRecord {
        let head = Head {
            id: desk.new_id(IamKind::User),
            path: self.path.clone(),
            name: self.name.as_str().into(),
            created: desk.now(),
        };
        UserRecord {
            head,
            held: Held::default(),
            boundary: self.boundary.clone(),
            tags: self.tags.clone(),
            groups: Vec::new(),
            access_keys: Vec::new(),
            mfa: Vec::new(),
        }
    }
}

impl GetUser {
    /// What is told of an account's root, which is no user.
    fn root(desk: &Desk<'_>, account: AccountId) -> Result<User, Error> {
        let created = root_created(desk, account)?;
        Ok(User {
            id: account.to_string().into(),
            name: Box::default(),
            path: Box::default(),
            arn: Principal::Root { account }.to_string().into(),
            created,
            boundary: None,
            tags: Tags::default(),
        })
    }
}

impl UpdateUser {
    /// The user as it will be; `None` if nothing changes.
    fn renamed(&self, before: &UserRecord) -> Option<UserRecord> {
        let mut after = before.clone();
        if let Some(name) = &self.new_name {
            after.head.name = name.as_str().into();
        }
        if let Some(path) = &self.new_path {
            after.head.path = path.clone();
        }
        (after != *before).then_some(after)
    }
}

/// The rows of others that name a user who gets another name or path: groups, access keys, MFA devices.
fn follow(desk: &Desk<'_>, before: &str, after: &UserRecord) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    for group in after.groups.iter().filter(|_| *after.head.name != *before) {
        let mut group = desk.rows.named::<GroupRecord>(group)?;
        let members = &mut group.record.members;
        members.retain(|member| !is_same_name(member, before));
        members.push(after.head.name.clone());
        members.sort_by_key(|member| member.to_ascii_lowercase());
        changes.push(desk.rows.replace(&group));
    }
    for id in &after.access_keys {
        let Some((version, record)) = desk.access_key(id)? else { continue };
        let record = AccessKeyRecord { principal: principal(desk.account(), after), ..record };
        changes.push(Change::replace(Row::AccessKey(id).id(), version, record.write()));
    }
    for device in after.mfa.iter().filter(|_| *after.head.name != *before) {
        let mut device = desk.rows.named::<MfaRecord>(&device.name)?;
        if let Some(owner) = &mut device.record.owner {
            owner.user = after.head.name.clone();
        }
        changes.push(desk.rows.replace(&device));
    }
    Ok(changes)
}

/// Refuses to delete a user who still has something that would dangle.
fn is_bare(user: &UserRecord) -> Result<(), Error> {
    let UserRecord { held, groups, access_keys, mfa, .. } = user;
    let first =
        |what: &str| Err(Error::DeleteConflict(format!("Cannot delete entity, must {what} first.").into()));
    match () {
        () if !access_keys.is_empty() => first("delete access keys"),
        () if !groups.is_empty() => first("remove users from group"),
        () if !held.attached.is_empty() => first("detach all policies"),
        () if !held.inline.is_empty() => first("delete policies"),
        () if !mfa.is_empty() => first("delete MFA device"),
        () => Ok(()),
    }
}

/// Whom the access keys of a user prove.
pub(crate) fn principal(account: AccountId, user: &UserRecord) -> Principal {
    let name = user.arn(account).name;
    Principal::User { account, name: (*name).into(), id: (*user.head.id).into() }
}

/// When an account was made, and with it its root.
pub(crate) fn root_created(desk: &Desk<'_>, account: AccountId) -> Result<Timestamp, Error> {
    let row = desk.rows.vault().get(&Row::Account(account).id()).map_err(internal)?;
    let record = row.map(|row| AccountRecord::read(row.bytes.expose())).transpose().map_err(unreadable)?;
    Ok(record.map_or(Timestamp(0), |record| record.created))
}

/// What is told of a user.
pub(crate) fn told(account: AccountId, user: UserRecord) -> User {
    let arn = user.arn(account).to_string().into();
    let UserRecord { head: Head { id, path, name, created }, boundary, tags, .. } = user;
    User { id, name, path: path.as_str().into(), arn, created, boundary, tags }
}

impl IamOperation for CreateUser {
    const ACTION: Action = Action::CreateUser;
    type Answer = User;

    fn target(&self) -> Target<'_> {
        let tag = labelling(&self.tags, Action::TagUser);
        Target::New { kind: IamKind::User, path: self.path.as_str(), name: self.name.as_str(), tag }
    }

    fn request_tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn boundary(&self) -> Option<&PolicyArn> {
        self.boundary.as_ref()
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<User>, Error> {
        desk.rows.is_free::<UserRecord>(self.name.as_str())?;
        desk.directory.room().take::<UserRecord>(desk.rows, "UsersPerAccount")?;
        let record = self.record(desk);
        let mut changes = vec![desk.rows.make(&record)];
        if let Some(boundary) = &self.boundary {
            changes.extend(desk.recount(boundary, |policy| policy.boundaries += 1)?);
        }
        Ok((changes, told(desk.account(), record)))
    }
}

impl IamOperation for GetUser {
    const ACTION: Action = Action::GetUser;
    type Answer = User;

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.name.as_ref())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<User>, Error> {
        let user = match (&self.name, &desk.caller.principal) {
            (None, Principal::Root { account }) => Self::root(desk, *account)?,
            (name, _) => told(desk.account(), desk.user_or_caller(name.as_ref())?.record),
        };
        Ok((Vec::new(), user))
    }
}

impl IamOperation for UpdateUser {
    const ACTION: Action = Action::UpdateUser;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Renamed {
            kind: IamKind::User,
            name: self.name.as_str(),
            new_name: self.new_name.as_ref().map(UserName::as_str),
            new_path: self.new_path.as_ref(),
        }
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let Stored { version, record: before } = desk.rows.named::<UserRecord>(self.name.as_str())?;
        let Some(after) = self.renamed(&before) else { return Ok((Vec::new(), ())) };
        if !is_same_name(&before.head.name, &after.head.name) {
            desk.rows.is_free::<UserRecord>(&after.head.name)?;
        }
        let mut changes = follow(desk, &before.head.name, &after)?;
        changes.extend(desk.rows.moved(&before.head.name, &Stored { version, record: after }));
        Ok((changes, ()))
    }
}

impl IamOperation for DeleteUser {
    const ACTION: Action = Action::DeleteUser;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.name.as_str())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(ApprovalParameters::default().with("UserName", &self.name))
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let user = desk.rows.named::<UserRecord>(self.name.as_str())?;
        is_bare(&user.record)?;
        let mut changes = vec![desk.rows.delete(&user)];
        if let Some(boundary) = &user.record.boundary {
            changes.extend(desk.recount(boundary, |policy| policy.boundaries -= 1)?);
        }
        Ok((changes, ()))
    }
}

impl IamOperation for ListUsers {
    const ACTION: Action = Action::ListUsers;
    type Answer = Page<User>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<User>>, Error> {
        let page = listed(desk, &self.page, self.path_prefix.as_deref(), told)?;
        Ok((Vec::new(), page))
    }
}
