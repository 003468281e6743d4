//! The canonical request: one spelling for all the ways of writing a request that mean the same.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{Failure, MISMATCH, PARAMETERS_MAX, Request, SignedHeaders};

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Appends the canonical request. `is_presigned` leaves the signature out of the query.
pub(super) fn write(
    out: &mut Vec<u8>,
    request: &Request<'_>,
    headers: &SignedHeaders<'_>,
    normalise_path: bool,
    is_presigned: bool,
    payload: &[u8; 64],
) -> Result<(), Failure> {
    out.extend_from_slice(request.method.as_bytes());
    out.push(b'\n');
    write_path(out, request.path, normalise_path);
    out.push(b'\n');
    write_query(out, request.query, is_presigned)?;
    out.push(b'\n');
    for name in headers.names() {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        write_values(out, request, name)?;
        out.push(b'\n');
    }
    out.push(b'\n');
    out.extend_from_slice(headers.0.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(payload);
    Ok(())
}

// --- Headers -----------------------------------------------------------------------------------------------

/// All values of a header, trimmed, joined by commas. A header that was signed and is not there was lost on
/// the way, so the signature cannot match.
fn write_values(out: &mut Vec<u8>, request: &Request<'_>, name: &str) -> Result<(), Failure> {
    if name == "host" {
        return write_host(out, request);
    }
    let mut values = request.headers.get_all(name).iter();
    let first = values.next().ok_or_else(|| Failure::Invalid(MISMATCH.into()))?;
    write_trimmed(out, first.as_bytes());
    for value in values {
        out.push(b',');
        write_trimmed(out, value.as_bytes());
    }
    Ok(())
}

/// The host: in HTTP/2 the authority. If both are there they must not differ.
fn write_host(out: &mut Vec<u8>, request: &Request<'_>) -> Result<(), Failure> {
    let header = request.headers.get(http::header::HOST).map(|value| value.as_bytes());
    let authority = request.authority.map(str::as_bytes);
    match (header, authority) {
        (Some(header), Some(authority)) if header != authority => {
            Err(Failure::Invalid("The request names two different hosts.".into()))
        }
        (Some(host), _) | (None, Some(host)) => {
            write_trimmed(out, host);
            Ok(())
        }
        (None, None) => Err(Failure::Invalid("The request names no host.".into())),
    }
}

/// A value without spaces around it and with one space for each run of them.
fn write_trimmed(out: &mut Vec<u8>, value: &[u8]) {
    let value = value.trim_ascii();
    let mut last = 0;
    for &byte in value {
        if byte != b' ' || last != b' ' {
            out.push(byte);
        }
        last = byte;
    }
}

// --- Path --------------------------------------------------------------------------------------------------

/// The path, encoded once more than it was sent.
pub(super) fn write_path(out: &mut Vec<u8>, path: &str, normalise: bool) {
    if path == "/" || path.is_empty() {
        out.push(b'/');
        return;
    }
    if !normalise {
        write_encoded(out, path.as_bytes(), true);
        return;
    }
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    for segment in &kept {
        out.push(b'/');
        write_encoded(out, segment.as_bytes(), false);
    }
    if kept.is_empty() || path.ends_with('/') {
        out.push(b'/');
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986 section 2.3.
fn write_encoded(out: &mut Vec<u8>, bytes: &[u8], keeps_slashes: bool) {
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte),
            b'/' if keeps_slashes => out.push(byte),
            _ => out.extend_from_slice(&[b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]),
        }
    }
}

// --- Query -------------------------------------------------------------------------------------------------

/// The query, each name and value decoded and encoded again, ascending.
fn write_query(out: &mut Vec<u8>, query: &str, is_presigned: bool) -> Result<(), Failure> {
    if query.is_empty() {
        return Ok(());
    }
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for (name, value) in parameters(query) {
        if pairs.len() == PARAMETERS_MAX {
            return Err(Failure::MalformedQuery);
        }
        let (mut encoded_name, mut encoded_value) = (Vec::new(), Vec::new());
        write_encoded(&mut encoded_name, &decoded(name)?, false);
        write_encoded(&mut encoded_value, &decoded(value)?, false);
        if !is_presigned || encoded_name != b"X-Amz-Signature" {
            pairs.push((encoded_name, encoded_value));
        }
    }
    pairs.sort();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push(b'&');
        }
        out.extend_from_slice(name);
        out.push(b'=');
        out.extend_from_slice(value);
    }
    Ok(())
}

/// Names and values as sent.
fn parameters(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Takes percent-encoding off. A percent sign that encodes nothing is an error: it would mean the same as
/// its own encoding, and one value would have two spellings. A plus sign stands for itself.
fn decoded(text: &str) -> Result<Cow<'_, [u8]>, Failure> {
    let bytes = text.as_bytes();
    let is_escape =
        |at: usize| bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    match memchr::memchr_iter(b'%', bytes).all(is_escape) {
        true => Ok(percent_decode_str(text).into()),
        false => Err(Failure::MalformedQuery),
    }
}

/// Whether a parameter is there, whatever its value.
pub(super) fn has_parameter(query: &str, wanted: &str) -> bool {
    parameters(query).any(|(name, _)| decoded(name).is_ok_and(|name| *name == *wanted.as_bytes()))
}

/// The decoded value of a parameter that may be there once.
pub(crate) fn parameter<'q>(query: &'q str, wanted: &str) -> Result<Option<Cow<'q, str>>, Failure> {
    let mut found = None;
    for (name, value) in parameters(query).take(PARAMETERS_MAX) {
        if *decoded(name)? != *wanted.as_bytes() {
            continue;
        }
        let value = match decoded(value)? {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).ok(),
            Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).ok(),
        };
        if found.replace(value.ok_or(Failure::MalformedQuery)?).is_some() {
            return Err(Failure::MalformedQuery);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str, normalise: bool) -> String {
        let mut out = Vec::new();
        write_path(&mut out, path, normalise);
        String::from_utf8(out).expect("ASCII")
    }

    fn query(query: &str) -> Result<String, Failure> {
        let mut out = Vec::new();
        write_query(&mut out, query, false)?;
        Ok(String::from_utf8(out).expect("ASCII"))
    }

    #[test]
    fn paths_lose_their_dots_and_double_slashes() {
        assert_eq!(path("", true), "/");
        assert_eq!(path("//a/./b/../c//", true), "/a/c/");
        assert_eq!(path("/../..", true), "/");
        assert_eq!(path("/a%20b/ü", true), "/a%2520b/%C3%BC");
        assert_eq!(path("//a/./b", false), "//a/./b");
    }

    #[test]
    fn queries_are_sorted_and_spelled_anew() {
        assert_eq!(query("b=1&a=%7e&a=%2B&a=+&c"), Ok("a=%2B&a=%2B&a=~&b=1&c=".into()));
        assert_eq!(query("a=%zz"), Err(Failure::MalformedQuery));
        assert_eq!(query("a=%4"), Err(Failure::MalformedQuery));
        assert_eq!(query(&"a=1&".repeat(PARAMETERS_MAX + 1)), Err(Failure::MalformedQuery));
    }

    #[test]
    fn a_parameter_is_there_once_or_not() {
        assert_eq!(parameter("a=%41&b=2", "a"), Ok(Some("A".into())));
        assert_eq!(parameter("a=1&%61=2", "a"), Err(Failure::MalformedQuery));
        assert_eq!(parameter("b=1", "a"), Ok(None));
        assert_eq!(parameter("a=%ff", "a"), Err(Failure::MalformedQuery));
    }

    #[test]
    fn runs_of_spaces_become_one() {
        let mut out = Vec::new();
        write_trimmed(&mut out, b"  a   b \t");
        assert_eq!(out, b"a b");
    }
}
