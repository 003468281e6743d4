//! Pages of what is in a directory, and what several families of requests need.

use std::ops::ControlFlow;

use keystead_model::{Error, IamKind, is_iam_name};
use keystead_policy::{Kind, Policy};

use super::PAGE_DEFAULT;
use crate::directory::Planned;
use crate::directory::rows::{Rows, marker};
use crate::ops::{Page, PageRequest, page};
use crate::records::DirectoryRecord;

/// The answer of a request that writes nothing.
pub fn answered<T>(answer: T) -> Planned<T> {
    (Vec::new(), answer)
}

/// One page of what is at hand whole, ascending by what `mark` says of an item: no two items have the same.
pub fn page_of<T>(
    items: impl IntoIterator<Item = T>,
    asked: &PageRequest,
    mark: impl Fn(&T) -> Box<str>,
) -> Page<T> {
    let is_left = |item: &T| asked.marker.as_ref().is_none_or(|marker| mark(item) > *marker);
    let limit = asked.limit_or(PAGE_DEFAULT);
    page(items.into_iter().filter(is_left).take(limit + 1).collect(), limit, &mark)
}

/// One page of names that are at hand whole, ascending by their lower-case form.
pub fn page_of_names(
    kind: IamKind,
    names: impl IntoIterator<Item = Box<str>>,
    asked: &PageRequest,
) -> Result<Page<Box<str>>, Error> {
    marker(kind, asked.marker.as_deref())?;
    Ok(page_of(names, asked, |name| name.to_ascii_lowercase().into()))
}

/// Pages of things of several kinds, one kind after the other. A marker is the word for the kind, a slash, and the name
/// of what the page before ended with.
pub struct Parts<'m> {
    words: &'static [&'static str],
    /// Where the page begins: the place of a word, and a name.
    from: Option<(usize, &'m str)>,
    limit: usize,
    bytes_max: usize,
    taken: usize,
    bytes: usize,
    last: Option<Box<str>>,
    more: bool,
}

impl<'m> Parts<'m> {
    /// `words`: one a kind, in the order they are listed.
    ///
    /// # Errors
    /// [`Error::InvalidMarker`]
    pub fn new(words: &'static [&'static str], asked: &'m PageRequest) -> Result<Self, Error> {
        let read = |marker: &'m str| {
            let (word, name) = marker.split_once('/')?;
            let place = words.iter().position(|known| *known == word)?;
            is_iam_name(IamKind::Mfa, name).then_some((place, name))
        };
        let from = match asked.marker.as_deref() {
            None => None,
            Some(marker) => Some(read(marker).ok_or(Error::InvalidMarker)?),
        };
        let limit = asked.limit_or(PAGE_DEFAULT);
        Ok(Self { words, from, limit, bytes_max: usize::MAX, taken: 0, bytes: 0, last: None, more: false })
    }

    /// Ends a page, too, once what was taken comes to so many bytes.
    pub fn of_bytes(self, bytes_max: usize) -> Self {
        Self { bytes_max, ..self }
    }

    /// The things of one kind that `keep` keeps, as far as the page has room for them. To be called once a kind, in the
    /// order of the words. `take` answers of how many bytes a thing is.
    pub fn kind<R: DirectoryRecord>(
        &mut self,
        rows: Rows<'_>,
        word: &str,
        keep: impl Fn(&R) -> bool,
        mut take: impl FnMut(R) -> usize,
    ) -> Result<(), Error> {
        let Some(after) = self.begin(word) else { return Ok(()) };
        rows.visit(after, |record: R| {
            if !keep(&record) {
                return Ok(ControlFlow::Continue(()));
            }
            if !self.has_room(word, record.name()) {
                return Ok(ControlFlow::Break(()));
            }
            self.bytes += take(record);
            Ok(ControlFlow::Continue(()))
        })
    }

    /// [`Parts::kind`] for what is at hand, ascending by name.
    pub fn at_hand<T>(&mut self, word: &str, items: impl IntoIterator<Item = (&'static str, T)>) -> Vec<T> {
        let Some(after) = self.begin(word) else { return Vec::new() };
        let is_left = |(name, _): &(&str, T)| after.is_none_or(|after| *name > after);
        let items = items.into_iter().filter(is_left);
        items.map_while(|(name, item)| self.has_room(word, name).then_some(item)).collect()
    }

    /// Where the next page starts.
    pub fn next(self) -> Option<Box<str>> {
        self.last.filter(|_| self.more)
    }

    /// After which name a kind begins on this page; `None` if nothing of it is on this page.
    fn begin(&self, word: &str) -> Option<Option<&'m str>> {
        let place = self.words.iter().position(|known| *known == word)?;
        match self.from {
            _ if self.more => None,
            Some((from, _)) if place < from => None,
            Some((from, name)) if place == from => Some(Some(name)),
            _ => Some(None),
        }
    }

    fn has_room(&mut self, word: &str, name: &str) -> bool {
        if self.taken == self.limit || self.bytes >= self.bytes_max {
            self.more = true;
            return false;
        }
        self.taken += 1;
        self.last = Some(format!("{word}/{name}").into());
        true
    }
}

/// Whether a path begins as a listing wants it.
pub fn is_under(path: &str, prefix: Option<&str>) -> bool {
    prefix.is_none_or(|prefix| path.starts_with(prefix))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(limit: u16, marker: Option<&str>) -> PageRequest {
        PageRequest { limit: Some(limit), marker: marker.map(Into::into) }
    }

    #[test]
    fn a_page_goes_on_behind_its_marker_even_if_that_is_gone() {
        let page = |marker| page_of(["a", "c", "e"], &asked(1, marker), |item| (*item).into());
        assert_eq!((page(None).items, page(None).next.as_deref()), (vec!["a"], Some("a")));
        assert_eq!(page(Some("b")).items, ["c"]);
        assert_eq!((page(Some("c")).items, page(Some("c")).next), (vec!["e"], None));
        assert!(page(Some("e")).items.is_empty());
    }

    #[test]
    fn parts_follow_each_other_over_pages() {
        const WORDS: &[&str] = &["x", "y"];
        let items = || [("a", 1), ("b", 2), ("c", 3)];
        let (mut found, mut marker) = (Vec::new(), None::<Box<str>>);
        for _ in 0..10 {
            let asked = asked(2, marker.as_deref());
            let mut parts = Parts::new(WORDS, &asked).expect("a marker of ours");
            let page = [parts.at_hand("x", items()), parts.at_hand("y", items())].concat();
            assert!(page.len() <= 2);
            found.extend(page);
            marker = parts.next();
            if marker.is_none() {
                break;
            }
        }
        assert_eq!(found, [1, 2, 3, 1, 2, 3]);
    }

    #[test]
    fn a_marker_that_was_not_given_out_is_refused() {
        for odd in ["", "x", "z/a", "x/", "x/a b", "x/a/b"] {
            assert!(
                matches!(Parts::new(&["x", "y"], &asked(1, Some(odd))), Err(Error::InvalidMarker)),
                "{odd}"
            );
        }
    }
}
