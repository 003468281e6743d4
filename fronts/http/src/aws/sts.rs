//! AWS STS, over the query protocol: `GetCallerIdentity`, which every tool asks first.
//!
//! Anybody with a key may ask who they are; nothing else of STS is offered yet.

use std::borrow::Cow;

use keystead_engine::ops::GetCallerIdentity;
use keystead_model::{Action, Caller, Principal, Proof, Protocol, RequestId};

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
    let action = if asked.is_ok() { Action::GetCallerIdentity } else { Action::Unknown };
    let signed = site.signed(request, &Scope::STS);
    let mut door = site.door(request, Protocol::AwsSts, action, signed.as_ref().ok(), now);
    let outcome = match asked {
        Ok(parameters) => Box::pin(identity(&mut door, signed, parameters)).await,
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

/// Refuses everything but `GetCallerIdentity`.
fn asked_for(request: &Received) -> Result<Parameters<'_>, Refusal> {
    match query::asked(request, VERSION, Operation::parse)? {
        (Operation::GetCallerIdentity, parameters) => Ok(parameters),
        (other, _) => Err(query::not_offered(other.name())),
    }
}

async fn identity(
    door: &mut Door<'_>,
    signed: Result<Signed<'_>, Failure>,
    parameters: Parameters<'_>,
) -> Result<Written, Stop> {
    let signed = signed.map_err(Refusal::Signature)?;
    let caller = door.engine.identify(&door.call, door.action, &Proof::SigV4(signed.proof())).await?;
    door.caller = Some(caller.clone());
    let GetCallerIdentityRequest {} = query::read(parameters)?;
    let permit = door.engine.authorise(&door.call, &caller, GetCallerIdentity {}).await?;
    let caller = door.engine.get_caller_identity(permit).await?;
    Ok(answered("GetCallerIdentity", NAMESPACE, &door.call.request, |xml| identity_xml(&caller, xml)))
}

fn identity_xml(caller: &Caller, xml: &mut Xml) {
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
    xml.text("Arn", &caller.arn).text("UserId", &user).text("Account", &account);
}

fn refused(recorded: &Recorded, request: &RequestId) -> Answer {
    query::refused(sts_error(recorded), NAMESPACE, request)
}

#[cfg(test)]
mod tests {
    use keystead_model::AccountId;

    use super::super::query::tests::{post, written};
    use super::*;

    #[test]
    fn other_actions_are_told_so() {
        let ask = |form: &str| asked_for(&post(form)).map(drop);
        assert_eq!(ask("Action=GetCallerIdentity&Version=2011-06-15"), Ok(()));
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
        assert!(matches!(ask(twice), Err(Refusal::Serialization(_))));
        assert!(matches!(ask("Action=%ff"), Err(Refusal::Serialization(_))));
    }

    #[test]
    fn an_identity_is_told_in_xml() {
        let account = AccountId::DEVELOPMENT;
        let told = |principal| {
            let caller = Caller::new(principal, None);
            written("GetCallerIdentity", |xml| identity_xml(&caller, xml))
        };
        let xml = told(Principal::User { account, name: "a&b".into(), id: "AIDA1".into() });
        assert!(xml.contains("<Arn>arn:aws:iam::000000000000:user/a&amp;b</Arn>"), "{xml}");
        assert!(xml.contains("<UserId>AIDA1</UserId>") && xml.contains("<Account>000000000000</Account>"));
        for member in Operation::GetCallerIdentity.output() {
            assert!(xml.contains(&format!("<{member}>")), "{member}");
        }
        let root = told(Principal::Root { account });
        assert!(root.contains("<UserId>000000000000</UserId>"), "{root}");
    }
}
