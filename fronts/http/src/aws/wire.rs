//! Owns the JSON 1.1 form: reading a body into the shapes of the service model, and writing an answer.
//!
//! Bodies are read in one pass, straight into typed structures; texts without escapes are borrowed from the
//! body. Members the model does not know are passed over, as AWS does. A value of the wrong type, broken
//! JSON, broken base64 and a member given twice are malformed: `SerializationException`. (AWS takes the last
//! of two; refusing is safer, because whoever read the first one would have seen another request.) A value
//! outside the model's limits is a violation: all of them are collected and told at once, in AWS's words.
//!
//! Plaintext goes from the body into [`SecretBytes`] without a copy in between that is not wiped.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use keystead_engine::SecretBytes;
use keystead_model::Timestamp;
use zeroize::Zeroizing;

use super::rules::{
    BlobRule, ITEMS_MAX, IntegerRule, ListRule, Malformed, Place, Text, TextRule, Violations,
};
use crate::door::Refusal;

/// A string map, in the order of the body.
pub type Pairs = Vec<(Box<str>, Box<str>)>;

/// Deepest nesting that is passed over in members the model does not know.
pub const DEPTH_MAX: usize = 32;
/// Most pairs of a map that are read; more cannot fit the largest encryption context.
pub const PAIRS_MAX: usize = 2048;
/// Latest time that is read, in seconds since 1970: far beyond what any date format can write.
pub const SECONDS_MAX: f64 = 253_402_300_799.0;

/// A shape with members, read one at a time.
pub trait Structure<'a>: Default {
    /// Reads the value of a member; `false`, and nothing read, if the model does not know the name.
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed>;
    /// Notes each required member that is absent.
    fn missing(&self, reader: &mut Reader<'a>);
}

/// Reads a whole body as one structure. An empty body is an empty structure.
///
/// # Errors
/// [`Refusal::Serialization`] if it is malformed, [`Refusal::Validation`] if it breaks limits.
pub fn read<'a, T: Structure<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    let mut reader = Reader::new(body)?;
    let value = reader.whole()?;
    reader.violations.refusal().map_or(Ok(value), Err)
}

/// A place in a body.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    place: Place,
    violations: Violations,
}

impl<'a> Reader<'a> {
    fn new(body: &'a [u8]) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(body).map_err(|_| Malformed("the body is not UTF-8".into()))?;
        Ok(Self { text, at: 0, place: Place::default(), violations: Violations::default() })
    }

    fn whole<T: Structure<'a>>(&mut self) -> Result<T, Malformed> {
        let mut value = T::default();
        self.spaces();
        if self.at < self.text.len() {
            self.fill(&mut value)?;
            self.spaces();
            if self.at < self.text.len() {
                return Err(self.broken());
            }
        } else {
            value.missing(self);
        }
        Ok(value)
    }

    // --- Members, by type -----------------------------------------------------------------------------------

    /// Reads a text.
    pub fn text(
        &mut self,
        name: &'static str,
        rule: &'static TextRule,
        slot: &mut Option<Text<'a>>,
    ) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        let text = self.string("a String")?;
        for broken in rule.broken(&text) {
            self.violate(name, Some(&text), &broken);
        }
        *slot = Some(text);
        Ok(())
    }

    /// Reads a blob that is no secret.
    pub fn blob(
        &mut self,
        name: &'static str,
        rule: &'static BlobRule,
        slot: &mut Option<Box<[u8]>>,
    ) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        let text = self.string("a Blob")?;
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| not_base64(name))?;
        self.bound(name, rule, bytes.len());
        *slot = Some(bytes.into_boxed_slice());
        Ok(())
    }

    /// Reads a blob that is a secret: nothing of it stays behind but the body itself.
    pub fn secret(
        &mut self,
        name: &'static str,
        rule: &'static BlobRule,
        slot: &mut Option<SecretBytes>,
    ) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        let (raw, has_escapes) = self.raw_string("a Blob")?;
        let bytes = match has_escapes {
            false => decode_secret(raw.as_bytes(), name)?,
            true => {
                let mut plain = Zeroizing::new(Vec::with_capacity(raw.len()));
                unescape(raw, &mut plain).map_err(|()| self.broken())?;
                decode_secret(&plain, name)?
            }
        };
        self.bound(name, rule, bytes.len());
        *slot = Some(bytes);
        Ok(())
    }

    /// Reads a text that is a secret: nothing of it stays behind but the body itself, and no message tells it.
    pub fn secret_text(
        &mut self,
        name: &'static str,
        rule: &'static TextRule,
        slot: &mut Option<SecretBytes>,
    ) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        let (raw, has_escapes) = self.raw_string("a String")?;
        let mut plain = Zeroizing::new(Vec::with_capacity(raw.len()));
        match has_escapes {
            false => plain.extend_from_slice(raw.as_bytes()),
            true => unescape(raw, &mut plain).map_err(|()| self.broken())?,
        }
        let text = std::str::from_utf8(&plain).map_err(|_| self.broken())?;
        for broken in rule.broken(text) {
            self.violate(name, None, &broken);
        }
        *slot = Some(SecretBytes::copy_from(&plain));
        Ok(())
    }

    /// Reads a time: seconds since 1970, with or without a fraction. Milliseconds count.
    pub fn timestamp(&mut self, slot: &mut Option<Timestamp>) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.wrong_type("a Timestamp"));
        }
        let seconds: f64 = self.number()?.parse().map_err(|_| self.broken())?;
        if !(0.0..=SECONDS_MAX).contains(&seconds) {
            return Err(Malformed("NUMBER_VALUE can not be converted to a Timestamp".into()));
        }
        // In range, so neither the sign nor a digit is lost.
        *slot = Some(Timestamp((seconds * 1000.0).round() as u64));
        Ok(())
    }

    /// Reads an integer.
    pub fn integer(
        &mut self,
        name: &'static str,
        rule: &'static IntegerRule,
        slot: &mut Option<i32>,
    ) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.wrong_type("an Integer"));
        }
        let digits = self.number()?;
        let value: i32 = digits
            .parse()
            .map_err(|_| Malformed("NUMBER_VALUE can not be converted to an Integer".into()))?;
        for broken in rule.broken(value) {
            self.violate(name, Some(digits), &broken);
        }
        *slot = Some(value);
        Ok(())
    }

    /// Reads a boolean.
    pub fn boolean(&mut self, slot: &mut Option<bool>) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        *slot = Some(match self.peek() {
            Some(b't') => self.word("true").map(|()| true)?,
            Some(b'f') => self.word("false").map(|()| false)?,
            _ => return Err(self.wrong_type("a Boolean")),
        });
        Ok(())
    }

    /// Reads a structure.
    pub fn structure<T: Structure<'a>>(
        &mut self,
        name: &'static str,
        slot: &mut Option<T>,
    ) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        let mut value = T::default();
        self.place.member(name);
        self.fill(&mut value)?;
        self.place.out();
        *slot = Some(value);
        Ok(())
    }

    /// Reads a list of texts. What breaks the rule of an item is told of the list, as AWS does.
    pub fn texts(
        &mut self,
        name: &'static str,
        rule: &'static ListRule,
        of: &'static TextRule,
        slot: &mut Option<Vec<Text<'a>>>,
    ) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        let mut items: Vec<Text<'a>> = Vec::new();
        let mut is_broken = false;
        self.items(|reader, _| {
            let text = reader.string("a String")?;
            is_broken |= of.broken(&text).next().is_some();
            items.push(text);
            Ok(())
        })?;
        if is_broken {
            self.violate(name, Some(&format!("[{}]", items.join(", "))), &of.of_items());
        }
        self.count(name, rule, items.len());
        *slot = Some(items);
        Ok(())
    }

    /// Reads a list of structures.
    pub fn structures<T: Structure<'a>>(
        &mut self,
        name: &'static str,
        rule: &'static ListRule,
        slot: &mut Option<Vec<T>>,
    ) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        let mut items: Vec<T> = Vec::new();
        self.place.member(name);
        self.items(|reader, index| {
            let mut item = T::default();
            reader.place.item(index);
            reader.fill(&mut item)?;
            reader.place.out();
            items.push(item);
            Ok(())
        })?;
        self.place.out();
        self.count(name, rule, items.len());
        *slot = Some(items);
        Ok(())
    }

    /// Reads a map of texts to texts. A key given twice is malformed.
    pub fn map(&mut self, slot: &mut Option<Pairs>) -> Result<(), Malformed> {
        if self.null_or_second(slot)? {
            return Ok(());
        }
        let mut pairs: Pairs = Vec::new();
        self.object(|reader, key| {
            if pairs.len() == PAIRS_MAX {
                return Err(Malformed("a map has too many entries".into()));
            }
            pairs.push((key.into(), reader.string("a String")?.into()));
            Ok(())
        })?;
        let mut keys: Vec<&str> = pairs.iter().map(|(key, _)| &**key).collect();
        keys.sort_unstable();
        if keys.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Malformed("a map has the same key twice".into()));
        }
        *slot = Some(pairs);
        Ok(())
    }

    // --- Limits ---------------------------------------------------------------------------------------------

    /// Notes an absent required member.
    pub fn require(&mut self, name: &'static str, is_there: bool) {
        if !is_there {
            self.violations.note_absent(&self.place.to(name));
        }
    }

    fn bound(&mut self, name: &'static str, rule: &BlobRule, bytes: usize) {
        for broken in rule.broken(bytes) {
            self.violate(name, None, &broken);
        }
    }

    fn count(&mut self, name: &'static str, rule: &ListRule, items: usize) {
        if let Some((value, broken)) = rule.broken(items) {
            self.violate(name, value, &broken);
        }
    }

    fn violate(&mut self, name: &'static str, value: Option<&str>, constraint: &str) {
        self.violations.note(&self.place.to(name), value, constraint);
    }

    // --- JSON -----------------------------------------------------------------------------------------------

    /// Reads an object into a structure.
    fn fill<T: Structure<'a>>(&mut self, value: &mut T) -> Result<(), Malformed> {
        self.object(|reader, name| match value.member(&name, reader)? {
            true => Ok(()),
            false => reader.pass_over(0),
        })?;
        value.missing(self);
        Ok(())
    }

    /// Reads an object, calling `entry` at each value with its name.
    fn object(
        &mut self,
        mut entry: impl FnMut(&mut Self, Text<'a>) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.spaces();
        if self.peek() != Some(b'{') {
            return Err(self.wrong_type("a structure or map"));
        }
        self.at += 1;
        if self.next_is(b'}') {
            return Ok(());
        }
        loop {
            self.spaces();
            if self.peek() != Some(b'"') {
                return Err(self.broken());
            }
            let name = self.string("a String")?;
            if !self.next_is(b':') {
                return Err(self.broken());
            }
            self.spaces();
            entry(self, name)?;
            if self.next_is(b'}') {
                return Ok(());
            }
            if !self.next_is(b',') {
                return Err(self.broken());
            }
        }
    }

    /// Reads a list, calling `entry` at each value with its index.
    fn items(
        &mut self,
        mut entry: impl FnMut(&mut Self, usize) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        if self.peek() != Some(b'[') {
            return Err(self.wrong_type("a list"));
        }
        self.at += 1;
        if self.next_is(b']') {
            return Ok(());
        }
        for index in 0..ITEMS_MAX {
            self.spaces();
            entry(self, index)?;
            if self.next_is(b']') {
                return Ok(());
            }
            if !self.next_is(b',') {
                return Err(self.broken());
            }
        }
        Err(Malformed("a list has too many items".into()))
    }

    /// Whether the value here is `null`, which counts as absent. A second value for a slot is malformed.
    fn null_or_second<T>(&mut self, slot: &Option<T>) -> Result<bool, Malformed> {
        self.spaces();
        if slot.is_some() {
            return Err(Malformed("a member is given twice".into()));
        }
        match self.peek() {
            Some(b'n') => self.word("null").map(|()| true),
            _ => Ok(false),
        }
    }

    fn string(&mut self, wanted: &'static str) -> Result<Text<'a>, Malformed> {
        let (raw, has_escapes) = self.raw_string(wanted)?;
        if !has_escapes {
            return Ok(Cow::Borrowed(raw));
        }
        let mut plain = Vec::with_capacity(raw.len());
        unescape(raw, &mut plain).map_err(|()| self.broken())?;
        String::from_utf8(plain).map(Cow::Owned).map_err(|_| self.broken())
    }

    /// What is between two quotes, and whether there is an escape in it.
    fn raw_string(&mut self, wanted: &'static str) -> Result<(&'a str, bool), Malformed> {
        if self.peek() != Some(b'"') {
            return Err(self.wrong_type(wanted));
        }
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut has_escapes = false;
        loop {
            let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) else {
                self.at = bytes.len();
                return Err(self.broken());
            };
            at += found;
            if bytes[at] == b'"' {
                break;
            }
            has_escapes = true;
            at = (at + 2).min(bytes.len());
        }
        // Quotes and backslashes are ASCII, so both ends are character boundaries.
        let raw = &self.text[start..at];
        self.at = at + 1;
        match raw.bytes().any(|b| b < 0x20) {
            true => Err(Malformed("a string has a control character in it".into())),
            false => Ok((raw, has_escapes)),
        }
    }

    /// Takes a number as RFC 8259 section 6 spells one.
    fn number(&mut self) -> Result<&'a str, Malformed> {
        let start = self.at;
        self.take(b'-');
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(self.broken()),
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.broken()) } else { Ok(()) }
    }

    /// Passes over a value nobody asked for; it must be JSON all the same.
    fn pass_over(&mut self, depth: usize) -> Result<(), Malformed> {
        if depth == DEPTH_MAX {
            return Err(Malformed("the body is nested too deep".into()));
        }
        self.spaces();
        match self.peek() {
            Some(b'"') => self.string("a String").map(drop),
            Some(b'{') => self.object(|reader, _| reader.pass_over(depth + 1)),
            Some(b'[') => self.pass_over_list(depth),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            _ => Err(self.broken()),
        }
    }

    fn pass_over_list(&mut self, depth: usize) -> Result<(), Malformed> {
        self.at += 1;
        if self.next_is(b']') {
            return Ok(());
        }
        loop {
            self.pass_over(depth + 1)?;
            if self.next_is(b']') {
                return Ok(());
            }
            if !self.next_is(b',') {
                return Err(self.broken());
            }
        }
    }

    fn word(&mut self, word: &'static str) -> Result<(), Malformed> {
        match self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            true => {
                self.at += word.len();
                Ok(())
            }
            false => Err(self.broken()),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over spaces and, if it is next, this byte.
    fn next_is(&mut self, byte: u8) -> bool {
        self.spaces();
        self.take(byte)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn broken(&self) -> Malformed {
        Malformed(format!("the body is not valid JSON at byte {}", self.at).into())
    }

    /// The value here is not of the wanted type; says so as AWS does.
    fn wrong_type(&self, wanted: &'static str) -> Malformed {
        let token = match self.peek() {
            Some(b'"') => "STRING_VALUE",
            Some(b'-' | b'0'..=b'9') => "NUMBER_VALUE",
            Some(b't') => "TRUE_VALUE",
            Some(b'f') => "FALSE_VALUE",
            Some(b'n') => "NULL_VALUE",
            Some(b'{') => return Malformed("Start of structure or map found where not expected.".into()),
            Some(b'[') => return Malformed("Start of list found where not expected".into()),
            _ => return self.broken(),
        };
        Malformed(format!("{token} can not be converted to {wanted}").into())
    }
}

fn decode_secret(text: &[u8], name: &'static str) -> Result<SecretBytes, Malformed> {
    let mut buffer = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
    let len = BASE64.decode_slice(text, &mut buffer).map_err(|_| not_base64(name))?;
    Ok(SecretBytes::copy_from(&buffer[..len]))
}

fn not_base64(name: &str) -> Malformed {
    Malformed(format!("the blob at '{name}' is not standard base64 with its padding").into())
}

/// Appends the bytes that a string with escapes stands for. `out` must have room for `raw.len()` bytes, so
/// that it never moves: what it holds may be a secret.
fn unescape(raw: &str, out: &mut Vec<u8>) -> Result<(), ()> {
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = rest.as_bytes().get(at + 1).ok_or(())?;
        let mut taken = at + 2;
        let c = match escape {
            b'"' | b'\\' | b'/' => char::from(*escape),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let (c, bytes) = unicode_escape(&rest.as_bytes()[taken..])?;
                taken += bytes;
                c
            }
            _ => return Err(()),
        };
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        rest = rest.get(taken..).ok_or(())?;
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(())
}

/// The character after `\u`, and how many bytes spell it. A lone surrogate is no character.
fn unicode_escape(bytes: &[u8]) -> Result<(char, usize), ()> {
    let high = hex4(bytes)?;
    if let Some(c) = char::from_u32(high) {
        return Ok((c, 4));
    }
    if bytes.get(4..6) != Some(b"\\u".as_slice()) {
        return Err(());
    }
    let low = hex4(&bytes[6..])?;
    if !(0xd800..0xdc00).contains(&high) || !(0xdc00..0xe000).contains(&low) {
        return Err(());
    }
    let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    char::from_u32(code).map(|c| (c, 10)).ok_or(())
}

fn hex4(bytes: &[u8]) -> Result<u32, ()> {
    let digits = bytes.get(..4).ok_or(())?;
    digits.iter().try_fold(0, |sum, digit| Ok(sum << 4 | char::from(*digit).to_digit(16).ok_or(())?))
}

// --- Answers -----------------------------------------------------------------------------------------------

/// Writes one JSON object. The buffer is wiped when it moves and when a secret answer is dropped.
pub struct Writer {
    out: Zeroizing<Vec<u8>>,
    is_secret: bool,
    needs_comma: bool,
}

/// A finished answer. Bytes of a secret one are wiped once the last holder drops them.
pub enum Written {
    /// Holds nothing that others may not see.
    Open(Vec<u8>),
    /// Holds plaintext.
    Secret(Zeroizing<Vec<u8>>),
}

impl Writer {
    /// An object whose text is about `bytes` long.
    pub fn new(bytes: usize) -> Self {
        let mut out = Zeroizing::new(Vec::with_capacity(bytes));
        out.push(b'{');
        Self { out, is_secret: false, needs_comma: false }
    }

    /// The object, ended.
    pub fn finish(mut self) -> Written {
        self.push(b"}");
        match self.is_secret {
            true => Written::Secret(self.out),
            false => Written::Open(std::mem::take(&mut *self.out)),
        }
    }

    /// A text.
    pub fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.name(name).quoted(text)
    }

    /// A text under a name that a caller chose.
    pub fn pair(&mut self, name: &str, text: &str) -> &mut Self {
        if self.needs_comma {
            self.push(b",");
        }
        self.quoted(name).push(b":");
        self.needs_comma = true;
        self.quoted(text)
    }

    /// A text that `Display` spells in ASCII without quotes or backslashes, such as an ARN.
    pub fn plain(&mut self, name: &str, text: impl fmt::Display) -> &mut Self {
        self.name(name).push(b"\"");
        let _ = write!(self, "{text}");
        self.push(b"\"");
        self
    }

    /// A fixed number of bytes, in hexadecimal.
    pub fn hex(&mut self, name: &str, bytes: &[u8; 32]) -> &mut Self {
        let mut digits = [0; 64];
        // Twice as many digits as bytes: the lengths are in the types.
        let _ = hex::encode_to_slice(bytes, &mut digits);
        self.name(name).push(b"\"");
        self.push(&digits);
        self.push(b"\"");
        self
    }

    /// Bytes that are no secret, in base64.
    pub fn blob(&mut self, name: &str, bytes: &[u8]) -> &mut Self {
        self.name(name).base64(bytes);
        self
    }

    /// A secret, in base64; the whole answer is wiped when it has been sent.
    pub fn secret(&mut self, name: &str, secret: &SecretBytes) -> &mut Self {
        self.is_secret = true;
        self.name(name).base64(secret.expose());
        self
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, name: &str, value: bool) -> &mut Self {
        self.name(name).push(if value { b"true" } else { b"false" });
        self
    }

    /// An integer.
    pub fn integer(&mut self, name: &str, value: u64) -> &mut Self {
        self.name(name);
        let _ = write!(self, "{value}");
        self
    }

    /// Seconds since 1970, with a fraction.
    pub fn time(&mut self, name: &str, at: Timestamp) -> &mut Self {
        self.name(name);
        let _ = write!(self, "{}.{:03}", at.seconds(), at.0 % 1000);
        self
    }

    /// A list of fixed words.
    pub fn words(&mut self, name: &str, words: &[&str]) -> &mut Self {
        self.list(name, words.iter().copied(), |writer, word| {
            writer.quoted(word);
        })
    }

    /// A list of texts.
    pub fn texts<'t>(&mut self, name: &str, texts: impl IntoIterator<Item = &'t str>) -> &mut Self {
        self.list(name, texts, |writer, text| {
            writer.quoted(text);
        })
    }

    /// A list of objects, `each` writing the members of one.
    pub fn objects<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.list(name, items, |writer, item| writer.braced(|writer| each(writer, item)))
    }

    /// An object, `members` writing its members.
    pub fn object(&mut self, name: &str, members: impl FnOnce(&mut Self)) -> &mut Self {
        self.name(name).braced(members);
        self
    }

    fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.name(name).push(b"[");
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.push(b",");
            }
            each(self, item);
        }
        self.push(b"]");
        self.needs_comma = true;
        self
    }

    fn braced(&mut self, members: impl FnOnce(&mut Self)) {
        self.push(b"{");
        self.needs_comma = false;
        members(self);
        self.push(b"}");
        self.needs_comma = true;
    }

    fn name(&mut self, name: &str) -> &mut Self {
        self.push(if self.needs_comma { b",\"" } else { b"\"" });
        self.push(name.as_bytes());
        self.push(b"\":");
        self.needs_comma = true;
        self
    }

    fn quoted(&mut self, text: &str) -> &mut Self {
        self.push(b"\"");
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|b| *b < 0x20 || matches!(b, b'"' | b'\\')) {
            self.push(&rest[..at]);
            match rest[at] {
                b'"' => self.push(b"\\\""),
                b'\\' => self.push(b"\\\\"),
                b'\n' => self.push(b"\\n"),
                control => {
                    let _ = write!(self, "\\u{control:04x}");
                }
            }
            rest = &rest[at + 1..];
        }
        self.push(rest);
        self.push(b"\"");
        self
    }

    fn base64(&mut self, bytes: &[u8]) {
        self.push(b"\"");
        let len = bytes.len().div_ceil(3) * 4;
        self.room(len);
        let start = self.out.len();
        self.out.resize(start + len, 0);
        // The room is exactly what the padded form takes.
        let _ = BASE64.encode_slice(bytes, &mut self.out[start..]);
        self.push(b"\"");
    }

    fn push(&mut self, bytes: &[u8]) {
        self.room(bytes.len());
        self.out.extend_from_slice(bytes);
    }

    /// Makes room without leaving a copy of what was written so far.
    fn room(&mut self, more: usize) {
        if self.out.capacity() - self.out.len() >= more {
            return;
        }
        let mut bigger = Zeroizing::new(Vec::with_capacity((self.out.len() + more) * 2));
        bigger.extend_from_slice(&self.out);
        self.out = bigger;
    }
}

impl fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::kms_model::*;
    use super::*;

    fn refusal<'a, T: Structure<'a>>(body: &'a str) -> String {
        match read::<T>(body.as_bytes()) {
            Err(Refusal::Validation(message)) => message,
            Err(Refusal::Serialization(message)) => format!("serialization: {message}"),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("{body} was taken"),
        }
    }

    #[test]
    fn a_hot_request_is_read_without_copies() {
        let body = br#"{"KeyId": "alias/a", "Plaintext": "aGVsbG8=", "EncryptionContext": {"k": "v"}}"#;
        let request: EncryptRequest<'_> = read(body).expect("well formed");
        assert!(matches!(request.key_id, Some(Cow::Borrowed("alias/a"))));
        assert_eq!(request.plaintext.map(|p| p.expose().to_vec()), Some(b"hello".to_vec()));
        assert_eq!(request.encryption_context, Some(vec![("k".into(), "v".into())]));
        assert!(request.grant_tokens.is_none() && request.dry_run.is_none());
    }

    #[test]
    fn unknown_members_are_passed_over_and_null_is_absent() {
        let body =
            br#"{"Extra": {"a": [1, -2.5e3, true, null, "x\"y", {}]}, "KeyId": "k", "GrantTokens": null}"#;
        let request: DescribeKeyRequest<'_> = read(body).expect("well formed");
        assert_eq!(request.key_id.as_deref(), Some("k"));
        assert!(request.grant_tokens.is_none());
        assert!(read::<ListKeysRequest<'_>>(b"").is_ok());
        assert!(read::<ListKeysRequest<'_>>(b" {} \r\n").is_ok());
    }

    #[test]
    fn wrong_types_are_told_as_aws_tells_them() {
        for (body, said) in [
            (r#"{"KeyId": 1}"#, "NUMBER_VALUE can not be converted to a String"),
            (r#"{"KeyId": true}"#, "TRUE_VALUE can not be converted to a String"),
            (r#"{"KeyId": {}}"#, "Start of structure or map found where not expected."),
            (r#"{"KeyId": []}"#, "Start of list found where not expected"),
            (r#"[]"#, "Start of list found where not expected"),
            (r#""x""#, "STRING_VALUE can not be converted to a structure or map"),
            (r#"{"DryRun": "true"}"#, "STRING_VALUE can not be converted to a Boolean"),
            (r#"{"GrantTokens": ["a", null]}"#, "NULL_VALUE can not be converted to a String"),
            (r#"{"EncryptionContext": {"a": 1}}"#, "NUMBER_VALUE can not be converted to a String"),
            (r#"{"EncryptionContext": {"a": "1", "a": "2"}}"#, "a map has the same key twice"),
            (r#"{"KeyId": "a", "KeyId": "b"}"#, "a member is given twice"),
            (
                r#"{"Plaintext": "aGVsbG8"}"#,
                "the blob at 'plaintext' is not standard base64 with its padding",
            ),
            (
                r#"{"Plaintext": "aGVs\nbG8="}"#,
                "the blob at 'plaintext' is not standard base64 with its padding",
            ),
            (r#"{"KeyId": "a"} x"#, "the body is not valid JSON at byte 15"),
            (r#"{"KeyId": "a""#, "the body is not valid JSON at byte 13"),
            (r#"{"KeyId": "\ud800"}"#, "the body is not valid JSON at byte 18"),
        ] {
            assert_eq!(refusal::<EncryptRequest<'_>>(body), format!("serialization: {said}"), "{body}");
        }
        let said = refusal::<GenerateRandomRequest<'_>>(r#"{"NumberOfBytes": 1.5}"#);
        assert_eq!(said, "serialization: NUMBER_VALUE can not be converted to an Integer");
        let deep = format!("{{\"x\": {}{}}}", "[".repeat(40), "]".repeat(40));
        assert_eq!(refusal::<ListKeysRequest<'_>>(&deep), "serialization: the body is nested too deep");
    }

    #[test]
    fn every_violation_is_counted_and_told() {
        let body = r#"{"KeyId": "", "Plaintext": "", "EncryptionAlgorithm": "ROT13"}"#;
        assert_eq!(
            refusal::<EncryptRequest<'_>>(body),
            "3 validation errors detected: Value '' at 'keyId' failed to satisfy constraint: Member must have \
             length greater than or equal to 1; Value at 'plaintext' failed to satisfy constraint: Member must \
             have length greater than or equal to 1; Value 'ROT13' at 'encryptionAlgorithm' failed to satisfy \
             constraint: Member must satisfy enum value set: [SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_1, \
             RSAES_OAEP_SHA_256, SM2PKE]"
        );
        assert_eq!(
            refusal::<EncryptRequest<'_>>("{}"),
            "2 validation errors detected: Value null at 'keyId' failed to satisfy constraint: Member must not be \
             null; Value null at 'plaintext' failed to satisfy constraint: Member must not be null"
        );
    }

    #[test]
    fn limits_are_told_in_the_words_of_aws() {
        assert_eq!(
            refusal::<GenerateRandomRequest<'_>>(r#"{"NumberOfBytes": 1025}"#),
            "1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must \
             have value less than or equal to 1024"
        );
        assert_eq!(
            refusal::<CreateAliasRequest<'_>>(r#"{"AliasName": "alias/a b", "TargetKeyId": "k"}"#),
            "1 validation error detected: Value 'alias/a b' at 'aliasName' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"
        );
        let long = format!(
            r#"{{"Tags": [{{"TagKey": "k", "TagValue": ""}}, {{"TagKey": "{}"}}]}}"#,
            "é".repeat(129)
        );
        assert_eq!(
            refusal::<CreateKeyRequest<'_>>(&long),
            format!(
                "2 validation errors detected: Value '{}' at 'tags.2.member.tagKey' failed to satisfy constraint: \
                 Member must have length less than or equal to 128; Value null at 'tags.2.member.tagValue' failed to \
                 satisfy constraint: Member must not be null",
                "é".repeat(129)
            )
        );
        let tokens = format!(r#"{{"KeyId": "k", "GrantTokens": [{}""]}}"#, r#""t","#.repeat(10));
        assert_eq!(
            refusal::<DescribeKeyRequest<'_>>(&tokens),
            "2 validation errors detected: Value '[t, t, t, t, t, t, t, t, t, t, ]' at 'grantTokens' failed to satisfy \
             constraint: Member must satisfy constraint: [Member must have length less than or equal to 8192, Member \
             must have length greater than or equal to 1]; Value at 'grantTokens' failed to satisfy constraint: Member \
             must have length less than or equal to 10"
        );
        let policy = r#"{"KeyId": "k", "Policy": "snowman \u2603"}"#;
        assert!(refusal::<PutKeyPolicyRequest<'_>>(policy).contains("regular expression pattern: [\\u0009"));
    }

    #[test]
    fn a_plaintext_with_escaped_slashes_is_read() {
        // Some writers escape every slash, and base64 has slashes.
        let request: EncryptRequest<'_> =
            read(br#"{"KeyId": "k", "Plaintext": "\/\/8\u003d"}"#).expect("well formed");
        assert_eq!(request.plaintext.map(|p| p.expose().to_vec()), Some(vec![0xff, 0xff]));
    }

    #[test]
    fn an_answer_is_wiped_only_if_it_holds_a_secret() {
        let mut writer = Writer::new(4);
        writer.text("A", "q\"\\\n\u{1}é").time("T", Timestamp(1_700_000_000_007)).boolean("B", true);
        writer.objects("L", [1, 2], |writer, n| {
            writer.integer("N", n);
        });
        writer.words("W", &["x", "y"]).object("O", |writer| {
            writer.hex("H", &[0xab; 32]);
        });
        let Written::Open(bytes) = writer.finish() else { panic!("nothing secret in it") };
        let value: serde_json::Value = serde_json::from_slice(&bytes).expect("valid JSON");
        assert_eq!(value["A"], "q\"\\\n\u{1}é");
        assert_eq!(value["T"], 1_700_000_000.007);
        assert_eq!(value["L"][1]["N"], 2);
        assert_eq!(value["O"]["H"], "ab".repeat(32));
        let mut writer = Writer::new(1);
        writer.secret("P", &SecretBytes::copy_from(b"hello"));
        assert!(matches!(writer.finish(), Written::Secret(bytes) if *bytes == br#"{"P":"aGVsbG8="}"#));
    }

    /// Any JSON there is, as text.
    fn json() -> impl Strategy<Value = serde_json::Value> {
        use serde_json::Value;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_comes_in_is_taken_or_refused(body in prop::collection::vec(any::<u8>(), 0..256)) {
            let _ = read::<CreateKeyRequest<'_>>(&body);
        }

        #[test]
        fn unknown_members_are_json_exactly_when_another_reader_says_so(body in "\\{\"x\": ?[\\[\\]{}:,\"\\\\0-9eE.+tfnulrase -]{0,24}\\}") {
            let ours = read::<ListKeysRequest<'_>>(body.as_bytes()).is_ok();
            let theirs = serde_json::from_str::<serde_json::Value>(&body).is_ok();
            // Theirs refuses numbers too great for a float; ours only passes over them.
            prop_assert!(ours == theirs || (ours && body.contains(['e', 'E'])), "{} {}", ours, theirs);
        }

        #[test]
        fn any_json_is_passed_over(value in json()) {
            let body = serde_json::json!({ "unknown": value }).to_string();
            prop_assert!(read::<ListKeysRequest<'_>>(body.as_bytes()).is_ok(), "{}", body);
        }

        #[test]
        fn a_text_reads_as_another_reader_reads_it(text in ".*") {
            let body = serde_json::json!({ "EncryptionContext": { "k": text }, "KeyId": "k" }).to_string();
            let request: GenerateDataKeyRequest<'_> = read(body.as_bytes()).expect("well formed");
            let pairs = request.encryption_context.expect("given");
            prop_assert_eq!(&*pairs[0].1, text.as_str());
            let mut writer = Writer::new(0);
            writer.text("k", &text);
            let Written::Open(bytes) = writer.finish() else { panic!("no secret") };
            let back: serde_json::Value = serde_json::from_slice(&bytes).expect("valid JSON");
            prop_assert_eq!(back["k"].as_str(), Some(text.as_str()));
        }
    }
}
