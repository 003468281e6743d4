//! Why a document is no policy, and where.

use std::fmt;

/// A document that is refused. The text says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct PolicyError {
    /// The line, from 1.
    pub line: u32,
    /// The character within the line, from 1.
    pub column: u32,
    /// What is wrong there.
    pub reason: Box<str>,
}

impl PolicyError {
    /// An error at a byte of the document. A position past the end, or inside a character, is that of the nearest
    /// character before.
    pub(crate) fn at(document: &str, offset: usize, reason: impl Into<Box<str>>) -> Self {
        let end =
            (0..=offset.min(document.len())).rev().find(|at| document.is_char_boundary(*at)).unwrap_or(0);
        let before = &document[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            line: short(before.bytes().filter(|b| *b == b'\n').count() + 1),
            column: short(before[line_start..].chars().count() + 1),
            reason: reason.into(),
        }
    }
}

/// A piece of the document for a reason, in quotes, cut to [`QUOTED_CHARS_MAX`] characters: a refusal is not to
/// carry a whole document back.
pub(crate) fn quoted(text: &str) -> impl fmt::Display {
    let cut = text.char_indices().nth(QUOTED_CHARS_MAX).map(|(at, _)| &text[..at]);
    fmt::from_fn(move |f| match cut {
        Some(start) => write!(f, "{start:?}…"),
        None => write!(f, "{text:?}"),
    })
}

const QUOTED_CHARS_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_quotes_no_more_than_it_must() {
        assert_eq!(quoted("a\"b").to_string(), r#""a\"b""#);
        assert_eq!(quoted(&"ö".repeat(30_000)).to_string(), format!("\"{}\"…", "ö".repeat(100)));
    }

    #[test]
    fn a_position_counts_lines_and_characters_from_one() {
        let document = "a\nöx\n";
        let place = |offset| {
            let error = PolicyError::at(document, offset, "");
            (error.line, error.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(2), (2, 1));
        assert_eq!(place(3), (2, 1), "inside a character");
        assert_eq!(place(4), (2, 2));
        assert_eq!(place(99), (3, 1));
    }
}
