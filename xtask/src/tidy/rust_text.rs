//! Rust source with comments, strings and test modules blanked out, so that rules see only what runs.

/// The same text, byte for byte in length and line for line, with spaces for the inside of comments, strings and
/// character literals.
pub(crate) fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => line_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment_end(bytes, at),
            b'"' => string_end(bytes, at),
            b'r' | b'b' | b'c' if !follows_word(bytes, at) => match raw_string_end(bytes, at) {
                Some(end) => end,
                None => {
                    at += 1;
                    continue;
                }
            },
            b'\'' => match char_end(bytes, at) {
                Some(end) => end,
                None => {
                    at += 1;
                    continue;
                }
            },
            _ => {
                at += 1;
                continue;
            }
        };
        blank(&mut out[at..end]);
        at = end;
    }
    String::from_utf8(out).unwrap_or_default()
}

/// For each line, whether it belongs to a test: to a `#[cfg(test)] mod … { … }`, or to a function marked as one.
pub(crate) fn test_lines(code: &str) -> Vec<bool> {
    let lines: Vec<&str> = code.lines().collect();
    let mut is_test = vec![false; lines.len()];
    let mut at = 0;
    while at < lines.len() {
        if is_test_marker(lines[at].trim()) {
            let end = item_end(&lines, at);
            is_test[at..end].fill(true);
            at = end;
        } else {
            at += 1;
        }
    }
    is_test
}

/// The modules a file keeps in files of their own for tests only: `#[cfg(test)] mod name;`.
pub(crate) fn test_modules(code: &str) -> Vec<&str> {
    let lines: Vec<&str> = code.lines().map(str::trim).collect();
    let pairs = lines.windows(2).filter(|pair| is_test_marker(pair[0]));
    pairs.filter_map(|pair| pair[1].strip_prefix("mod ")?.strip_suffix(';')).collect()
}

fn is_test_marker(line: &str) -> bool {
    line.starts_with("#[cfg(test)]") || line.starts_with("#[test]") || line.starts_with("#[cfg(any(test")
}

/// The line after the item that begins at `start`: where its braces close, or after its semicolon.
fn item_end(lines: &[&str], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, line) in lines.iter().enumerate().skip(start) {
        for byte in line.bytes() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b';' if depth == 0 => return at + 1,
                _ => {}
            }
        }
        if depth == 0 && line.contains('}') {
            return at + 1;
        }
    }
    lines.len()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn follows_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn block_comment_end(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'/', Some(b'*')) => (at, depth) = (at + 2, depth + 1),
            (b'*', Some(b'/')) if depth <= 1 => return at + 2,
            (b'*', Some(b'/')) => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Where a string with a prefix ends (`r"…"`, `br#"…"#`, `c"…"`, `b'…'`), if one begins here.
fn raw_string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let letters = bytes[start..].iter().take(2).take_while(|byte| b"rbc".contains(byte)).count();
    let raw = bytes[start..start + letters].contains(&b'r');
    let open = start + letters;
    let hashes = bytes[open..].iter().take_while(|byte| **byte == b'#').count();
    match bytes.get(open + hashes)? {
        b'"' if raw => {
            let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
            let body = open + hashes + 1;
            let found = bytes[body..].windows(close.len()).position(|window| window == close);
            Some(found.map_or(bytes.len(), |length| body + length + close.len()))
        }
        b'"' if hashes == 0 => Some(string_end(bytes, open)),
        b'\'' if hashes == 0 && letters == 1 && bytes[start] == b'b' => char_end(bytes, open),
        _ => None,
    }
}

/// Where a character literal ends; `None` for a lifetime.
fn char_end(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes.get(start + 1) == Some(&b'\\') {
        let close = bytes.get(start + 3..)?.iter().take(12).position(|byte| *byte == b'\'')?;
        return Some(start + 3 + close + 1);
    }
    // One character of one to four bytes, then the quote; a lifetime has no quote there.
    let width = std::str::from_utf8(bytes.get(start + 1..(start + 5).min(bytes.len()))?)
        .map_or_else(|error| error.valid_up_to().max(1), str::len);
    let width = (1..=width.min(4)).find(|width| bytes.get(start + 1 + width) == Some(&b'\''))?;
    let inside = std::str::from_utf8(&bytes[start + 1..start + 1 + width]).ok()?;
    (inside.chars().count() == 1).then_some(start + width + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_characters_are_blanked() {
        let cases = [
            ("a // b", "a"),
            ("a /* b /* c */ d */ e", "a                   e"),
            (r#"f("x\"y") + 1"#, "f(      ) + 1"),
            (r##"f(r#"x"y"#) + 1"##, "f(        ) + 1"),
            ("f(b\"x\", c\"y\")", "f(    ,     )"),
            ("f('\"') + g", "f(   ) + g"),
            (r"f('\'') + g", "f(    ) + g"),
            (r"f('\u{1f}') + g", "f(        ) + g"),
            ("f('é') + g", "f(    ) + g"),
            ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
        ];
        for (text, expected) in cases {
            assert_eq!(code_only(text).trim_end(), expected, "{text}");
            assert_eq!(code_only(text).len(), text.len(), "{text}");
        }
    }

    #[test]
    fn lines_stay_where_they_are() {
        assert_eq!(code_only("a\n/*\n*/\nb").lines().collect::<Vec<_>>(), ["a", "  ", "  ", "b"]);
    }

    #[test]
    fn test_modules_and_functions_are_told_from_the_rest() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[test]\nfn d() {\n}\nfn e() {}";
        let expected = [false, true, true, true, true, false, true, true, true, false];
        assert_eq!(test_lines(code), expected);
        assert_eq!(test_modules("#[cfg(test)]\nmod contract_tests;\nmod other;"), ["contract_tests"]);
        assert_eq!(test_lines("#[cfg(test)]\nuse x::Y;\nfn f() {}"), [true, true, false]);
    }
}
