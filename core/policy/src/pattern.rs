//! Texts in statements: literal, with the wildcards `*` and `?`, with variables `${…}`.

use crate::buffer::Buffer;
use crate::facts::same_ignoring_case;
use crate::{ConditionKey, Request};

// What is not literal is one byte that UTF-8 never uses, so that a compiled text is a plain byte string and the
// values put in for variables are always literal.
const STAR: u8 = 0xff;
const QUESTION: u8 = 0xfe;
/// Between the first six parts of an ARN.
const PART: u8 = 0xfd;
const VARIABLE: u8 = 0xfc;

/// Longest text once its variables are filled in, in bytes; beyond, the variables count as unresolved.
pub(crate) const EXPANDED_BYTES_MAX: usize = 2_048;
/// Longest stretch between two `*` that has a `?`, in characters: what one machine word can follow.
pub(crate) const QUESTION_STRETCH_CHARS_MAX: usize = 64;

/// How a text compares with a statement's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Match {
    Yes,
    No,
    /// A variable of the statement has no value, more than one, or one that is too long.
    Unresolved,
}

impl From<bool> for Match {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// What `*` and `?` stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wildcards {
    Themselves,
    Others,
}

/// Whether `${…}` is a variable: not before version 2012-10-17.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variables {
    Literal,
    Filled,
}

/// One text of a statement, compiled.
#[derive(Debug)]
pub(crate) struct Pattern {
    bytes: Box<[u8]>,
    variables: Box<[Variable]>,
}

#[derive(Debug)]
struct Variable {
    key: ConditionKey,
    default: Option<Box<str>>,
}

impl Pattern {
    pub(crate) fn parse(text: &str, wildcards: Wildcards, filled: Variables) -> Result<Self, String> {
        let (mut bytes, mut variables) = (Vec::with_capacity(text.len()), Vec::new());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            if let (Variables::Filled, Some(inside)) = (filled, rest.strip_prefix("${")) {
                let (insert, after) = parse_variable(inside)?;
                match insert {
                    Insert::Character(literal) => bytes.push(literal),
                    Insert::Variable(variable) => {
                        bytes.push(VARIABLE);
                        variables.push(variable);
                    }
                }
                rest = after;
                continue;
            }
            let (this, after) = rest.split_at(next.len_utf8());
            match (wildcards, next) {
                (Wildcards::Others, '*') if bytes.last() == Some(&STAR) => {}
                (Wildcards::Others, '*') => bytes.push(STAR),
                (Wildcards::Others, '?') => bytes.push(QUESTION),
                _ => bytes.extend_from_slice(this.as_bytes()),
            }
            rest = after;
        }
        match is_searchable(&bytes) {
            true => Ok(Self { bytes: bytes.into(), variables: variables.into() }),
            false => Err(format!(
                "between two * there are at most {QUESTION_STRETCH_CHARS_MAX} characters if one of them is a ?"
            )),
        }
    }

    /// Equal, byte by byte.
    pub(crate) fn equals(&self, subject: &str, request: &Request<'_>) -> Match {
        self.compare(request, |pattern| pattern == subject.as_bytes())
    }

    /// Equal but for the case of letters.
    pub(crate) fn equals_ignoring_case(&self, subject: &str, request: &Request<'_>) -> Match {
        self.compare(request, |pattern| {
            std::str::from_utf8(pattern).is_ok_and(|pattern| same_ignoring_case(pattern, subject))
        })
    }

    /// Equal, with wildcards.
    pub(crate) fn covers(&self, subject: &str, request: &Request<'_>) -> Match {
        self.compare(request, |pattern| wildcard_match(pattern, subject))
    }

    fn compare(&self, request: &Request<'_>, same: impl FnOnce(&[u8]) -> bool) -> Match {
        if self.variables.is_empty() {
            return same(&self.bytes).into();
        }
        let mut room = Buffer::<EXPANDED_BYTES_MAX>::new();
        match self.fill(request, &mut room).and_then(|()| room.bytes()) {
            Some(filled) if is_searchable(filled) => same(filled).into(),
            _ => Match::Unresolved,
        }
    }

    fn fill(&self, request: &Request<'_>, room: &mut Buffer<EXPANDED_BYTES_MAX>) -> Option<()> {
        let mut variables = self.variables.iter();
        for (index, literal) in self.bytes.split(|byte| *byte == VARIABLE).enumerate() {
            if index > 0 {
                variables.next()?.fill(request, room)?;
            }
            room.push_bytes(literal);
        }
        Some(())
    }
}

impl Variable {
    fn fill(&self, request: &Request<'_>, room: &mut Buffer<EXPANDED_BYTES_MAX>) -> Option<()> {
        let mut count = 0;
        let mut readable = true;
        request.values(&self.key, &mut |value| {
            count += 1;
            value.with_text(|text| match text {
                Some(text) => room.push(text),
                None => readable = false,
            });
        });
        match (count, &self.default) {
            (1, _) if readable => Some(()),
            (0, Some(default)) => {
                room.push(default);
                Some(())
            }
            _ => None,
        }
    }
}

enum Insert {
    Character(u8),
    Variable(Variable),
}

/// Reads what stands between `${` and `}`; answers it and what follows.
fn parse_variable(text: &str) -> Result<(Insert, &str), String> {
    for literal in *b"*?$" {
        if let [first, b'}', ..] = text.as_bytes()
            && *first == literal
        {
            return Ok((Insert::Character(literal), &text[2..]));
        }
    }
    let unfinished = || String::from("a variable begins with ${ and ends with }, as in ${aws:username}");
    let end = text.find([',', '}']).ok_or_else(unfinished)?;
    let key = ConditionKey::parse(&text[..end])?;
    if key.is_multivalued() {
        return Err(format!("{key} can have several values, so it cannot be a variable"));
    }
    if let Some(after) = text[end..].strip_prefix('}') {
        return Ok((Insert::Variable(Variable { key, default: None }), after));
    }
    let quoted = text[end + 1..].trim_start_matches(' ').strip_prefix('\'');
    let (default, after) = quoted
        .and_then(|quoted| quoted.split_once('\''))
        .ok_or("a variable's default stands in single quotes, as in ${aws:username, 'nobody'}")?;
    let after = after.trim_start_matches(' ').strip_prefix('}').ok_or_else(unfinished)?;
    Ok((Insert::Variable(Variable { key, default: Some(default.into()) }), after))
}

/// A pattern for ARNs. With six parts or more each part is matched by itself, and no wildcard reaches over a
/// colon but in the last; with fewer it is matched as one text.
#[derive(Debug)]
pub(crate) struct ArnPattern(Pattern);

impl ArnPattern {
    pub(crate) fn parse(text: &str, filled: Variables) -> Result<Self, String> {
        let mut pattern = Pattern::parse(text, Wildcards::Others, filled)?;
        if pattern.bytes.iter().filter(|byte| **byte == b':').count() >= ARN_PARTS - 1 {
            pattern
                .bytes
                .iter_mut()
                .filter(|byte| **byte == b':')
                .take(ARN_PARTS - 1)
                .for_each(|byte| *byte = PART);
        }
        Ok(Self(pattern))
    }

    /// Whether it is `*` alone.
    pub(crate) fn is_everything(&self) -> bool {
        *self.0.bytes == [STAR]
    }

    /// Whether a variable stands in one of the first five parts.
    pub(crate) fn has_early_variable(&self) -> bool {
        let first_five = match self.0.bytes.iter().rposition(|byte| *byte == PART) {
            Some(last) => &self.0.bytes[..last],
            None => &self.0.bytes,
        };
        first_five.contains(&VARIABLE)
    }

    pub(crate) fn covers(&self, subject: &str, request: &Request<'_>) -> Match {
        self.0.compare(request, |pattern| match memchr::memchr(PART, pattern) {
            None => wildcard_match(pattern, subject),
            Some(first) => match_parts(first, pattern, subject),
        })
    }
}

/// Matches part by part. `first` is the end of the pattern's first part.
fn match_parts(first: usize, pattern: &[u8], subject: &str) -> bool {
    let (mut pattern, mut subject, mut end) = (pattern, subject, Some(first));
    while let Some(own) = end {
        let Some(other) = memchr::memchr(b':', subject.as_bytes()) else { return false };
        if !wildcard_match(&pattern[..own], &subject[..other]) {
            return false;
        }
        (pattern, subject) = (&pattern[own + 1..], &subject[other + 1..]);
        end = memchr::memchr(PART, pattern);
    }
    wildcard_match(pattern, subject)
}

const ARN_PARTS: usize = 6;

/// Matches in time proportional to both lengths together, whatever they are: what stands between two `*` is
/// looked for once, from the left, and never again.
fn wildcard_match(pattern: &[u8], subject: &str) -> bool {
    // Most parts of an ARN are one of these two.
    if *pattern == [STAR] {
        return true;
    }
    if memchr::memchr2(STAR, QUESTION, pattern).is_none() {
        return pattern == subject.as_bytes();
    }
    let mut stretches = pattern.split(|byte| *byte == STAR);
    let Some(after_first) = stretches.next().and_then(|first| strip_start(first, subject)) else {
        return false;
    };
    let Some(last) = stretches.next_back() else { return after_first.is_empty() };
    let Some(mut rest) = strip_end(last, after_first) else { return false };
    for stretch in stretches {
        match skip_past(stretch, rest) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

/// The characters of a stretch; `None` for `?`.
fn units(stretch: &[u8]) -> impl Iterator<Item = Option<char>> {
    stretch
        .utf8_chunks()
        .flat_map(|chunk| chunk.valid().chars().map(Some).chain(chunk.invalid().iter().map(|_| None)))
}

fn strip_start<'s>(stretch: &[u8], subject: &'s str) -> Option<&'s str> {
    if !stretch.contains(&QUESTION) {
        return subject.as_bytes().starts_with(stretch).then(|| &subject[stretch.len()..]);
    }
    let mut characters = subject.chars();
    for unit in units(stretch) {
        let character = characters.next()?;
        if unit.is_some_and(|unit| unit != character) {
            return None;
        }
    }
    Some(characters.as_str())
}

fn strip_end<'s>(stretch: &[u8], subject: &'s str) -> Option<&'s str> {
    if !stretch.contains(&QUESTION) {
        return subject.as_bytes().ends_with(stretch).then(|| &subject[..subject.len() - stretch.len()]);
    }
    let count = units(stretch).count();
    let start = subject.char_indices().rev().nth(count - 1)?.0;
    strip_start(stretch, &subject[start..]).map(|_| &subject[..start])
}

/// What follows the first place where the stretch stands.
fn skip_past<'s>(stretch: &[u8], subject: &'s str) -> Option<&'s str> {
    if !stretch.contains(&QUESTION) {
        let start = memchr::memmem::find(subject.as_bytes(), stretch)?;
        return Some(&subject[start + stretch.len()..]);
    }
    // Shift-and: bit i says that the first i + 1 units match up to the character just read.
    let mut ascii = [0u64; 128];
    let (mut any, mut last) = (0u64, 0u64);
    for (index, unit) in units(stretch).enumerate() {
        last = 1 << index;
        match unit {
            Some(unit) if unit.is_ascii() => ascii[unit as usize] |= last,
            Some(_) => {}
            None => any |= last,
        }
    }
    let mut state = 0u64;
    for (at, character) in subject.char_indices() {
        let fits = match ascii.get(character as usize) {
            Some(bits) => *bits,
            None => {
                let same = |(index, unit)| if unit == Some(character) { 1u64 << index } else { 0 };
                units(stretch).enumerate().map(same).fold(0, |bits, bit| bits | bit)
            }
        };
        state = (state << 1 | 1) & (fits | any);
        if state & last != 0 {
            return Some(&subject[at + character.len_utf8()..]);
        }
    }
    None
}

/// Whether [`skip_past`] can follow every stretch with a `?` in one word.
fn is_searchable(pattern: &[u8]) -> bool {
    pattern.split(|byte| *byte == PART).all(|part| {
        let mut stretches = part.split(|byte| *byte == STAR);
        let _anchored = (stretches.next(), stretches.next_back());
        stretches.all(|stretch| {
            !stretch.contains(&QUESTION) || units(stretch).count() <= QUESTION_STRETCH_CHARS_MAX
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn compiled(text: &str) -> Pattern {
        Pattern::parse(text, Wildcards::Others, Variables::Filled).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    fn like(pattern: &str, subject: &str) -> bool {
        wildcard_match(&compiled(pattern).bytes, subject)
    }

    /// The definition, written down: exponential, and obviously right.
    fn model(pattern: &[char], subject: &[char]) -> bool {
        match pattern.split_first() {
            None => subject.is_empty(),
            Some(('*', rest)) => (0..=subject.len()).any(|skip| model(rest, &subject[skip..])),
            Some(('?', rest)) => !subject.is_empty() && model(rest, &subject[1..]),
            Some((this, rest)) => subject.first() == Some(this) && model(rest, &subject[1..]),
        }
    }

    #[test]
    fn a_star_is_any_number_of_characters_and_a_question_mark_is_one() {
        assert!(like("", "") && like("*", "") && like("**", "abc") && like("a*", "a") && like("a?c", "aöc"));
        assert!(!like("", "a") && !like("?", "") && !like("a?c", "ac") && !like("ab*ba", "aba"));
        assert!(like("*a?c*", "xxaaccx") && like("*??", "öö") && !like("*???", "öö"));
    }

    #[test]
    fn a_hostile_pattern_is_answered() {
        // A matcher that tries every split would not come back from these.
        let subject = "a".repeat(8_192);
        assert!(!like(&format!("{}b", "*a".repeat(8_000)), &subject));
        assert!(!like(&format!("*{}b*", "?a".repeat(31)), &subject));
        assert!(like(&"*a".repeat(8_000), &subject));
    }

    #[test]
    fn a_long_stretch_with_a_question_mark_is_refused_between_two_stars_only() {
        let parse = |text: &str| Pattern::parse(text, Wildcards::Others, Variables::Filled).is_ok();
        let long = format!("{}?", "a".repeat(64));
        assert!(parse(&long) && parse(&format!("{long}*{long}")));
        assert!(!parse(&format!("*{long}*")));
        assert!(like(&format!("*{}?*", "a".repeat(63)), &"a".repeat(70)));
    }

    #[test]
    fn an_arn_is_matched_part_by_part() {
        let cases = [
            (
                "arn:aws:s:*:111122223333:finance/*",
                "arn:aws:s:us-east-2:999999999999:store/abc:111122223333:finance/d",
                false,
            ),
            ("arn:aws:s:*:111122223333:finance/*", "arn:aws:s:us-east-2:111122223333:finance/a:b", true),
            ("arn:aws:kms:*:*:key/*", "arn:aws:kms:eu:1:key/2", true),
            ("arn:aws:kms:*:*:key/*", "arn:aws:kms:eu:1:alias/2", false),
            ("arn:aws:kms:*", "arn:aws:kms:eu:1:key/2", true),
            ("*", "anything", true),
            ("arn:aws:kms", "arn:aws:kms:eu:1:key/2", false),
            ("arn:a*:kms:eu:1:key/2", "not an arn", false),
        ];
        for (pattern, subject, expected) in cases {
            let pattern = ArnPattern::parse(pattern, Variables::Literal).unwrap_or_else(|e| panic!("{e}"));
            let fits = crate::decide::tests::with_request(|request| pattern.covers(subject, request));
            assert_eq!(fits == Match::Yes, expected, "{pattern:?} {subject}");
        }
    }

    #[test]
    fn a_broken_variable_is_refused() {
        for text in [
            "${",
            "${aws:username",
            "${}",
            "${aws:nonsense}",
            "${aws:TagKeys}",
            "${aws:username, nobody}",
            "${aws:username, 'a'",
        ] {
            assert!(Pattern::parse(text, Wildcards::Others, Variables::Filled).is_err(), "{text}");
            assert!(Pattern::parse(text, Wildcards::Others, Variables::Literal).is_ok(), "{text}");
        }
    }

    #[test]
    fn escaped_wildcards_are_literal() {
        assert!(like("a${*}b${?}${$}", "a*b?$") && !like("a${*}b", "axxb"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn the_fast_matcher_agrees_with_the_definition(pattern in "[abö*?]{0,9}", subject in "[abö]{0,12}") {
            let expected = model(&pattern.chars().collect::<Vec<_>>(), &subject.chars().collect::<Vec<_>>());
            prop_assert_eq!(like(&pattern, &subject), expected);
        }
    }
}
