//! JSON whose every node knows its place.
//!
//! The parsing is `serde_json`'s: its raw values are slices of the document, so a node's place is the distance
//! from the document's start.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::PolicyError;
use crate::error::quoted;

/// Most entries of one list or object.
pub(crate) const LIST_COUNT_MAX: usize = 1_000;

/// One node of a document that is known to be JSON.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    document: &'a str,
    raw: &'a str,
}

/// One entry of an object.
pub(crate) struct Member<'a> {
    pub(crate) name: String,
    /// The name's own place.
    pub(crate) at: Node<'a>,
    pub(crate) value: Node<'a>,
}

impl<'a> Node<'a> {
    /// The outermost node.
    pub(crate) fn parse(document: &'a str) -> Result<Self, PolicyError> {
        let whole = Self { document, raw: document };
        Ok(Self { document, raw: whole.read::<&RawValue>()?.get() })
    }

    /// An error at this node.
    pub(crate) fn refuse(&self, reason: impl Into<Box<str>>) -> PolicyError {
        PolicyError::at(self.document, self.offset(), reason)
    }

    /// The entries of an object, in order, each name once.
    pub(crate) fn members(&self, what: &str) -> Result<Vec<Member<'a>>, PolicyError> {
        if !self.raw.starts_with('{') {
            return Err(self.refuse(format!("{what} is an object in braces, not {}", self.kind())));
        }
        let mut members: Vec<Member<'a>> = Vec::new();
        for (name, value) in self.read::<Entries<'a>>()?.0 {
            let at = Self { document: self.document, raw: name.get() };
            let name: String = at.read()?;
            members.push(Member { name, at, value: Self { document: self.document, raw: value.get() } });
        }
        let mut sorted: Vec<usize> = (0..members.len()).collect();
        sorted.sort_by(|a, b| members[*a].name.cmp(&members[*b].name));
        if let Some(twice) = sorted.windows(2).find(|two| members[two[0]].name == members[two[1]].name) {
            let twice = &members[twice[1]];
            return Err(twice.at.refuse(format!("{} stands here twice; keep one", quoted(&twice.name))));
        }
        Ok(members)
    }

    /// The entries of a list, or the node itself where it stands alone. Never empty.
    pub(crate) fn one_or_more(&self, what: &str) -> Result<Vec<Node<'a>>, PolicyError> {
        if !self.raw.starts_with('[') {
            return Ok(vec![*self]);
        }
        let items = self.read::<Items<'a>>()?.0;
        match items.len() {
            0 => Err(self.refuse(format!("{what} is an empty list; name at least one or leave it out"))),
            count if count > LIST_COUNT_MAX => {
                Err(self.refuse(format!("{what} has {count} entries; at most {LIST_COUNT_MAX} are allowed")))
            }
            _ => Ok(items.iter().map(|raw| Self { document: self.document, raw: raw.get() }).collect()),
        }
    }

    /// A string.
    pub(crate) fn string(&self, what: &str) -> Result<String, PolicyError> {
        match self.raw.starts_with('"') {
            true => self.read(),
            false => Err(self.refuse(format!("{what} is a string in quotes, not {}", self.kind()))),
        }
    }

    /// A string; a number or a Boolean as it is written.
    pub(crate) fn scalar(&self, what: &str) -> Result<String, PolicyError> {
        match self.raw.as_bytes().first() {
            Some(b'"') => self.read(),
            Some(b'-' | b'0'..=b'9' | b't' | b'f') => Ok(self.raw.to_owned()),
            _ => Err(self.refuse(format!("{what} is a string, a number or a Boolean, not {}", self.kind()))),
        }
    }

    /// The value, without its place. Names of objects are put in order.
    pub(crate) fn json(&self) -> serde_json::Value {
        self.read().unwrap_or_default()
    }

    fn kind(&self) -> &'static str {
        match self.raw.as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a Boolean",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    fn offset(&self) -> usize {
        self.raw.as_ptr().addr() - self.document.as_ptr().addr()
    }

    fn read<T: Deserialize<'a>>(&self) -> Result<T, PolicyError> {
        serde_json::from_str(self.raw).map_err(|error| self.syntax(&error))
    }

    /// An error of the parser, whose line and column count from this node's start.
    fn syntax(&self, error: &serde_json::Error) -> PolicyError {
        let lines: usize =
            self.raw.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let offset = self.offset() + lines + error.column().saturating_sub(1);
        let text = error.to_string();
        let reason = text.rfind(" at line ").map_or(&*text, |end| &text[..end]);
        PolicyError::at(self.document, offset, format!("this is not JSON: {reason}"))
    }
}

struct Entries<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(&'de RawValue, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    if entries.len() == LIST_COUNT_MAX {
                        return Err(serde::de::Error::custom("an object has too many entries"));
                    }
                    entries.push(entry);
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_map(Collect).map(Self)
    }
}

struct Items<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<&'de RawValue>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(items)
            }
        }
        deserializer.deserialize_seq(Collect).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(error: PolicyError) -> (u32, u32, String) {
        (error.line, error.column, error.reason.into())
    }

    #[test]
    fn a_node_knows_its_place() {
        let text = "{\n  \"a\": [1,\n    \"b\"]\n}";
        let members = Node::parse(text).and_then(|node| node.members("it")).unwrap_or_else(|e| panic!("{e}"));
        let items = members[0].value.one_or_more("a").unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(place(members[0].at.refuse("x")), (2, 3, "x".into()));
        assert_eq!(place(items[1].refuse("x")), (3, 5, "x".into()));
    }

    #[test]
    fn broken_json_is_refused_where_it_breaks() {
        let error = |text| place(Node::parse(text).err().expect("not JSON"));
        assert_eq!(error("{\n \"a\" 1}"), (2, 6, "this is not JSON: expected `:`".into()));
        assert_eq!(error("").0, 1);
        assert!(error("{} x").2.contains("trailing characters"));
    }

    #[test]
    fn depth_costs_no_stack() {
        // Raw values are skipped by iteration; we go down only as far as the language does.
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let node = Node::parse(&deep).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(node.one_or_more("it").map(|items| items.len()), Ok(1));
        assert!(Node::parse(&deep[..150_000]).is_err());
    }

    #[test]
    fn a_name_that_is_given_twice_is_refused_even_if_spelled_with_escapes() {
        let node = Node::parse(r#"{"Effect": 1, "\u0045ffect": 2}"#).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(
            node.members("it").err().map(place),
            Some((1, 15, "\"Effect\" stands here twice; keep one".into()))
        );
    }

    #[test]
    fn a_broken_escape_is_refused_at_its_own_place() {
        let text = "{\"a\":\n [\"\\ud800\"]}";
        let found = Node::parse(text)
            .and_then(|node| node.members("it"))
            .and_then(|members| members[0].value.one_or_more("a"))
            .and_then(|items| items[0].string("a"));
        assert_eq!(found.err().map(|e| e.line), Some(2));
    }
}
