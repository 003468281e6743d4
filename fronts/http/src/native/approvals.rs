//! Requests that wait for the approval of others, as JSON.
//!
//! * `GET /keystead/v1/approvals`, with `marker` for the next page: `{"approvals": […], "next": …}`.
//! * `GET /keystead/v1/approvals/<id>`: one of them, with `statement`, the bytes that approvers sign, in base 64.
//! * `POST /keystead/v1/approvals/<id>/approve` with `{"access_key": "AKIA…", "signature": "<64 hexadecimal digits>"}`.
//! * `POST /keystead/v1/approvals/<id>/veto` and `…/withdraw`, with no body or `{}`.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use keystead_engine::ops::{
    Approval, ApprovalDetail, Approve, ApprovedBy, GetApproval, ListApprovals, Page, PageRequest, Veto,
    WithdrawApproval,
};
use keystead_model::{AccessKeyId, Action, ApprovalId, Caller, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::door::{Door, Refusal, Stop as Stopped};
use crate::server::Received;
use crate::sigv4;

/// Where they are.
pub const PATH: &str = "/keystead/v1/approvals";
/// Longest marker of a page, in bytes.
const MARKER_BYTES_MAX: usize = 64;

/// What is asked of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Route {
    /// All of them.
    List,
    /// One.
    Show(ApprovalId),
    /// A signature for one.
    Approve(ApprovalId),
    /// The end of one.
    Veto(ApprovalId),
    /// The end of one's own.
    Withdraw(ApprovalId),
}

/// The body of an approval.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    access_key: String,
    signature: String,
}

/// The body of what says everything in its path.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl Route {
    /// The route of a path below [`PATH`]; `None` if it is none of these.
    pub fn of(path: &str, method: &Method) -> Option<Result<Self, Refusal>> {
        let rest = path.strip_prefix(PATH)?;
        let parts: Vec<&str> = rest.strip_prefix('/').map_or(Vec::new(), |rest| rest.split('/').collect());
        let (id, verb) = match (rest, parts.as_slice()) {
            ("", _) => return Some(allowed(method, &Method::GET).map(|()| Self::List)),
            (_, [id]) => (*id, None),
            (_, [id, verb]) => (*id, Some(*verb)),
            _ => return rest.starts_with('/').then_some(Err(Refusal::NoSuchPath)),
        };
        let Ok(id) = id.parse::<ApprovalId>() else { return Some(Err(Refusal::NoSuchPath)) };
        Some(match verb {
            None => allowed(method, &Method::GET).map(|()| Self::Show(id)),
            Some("approve") => allowed(method, &Method::POST).map(|()| Self::Approve(id)),
            Some("veto") => allowed(method, &Method::POST).map(|()| Self::Veto(id)),
            Some("withdraw") => allowed(method, &Method::POST).map(|()| Self::Withdraw(id)),
            Some(_) => Err(Refusal::NoSuchPath),
        })
    }

    /// What policies call it.
    pub fn action(self) -> Action {
        match self {
            Self::List => Action::ListApprovals,
            Self::Show(_) => Action::GetApproval,
            Self::Approve(_) => Action::Approve,
            Self::Veto(_) => Action::Veto,
            Self::Withdraw(_) => Action::WithdrawApproval,
        }
    }

    /// Does it.
    pub async fn answer(
        self,
        door: &Door<'_>,
        caller: &Arc<Caller>,
        request: &Received,
    ) -> Result<Bytes, Stopped> {
        let (engine, call) = (&door.engine, &door.call);
        let told = match self {
            Self::List => {
                let page = PageRequest { limit: None, marker: marker(request)? };
                let permit = engine.authorise(call, caller, ListApprovals { page }).await?;
                let Page { items, next } = engine.list_approvals(permit).await?;
                json!({ "approvals": items.iter().map(told).collect::<Vec<_>>(), "next": next })
            }
            Self::Show(id) => {
                let permit = engine.authorise(call, caller, GetApproval { id }).await?;
                let ApprovalDetail { approval, statement } = engine.get_approval(permit).await?;
                let mut told = told(&approval);
                told["statement"] = STANDARD.encode(statement).into();
                told
            }
            Self::Approve(id) => {
                let permit = engine.authorise(call, caller, read(id, &request.body)?).await?;
                told(&engine.approve(permit).await?)
            }
            Self::Veto(id) => {
                nothing(&request.body)?;
                let permit = engine.authorise(call, caller, Veto { id }).await?;
                engine.veto(permit).await?;
                json!({})
            }
            Self::Withdraw(id) => {
                nothing(&request.body)?;
                let permit = engine.authorise(call, caller, WithdrawApproval { id }).await?;
                engine.withdraw_approval(permit).await?;
                json!({})
            }
        };
        Ok(told.to_string().into())
    }
}

fn allowed(method: &Method, wanted: &Method) -> Result<(), Refusal> {
    if method == wanted { Ok(()) } else { Err(Refusal::WrongMethod) }
}

fn marker(request: &Received) -> Result<Option<Box<str>>, Refusal> {
    let query = request.head.uri.query().unwrap_or_default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        if pair.split_once('=').map_or(pair, |(name, _)| name) != "marker" {
            return Err(Refusal::Validation("There is no parameter but 'marker'.".into()));
        }
    }
    let marker = sigv4::parameter(query, "marker").map_err(Refusal::Signature)?;
    match marker {
        Some(marker) if marker.len() > MARKER_BYTES_MAX => {
            Err(Refusal::Validation("'marker' is too long.".into()))
        }
        marker => Ok(marker.map(|marker| Box::from(&*marker))),
    }
}

fn read(id: ApprovalId, body: &[u8]) -> Result<Approve, Refusal> {
    let Signed { access_key, signature } =
        serde_json::from_slice(body).map_err(|error| Refusal::Serialization(error.to_string()))?;
    let access_key = AccessKeyId::parse(&access_key)
        .ok_or_else(|| Refusal::Validation("'access_key' is no access key id.".into()))?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(&signature, &mut bytes)
        .map_err(|_| Refusal::Validation("'signature' must be 64 hexadecimal digits.".into()))?;
    Ok(Approve { id, access_key, signature: bytes })
}

fn nothing(body: &[u8]) -> Result<(), Refusal> {
    if body.is_empty() {
        return Ok(());
    }
    let Nothing {} =
        serde_json::from_slice(body).map_err(|error| Refusal::Serialization(error.to_string()))?;
    Ok(())
}

fn told(approval: &Approval) -> Value {
    let Approval {
        id,
        action,
        resource,
        location,
        requester,
        created,
        expires,
        rule,
        needed,
        approvers,
        approved,
        ready,
    } = approval;
    let approved: Vec<_> = approved
        .iter()
        .map(|ApprovedBy { approver, at }| json!({ "approver": approver, "at": spell(*at) }))
        .collect();
    json!({
        "id": id.to_string(),
        "action": action.as_str(),
        "resource": resource,
        "location": location.as_str(),
        "requester": requester,
        "created": spell(*created),
        "expires": spell(*expires),
        "rule": rule,
        "needed": needed,
        "approvers": approvers,
        "approved": approved,
        "ready": ready.map(spell),
    })
}

/// An instant as RFC 3339 in UTC, to the millisecond.
fn spell(at: Timestamp) -> String {
    let instant = i64::try_from(at.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    format!("{:.3}", instant.unwrap_or(jiff::Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00010203-0405-0607-0809-0a0b0c0d0e0f";

    #[test]
    fn paths_and_methods_lead_to_one_route_each() {
        let id: ApprovalId = ID.parse().expect("an id");
        let (get, post) = (Method::GET, Method::POST);
        let of = |rest: &str, method: &Method| Route::of(&format!("{PATH}{rest}"), method);
        assert_eq!(of("", &get), Some(Ok(Route::List)));
        assert_eq!(of(&format!("/{ID}"), &get), Some(Ok(Route::Show(id))));
        assert_eq!(of(&format!("/{ID}/approve"), &post), Some(Ok(Route::Approve(id))));
        assert_eq!(of(&format!("/{ID}/veto"), &post), Some(Ok(Route::Veto(id))));
        assert_eq!(of(&format!("/{ID}/withdraw"), &post), Some(Ok(Route::Withdraw(id))));
        for rest in ["/", "/x", "/x/approve", &format!("/{ID}/eat"), &format!("/{ID}/approve/")] {
            assert_eq!(of(rest, &post), Some(Err(Refusal::NoSuchPath)), "{rest}");
        }
        for (rest, method) in [("", &post), (&*format!("/{ID}"), &post), (&*format!("/{ID}/veto"), &get)] {
            assert_eq!(of(rest, method), Some(Err(Refusal::WrongMethod)), "{rest}");
        }
        assert_eq!(Route::of("/keystead/v1/approvalsx", &get), None);
        assert_eq!(Route::of("/keystead/v1/status", &get), None);
    }

    #[test]
    fn an_approval_is_read_whole_or_refused() {
        let id: ApprovalId = ID.parse().expect("an id");
        let signature = "ab".repeat(32);
        let good = format!(r#"{{"access_key": "AKIAIOSFODNN7EXAMPLE", "signature": "{signature}"}}"#);
        let read = super::read(id, good.as_bytes()).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!((read.access_key.as_str(), read.signature), ("AKIAIOSFODNN7EXAMPLE", [0xab; 32]));
        for bad in [
            "",
            "{}",
            r#"{"access_key": "AKIAIOSFODNN7EXAMPLE"}"#,
            &good.replace("ab", "xy"),
            &good.replace("abab", "ab"),
            &good.replace("AKIA", "€"),
            &good.replace('}', r#", "more": 1}"#),
        ] {
            assert!(super::read(id, bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(nothing(b"").is_ok() && nothing(b"{}").is_ok() && nothing(b"{\"a\":1}").is_err());
    }
}
