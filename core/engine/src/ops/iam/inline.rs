//! Inline policies: documents that one user, group or role has to itself.

use keystead_crypto::ApprovalParameters;
use keystead_model::{Action, Error, GroupName, IamKind, PolicyName, RoleName, UserName};
use keystead_policy::Kind;

use super::listing::{answered, check_document, page_of};
use super::{Holder, IamOperation, Target};
use crate::directory::quotas::{INLINE_BYTES_MAX, chars, inline_chars_max, within};
use crate::directory::rows::marker;
use crate::directory::{Desk, Planned};
use crate::ops::{Page, PageRequest};
use crate::records::{DirectoryRecord, HolderRecord, InlineRecord};

/// Add an inline policy, or replace the one of the same name.
pub struct PutInline<H> {
    /// Of whom.
    pub holder: H,
    /// The policy's name. Unlike other names, that of an inline policy is told apart by the case of its letters.
    pub policy: PolicyName,
    /// The document: 1 to 131,072 bytes.
    pub document: Box<str>,
}

/// Read an inline policy; answers the [`InlinePolicy`].
pub struct GetInline<H> {
    /// Of whom.
    pub holder: H,
    /// The policy's name.
    pub policy: PolicyName,
}

/// Delete an inline policy.
pub struct DeleteInline<H> {
    /// Of whom.
    pub holder: H,
    /// The policy's name.
    pub policy: PolicyName,
}

/// List the names of inline policies; answers a [`Page`] of names. Default 100.
pub struct ListInline<H> {
    /// Of whom.
    pub holder: H,
    /// Which page.
    pub page: PageRequest,
}

/// Add or replace an inline policy of a user.
pub type PutUserPolicy = PutInline<UserName>;
/// Add or replace an inline policy of a group.
pub type PutGroupPolicy = PutInline<GroupName>;
/// Add or replace an inline policy of a role.
pub type PutRolePolicy = PutInline<RoleName>;
/// Read an inline policy of a user.
pub type GetUserPolicy = GetInline<UserName>;
/// Read an inline policy of a group.
pub type GetGroupPolicy = GetInline<GroupName>;
/// Read an inline policy of a role.
pub type GetRolePolicy = GetInline<RoleName>;
/// Delete an inline policy of a user.
pub type DeleteUserPolicy = DeleteInline<UserName>;
/// Delete an inline policy of a group.
pub type DeleteGroupPolicy = DeleteInline<GroupName>;
/// Delete an inline policy of a role.
pub type DeleteRolePolicy = DeleteInline<RoleName>;
/// List the inline policies of a user.
pub type ListUserPolicies = ListInline<UserName>;
/// List the inline policies of a group.
pub type ListGroupPolicies = ListInline<GroupName>;
/// List the inline policies of a role.
pub type ListRolePolicies = ListInline<RoleName>;

/// An inline policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InlinePolicy {
    /// Whose it is, by name.
    pub holder: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Its document as it was written.
    pub document: Box<str>,
}

impl<H: Holder> GetInline<H> {
    fn run(&self, desk: &Desk<'_>) -> Result<InlinePolicy, Error> {
        let holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let inline = &holder.record.held().inline;
        let place =
            place_of(inline, &self.policy).map_err(|_| no_such_policy(self.holder.name(), &self.policy))?;
        Ok(InlinePolicy::of(holder.record.name(), &inline[place]))
    }
}

impl<H: Holder> ListInline<H> {
    fn run(&self, desk: &Desk<'_>) -> Result<Page<Box<str>>, Error> {
        let holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let names = holder.record.held().inline.iter().map(|policy| policy.name.clone());
        marker(IamKind::Policy, self.page.marker.as_deref())?;
        Ok(page_of(names, &self.page, |name| name.clone()))
    }
}

impl InlinePolicy {
    pub(crate) fn of(holder: &str, record: &InlineRecord) -> Self {
        let InlineRecord { name, document } = record;
        Self { holder: holder.into(), name: name.clone(), document: document.clone() }
    }
}

fn place_of(inline: &[InlineRecord], name: &PolicyName) -> Result<usize, usize> {
    inline.binary_search_by(|policy| (*policy.name).cmp(name.as_str()))
}

fn no_such_policy(holder: &str, name: &PolicyName) -> Error {
    Error::NoSuchEntity(format!("{holder} has no inline policy of the name {name}").into())
}

impl<H: Holder> IamOperation for PutInline<H> {
    const ACTION: Action = H::PUT;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(
            ApprovalParameters::default()
                .with("Holder", self.holder.name())
                .with("PolicyName", &self.policy)
                .with("PolicyDocument", &self.document),
        )
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut holder = desk.rows.named::<H::Record>(self.holder.name())?;
        check_document(&self.document, Kind::Identity)?;
        desk.keeps_duties_apart(&self.document)?;
        let put = InlineRecord { name: self.policy.as_str().into(), document: self.document.clone() };
        let inline = &mut holder.record.held_mut().inline;
        match place_of(inline, &self.policy) {
            Ok(place) => inline[place] = put,
            Err(place) => inline.insert(place, put),
        }
        let sum = |size: fn(&str) -> usize| inline.iter().map(|policy| size(&policy.document)).sum::<usize>();
        within(H::INLINE_QUOTA, sum(chars), inline_chars_max(H::KIND))?;
        within("bytes of inline policies, white space included", sum(str::len), INLINE_BYTES_MAX)?;
        Ok((vec![desk.rows.replace(&holder)], ()))
    }
}

impl<H: Holder> IamOperation for GetInline<H> {
    const ACTION: Action = H::GET;
    type Answer = InlinePolicy;

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<InlinePolicy>, Error> {
        self.run(desk).map(answered)
    }
}

impl<H: Holder> IamOperation for DeleteInline<H> {
    const ACTION: Action = H::DELETE;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(
            ApprovalParameters::default().with("Holder", self.holder.name()).with("PolicyName", &self.policy),
        )
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut holder = desk.rows.named::<H::Record>(self.holder.name())?;
        let inline = &mut holder.record.held_mut().inline;
        let place =
            place_of(inline, &self.policy).map_err(|_| no_such_policy(self.holder.name(), &self.policy))?;
        inline.remove(place);
        Ok((vec![desk.rows.replace(&holder)], ()))
    }
}

impl<H: Holder> IamOperation for ListInline<H> {
    const ACTION: Action = H::LIST;
    type Answer = Page<Box<str>>;

    fn target(&self) -> Target<'_> {
        Target::Named(H::KIND, self.holder.name())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<Box<str>>>, Error> {
        self.run(desk).map(answered)
    }
}
