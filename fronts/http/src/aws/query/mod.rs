//! Owns the query protocol, which IAM and STS speak: a form or a query string comes in, XML goes out.
//!
//! `Action` and `Version` say what is asked of which service; the other parameters are the members of its input, with
//! dots for what is nested: `Tags.member.1.Key`. [`Parameters`] takes them apart, strictly and within limits;
//! [`read`] makes the structures of a service model out of them; [`Xml`] writes answers.

mod parameters;
mod reader;
mod xml;

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use keystead_model::RequestId;

use super::errors::AwsError;
use super::rules::Malformed;
use super::wire::Written;
use super::{iam_model, sts_model};
use crate::answer::{self, Answer};
use crate::door::Refusal;
use crate::server::Received;

pub use parameters::{NAME_BYTES_MAX, PARAMETERS_MAX, Parameters};
pub use reader::{Nothing, Reader, Structure, read};
pub(super) use xml::error_xml;
pub use xml::{Xml, answered};

/// The services that speak the query protocol.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Service {
    /// AWS IAM.
    Iam,
    /// AWS STS.
    Sts,
}

const XML: HeaderValue = HeaderValue::from_static("text/xml");
const FORM: &str = "application/x-www-form-urlencoded";
/// Longest part of an unknown action or version that is repeated in a message, in characters.
const ECHO_CHARS_MAX: usize = 128;

impl Service {
    /// The service that a request speaks to; `None` if it does not speak the query protocol, which is told by a form, or
    /// an action in the query string.
    ///
    /// The version names the service. Without one that can be seen at a glance it is the scope of the signature, and
    /// failing that STS, whose errors name no other service.
    pub(crate) fn of(request: &Received) -> Option<Self> {
        if !is_query(request) {
            return None;
        }
        let (text, _) = text(request).unwrap_or_default();
        let version = text.split('&').find_map(|pair| pair.strip_prefix("Version="));
        Some(match version {
            Some(iam_model::VERSION) => Self::Iam,
            Some(sts_model::VERSION) => Self::Sts,
            _ if is_signed_for_iam(request) => Self::Iam,
            _ => Self::Sts,
        })
    }
}

/// What is asked for, and with which parameters. `parse` knows the operations of the service's model, by name.
///
/// # Errors
/// [`Refusal::InvalidAction`] for anything that is no action of this version of the service, and
/// [`Refusal::Serialization`] if the parameters cannot be read.
pub(super) fn asked<'a, Op>(
    request: &'a Received,
    version: &str,
    parse: impl FnOnce(&str) -> Option<Op>,
) -> Result<(Op, Parameters<'a>), Refusal> {
    let parameters = match text(request) {
        Some((text, true)) => Parameters::of_form(text)?,
        Some((text, false)) => Parameters::of_query(text)?,
        None => return Err(Malformed("the body is not UTF-8".into()).into()),
    };
    let (action, given) = (parameters.value("Action"), parameters.value("Version"));
    let operation = match given == version {
        true => parse(action),
        false => None,
    };
    match operation {
        Some(operation) => Ok((operation, parameters)),
        None => {
            let (action, given) = (echo(action), echo(given));
            Err(Refusal::InvalidAction(format!("Could not find operation {action} for version {given}")))
        }
    }
}

/// An action that is in the model and not offered.
pub(super) fn not_offered(action: &str) -> Refusal {
    Refusal::InvalidAction(format!("The action {action} is not offered by this server."))
}

/// An answer with what was asked for.
pub(super) fn ok(body: Written, request: &RequestId) -> Answer {
    answer::whole(StatusCode::OK, XML, body, request)
}

/// An error answer.
pub(super) fn refused(error: AwsError, namespace: &str, request: &RequestId) -> Answer {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer::whole(status, XML, error_xml(&error, namespace, request), request)
}

fn is_query(request: &Received) -> bool {
    let head = &request.head;
    if head.uri.path() != "/" {
        return false;
    }
    match head.method {
        Method::POST => {
            let kind = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            kind.get(..FORM.len()).is_some_and(|start| start.eq_ignore_ascii_case(FORM))
        }
        Method::GET => {
            head.uri.query().is_some_and(|query| query.split('&').any(|p| p.starts_with("Action=")))
        }
        _ => false,
    }
}

/// The parameters as sent, and whether they are a form; `None` if they are not UTF-8.
fn text(request: &Received) -> Option<(&str, bool)> {
    match request.head.method {
        Method::POST => std::str::from_utf8(&request.body).ok().map(|text| (text, true)),
        _ => Some((request.head.uri.query().unwrap_or_default(), false)),
    }
}

/// Whether a signature is there whose scope names IAM. Only a hint: the signature is checked later.
fn is_signed_for_iam(request: &Received) -> bool {
    let head = &request.head;
    let header = head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let query = head.uri.query().unwrap_or_default();
    header.contains("/iam/aws4_request") || query.contains("%2Fiam%2Faws4_request")
}

fn echo(text: &str) -> String {
    text.chars().take(ECHO_CHARS_MAX).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Instant;

    use bytes::Bytes;

    use super::*;

    /// A form, as it is received.
    pub(in crate::aws) fn post(form: &str) -> Received {
        received("POST", "/", Some("application/x-www-form-urlencoded; charset=utf-8"), None, form)
    }

    /// An answer without a secret, as text.
    pub(in crate::aws) fn written(action: &str, result: impl FnOnce(&mut Xml)) -> String {
        let Written::Open(bytes) = answered(action, "urn:x", &RequestId([1; 16]), result) else {
            panic!("nothing secret in it")
        };
        String::from_utf8(bytes).expect("a text")
    }

    fn received(
        method: &str,
        target: &str,
        kind: Option<&str>,
        authorization: Option<&str>,
        body: &str,
    ) -> Received {
        let mut builder = http::Request::builder().method(method).uri(target);
        if let Some(kind) = kind {
            builder = builder.header(CONTENT_TYPE, kind);
        }
        if let Some(authorization) = authorization {
            builder = builder.header(AUTHORIZATION, authorization);
        }
        let (head, ()) = builder.body(()).expect("a request").into_parts();
        Received {
            head,
            body: Bytes::copy_from_slice(body.as_bytes()),
            source: std::net::Ipv4Addr::LOCALHOST.into(),
            secure: true,
            began: Instant::now(),
        }
    }

    #[test]
    fn the_query_protocol_is_told_by_its_form() {
        let form = "Action=GetCallerIdentity&Version=2011-06-15";
        assert_eq!(Service::of(&post(form)), Some(Service::Sts));
        let get = |target: &str| Service::of(&received("GET", target, None, None, ""));
        assert_eq!(get(&format!("/?{form}&X-Amz-Signature=00")), Some(Service::Sts));
        assert_eq!(get("/?Action=ListUsers&Version=2010-05-08"), Some(Service::Iam));
        assert_eq!(get("/"), None);
        assert_eq!(get("/x?Action=GetCallerIdentity"), None);
        let json = received("POST", "/", Some("application/x-amz-json-1.1"), None, "{}");
        assert_eq!(Service::of(&json), None);
    }

    #[test]
    fn without_a_version_the_scope_names_the_service() {
        let signed = |scope: &str| {
            let authorization =
                format!("AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/{scope}, SignedHeaders=host");
            Service::of(&received("POST", "/", Some(FORM), Some(&authorization), "Action=ListUsers"))
        };
        assert_eq!(signed("iam/aws4_request"), Some(Service::Iam));
        assert_eq!(signed("sts/aws4_request"), Some(Service::Sts));
        let presigned =
            "/?Action=ListUsers&X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fiam%2Faws4_request";
        assert_eq!(Service::of(&received("GET", presigned, None, None, "")), Some(Service::Iam));
        assert_eq!(Service::of(&post("Version=2010-05-09")), Some(Service::Sts));
    }

    #[test]
    fn an_action_belongs_to_a_version() {
        let ask = |form: &str| {
            asked(&post(form), iam_model::VERSION, iam_model::Operation::parse).map(|(op, _)| op)
        };
        assert_eq!(ask("Action=ListUsers&Version=2010-05-08"), Ok(iam_model::Operation::ListUsers));
        for form in [
            "Action=ListUsers",
            "Action=ListUsers&Version=2011-06-15",
            "Action=listUsers&Version=2010-05-08",
            "",
        ] {
            assert!(matches!(ask(form), Err(Refusal::InvalidAction(_))), "{form}");
        }
        let not_utf8 = Received { body: Bytes::from_static(b"Action=\xff"), ..post("") };
        let refused = asked(&not_utf8, iam_model::VERSION, iam_model::Operation::parse).map(drop);
        assert!(matches!(refused, Err(Refusal::Serialization(_))));
    }
}
