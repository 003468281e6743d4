//! The verifier against the public test suite, against another signer, and against whoever changes a byte.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_lc_rs::hmac;
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A request that a test may change.
#[derive(Clone)]
struct Owned {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Owned {
    fn map(&self) -> Option<HeaderMap> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            map.append(name, HeaderValue::from_bytes(value).ok()?);
        }
        Some(map)
    }

    fn header(&mut self, name: &str) -> &mut Vec<u8> {
        let found = self.headers.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(name));
        &mut found.expect("a header of that name").1
    }
}

/// What the engine will do with a proof: look up the key, and check the signature with its secret.
fn matches(proof: &SigV4Proof<'_>, secret: &str) -> bool {
    let sign = |key: &[u8], text: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text);
    let mut key = sign(format!("AWS4{secret}").as_bytes(), proof.day);
    for text in [proof.region, proof.service, "aws4_request"] {
        key = sign(key.as_ref(), text.as_bytes());
    }
    proof.access_key == "AKIDEXAMPLE" && sign(key.as_ref(), proof.string_to_sign).as_ref() == proof.signature
}

struct Setting {
    now: Timestamp,
    service: &'static str,
    besides: Option<&'static str>,
    presigned: Option<u64>,
    normalise_path: bool,
}

fn verify(owned: &Owned, setting: &Setting, secret: &str) -> Result<bool, Failure> {
    let Some(headers) = owned.map() else { return Ok(false) };
    let locations = Locations::listed("us-east-1".parse().expect("a name"), Vec::new());
    let request = Request {
        method: &owned.method,
        path: &owned.path,
        query: &owned.query,
        authority: None,
        headers: &headers,
        body: &owned.body,
    };
    let rules = Rules {
        now: setting.now,
        service: setting.service,
        locations: &locations,
        besides: setting.besides,
        presigned_seconds_max: setting.presigned,
        normalise_path: setting.normalise_path,
    };
    let signed = read(&request, &rules)?;
    Ok(matches(&signed.proof(), secret))
}

// --- The public suite --------------------------------------------------------------------------------------

/// The suite's folder in the source of the signing crate, where cargo unpacked it.
fn suite() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let registries = std::fs::read_dir(home.join("registry/src")).ok()?;
    let crates = registries.flatten().filter_map(|r| std::fs::read_dir(r.path()).ok()).flatten().flatten();
    crates
        .filter(|c| c.file_name().to_string_lossy().starts_with("aws-sigv4-1"))
        .map(|c| c.path().join("aws-signing-test-suite/v4"))
        .find(|path| path.is_dir())
}

fn parse(text: &str) -> Owned {
    let text = text.replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let first = lines.next().expect("a request line");
    let (method, rest) = first.split_once(' ').expect("a method");
    let target = rest.rsplit_once(" HTTP/").map_or(rest, |(target, _)| target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
    for line in lines {
        match (line.starts_with(' '), headers.last_mut()) {
            (true, Some((_, value))) => value.extend_from_slice(line.as_bytes()),
            _ => {
                let (name, value) = line.split_once(':').expect("a header");
                headers.push((name.into(), value.trim().into()));
            }
        }
    }
    let body = body.strip_suffix('\n').unwrap_or(body);
    Owned { method: method.into(), path: path.into(), query: query.into(), headers, body: body.into() }
}

/// Each vector as name, request and whether paths are normalised.
fn vectors(file: &str) -> Vec<(String, Owned, bool)> {
    let Some(folder) = suite() else {
        println!("skipped: the source of the crate aws-sigv4 is not unpacked here");
        return Vec::new();
    };
    let mut vectors = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        // Two folders have no context, so nothing says how they were signed.
        let Ok(context) = std::fs::read(entry.path().join("context.json")) else { continue };
        let context: serde_json::Value = serde_json::from_slice(&context).expect("JSON");
        let text = std::fs::read_to_string(entry.path().join(file)).expect("a request");
        let normalise = context["normalize"] == true;
        vectors.push((entry.file_name().to_string_lossy().into_owned(), parse(&text), normalise));
    }
    assert!(vectors.len() > 30, "{} vectors", vectors.len());
    vectors
}

fn suite_setting(presigned: bool, normalise_path: bool) -> Setting {
    Setting {
        presigned: presigned.then_some(EXPIRES_SECONDS_MAX),
        now: Timestamp(1_440_938_160_000),
        service: "service",
        besides: None,
        normalise_path,
    }
}

#[test]
fn the_public_vectors_of_the_header_form_are_accepted() {
    for (name, owned, normalise) in vectors("header-signed-request.txt") {
        let verdict = verify(&owned, &suite_setting(false, normalise), SECRET);
        match name.as_str() {
            // Here the token was added after signing, which AWS lets some services do. We never do.
            "post-sts-header-after" => assert!(
                matches!(&verdict, Err(Failure::Invalid(m)) if m.contains("'X-Amz-Security-Token' must be")),
                "{verdict:?}"
            ),
            _ => assert_eq!(verdict, Ok(true), "{name}"),
        }
    }
}

#[test]
fn the_public_vectors_of_the_query_form_are_accepted() {
    for (name, owned, normalise) in vectors("query-signed-request.txt") {
        let verdict = verify(&owned, &suite_setting(true, normalise), SECRET);
        match name.as_str() {
            // Here too the token was added after signing, so it is not in what was signed.
            "post-sts-header-after" => assert_eq!(verdict, Ok(false)),
            _ => assert_eq!(verdict, Ok(true), "{name}"),
        }
    }
}

fn normal(path: &str, normalise: bool) -> Vec<u8> {
    let mut out = Vec::new();
    canonical::write_path(&mut out, path, normalise);
    out
}

#[test]
fn a_public_vector_with_any_one_byte_changed_is_refused() {
    for (name, owned, normalise) in vectors("header-signed-request.txt") {
        let setting = suite_setting(false, normalise);
        let refused = |changed: &Owned, what: &str| {
            assert_ne!(verify(changed, &setting, SECRET), Ok(true), "{name}: {what}");
        };
        let swap = |byte: u8| if byte == b'x' { b'y' } else { b'x' };
        for (index, (header, value)) in owned.headers.iter().enumerate() {
            for (at, byte) in value.iter().enumerate() {
                let mut changed = owned.clone();
                changed.headers[index].1[at] = swap(*byte);
                refused(&changed, &format!("{header}, byte {at}"));
            }
        }
        for at in (0..owned.path.len()).filter(|at| owned.path.as_bytes()[*at].is_ascii()) {
            let mut changed = owned.clone();
            let other = char::from(swap(owned.path.as_bytes()[at]));
            changed.path.replace_range(at..=at, other.encode_utf8(&mut [0; 4]));
            // `/a/..` and `/b/..` are the same place.
            if normal(&changed.path, normalise) != normal(&owned.path, normalise) {
                refused(&changed, &format!("path, byte {at}"));
            }
        }
        for at in (0..owned.query.len()).filter(|at| owned.query.as_bytes()[*at].is_ascii()) {
            let mut changed = owned.clone();
            let other = char::from(swap(owned.query.as_bytes()[at]));
            changed.query.replace_range(at..=at, other.encode_utf8(&mut [0; 4]));
            refused(&changed, &format!("query, byte {at}"));
        }
        for at in 0..owned.body.len() {
            let mut changed = owned.clone();
            changed.body[at] = swap(owned.body[at]);
            refused(&changed, &format!("body, byte {at}"));
        }
        let mut changed = owned.clone();
        changed.method.push('X');
        refused(&changed, "method");
        let mut changed = owned.clone();
        changed.body.push(b' ');
        refused(&changed, "a longer body");
    }
}

#[test]
fn a_presigned_vector_with_any_one_byte_changed_is_refused() {
    for (name, owned, normalise) in vectors("query-signed-request.txt") {
        for at in (0..owned.query.len()).filter(|at| owned.query.as_bytes()[*at].is_ascii()) {
            let mut changed = owned.clone();
            let other = if owned.query.as_bytes()[at] == b'x' { "y" } else { "x" };
            changed.query.replace_range(at..=at, other);
            let verdict = verify(&changed, &suite_setting(true, normalise), SECRET);
            assert_ne!(verdict, Ok(true), "{name}: query, byte {at}");
        }
    }
}

// --- Another signer ----------------------------------------------------------------------------------------

/// A KMS request signed by the official crate.
fn signed_kms(body: &[u8], token: Option<&str>, extra: &[(&str, &str)], at: u64) -> Owned {
    use aws_credential_types::Credentials;
    use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};

    let token = token.map(str::to_owned);
    let identity = Credentials::new("AKIDEXAMPLE", SECRET, token, None, "test").into();
    let params = aws_sigv4::sign::v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("kms")
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(at))
        .settings(SigningSettings::default())
        .build()
        .expect("all parts given")
        .into();
    let mut headers = vec![
        ("host", "localhost:8443"),
        ("x-amz-target", "TrentService.Encrypt"),
        ("content-type", "application/x-amz-json-1.1"),
    ];
    headers.extend_from_slice(extra);
    let request = SignableRequest::new(
        "POST",
        "https://localhost:8443/",
        headers.iter().copied(),
        SignableBody::Bytes(body),
    )
    .expect("signable");
    let (instructions, _) = sign(request, &params).expect("signed").into_parts();
    let (new_headers, _) = instructions.into_parts();
    let mut headers: Vec<(String, Vec<u8>)> =
        headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
    headers.extend(new_headers.iter().map(|h| (h.name().into(), h.value().into())));
    Owned { method: "POST".into(), path: "/".into(), query: String::new(), headers, body: body.into() }
}

const NOON: u64 = 1_700_000_000;

fn kms_setting(now_s: u64) -> Setting {
    Setting {
        now: Timestamp::from_seconds(now_s),
        service: "kms",
        besides: None,
        presigned: None,
        normalise_path: true,
    }
}

fn refusal(owned: &Owned, now_s: u64) -> Failure {
    verify(owned, &kms_setting(now_s), SECRET).expect_err("a refusal")
}

#[test]
fn what_the_official_signer_signs_is_accepted() {
    for token in [None, Some("a/session+token==")] {
        let owned = signed_kms(b"{}", token, &[("amz-sdk-request", "attempt=1; max=3")], NOON);
        assert_eq!(verify(&owned, &kms_setting(NOON), SECRET), Ok(true));
        assert_eq!(verify(&owned, &kms_setting(NOON), "another secret"), Ok(false));
    }
}

#[test]
fn five_minutes_either_way_are_taken_and_not_a_second_more() {
    let owned = signed_kms(b"{}", None, &[], NOON);
    assert_eq!(verify(&owned, &kms_setting(NOON + 300), SECRET), Ok(true));
    assert_eq!(verify(&owned, &kms_setting(NOON - 300), SECRET), Ok(true));
    assert_eq!(
        refusal(&owned, NOON + 301),
        Failure::Invalid(
            "Signature expired: 20231114T221320Z is now earlier than 20231114T221321Z (20231114T221821Z - 5 min.)".into()
        )
    );
    assert_eq!(
        refusal(&owned, NOON - 301),
        Failure::Invalid(
            "Signature not yet current: 20231114T221320Z is still later than 20231114T221319Z (20231114T220819Z + 5 min.)"
                .into()
        )
    );
}

#[test]
fn a_request_without_a_signature_is_told_so() {
    let mut owned = signed_kms(b"{}", None, &[], NOON);
    *owned.header("authorization") = b"Basic abc".to_vec();
    assert_eq!(refusal(&owned, NOON), Failure::Missing);
    owned.headers.retain(|(name, _)| name != "authorization");
    assert_eq!(refusal(&owned, NOON), Failure::Missing);
}

#[test]
fn missing_and_double_parts_are_named() {
    let mut owned = signed_kms(b"{}", None, &[], NOON);
    owned.headers.retain(|(name, _)| name != "x-amz-date");
    *owned.header("authorization") = b"AWS4-HMAC-SHA256 Credential=a".to_vec();
    assert_eq!(
        refusal(&owned, NOON),
        Failure::Incomplete(
            "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' \
             parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
                .into()
        )
    );
    let good = signed_kms(b"{}", None, &[], NOON);
    for name in ["authorization", "x-amz-date", "host", "x-amz-target"] {
        let mut twice = good.clone();
        let value = twice.header(name).clone();
        twice.headers.push((name.into(), value));
        assert_eq!(
            refusal(&twice, NOON),
            Failure::Incomplete(format!("The request has more than one '{name}' header."))
        );
    }
    let mut double = good.clone();
    let value = String::from_utf8(double.header("authorization").clone()).expect("text");
    *double.header("authorization") = (value + ", Credential=x").into_bytes();
    assert!(matches!(refusal(&double, NOON), Failure::Incomplete(m) if m.contains("two 'Credential'")));
}

#[test]
fn every_wrong_part_of_the_scope_is_told() {
    let mut owned = signed_kms(b"{}", None, &[], NOON);
    let value = String::from_utf8(owned.header("authorization").clone()).expect("text");
    let value = value.replace("20231114/us-east-1/kms/aws4_request", "20231113/mars-1/s3/aws5_request");
    *owned.header("authorization") = value.clone().into_bytes();
    assert_eq!(
        refusal(&owned, NOON),
        Failure::Invalid(
            "Credential should be scoped to a valid region, not 'mars-1'. Credential should be scoped to correct \
             service: 'kms'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. \
             Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20231113' != \
             '20231114', from '20231114T221320Z'."
                .into()
        )
    );
    *owned.header("authorization") = value.replace("/s3/", "/").into_bytes();
    assert!(
        matches!(refusal(&owned, NOON), Failure::Incomplete(m) if m.starts_with("Credential must have exactly 5"))
    );
    let mut odd = signed_kms(b"{}", None, &[], NOON);
    let value = String::from_utf8(odd.header("authorization").clone()).expect("text");
    *odd.header("authorization") = value.replace("AKIDEXAMPLE", "AKID EXAMPLE").into_bytes();
    assert_eq!(refusal(&odd, NOON), Failure::Unrecognized);
    *odd.header("authorization") = value.replace("HMAC-SHA256", "HMAC-SHA512").into_bytes();
    assert!(
        matches!(refusal(&odd, NOON), Failure::Incomplete(m) if m.starts_with("Unsupported AWS 'algorithm'"))
    );
}

#[test]
fn what_says_what_is_asked_must_be_signed() {
    let mut owned = signed_kms(b"{}", None, &[], NOON);
    owned.headers.push(("x-amz-security-token".into(), b"token".to_vec()));
    assert_eq!(
        refusal(&owned, NOON),
        Failure::Invalid("'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization.".into())
    );
    let mut owned = signed_kms(b"{}", None, &[], NOON);
    let value = String::from_utf8(owned.header("authorization").clone()).expect("text");
    *owned.header("authorization") = value.replace("host;", "").into_bytes();
    assert_eq!(
        refusal(&owned, NOON),
        Failure::Invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.".into())
    );
    *owned.header("authorization") = value.replace(";x-amz-target", "").into_bytes();
    assert_eq!(
        refusal(&owned, NOON),
        Failure::Invalid("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.".into())
    );
    *owned.header("authorization") = value.replace("host;", "host;host;").into_bytes();
    assert!(matches!(refusal(&owned, NOON), Failure::Invalid(m) if m.starts_with("'SignedHeaders' must be")));
}

#[test]
fn a_claimed_body_hash_must_be_the_hash_of_the_body() {
    let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let owned = signed_kms(b"{}", None, &[("x-amz-content-sha256", hash)], NOON);
    assert_eq!(verify(&owned, &kms_setting(NOON), SECRET), Ok(true));
    for claim in ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", &hash.replace('4', "5")] {
        let owned = signed_kms(b"{}", None, &[("x-amz-content-sha256", claim)], NOON);
        assert!(matches!(refusal(&owned, NOON), Failure::Invalid(m) if m.contains("x-amz-content-sha256")));
    }
}

#[test]
fn two_hosts_are_one_too_many() {
    let owned = signed_kms(b"{}", None, &[], NOON);
    let headers = owned.map().expect("headers");
    let locations = Locations::any("us-east-1".parse().expect("a name"));
    let rules = Rules {
        now: Timestamp::from_seconds(NOON),
        service: "kms",
        locations: &locations,
        besides: None,
        presigned_seconds_max: None,
        normalise_path: true,
    };
    let request = |authority| Request {
        method: "POST",
        path: "/",
        query: "",
        authority,
        headers: &headers,
        body: b"{}",
    };
    assert!(read(&request(Some("localhost:8443")), &rules).is_ok());
    assert!(read(&request(Some("elsewhere")), &rules).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_body_and_header_that_is_signed_is_accepted_and_no_other(
        body in prop::collection::vec(any::<u8>(), 0..200),
        value in "[ -~]{0,40}",
        flip in any::<prop::sample::Index>(),
    ) {
        let owned = signed_kms(&body, None, &[("x-amz-meta", value.trim())], NOON);
        prop_assert_eq!(verify(&owned, &kms_setting(NOON), SECRET), Ok(true));
        if !body.is_empty() {
            let mut changed = owned.clone();
            changed.body[flip.index(body.len())] ^= 1;
            prop_assert_eq!(verify(&changed, &kms_setting(NOON), SECRET), Ok(false));
        }
    }

    #[test]
    fn no_authorization_header_breaks_the_reader(text in "AWS4-HMAC-SHA256 [ -~]{0,200}", date in "[ -~]{0,20}") {
        let mut owned = signed_kms(b"", None, &[], NOON);
        *owned.header("authorization") = text.into_bytes();
        *owned.header("x-amz-date") = date.into_bytes();
        prop_assert_ne!(verify(&owned, &kms_setting(NOON), SECRET), Ok(true));
    }

    #[test]
    fn no_query_breaks_the_reader(query in "(X-Amz-[A-Z][a-z]{2,12}=[!-~]{0,30}&){0,8}") {
        let mut owned = signed_kms(b"", None, &[], NOON);
        owned.headers.retain(|(name, _)| name == "host");
        owned.query = query;
        let setting = Setting { presigned: Some(PRESIGNED_SECONDS_MAX), ..kms_setting(NOON) };
        prop_assert_ne!(verify(&owned, &setting, SECRET), Ok(true));
    }
}
