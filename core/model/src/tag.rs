//! Tags: labels on keys that policies and bills can read.

/// One label.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Tag {
    /// 1 to 128 characters; `aws:` is reserved.
    pub key: Box<str>,
    /// 0 to 256 characters.
    pub value: Box<str>,
}

/// Why tags are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// The same key twice in one request.
    #[error("the tag key {0:?} is given twice")]
    Duplicate(Box<str>),
    /// A key that begins with `aws:`, in any case.
    #[error("tag keys that begin with aws: are reserved")]
    Reserved,
    /// More than [`Tags::COUNT_MAX`].
    #[error("a key has at most 50 tags")]
    Count,
    /// A key or value has a character outside letters, digits, space and `_ . / = + - : @`.
    #[error("the tag {0:?} has a character that is not a letter, digit, space or one of _ . / = + - : @")]
    Character(Box<str>),
}

/// A set of tags, ascending by key.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// Most tags one key carries.
    pub const COUNT_MAX: usize = 50;
    /// No tags.
    pub const EMPTY: &'static Self = &Self(Vec::new());

    /// From tags in any order.
    ///
    /// # Errors
    /// One [`TagError`] a rule.
    pub fn new(mut tags: Vec<Tag>) -> Result<Self, TagError> {
        for tag in &tags {
            if tag.key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
                return Err(TagError::Reserved);
            }
            if let Some(odd) = [&tag.key, &tag.value].into_iter().find(|text| !text.chars().all(allowed)) {
                return Err(TagError::Character(odd.clone()));
            }
        }
        tags.sort_by(|a, b| a.key.cmp(&b.key));
        if let Some(twice) = tags.windows(2).find(|w| w[0].key == w[1].key) {
            return Err(TagError::Duplicate(twice[0].key.clone()));
        }
        match tags.len() <= Self::COUNT_MAX {
            true => Ok(Self(tags)),
            false => Err(TagError::Count),
        }
    }

    /// The tags, ascending by key.
    pub fn iter(&self) -> std::slice::Iter<'_, Tag> {
        self.0.iter()
    }

    /// Whether there is no tag.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a key.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.0.binary_search_by(|tag| (*tag.key).cmp(key)).ok().map(|at| &*self.0[at].value)
    }

    /// These tags, with `newer` added or put in place of those of the same key.
    ///
    /// # Errors
    /// [`TagError::Count`] past [`Tags::COUNT_MAX`].
    pub fn merged(&self, newer: &Tags) -> Result<Self, TagError> {
        let kept = self.0.iter().filter(|tag| newer.value(&tag.key).is_none());
        Self::new(kept.chain(&newer.0).cloned().collect())
    }

    /// These tags without those of the named keys; names that are not there are passed over.
    pub fn without(&self, keys: &[Box<str>]) -> Self {
        Self(self.0.iter().filter(|tag| !keys.contains(&tag.key)).cloned().collect())
    }
}

fn allowed(c: char) -> bool {
    c.is_alphanumeric() || c == ' ' || "_./=+-:@".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Result<Tags, TagError> {
        Tags::new(pairs.iter().map(|(k, v)| Tag { key: (*k).into(), value: (*v).into() }).collect())
    }

    #[test]
    fn newer_tags_take_the_place_of_older_ones() {
        let merged =
            tags(&[("a", "1"), ("b", "2")]).and_then(|old| old.merged(&tags(&[("b", "3"), ("c", "4")])?));
        assert_eq!(merged, tags(&[("a", "1"), ("b", "3"), ("c", "4")]));
    }

    #[test]
    fn reserved_repeated_and_odd_tags_are_refused() {
        assert_eq!(tags(&[("AWS:x", "1")]), Err(TagError::Reserved));
        assert_eq!(tags(&[("a", "1"), ("a", "2")]), Err(TagError::Duplicate("a".into())));
        assert_eq!(tags(&[("a", "<")]), Err(TagError::Character("<".into())));
    }
}
