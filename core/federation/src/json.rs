//! JSON as strict as tokens need it: each name once in an object, a limit on depth and on members.
//!
//! The parsing is `serde_json`'s. That a name stands once is checked here, because readers that differ in which of two
//! they take can be played against each other (RFC 7515, section 4; RFC 8725, section 2.4).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// How deep lists and objects may stand in each other.
const DEPTH_MAX: usize = 16;
/// Most entries of one list or object.
const ENTRIES_MAX: usize = 256;

/// One value.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(Box<str>),
    List(Vec<Json>),
    Object(Members),
}

/// The members of an object, in order.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Members(pub(crate) Vec<(Box<str>, Json)>);

/// Not JSON, or JSON that breaks a rule of this page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NotJson;

impl Json {
    /// Reads a whole text.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, NotJson> {
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        let value = Depth(0).deserialize(&mut deserializer).map_err(|_| NotJson)?;
        deserializer.end().map_err(|_| NotJson)?;
        Ok(value)
    }

    pub(crate) fn into_object(self) -> Option<Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text alone, or a list of nothing but texts.
    pub(crate) fn as_texts(&self) -> Option<Vec<&str>> {
        match self {
            Self::Text(text) => Some(vec![text]),
            Self::List(items) => items.iter().map(Self::as_text).collect(),
            _ => None,
        }
    }
}

impl Members {
    pub(crate) fn find(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
    }

    /// The text of this name; `None` also if it is not a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.find(name)?.as_text()
    }
}

/// Reads a value that stands this deep.
struct Depth(usize);

impl<'de> DeserializeSeed<'de> for Depth {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Depth {
    fn below<E: serde::de::Error>(&self) -> Result<usize, E> {
        match self.0 {
            DEPTH_MAX.. => Err(E::custom("too deep")),
            depth => Ok(depth + 1),
        }
    }
}

impl<'de> Visitor<'de> for Depth {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        serde_json::Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let depth = self.below()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Depth(depth))? {
            if items.len() == ENTRIES_MAX {
                return Err(A::Error::custom("too many items"));
            }
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let depth = self.below()?;
        let mut members: Vec<(Box<str>, Json)> = Vec::new();
        while let Some(name) = map.next_key::<Box<str>>()? {
            if members.len() == ENTRIES_MAX || members.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom("too many members, or one of them twice"));
            }
            members.push((name, map.next_value_seed(Depth(depth))?));
        }
        Ok(Json::Object(Members(members)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_once_at_every_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"a":{"b":1,"b":2}}"#, r#"[{"b":1,"\u0062":2}]"#] {
            assert_eq!(Json::parse(text.as_bytes()), Err(NotJson), "{text}");
        }
        assert!(Json::parse(br#"{"a":{"b":1},"b":1,"A":1}"#).is_ok());
    }

    #[test]
    fn depth_and_number_of_entries_have_limits() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::parse(nested(DEPTH_MAX).as_bytes()).is_ok());
        assert_eq!(Json::parse(nested(DEPTH_MAX + 1).as_bytes()), Err(NotJson));
        assert_eq!(Json::parse(nested(10_000).as_bytes()), Err(NotJson));
        let list = |entries: usize| format!("[{}1]", "1,".repeat(entries - 1));
        assert!(Json::parse(list(ENTRIES_MAX).as_bytes()).is_ok());
        assert_eq!(Json::parse(list(ENTRIES_MAX + 1).as_bytes()), Err(NotJson));
    }

    #[test]
    fn what_is_not_json_to_the_last_byte_is_refused() {
        for text in
            ["", "{", "{} x", "{}{}", "{'a':1}", "{\"a\":1,}", "nan", "1e999", "\"\\ud800\"", "\u{feff}{}"]
        {
            assert_eq!(Json::parse(text.as_bytes()), Err(NotJson), "{text}");
        }
        assert_eq!(Json::parse(b"\"\xff\""), Err(NotJson));
    }
}
