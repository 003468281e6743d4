//! What a request about a directory works with, and what several families of requests need.

use std::ops::ControlFlow;

use keystead_model::world::Entropy;
use keystead_model::{Caller, Error, PolicyArn, Principal, Timestamp, UserName};
use keystead_policy::{Kind, Policy};

use crate::directory::builtin::BuiltIn;
use crate::directory::reports::Reports;
use crate::directory::rows::{Rows, Stored, marker};
use crate::ops::{Page, PageRequest, page};
use crate::records::{DirectoryRecord, PolicyRecord};
use crate::vault::Change;

/// Items of a page unless the caller says otherwise.
pub const PAGE_DEFAULT: u16 = 100;

/// What a request about a directory works with.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The directory of the caller's account.
    pub rows: Rows<'a>,
    /// Who asks.
    pub caller: &'a Caller,
    /// Now.
    pub now: Timestamp,
    /// Dice.
    pub entropy: &'a dyn Entropy,
    /// The reports of credentials that were made.
    pub reports: &'a Reports,
}

impl Desk<'_> {
    /// The user that a request names, or else the one who asks.
    ///
    /// # Errors
    /// [`Error::Invalid`] if no user asks.
    pub fn user_name<'n>(&'n self, named: Option<&'n UserName>) -> Result<&'n str, Error> {
        match (named, &self.caller.principal) {
            (Some(name), _) => Ok(name.as_str()),
            (None, Principal::User { name, .. }) => Ok(name.rsplit('/').next().unwrap_or(name)),
            (None, _) => Err(Error::Invalid("name a user: whoever asks is none".into())),
        }
    }

    /// One page of everything of a kind that `keep` keeps, by name.
    pub fn listing<R: DirectoryRecord, T>(
        &self,
        asked: &PageRequest,
        keep: impl Fn(&R) -> bool,
        tell: impl Fn(R) -> Result<T, Error>,
    ) -> Result<Page<T>, Error> {
        let limit = asked.limit_or(PAGE_DEFAULT);
        let mut found: Vec<(Box<str>, T)> = Vec::new();
        self.rows.visit(marker(R::KIND, asked.marker.as_deref())?, |record: R| {
            if keep(&record) {
                found.push((record.name().into(), tell(record)?));
            }
            Ok(if found.len() > limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        let Page { items, next } = page(found, limit, |(name, _)| name.clone());
        Ok(Page { items: items.into_iter().map(|(_, told)| told).collect(), next })
    }

    /// The change of a managed policy that `count` counts on; none for one that comes with Keystead, where nothing is kept.
    ///
    /// # Errors
    /// [`Error::NoSuchEntity`] if there is no such policy.
    pub fn counted(
        &self,
        arn: &PolicyArn,
        count: impl FnOnce(&mut PolicyRecord),
    ) -> Result<Option<Change>, Error> {
        if BuiltIn::find(arn.arn()).is_some() {
            return Ok(None);
        }
        let mut stored: Stored<PolicyRecord> = self.rows.of_arn(arn.arn())?;
        count(&mut stored.record);
        Ok(Some(self.rows.replace(&stored)))
    }
}

/// Whether a path begins as a listing wants it.
pub fn is_under(path: &str, prefix: Option<&str>) -> bool {
    prefix.is_none_or(|prefix| path.starts_with(prefix))
}

/// One page of what is at hand whole, in the order it is in. `mark` says what an item's place is told by; no two items
/// may have the same.
pub fn page_of<T>(
    items: impl IntoIterator<Item = T>,
    asked: &PageRequest,
    mark: impl Fn(&T) -> Box<str>,
) -> Result<Page<T>, Error> {
    let mut items = items.into_iter();
    if let Some(marker) = &asked.marker {
        items.by_ref().find(|item| mark(item) == *marker).ok_or(Error::InvalidMarker)?;
    }
    let limit = asked.limit_or(PAGE_DEFAULT);
    Ok(page(items.take(limit + 1).collect(), limit, mark))
}

/// Refuses a document that is no policy of this kind.
///
/// # Errors
/// [`Error::MalformedPolicy`], with line, column and reason.
pub fn check_document(document: &str, kind: Kind) -> Result<(), Error> {
    match Policy::parse(document, kind) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::MalformedPolicy(error.to_string().into())),
    }
}
