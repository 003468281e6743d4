//! Owns the limits of the service models, and AWS's words for values beyond them.
//!
//! The readers of both forms, JSON and query, hold what they read against these rules. All violations of a request are
//! collected and told at once.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use regex_lite::Regex;

use crate::door::Refusal;

/// A text, borrowed from the request unless it was written with escapes.
pub type Text<'a> = Cow<'a, str>;

/// Most items of a list that are read. The longest list a model allows has a few hundred that make sense.
pub const ITEMS_MAX: usize = 1024;
/// Most violations that are told one by one; all are counted.
pub const VIOLATIONS_TOLD_MAX: usize = 16;
/// Longest part of an offending value that is repeated in a message, in characters.
pub const ECHO_CHARS_MAX: usize = 512;

/// A request cannot be read as what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed(pub Cow<'static, str>);

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Self::Serialization(malformed.0.into_owned())
    }
}

/// Limits of a text.
pub struct TextRule {
    /// Fewest characters.
    pub chars_min: usize,
    /// Most characters.
    pub chars_max: Option<usize>,
    /// What it must match.
    pub pattern: Option<Pattern>,
    /// The values it may have; any if empty.
    pub values: &'static [&'static str],
}

/// What the whole of a text has to match.
pub struct Pattern {
    /// As the model spells it.
    pub text: &'static str,
    /// How it is matched.
    pub form: Form,
}

/// How a pattern is matched.
pub enum Form {
    /// One class of characters, repeated.
    Class {
        /// Fewest characters.
        chars_min: usize,
        /// The class, as inclusive ranges.
        class: &'static [(char, char)],
    },
    /// A regular expression, compiled when it is first needed.
    Expression(LazyLock<Regex>),
    /// By hand: an expression of a kind that ours cannot read.
    Hand(fn(&str) -> bool),
}

/// Compiles a pattern of the model, which has to match a whole text.
pub fn expression(pattern: &str) -> Regex {
    Regex::new(&format!("^(?:{pattern})$")).expect("the patterns of the model are regular expressions")
}

/// The pattern of tags, `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`. Marks that are part of a letter count as one.
pub fn is_tag_text(text: &str) -> bool {
    let is_separator =
        |c: char| c == ' ' || c == '\u{2028}' || c == '\u{2029}' || (c.is_whitespace() && c > '\u{85}');
    text.chars().all(|c| c.is_alphanumeric() || is_separator(c) || "_.:/=+-@".contains(c))
}

/// The pattern of the keys of tags: that of [`is_tag_text`], with one character at least.
pub fn is_tag_key(text: &str) -> bool {
    !text.is_empty() && is_tag_text(text)
}

/// The pattern of account aliases, `^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`.
pub fn is_account_alias(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|b| plain(*b) || *b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

/// Limits of a blob, in bytes after decoding.
pub struct BlobRule {
    /// Fewest bytes.
    pub bytes_min: usize,
    /// Most bytes.
    pub bytes_max: usize,
}

/// Limits of an integer.
pub struct IntegerRule {
    /// Least value.
    pub min: i32,
    /// Greatest value.
    pub max: i32,
}

/// Limits of a list.
pub struct ListRule {
    /// Fewest items.
    pub items_min: usize,
    /// Most items.
    pub items_max: Option<usize>,
}

impl TextRule {
    /// Each constraint that a text breaks.
    pub(super) fn broken<'t>(&'static self, text: &'t str) -> impl Iterator<Item = String> + use<'t> {
        // Most texts are short: bytes bound characters, so counting is seldom needed.
        let chars = || text.chars().count();
        let long = self.chars_max.filter(|max| text.len() > *max && chars() > *max).map(length_max);
        let is_short = self.chars_min > 0 && text.len() < 4 * self.chars_min && chars() < self.chars_min;
        let short = is_short.then(|| length_min(self.chars_min));
        let odd = self.pattern.as_ref().filter(|pattern| !pattern.matches(text)).map(Pattern::constraint);
        let is_strange = !self.values.is_empty() && !self.values.contains(&text);
        let strange = is_strange.then(|| self.value_set());
        long.into_iter().chain(short).chain(odd).chain(strange)
    }

    /// The constraint of a list whose items break this rule: every constraint there is.
    pub(super) fn of_items(&self) -> String {
        let mut all = Vec::new();
        all.extend(self.chars_max.map(length_max));
        all.extend((self.chars_min > 0).then(|| length_min(self.chars_min)));
        all.extend(self.pattern.as_ref().map(Pattern::constraint));
        all.extend((!self.values.is_empty()).then(|| self.value_set()));
        format!("Member must satisfy constraint: [{}]", all.join(", "))
    }

    fn value_set(&self) -> String {
        format!("Member must satisfy enum value set: [{}]", self.values.join(", "))
    }
}

impl Pattern {
    fn matches(&self, text: &str) -> bool {
        match &self.form {
            Form::Class { chars_min, class } => {
                let allowed = |c: char| class.iter().any(|(from, to)| (*from..=*to).contains(&c));
                (*chars_min == 0 || !text.is_empty()) && text.chars().all(allowed)
            }
            Form::Expression(expression) => expression.is_match(text),
            Form::Hand(matches) => matches(text),
        }
    }

    fn constraint(&self) -> String {
        format!("Member must satisfy regular expression pattern: {}", self.text)
    }
}

impl BlobRule {
    /// Each constraint that a number of bytes breaks.
    pub(super) fn broken(&self, bytes: usize) -> impl Iterator<Item = String> + use<> {
        let short = (bytes < self.bytes_min).then(|| length_min(self.bytes_min));
        let long = (bytes > self.bytes_max).then(|| length_max(self.bytes_max));
        short.into_iter().chain(long)
    }
}

impl IntegerRule {
    /// Each constraint that a value breaks.
    pub(super) fn broken(&self, value: i32) -> impl Iterator<Item = String> + use<> {
        let low = (value < self.min)
            .then(|| format!("Member must have value greater than or equal to {}", self.min));
        let high =
            (value > self.max).then(|| format!("Member must have value less than or equal to {}", self.max));
        low.into_iter().chain(high)
    }
}

impl ListRule {
    /// The constraint that a number of items breaks, and the value to tell with it.
    pub(super) fn broken(&self, items: usize) -> Option<(Option<&'static str>, String)> {
        match self.items_max {
            _ if items < self.items_min => Some((Some("[]"), length_min(self.items_min))),
            Some(max) if items > max => Some((None, length_max(max))),
            _ => None,
        }
    }
}

fn length_min(min: usize) -> String {
    format!("Member must have length greater than or equal to {min}")
}

fn length_max(max: usize) -> String {
    format!("Member must have length less than or equal to {max}")
}

/// The place of a member in a request: the structures and lists around it.
#[derive(Default)]
pub(super) struct Place(Vec<Step>);

enum Step {
    Member(&'static str),
    Item(usize),
}

impl Place {
    /// Goes into a member.
    pub(super) fn member(&mut self, name: &'static str) {
        self.0.push(Step::Member(name));
    }

    /// Goes into an item of a list, counted from 0.
    pub(super) fn item(&mut self, index: usize) {
        self.0.push(Step::Item(index));
    }

    /// Goes back out.
    pub(super) fn out(&mut self) {
        self.0.pop();
    }

    /// A member here, as messages spell it: each name with a small first letter.
    pub(super) fn to(&self, name: &str) -> String {
        let mut path = String::new();
        for step in &self.0 {
            let _ = match step {
                Step::Member(name) => write!(path, "{}.", Camel(name)),
                Step::Item(index) => write!(path, "{}.member.", index + 1),
            };
        }
        let _ = write!(path, "{}", Camel(name));
        path
    }
}

/// A name with its first letter small: `userName`.
struct Camel<'n>(&'n str);

impl fmt::Display for Camel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars();
        if let Some(first) = chars.next() {
            f.write_char(first.to_ascii_lowercase())?;
        }
        f.write_str(chars.as_str())
    }
}

/// What was wrong with values, in the order found.
#[derive(Default)]
pub(super) struct Violations {
    told: Vec<String>,
    count: usize,
}

impl Violations {
    /// Notes a value that breaks a constraint; no value for one that is a secret or has no short spelling.
    pub(super) fn note(&mut self, path: &str, value: Option<&str>, constraint: &str) {
        self.add(match value {
            Some(value) => {
                let value = echo(value);
                format!("Value '{value}' at '{path}' failed to satisfy constraint: {constraint}")
            }
            None => format!("Value at '{path}' failed to satisfy constraint: {constraint}"),
        });
    }

    /// Notes an absent required member.
    pub(super) fn note_absent(&mut self, path: &str) {
        self.add(format!("Value null at '{path}' failed to satisfy constraint: Member must not be null"));
    }

    /// The refusal, if there is a reason for one.
    pub(super) fn refusal(self) -> Option<Refusal> {
        let errors = if self.count == 1 { "error" } else { "errors" };
        let message = || format!("{} validation {errors} detected: {}", self.count, self.told.join("; "));
        (self.count > 0).then(|| Refusal::Validation(message()))
    }

    fn add(&mut self, text: String) {
        self.count += 1;
        if self.told.len() < VIOLATIONS_TOLD_MAX {
            self.told.push(text);
        }
    }
}

/// A value for a message: what is too long is cut.
fn echo(value: &str) -> Cow<'_, str> {
    match value.char_indices().nth(ECHO_CHARS_MAX) {
        Some((at, _)) => format!("{}...", &value[..at]).into(),
        None => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_letters_digits_spaces_and_a_few_signs() {
        for text in ["", "a b", "Straße", "名前", "x:y/z=1+2-3@4_5.6", "\u{a0}\u{2028}\u{3000}"] {
            assert!(is_tag_text(text), "{text:?}");
        }
        for text in ["a\nb", "\t", "<", "a\u{85}", "a\u{0}", "a,b", "😀"] {
            assert!(!is_tag_text(text), "{text:?}");
        }
        assert!(!is_tag_key("") && is_tag_key("a"));
    }

    #[test]
    fn an_account_alias_has_no_hyphen_at_an_end_or_beside_another() {
        for text in ["abc", "a-c", "a1-b2-c3", &"a".repeat(63)] {
            assert!(is_account_alias(text), "{text}");
        }
        for text in ["", "ab", "-ab", "ab-", "a--b", "Abc", "a_b", &"a".repeat(64)] {
            assert!(!is_account_alias(text), "{text}");
        }
    }
}
