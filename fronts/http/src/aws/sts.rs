//! AWS STS, query protocol and XML: `GetCallerIdentity`, which every tool asks first.
//!
//! Anybody with a key may ask who they are; nothing else of STS is offered yet.

use std::borrow::Cow;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode};
use keystead_engine::ops::GetCallerIdentity;
use keystead_model::{Action, Caller, Principal, Proof, Protocol, RequestId};

use super::errors::{AwsError, sts_error};
use super::sts_model::{ACTIONS, NAMESPACE, VERSION};
use super::wire::Written;
use crate::answer::{self, Answer};
use crate::door::{Door, Recorded, Refusal, Stop};
use crate::metrics::Asked;
use crate::server::Received;
use crate::sigv4::{Failure, Signed};
use crate::site::Site;

/// Most parameters of one request.
pub(crate) const PARAMETERS_MAX: usize = 64;

const XML: HeaderValue = HeaderValue::from_static("text/xml");
const FORM: &str = "application/x-www-form-urlencoded";

/// Whether a request speaks the query protocol: a form, or an action in the query string.
pub(crate) fn is_sts(request: &Received) -> bool {
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

/// Answers an STS request.
pub(crate) async fn answer_sts(site: &Site, request: &Received) -> (Asked, Answer) {
    let now = site.world.clock.now();
    let asked = asked_for(request);
    let action = if asked.is_ok() { Action::GetCallerIdentity } else { Action::Unknown };
    let signed = site.signed(request, "sts", true);
    let mut door = site.door(request, Protocol::AwsSts, action, signed.as_ref().ok(), now);
    let outcome = match asked {
        Ok(()) => Box::pin(identity(&mut door, signed)).await,
        Err(refusal) => Err(refusal.into()),
    };
    let answer = match outcome {
        Ok(xml) => answer::whole(StatusCode::OK, XML, Written::Open(xml.into_bytes()), &door.call.request),
        Err(stop) => refused(&door.settle(stop).await, &door.call.request),
    };
    (Asked::Sts, answer)
}

/// Tells of trouble in the words of STS.
pub(crate) async fn sts_trouble(
    site: &Site,
    request: &Received,
    refusal: Option<Refusal>,
) -> (Asked, Answer) {
    let door = site.door(request, Protocol::AwsSts, Action::Unknown, None, site.world.clock.now());
    let recorded = match refusal {
        Some(refusal) => door.settle(refusal.into()).await,
        None => Recorded::shed(),
    };
    (Asked::Sts, refused(&recorded, &door.call.request))
}

async fn identity(door: &mut Door<'_>, signed: Result<Signed<'_>, Failure>) -> Result<String, Stop> {
    let signed = signed.map_err(Refusal::Signature)?;
    let caller = door.engine.identify(&door.call, door.action, &Proof::SigV4(signed.proof())).await?;
    door.caller = Some(caller.clone());
    let permit = door.engine.authorise(&door.call, &caller, GetCallerIdentity {}).await?;
    let caller = door.engine.get_caller_identity(permit).await?;
    Ok(identity_xml(&caller, &door.call.request))
}

/// Refuses everything but `GetCallerIdentity`.
fn asked_for(request: &Received) -> Result<(), Refusal> {
    let (parameters, is_form) = match request.head.method {
        Method::POST => (std::str::from_utf8(&request.body).map_err(|_| malformed())?, true),
        _ => (request.head.uri.query().unwrap_or_default(), false),
    };
    let action = parameter(parameters, is_form, "Action")?.unwrap_or_default();
    let version = parameter(parameters, is_form, "Version")?.unwrap_or_default();
    if action == "GetCallerIdentity" && version == VERSION {
        return Ok(());
    }
    let action: String = action.chars().take(128).collect();
    Err(Refusal::InvalidAction(match ACTIONS.contains(&action.as_str()) && version == VERSION {
        true => format!("The action {action} is not offered by this server."),
        false => {
            let version: String = version.chars().take(32).collect();
            format!("Could not find operation {action} for version {version}")
        }
    }))
}

/// The value of a parameter that may be there once. In a form a plus sign is a space.
fn parameter<'t>(text: &'t str, is_form: bool, wanted: &str) -> Result<Option<Cow<'t, str>>, Refusal> {
    let mut found = None;
    for (index, pair) in text.trim_end().split('&').enumerate() {
        if index == PARAMETERS_MAX {
            return Err(malformed());
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if decoded(name, is_form)? == wanted && found.replace(decoded(value, is_form)?).is_some() {
            return Err(malformed());
        }
    }
    Ok(found)
}

fn decoded(text: &str, is_form: bool) -> Result<Cow<'_, str>, Refusal> {
    if is_form && text.contains('+') {
        let spaced = text.replace('+', " ");
        let text = percent_encoding::percent_decode_str(&spaced).decode_utf8().map_err(|_| malformed())?;
        return Ok(Cow::Owned(text.into_owned()));
    }
    percent_encoding::percent_decode_str(text).decode_utf8().map_err(|_| malformed())
}

fn malformed() -> Refusal {
    Refusal::Serialization("The parameters cannot be read.".into())
}

// --- XML ---------------------------------------------------------------------------------------------------

fn identity_xml(caller: &Caller, request: &RequestId) -> String {
    let account = caller.principal.account().map(|account| account.to_string()).unwrap_or_default();
    let user: Cow<'_, str> = match &caller.principal {
        Principal::Root { .. } => account.as_str().into(),
        Principal::User { id, .. } => (&**id).into(),
        Principal::AssumedRole { role_id, session, .. } => format!("{role_id}:{session}").into(),
        Principal::FederatedUser { account, name } => format!("{account}:{name}").into(),
        Principal::Federated { provider } => (&**provider).into(),
        Principal::Service { name } => (&**name).into(),
        Principal::Keystead => "keystead".into(),
    };
    let (arn, user) = (escaped(&caller.arn), escaped(&user));
    format!(
        "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\">\n  <GetCallerIdentityResult>\n    <Arn>{arn}</Arn>\n    \
         <UserId>{user}</UserId>\n    <Account>{account}</Account>\n  </GetCallerIdentityResult>\n  \
         <ResponseMetadata>\n    <RequestId>{request}</RequestId>\n  </ResponseMetadata>\n\
         </GetCallerIdentityResponse>\n"
    )
}

fn refused(recorded: &Recorded, request: &RequestId) -> Answer {
    let AwsError { status, code, message } = sts_error(recorded);
    let side = if status >= 500 { "Receiver" } else { "Sender" };
    let message = message.unwrap_or_default();
    let message = escaped(&message);
    let xml = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>{side}</Type>\n    <Code>{code}</Code>\n    \
         <Message>{message}</Message>\n  </Error>\n  <RequestId>{request}</RequestId>\n</ErrorResponse>\n"
    );
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer::whole(status, XML, Written::Open(xml.into_bytes()), request)
}

/// Text as XML content. Characters that XML 1.0 has no place for become question marks.
fn escaped(text: &str) -> Cow<'_, str> {
    let is_odd = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'') || is_forbidden(c);
    if !text.contains(is_odd) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c if is_forbidden(c) => out.push('?'),
            c => out.push(c),
        }
    }
    out.into()
}

fn is_forbidden(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use bytes::Bytes;
    use keystead_model::AccountId;

    use super::super::sts_model::GET_CALLER_IDENTITY;
    use super::*;

    fn received(method: &str, target: &str, kind: Option<&str>, body: &str) -> Received {
        let mut builder = http::Request::builder().method(method).uri(target);
        if let Some(kind) = kind {
            builder = builder.header(CONTENT_TYPE, kind);
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
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        let post = received("POST", "/", Some(kind), form);
        assert!(is_sts(&post));
        assert_eq!(asked_for(&post), Ok(()));
        let get = received("GET", &format!("/?{form}&X-Amz-Signature=00"), None, "");
        assert!(is_sts(&get));
        assert_eq!(asked_for(&get), Ok(()));
        assert!(!is_sts(&received("POST", "/", Some("application/x-amz-json-1.1"), "{}")));
        assert!(!is_sts(&received("GET", "/", None, "")));
        assert!(!is_sts(&received("GET", "/x?Action=GetCallerIdentity", None, "")));
    }

    #[test]
    fn other_actions_are_told_so() {
        let ask = |form: &str| asked_for(&received("POST", "/", Some(FORM), form));
        assert_eq!(
            ask("Action=AssumeRole&Version=2011-06-15"),
            Err(Refusal::InvalidAction("The action AssumeRole is not offered by this server.".into()))
        );
        assert_eq!(
            ask("Action=Get%20Cake&Version=2011-06-15"),
            Err(Refusal::InvalidAction("Could not find operation Get Cake for version 2011-06-15".into()))
        );
        assert!(matches!(ask("Action=GetCallerIdentity"), Err(Refusal::InvalidAction(_))));
        let twice = "Action=GetCallerIdentity&Action=AssumeRole&Version=2011-06-15";
        assert_eq!(ask(twice), Err(malformed()));
        assert_eq!(ask(&"a=b&".repeat(70)), Err(malformed()));
        assert_eq!(ask("Action=%ff"), Err(malformed()));
    }

    #[test]
    fn an_identity_is_told_in_xml() {
        let account = AccountId::DEVELOPMENT;
        let user = Principal::User { account, name: "a&b".into(), id: "AIDA1".into() };
        let xml = identity_xml(&Caller::new(user, None), &RequestId([1; 16]));
        assert!(xml.contains("<Arn>arn:aws:iam::000000000000:user/a&amp;b</Arn>"), "{xml}");
        assert!(xml.contains("<UserId>AIDA1</UserId>") && xml.contains("<Account>000000000000</Account>"));
        for member in GET_CALLER_IDENTITY {
            assert!(xml.contains(&format!("<{member}>")), "{member}");
        }
        let root = identity_xml(&Caller::new(Principal::Root { account }, None), &RequestId([1; 16]));
        assert!(root.contains("<UserId>000000000000</UserId>"), "{root}");
    }

    #[test]
    fn nothing_from_outside_becomes_markup() {
        assert_eq!(escaped("<a b='c'>&\"\u{1}"), "&lt;a b=&apos;c&apos;&gt;&amp;&quot;?");
        assert!(matches!(escaped("plain"), Cow::Borrowed("plain")));
    }
}
