//! AWS STS, over the query protocol: sessions, and who one is.
//!
//! `docs/protocols/aws-sts.md` lists every operation of the service model, and where one differs from AWS.

mod translate;
mod xml;

use std::sync::Arc;

use http::Method;
use keystead_engine::ops::GetCallerIdentity;
use keystead_model::{Action, Caller, Proof, Protocol, RequestId};

use super::errors::sts_error;
use super::query::{self, Parameters, Xml, answered};
use super::sts_model::{GetCallerIdentityRequest, NAMESPACE, Operation, VERSION};
use super::wire::Written;
use crate::answer::Answer;
use crate::door::{Door, Recorded, Refusal, Stop};
use crate::metrics::Asked;
use crate::server::Received;
use crate::sigv4::{Failure, Signed};
use crate::site::{Scope, Site};

/// Answers an STS request.
pub(crate) async fn answer_sts(site: &Site, request: &Received) -> (Asked, Answer) {
    let now = site.world.clock.now();
    let asked = asked_for(request);
    let operation = asked.as_ref().ok().map(|(operation, _)| *operation);
    let signed = site.signed(request, scope(operation, &request.head.method));
    let mut door = site.door(request, Protocol::AwsSts, action(operation), signed.as_ref().ok(), now);
    let outcome = match asked {
        Ok((operation, parameters)) => Box::pin(converse(&mut door, operation, signed, parameters)).await,
        Err(refusal) => Err(refusal.into()),
    };
    let answer = match outcome {
        Ok(written) => query::ok(written, &door.call.request),
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

/// What is asked for, of what is offered.
fn asked_for(request: &Received) -> Result<(Operation, Parameters<'_>), Refusal> {
    let (operation, parameters) = query::asked(request, VERSION, Operation::parse)?;
    match operation {
        Operation::AssumeRole
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetAccessKeyInfo
        | Operation::GetCallerIdentity
        | Operation::GetFederationToken
        | Operation::GetSessionToken => Ok((operation, parameters)),
        Operation::AssumeRoleWithSAML
        | Operation::AssumeRoot
        | Operation::DecodeAuthorizationMessage
        | Operation::GetDelegatedAccessToken
        | Operation::GetWebIdentityToken => Err(query::not_offered(operation.name())),
    }
}

/// What a signature has to be for. Only a link that asks who one is may be good for long: it is how one proves it to
/// others.
fn scope(operation: Option<Operation>, method: &Method) -> &'static Scope {
    match (operation, method) {
        (Some(Operation::GetCallerIdentity), &Method::GET) => &Scope::IDENTITY,
        _ => &Scope::STS,
    }
}

/// What policies call an operation.
fn action(operation: Option<Operation>) -> Action {
    let named = |operation: Operation| {
        let is_it = |action: &&Action| action.as_str().strip_prefix("sts:") == Some(operation.name());
        Action::ALL.iter().find(is_it).copied()
    };
    operation.and_then(named).unwrap_or(Action::Unknown)
}

async fn converse(
    door: &mut Door<'_>,
    operation: Operation,
    signed: Result<Signed<'_>, Failure>,
    parameters: Parameters<'_>,
) -> Result<Written, Stop> {
    // The token is the proof. Whoever signs all the same is not asked why.
    if operation == Operation::AssumeRoleWithWebIdentity {
        let request = translate::web_identity(query::read(parameters)?)?;
        let session = door.engine.assume_role_with_web_identity(&door.call, request).await?;
        return Ok(written(door, operation, |xml| xml::web_identity_session(&session, xml)));
    }
    let signed = signed.map_err(Refusal::Signature)?;
    let caller = door.engine.identify(&door.call, door.action, &Proof::SigV4(signed.proof())).await?;
    door.caller = Some(caller.clone());
    perform(door, &caller, operation, parameters).await
}

/// Wire to model, through the door, model to wire: the same four steps for every operation.
async fn perform(
    door: &Door<'_>,
    caller: &Arc<Caller>,
    operation: Operation,
    parameters: Parameters<'_>,
) -> Result<Written, Stop> {
    macro_rules! table {
        ($($operation:ident: $translate:expr, $act:ident => $answer:ident),+ $(,)?) => {
            match operation {
                $(Operation::$operation => {
                    let request = $translate(query::read(parameters)?)?;
                    let permit = door.engine.authorise(&door.call, caller, request).await?;
                    let answer = door.engine.$act(permit).await?;
                    Ok(written(door, operation, |xml| xml::$answer(&answer, xml)))
                })+
                other => Err(query::not_offered(other.name()).into()),
            }
        };
    }
    let identity = |GetCallerIdentityRequest {}| Ok::<_, Refusal>(GetCallerIdentity {});
    table! {
        AssumeRole: translate::assume_role, assume_role => role_session,
        GetAccessKeyInfo: translate::access_key_info, get_access_key_info => account,
        GetCallerIdentity: identity, get_caller_identity => identity,
        GetFederationToken: translate::federation_token, get_federation_token => federated_session,
        GetSessionToken: translate::session_token, get_session_token => own_session,
    }
}

fn written(door: &Door<'_>, operation: Operation, result: impl FnOnce(&mut Xml)) -> Written {
    answered(operation.name(), NAMESPACE, &door.call.request, result)
}

fn refused(recorded: &Recorded, request: &RequestId) -> Answer {
    query::refused(sts_error(recorded), NAMESPACE, request)
}

#[cfg(test)]
mod tests {
    use super::super::query::tests::post;
    use super::*;

    #[test]
    fn other_actions_are_told_so() {
        let ask = |form: &str| asked_for(&post(form)).map(|(operation, _)| operation);
        assert_eq!(ask("Action=GetCallerIdentity&Version=2011-06-15"), Ok(Operation::GetCallerIdentity));
        assert_eq!(
            ask("Action=AssumeRoot&Version=2011-06-15"),
            Err(Refusal::InvalidAction("The action AssumeRoot is not offered by this server.".into()))
        );
        assert_eq!(
            ask("Action=Get%20Cake&Version=2011-06-15"),
            Err(Refusal::InvalidAction("Could not find operation Get Cake for version 2011-06-15".into()))
        );
        assert!(matches!(ask("Action=GetCallerIdentity"), Err(Refusal::InvalidAction(_))));
        let twice = "Action=GetCallerIdentity&Action=AssumeRole&Version=2011-06-15";
        assert!(matches!(ask(twice), Err(Refusal::Serialization(_))));
        assert!(matches!(ask("Action=%ff"), Err(Refusal::Serialization(_))));
    }

    #[test]
    fn every_operation_that_is_offered_has_the_action_of_its_name() {
        for operation in Operation::ALL {
            let form = format!("Action={}&Version={VERSION}", operation.name());
            if asked_for(&post(&form)).is_ok() {
                assert_eq!(action(Some(*operation)).as_str(), format!("sts:{}", operation.name()));
            }
        }
        assert_eq!(action(None), Action::Unknown);
    }
}
