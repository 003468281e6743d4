//! Signatures: reading one ends without a panic, and only a complete one is read.
//!
//! The input is one line each for method, path, query and authority, then header lines, an empty line, and the body.
#![no_main]

use http::{HeaderMap, HeaderName, HeaderValue};
use keystead_http::Locations;
use keystead_http::sigv4::{Request, Rules, read};
use keystead_model::Timestamp;
use libfuzzer_sys::fuzz_target;

/// 2026-11-21T12:00:00Z, the time of the seeds.
const NOW: Timestamp = Timestamp(1_795_262_400_000);

fuzz_target!(|bytes: &[u8]| {
    let split = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap_or(bytes.len());
    let body = bytes.get(split + 2..).unwrap_or_default();
    let Ok(head) = std::str::from_utf8(&bytes[..split]) else { return };
    let mut lines = head.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (method, path, query, authority) = (line(), line(), line(), line());
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')).take(200) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            headers.append(name, value);
        }
    }
    let authority = (!authority.is_empty()).then_some(authority);
    let request = Request { method, path, query, authority, headers: &headers, body };
    let here = "us-east-1".parse().expect("a location");
    let (listed, any) = (Locations::listed(here, Vec::new()), Locations::any("eu-west-1".parse().expect("one")));
    for presigned_seconds_max in [None, Some(604_800)] {
        for (locations, normalise_path) in [(&listed, true), (&any, false)] {
            let rules = Rules {
                now: NOW,
                service: "kms",
                locations,
                besides: None,
                presigned_seconds_max,
                normalise_path,
            };
            match read(&request, &rules) {
                Ok(signed) => {
                    let proof = signed.proof();
                    assert_eq!(proof.region, signed.location().as_str());
                    assert!(proof.service == "kms" && !proof.access_key.is_empty());
                    assert!(proof.string_to_sign.starts_with(b"AWS4-HMAC-SHA256\n"));
                }
                Err(failure) => assert!(!failure.message().is_empty()),
            }
        }
    }
});
