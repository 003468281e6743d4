//! Reads AWS Signature Version 4 off a request, as the AWS General Reference describes the signing process.
//!
//! This side parses, canonicalises and checks everything that needs no secret: the form, the date against
//! the clock, region, service and terminator of the scope, and that all that matters is signed. What is left
//! is a [`Signed`] request, whose string to sign and signature the engine checks with the secret it holds.
//!
//! `docs/protocols/aws-sigv4.md` lists the rules and where they are stricter than AWS's.

mod canonical;
mod stamp;

use std::borrow::Cow;
use std::cell::RefCell;

use aws_lc_rs::digest::{SHA256, digest};
use http::HeaderMap;
use http::header::{AUTHORIZATION, DATE, HOST, HeaderName};
use keystead_model::{AccessKeyId, Location, Locations, SigV4Proof, Timestamp};

pub(crate) use canonical::parameter;
use stamp::Stamp;

/// The one algorithm there is.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// How far a client's clock may be off, in minutes.
pub const SKEW_MINUTES: u64 = 5;
/// How long a presigned request is good for, in seconds, if it does not say, and where the service does not let it be longer
/// whatever it says.
pub const PRESIGNED_SECONDS_MAX: u64 = 900;
/// Longest time that a presigned request may say, in seconds: a week.
pub const EXPIRES_SECONDS_MAX: u64 = 604_800;
/// Most headers one request may sign.
pub const SIGNED_HEADERS_MAX: usize = 64;
/// Most parameters of a query string. A role with all of its tags has some hundred and twenty.
pub const PARAMETERS_MAX: usize = 256;
/// Longest authorization header, in bytes.
pub const AUTHORIZATION_BYTES_MAX: usize = 4096;

const TERMINATOR: &str = "aws4_request";
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const X_AMZ_TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// Headers that say something only once. A second one would be read differently by someone.
const SINGLE: [HeaderName; 7] =
    [AUTHORIZATION, HOST, DATE, X_AMZ_DATE, X_AMZ_SECURITY_TOKEN, X_AMZ_CONTENT_SHA256, X_AMZ_TARGET];

/// A request, as far as a signature covers it.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path as sent, not decoded.
    pub path: &'a str,
    /// The query as sent, without its question mark.
    pub query: &'a str,
    /// HTTP/2's `:authority`, which stands for the host header there.
    pub authority: Option<&'a str>,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, whole.
    pub body: &'a [u8],
}

/// What a signature has to be for.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The time.
    pub now: Timestamp,
    /// The service's name in scopes.
    pub service: &'static str,
    /// The regions answered for.
    pub locations: &'a Locations,
    /// A region that is taken besides those, for a service that is not in any one.
    pub besides: Option<&'static str>,
    /// How long a signature that is in the query instead of a header is good at most, in seconds; `None` if it may not be
    /// there.
    pub presigned_seconds_max: Option<u64>,
    /// Whether `.`, `..` and double slashes are taken out of the path, as all services but S3 do.
    pub normalise_path: bool,
}

/// A request whose signature is of the right form and scope, and not yet checked.
pub struct Signed<'a> {
    access_key: Cow<'a, str>,
    session_token: Option<Cow<'a, str>>,
    day: [u8; 8],
    location: Location,
    service: &'static str,
    string_to_sign: StringToSign,
    signature: [u8; 32],
}

impl Signed<'_> {
    /// The location that the scope names.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// What the engine turns into a caller.
    pub fn proof(&self) -> SigV4Proof<'_> {
        SigV4Proof {
            access_key: &self.access_key,
            session_token: self.session_token.as_deref(),
            day: &self.day,
            region: self.location.as_str(),
            service: self.service,
            string_to_sign: self.string_to_sign.bytes(),
            signature: &self.signature,
        }
    }
}

/// Why a request does not get as far as the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// There is no signature.
    Missing,
    /// The signature lacks parts or has broken ones. Holds which.
    Incomplete(String),
    /// The signature is not for this request, time or place. Holds why.
    Invalid(String),
    /// The access key is not spelled like one.
    Unrecognized,
    /// The query string is broken.
    MalformedQuery,
}

impl Failure {
    /// What to tell the caller, in AWS's words where it has some.
    pub fn message(&self) -> Cow<'static, str> {
        match self {
            Self::Missing => "Request is missing Authentication Token".into(),
            Self::Incomplete(message) | Self::Invalid(message) => message.clone().into(),
            Self::Unrecognized => "The security token included in the request is invalid.".into(),
            Self::MalformedQuery => "The query string contains a syntax error.".into(),
        }
    }

    fn incomplete(message: impl Into<String>) -> Self {
        Self::Incomplete(message.into())
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }
}

/// What a signature says that does not match.
pub const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check \
                            your AWS Secret Access Key and signing method. Consult the service documentation for \
                            details.";

/// Reads the signature of a request.
///
/// # Errors
/// A [`Failure`], the first that AWS's own order of checks would find.
pub fn read<'a>(request: &Request<'a>, rules: &Rules<'_>) -> Result<Signed<'a>, Failure> {
    // With as many values as names, no header is there twice.
    if request.headers.len() > request.headers.keys_len() {
        let is_double = |name: &&HeaderName| request.headers.get_all(*name).iter().nth(1).is_some();
        if let Some(name) = SINGLE.iter().find(is_double) {
            return Err(Failure::Incomplete(format!("The request has more than one '{name}' header.")));
        }
    }
    let presigned_seconds_max =
        rules.presigned_seconds_max.filter(|_| canonical::has_parameter(request.query, "X-Amz-Signature"));
    match (request.headers.get(AUTHORIZATION), presigned_seconds_max) {
        (Some(_), Some(_)) => {
            Err(Failure::incomplete("The request is signed both in a header and in its query string."))
        }
        (Some(value), None) => {
            let value = value.to_str().map_err(|_| Failure::Missing)?;
            if value.len() > AUTHORIZATION_BYTES_MAX {
                return Err(Failure::incomplete("The Authorization header is too long."));
            }
            from_header(request, rules, value)
        }
        (None, Some(seconds_max)) => from_query(request, rules, seconds_max),
        (None, None) => Err(Failure::Missing),
    }
}

// --- The header form ---------------------------------------------------------------------------------------

/// The parameters of an authorization.
struct Authorization<'a> {
    algorithm: &'a str,
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

fn from_header<'a>(request: &Request<'a>, rules: &Rules<'_>, value: &'a str) -> Result<Signed<'a>, Failure> {
    let date = request.headers.get(X_AMZ_DATE).or_else(|| request.headers.get(DATE));
    let authorization = Authorization::read(value, date.is_some())?;
    let date = date.and_then(|date| date.to_str().ok()).unwrap_or_default();
    let stamp = Stamp::read(date)?;
    in_time(&stamp, rules.now)?;
    let headers = SignedHeaders::read(authorization.signed_headers)?;
    headers.cover(request.headers)?;
    let date_name = if request.headers.contains_key(X_AMZ_DATE) { "x-amz-date" } else { "date" };
    headers.must_have(date_name)?;
    if authorization.algorithm != ALGORITHM {
        return Err(unsupported(authorization.algorithm));
    }
    let (access_key, location) = scope(authorization.credential, &stamp, rules)?;
    let session_token = match request.headers.get(X_AMZ_SECURITY_TOKEN) {
        Some(token) => Some(Cow::Borrowed(token.to_str().map_err(|_| Failure::Unrecognized)?)),
        None => None,
    };
    Ok(Signed {
        access_key: Cow::Borrowed(access_key),
        session_token,
        day: stamp.day(),
        string_to_sign: string_to_sign(request, rules, &headers, &stamp, &location, false)?,
        location,
        service: rules.service,
        signature: signature(authorization.signature)?,
    })
}

impl<'a> Authorization<'a> {
    fn read(value: &'a str, has_date: bool) -> Result<Self, Failure> {
        let (algorithm, parameters) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
        if !algorithm.starts_with("AWS4-") {
            return Err(Failure::Missing);
        }
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for parameter in parameters.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let Some((name, value)) = parameter.split_once('=') else {
                return Err(Failure::incomplete(
                    "A part of the Authorization header is not a valid key=value pair (missing equal-sign).",
                ));
            };
            let slot = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return Err(Failure::incomplete("The Authorization header has an unknown parameter.")),
            };
            if slot.replace(value).is_some() {
                return Err(Failure::Incomplete(format!(
                    "The Authorization header has two '{name}' parameters."
                )));
            }
        }
        let mut lacks = String::new();
        for (name, value) in
            [("Credential", credential), ("Signature", signature), ("SignedHeaders", signed_headers)]
        {
            if value.is_none_or(str::is_empty) {
                lacks += &format!("Authorization header requires '{name}' parameter. ");
            }
        }
        if !has_date {
            lacks += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
        }
        match (credential, signed_headers, signature, lacks.is_empty()) {
            (Some(credential), Some(signed_headers), Some(signature), true) => {
                Ok(Self { algorithm, credential, signed_headers, signature })
            }
            _ => Err(Failure::incomplete(lacks.trim_end())),
        }
    }
}

// --- The query form ----------------------------------------------------------------------------------------

fn from_query<'a>(request: &Request<'a>, rules: &Rules<'_>, seconds_max: u64) -> Result<Signed<'a>, Failure> {
    let parameter = |name: &str| canonical::parameter(request.query, name);
    let required = |name: &str| {
        parameter(name)?
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Failure::Incomplete(format!("AWS query-string parameters must include '{name}'.")))
    };
    let algorithm = required("X-Amz-Algorithm")?;
    let credential = required("X-Amz-Credential")?;
    let headers_text = required("X-Amz-SignedHeaders")?;
    let stamp = Stamp::read(&required("X-Amz-Date")?)?;
    let seconds = match parameter("X-Amz-Expires")? {
        Some(text) => expires(&text)?,
        None => PRESIGNED_SECONDS_MAX,
    };
    not_yet(&stamp, rules.now)?;
    let end = stamp.at().plus_ms(seconds.min(seconds_max) * 1000);
    if end < rules.now {
        return Err(Failure::Invalid(format!(
            "Signature expired: {} is now earlier than {}",
            Stamp::of(end),
            Stamp::of(rules.now)
        )));
    }
    let headers = SignedHeaders::read(&headers_text)?;
    headers.cover(request.headers)?;
    if algorithm != ALGORITHM {
        return Err(unsupported(&algorithm));
    }
    let (access_key, location) = scope(&credential, &stamp, rules)?;
    if request.headers.contains_key(X_AMZ_SECURITY_TOKEN) {
        return Err(Failure::incomplete("A presigned request has its session token in its query string."));
    }
    Ok(Signed {
        access_key: Cow::Owned(access_key.to_owned()),
        session_token: parameter("X-Amz-Security-Token")?,
        day: stamp.day(),
        string_to_sign: string_to_sign(request, rules, &headers, &stamp, &location, true)?,
        location,
        service: rules.service,
        signature: signature(&required("X-Amz-Signature")?)?,
    })
}

/// Reads `X-Amz-Expires`: 1 to [`EXPIRES_SECONDS_MAX`] seconds, in digits.
fn expires(text: &str) -> Result<u64, Failure> {
    let refused = |text: &str| Err(Failure::incomplete(text));
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return refused("X-Amz-Expires should be a number of seconds.");
    }
    match text.parse() {
        Ok(0) => refused("X-Amz-Expires must be at least a second."),
        Ok(seconds) if seconds <= EXPIRES_SECONDS_MAX => Ok(seconds),
        _ => refused(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be at most \
             604800 seconds.",
        ),
    }
}

// --- Checks both forms share -------------------------------------------------------------------------------

/// The names of the signed headers: lower case, ascending, each once.
struct SignedHeaders<'a>(&'a str);

impl<'a> SignedHeaders<'a> {
    fn read(text: &'a str) -> Result<Self, Failure> {
        let headers = Self(text);
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase())
        };
        let mut last = "";
        for (index, name) in headers.names().enumerate() {
            if !is_name(name) || name <= last || index == SIGNED_HEADERS_MAX {
                return Err(Failure::invalid(
                    "'SignedHeaders' must be names in lower case, in ascending order, each once.",
                ));
            }
            last = name;
        }
        Ok(headers)
    }

    fn names(&self) -> std::str::Split<'a, char> {
        self.0.split(';')
    }

    fn must_have(&self, wanted: &str) -> Result<(), Failure> {
        match self.names().any(|name| name == wanted) {
            true => Ok(()),
            false => Err(unsigned(wanted)),
        }
    }

    /// The host and every `x-amz-` header that is there must be signed: they say what is asked and of whom.
    fn cover(&self, headers: &HeaderMap) -> Result<(), Failure> {
        self.must_have("host")?;
        let present = headers.keys().map(HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
        present.into_iter().try_for_each(|name| self.must_have(name))
    }
}

fn unsigned(name: &str) -> Failure {
    let name = match name {
        "host" => "Host",
        "x-amz-date" => "X-Amz-Date",
        "x-amz-target" => "X-Amz-Target",
        "x-amz-security-token" => "X-Amz-Security-Token",
        other => other,
    };
    Failure::Invalid(format!("'{name}' must be a 'SignedHeader' in the AWS Authorization."))
}

fn unsupported(algorithm: &str) -> Failure {
    let algorithm: String = algorithm.chars().take(32).collect();
    Failure::Incomplete(format!(
        "Unsupported AWS 'algorithm': '{algorithm}' (only AWS4-HMAC-SHA256 for now)."
    ))
}

fn in_time(stamp: &Stamp, now: Timestamp) -> Result<(), Failure> {
    not_yet(stamp, now)?;
    let earliest = Timestamp(now.0.saturating_sub(SKEW_MINUTES * 60_000));
    if stamp.at() < Timestamp::from_seconds(earliest.seconds()) {
        return Err(Failure::Invalid(format!(
            "Signature expired: {stamp} is now earlier than {} ({} - {SKEW_MINUTES} min.)",
            Stamp::of(earliest),
            Stamp::of(now)
        )));
    }
    Ok(())
}

fn not_yet(stamp: &Stamp, now: Timestamp) -> Result<(), Failure> {
    let latest = now.plus_ms(SKEW_MINUTES * 60_000);
    if stamp.at() > latest {
        return Err(Failure::Invalid(format!(
            "Signature not yet current: {stamp} is still later than {} ({} + {SKEW_MINUTES} min.)",
            Stamp::of(latest),
            Stamp::of(now)
        )));
    }
    Ok(())
}

/// Reads `key/day/region/service/aws4_request`.
fn scope<'a>(credential: &'a str, stamp: &Stamp, rules: &Rules<'_>) -> Result<(&'a str, Location), Failure> {
    let mut parts = credential.split('/');
    let five = [parts.next(), parts.next(), parts.next(), parts.next(), parts.next()];
    let ([Some(key), Some(day), Some(region), Some(service), Some(end)], None) = (five, parts.next()) else {
        return Err(Failure::incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
        ));
    };
    let besides = || rules.besides.filter(|besides| *besides == region)?.parse().ok();
    let location = rules.locations.find(region).or_else(besides);
    let mut wrong = String::new();
    if location.is_none() {
        wrong += &format!("Credential should be scoped to a valid region, not '{}'. ", excerpt(region));
    }
    if service != rules.service {
        wrong += &format!("Credential should be scoped to correct service: '{}'. ", rules.service);
    }
    if end != TERMINATOR {
        let end = excerpt(end);
        wrong +=
            &format!("Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{end}'. ");
    }
    if day.as_bytes() != stamp.day() {
        wrong += &format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != \
             '{}', from '{stamp}'. ",
            excerpt(day),
            String::from_utf8_lossy(&stamp.day())
        );
    }
    match location {
        Some(location) if wrong.is_empty() => {
            let is_key = AccessKeyId::BYTES_MAX >= key.len()
                && !key.is_empty()
                && key.bytes().all(|b| b.is_ascii_graphic());
            if is_key { Ok((key, location)) } else { Err(Failure::Unrecognized) }
        }
        _ => Err(Failure::invalid(wrong.trim_end())),
    }
}

/// Enough of a caller's word to recognise it in a message.
fn excerpt(word: &str) -> String {
    word.chars().take(32).collect()
}

fn signature(text: &str) -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    let is_lower = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match is_lower && hex::decode_to_slice(text, &mut bytes).is_ok() {
        true => Ok(bytes),
        false => Err(Failure::invalid(MISMATCH)),
    }
}

// --- What was signed ---------------------------------------------------------------------------------------

/// The four lines that the signature is over. At most 192 bytes: every part has a bound.
struct StringToSign {
    bytes: [u8; 192],
    len: usize,
}

impl StringToSign {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Appends; cuts off what does not fit, which makes a string that nobody signed.
    fn push(&mut self, bytes: &[u8]) {
        let room = &mut self.bytes[self.len..];
        let taken = bytes.len().min(room.len());
        room[..taken].copy_from_slice(&bytes[..taken]);
        self.len += taken;
    }
}

thread_local! {
    /// The canonical request of the moment, in a buffer that is used again.
    static CANONICAL: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn string_to_sign(
    request: &Request<'_>,
    rules: &Rules<'_>,
    headers: &SignedHeaders<'_>,
    stamp: &Stamp,
    location: &Location,
    is_presigned: bool,
) -> Result<StringToSign, Failure> {
    let mut payload = [0; 64];
    hex_digest(request.body, &mut payload);
    if let Some(claimed) = request.headers.get(X_AMZ_CONTENT_SHA256)
        && claimed.as_bytes() != payload
    {
        return Err(Failure::invalid(
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        ));
    }
    let mut hashed = [0; 64];
    CANONICAL.with_borrow_mut(|out| {
        out.clear();
        canonical::write(out, request, headers, rules.normalise_path, is_presigned, &payload)?;
        hex_digest(out, &mut hashed);
        Ok(())
    })?;
    let mut out = StringToSign { bytes: [0; 192], len: 0 };
    out.push(ALGORITHM.as_bytes());
    out.push(b"\n");
    out.push(stamp.text().as_bytes());
    out.push(b"\n");
    out.push(&stamp.day());
    for part in [location.as_str(), rules.service, TERMINATOR] {
        out.push(b"/");
        out.push(part.as_bytes());
    }
    out.push(b"\n");
    out.push(&hashed);
    Ok(out)
}

fn hex_digest(bytes: &[u8], out: &mut [u8; 64]) {
    let hash = digest(&SHA256, bytes);
    // 32 bytes make 64 digits.
    let _ = hex::encode_to_slice(hash.as_ref(), out);
}

#[cfg(test)]
mod tests;
