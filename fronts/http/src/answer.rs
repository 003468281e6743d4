//! What all answers have in common.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, PRAGMA};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Full;
use keystead_model::{KeyId, RequestId};

use crate::aws::wire::Written;
pub(crate) use crate::server::Answer;

const X_AMZN_REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
/// What AWS KMS sends, for proxies of any age: an answer may hold a key.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-cache, no-store, must-revalidate, private");
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");
const LONG_AGO: HeaderValue = HeaderValue::from_static("0");

/// An answer that is all there.
pub(crate) fn whole(status: StatusCode, kind: HeaderValue, body: Written, request: &RequestId) -> Answer {
    let body = match body {
        Written::Open(bytes) => Bytes::from(bytes),
        // Wiped when the connection has written it and drops it.
        Written::Secret(bytes) => Bytes::from_owner(bytes),
    };
    of_bytes(status, kind, body, request)
}

/// An answer whose body holds no secret.
pub(crate) fn of_bytes(status: StatusCode, kind: HeaderValue, body: Bytes, request: &RequestId) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let id = KeyId::from_parts(request.0, false).text();
    let headers = answer.headers_mut();
    headers.reserve(6);
    headers.insert(CONTENT_TYPE, kind);
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(PRAGMA, NO_CACHE);
    headers.insert(EXPIRES, LONG_AGO);
    if let Ok(id) = HeaderValue::from_bytes(&id) {
        headers.insert(X_AMZN_REQUEST_ID, id);
    }
    answer
}

/// An answer about the server itself: a status and a line.
pub(crate) fn line(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}
