//! The patterns of the model, which are Java's, in a form that the front can match.

use anyhow::{Context, Result, bail, ensure};

/// Patterns of a kind that the front's expressions cannot read, and the functions there that match them.
const BY_HAND: &[(&str, &str)] = &[
    (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+", "is_tag_key"),
    (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "is_tag_text"),
    ("^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", "is_account_alias"),
];

/// A pattern: one class of characters, repeated, as most are; else an expression.
pub(super) fn pattern_rule(pattern: &str) -> Result<String> {
    let by_hand = BY_HAND.iter().find(|(known, _)| *known == pattern);
    let form = match (by_hand, class_rule(pattern)) {
        (Some((_, function)), _) => format!("Form::Hand({function})"),
        (None, Ok(class)) => class,
        (None, Err(_)) => {
            let is_read = !pattern.contains("(?") && !pattern.contains("\\p");
            ensure!(is_read, "the pattern {pattern} has to be matched by hand: see BY_HAND");
            format!("Form::Expression(LazyLock::new(|| expression({pattern:?})))")
        }
    };
    Ok(format!("Pattern {{ text: {pattern:?}, form: {form} }}"))
}

fn class_rule(pattern: &str) -> Result<String> {
    let body = pattern.strip_prefix('^').unwrap_or(pattern);
    let body = body.strip_suffix('$').unwrap_or(body);
    let (body, least) = match (body.strip_suffix('+'), body.strip_suffix('*')) {
        (Some(body), _) => (body, 1),
        (_, Some(body)) => (body, 0),
        _ => bail!("the pattern {pattern} is not one repeated class"),
    };
    let class = body.strip_prefix('[').and_then(|b| b.strip_suffix(']'));
    let class = class.with_context(|| format!("the pattern {pattern} is not one repeated class"))?;
    let mut ranges = class_ranges(class).with_context(|| format!("the pattern {pattern}"))?;
    ranges.sort_unstable();
    let spelled: Vec<String> = ranges.iter().map(|(from, to)| format!("({from:?}, {to:?})")).collect();
    Ok(format!("Form::Class {{ chars_min: {least}, class: &[{}] }}", spelled.join(", ")))
}

/// The ranges of a character class, as Java reads one.
fn class_ranges(class: &str) -> Result<Vec<(char, char)>> {
    let mut ranges = Vec::new();
    let mut chars = class.chars().peekable();
    while let Some(c) = chars.next() {
        let from = match c {
            '\\' => match chars.next().context("a lone backslash")? {
                'w' => {
                    ranges.extend([('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]);
                    continue;
                }
                'd' => {
                    ranges.push(('0', '9'));
                    continue;
                }
                's' => {
                    ranges.extend([('\t', '\r'), (' ', ' ')]);
                    continue;
                }
                'u' => code_point(&mut chars)?,
                letter if letter.is_ascii_alphanumeric() => bail!("\\{letter} in a class is not read"),
                other => other,
            },
            '[' | '&' | '^' => bail!("{c:?} in a class is not read"),
            other => other,
        };
        let mut after = chars.clone();
        let is_range = after.next() == Some('-') && after.next().is_some();
        if !is_range {
            ranges.push((from, from));
            continue;
        }
        chars.next();
        let to = match chars.next().context("a range without an end")? {
            '\\' if chars.next() == Some('u') => code_point(&mut chars)?,
            '\\' => bail!("an escape ends a range"),
            other => other,
        };
        ensure!(from <= to, "the range {from:?}-{to:?} is empty");
        ranges.push((from, to));
        // A hyphen right after a range stands for itself.
        if chars.peek() == Some(&'-') {
            chars.next();
            ranges.push(('-', '-'));
        }
    }
    Ok(ranges)
}

fn code_point(chars: &mut impl Iterator<Item = char>) -> Result<char> {
    let digits: String = chars.take(4).collect();
    char::from_u32(u32::from_str_radix(&digits, 16)?).context("a surrogate")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_read_as_its_ranges() {
        let ranges = class_ranges("a-zA-Z0-9-_.").expect("a class");
        assert_eq!(ranges, [('a', 'z'), ('A', 'Z'), ('0', '9'), ('-', '-'), ('_', '_'), ('.', '.')]);
        let ranges = class_ranges("\\u0009\\u000A\\u0020-\\u00FF").expect("a class");
        assert_eq!(ranges, [('\t', '\t'), ('\n', '\n'), (' ', '\u{ff}')]);
        let ranges = class_ranges("a:/_-").expect("a class");
        assert_eq!(ranges, [('a', 'a'), (':', ':'), ('/', '/'), ('_', '_'), ('-', '-')]);
    }

    #[test]
    fn a_pattern_that_is_more_than_one_class_is_an_expression() {
        let form = |pattern| pattern_rule(pattern).expect("a rule");
        assert!(form("^([a-z]+-){2,3}\\d+$").contains("Expression"));
        assert!(form("^[a-z]+$").contains("Class"));
    }

    #[test]
    fn a_pattern_beyond_our_expressions_is_matched_by_hand_or_refused() {
        for (pattern, function) in BY_HAND {
            assert!(pattern_rule(pattern).expect("a rule").ends_with(&format!("Form::Hand({function}) }}")));
        }
        for pattern in ["[\\p{L}]+", "a(?=b)"] {
            assert!(pattern_rule(pattern).is_err(), "{pattern}");
        }
    }
}
