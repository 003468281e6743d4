//! The tags of a session: those it is opened with, and those that it is handed by the session it is opened from.

use keystead_model::{Error, Session, Tag, Tags};

/// What a session is labelled with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Labels {
    /// All of its tags.
    pub(crate) tags: Tags,
    /// The keys of those that it hands on.
    pub(crate) transitive: Box<[Box<str>]>,
}

impl Labels {
    /// The tags of a session that is opened from another, `from`: those that are asked for, and those that `from` hands
    /// on. Keys are compared without regard to case, as AWS does it for sessions.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a key given twice, a key that `from` hands on already, a transitive key that is
    /// not among the tags, or more than [`Tags::COUNT_MAX`] transitive keys, or tags in all.
    pub(crate) fn of(asked: &Tags, transitive: &[Box<str>], from: Option<&Session>) -> Result<Self, Error> {
        let refused = |text: &str| Error::InvalidParameter(text.into());
        let handed: Vec<Tag> = from.map(handed_on).unwrap_or_default();
        for (place, tag) in asked.iter().enumerate() {
            if asked.iter().skip(place + 1).any(|other| is_same(&tag.key, &other.key)) {
                return Err(refused(
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
                ));
            }
            if handed.iter().any(|other| is_same(&tag.key, &other.key)) {
                return Err(refused(
                    "One of the specified transitive tag keys can't be set because it conflicts with a transitive \
                     tag key from the calling session.",
                ));
            }
        }
        if transitive.len() > Tags::COUNT_MAX {
            return Err(refused("A session hands on at most 50 tags."));
        }
        let named = |key: &str| asked.iter().find(|tag| is_same(&tag.key, key)).map(|tag| &tag.key);
        let Some(own) = transitive.iter().map(|key| named(key)).collect::<Option<Vec<_>>>() else {
            return Err(refused("The specified transitive tag key must be included in the requested tags."));
        };
        let mut keys: Vec<Box<str>> =
            own.into_iter().chain(handed.iter().map(|tag| &tag.key)).cloned().collect();
        keys.sort();
        keys.dedup();
        let all = asked.iter().cloned().chain(handed).collect();
        let tags = Tags::new(all).map_err(|error| Error::InvalidParameter(error.to_string().into()))?;
        Ok(Self { tags, transitive: keys.into() })
    }
}

/// The tags that a session hands on.
fn handed_on(from: &Session) -> Vec<Tag> {
    let is_handed = |tag: &&Tag| from.transitive.iter().any(|key| is_same(key, &tag.key));
    from.tags.iter().filter(is_handed).cloned().collect()
}

fn is_same(a: &str, b: &str) -> bool {
    let folded = |text: &'_ str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    a == b || folded(a) == folded(b)
}

#[cfg(test)]
mod tests {
    use keystead_model::Timestamp;

    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        let tag = |(key, value): &(&str, &str)| Tag { key: (*key).into(), value: (*value).into() };
        Tags::new(pairs.iter().map(tag).collect()).expect("tags")
    }

    fn keys(keys: &[&str]) -> Vec<Box<str>> {
        keys.iter().map(|key| (*key).into()).collect()
    }

    fn from(tags: Tags, transitive: &[&str]) -> Session {
        Session {
            issued: Timestamp(1),
            expires: Timestamp(2),
            opened_by: None,
            policies: Box::default(),
            tags,
            transitive: keys(transitive).into(),
            source_identity: None,
            provider: None,
            mfa: None,
        }
    }

    #[test]
    fn a_session_keeps_what_it_is_handed_and_hands_it_on() {
        let first = from(tags(&[("team", "blue"), ("cost", "7")]), &["team"]);
        let labels = Labels::of(&tags(&[("step", "2")]), &keys(&["Step"]), Some(&first));
        let expected = Labels {
            tags: tags(&[("step", "2"), ("team", "blue")]),
            transitive: keys(&["step", "team"]).into(),
        };
        assert_eq!(labels, Ok(expected));
        let none = Labels::of(Tags::EMPTY, &[], Some(&from(tags(&[("team", "blue")]), &[])));
        assert_eq!(none, Ok(Labels { tags: Tags::default(), transitive: Box::default() }));
    }

    #[test]
    fn a_tag_that_is_handed_on_cannot_be_changed_in_any_spelling() {
        let first = from(tags(&[("team", "blue")]), &["team"]);
        for key in ["team", "TEAM"] {
            let refused = Labels::of(&tags(&[(key, "red")]), &[], Some(&first));
            assert!(matches!(refused, Err(Error::InvalidParameter(text)) if text.contains("conflicts")));
        }
    }

    #[test]
    fn keys_are_given_once_and_handed_on_only_with_a_value() {
        let twice = Labels::of(&tags(&[("a", "1"), ("A", "2")]), &[], None);
        assert!(matches!(twice, Err(Error::InvalidParameter(text)) if text.starts_with("Duplicate")));
        let loose = Labels::of(&tags(&[("a", "1")]), &keys(&["b"]), None);
        assert!(matches!(loose, Err(Error::InvalidParameter(text)) if text.contains("included")));
        let many = Labels::of(&tags(&[("a", "1")]), &keys(&["a"; 51]), None);
        assert!(matches!(many, Err(Error::InvalidParameter(text)) if text.contains("at most")));
        let many: Vec<(String, &str)> = (0..50).map(|n| (format!("k{n}"), "")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(key, value)| (&**key, *value)).collect();
        let first = from(tags(&[("team", "blue")]), &["team"]);
        assert!(Labels::of(&tags(&many), &[], None).is_ok());
        assert!(matches!(Labels::of(&tags(&many), &[], Some(&first)), Err(Error::InvalidParameter(_))));
    }
}
