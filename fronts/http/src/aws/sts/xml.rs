//! The model to STS's XML.

use std::borrow::Cow;

use keystead_engine::ops::sts::{Credentials, FederatedSession, RoleSession, WebIdentitySession};
use keystead_model::{AccountId, Caller, Principal};

use super::super::query::Xml;

pub(super) fn role_session(session: &RoleSession, xml: &mut Xml) {
    credentials(&session.credentials, xml);
    xml.structure("AssumedRoleUser", |xml| {
        xml.text("AssumedRoleId", &session.id).text("Arn", &session.arn);
    });
    packed(session.packed_percent, xml);
    xml.optional_text("SourceIdentity", session.source_identity.as_deref());
}

pub(super) fn web_identity_session(session: &WebIdentitySession, xml: &mut Xml) {
    credentials(&session.credentials, xml);
    xml.structure("AssumedRoleUser", |xml| {
        xml.text("AssumedRoleId", &session.id).text("Arn", &session.arn);
    });
    xml.text("SubjectFromWebIdentityToken", &session.subject).text("Audience", &session.audience);
    xml.text("Provider", &session.provider);
    packed(session.packed_percent, xml);
    xml.optional_text("SourceIdentity", session.source_identity.as_deref());
}

pub(super) fn federated_session(session: &FederatedSession, xml: &mut Xml) {
    credentials(&session.credentials, xml);
    xml.structure("FederatedUser", |xml| {
        xml.text("FederatedUserId", &session.id).text("Arn", &session.arn);
    });
    packed(session.packed_percent, xml);
}

pub(super) fn own_session(session: &Credentials, xml: &mut Xml) {
    credentials(session, xml);
}

pub(super) fn account(account: &AccountId, xml: &mut Xml) {
    xml.plain("Account", account);
}

pub(super) fn identity(caller: &Caller, xml: &mut Xml) {
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

fn credentials(credentials: &Credentials, xml: &mut Xml) {
    xml.structure("Credentials", |xml| {
        xml.text("AccessKeyId", credentials.access_key.as_str());
        xml.secret_text("SecretAccessKey", &credentials.secret);
        xml.text("SessionToken", &credentials.token).time("Expiration", credentials.expires);
    });
}

fn packed(percent: Option<u8>, xml: &mut Xml) {
    if let Some(percent) = percent {
        xml.plain("PackedPolicySize", percent);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::query::tests::written;
    use super::super::super::sts_model::Operation;
    use super::*;

    #[test]
    fn an_identity_is_told_in_xml() {
        let account = AccountId::DEVELOPMENT;
        let told = |principal| {
            let caller = Caller::new(principal, None);
            written("GetCallerIdentity", |xml| identity(&caller, xml))
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
