//! Grants.

use keystead_engine::{ContextConstraint, GrantConstraints, GrantPrincipal, ops};
use keystead_model::{GrantOperation, GrantOperations};

use super::super::kms_model::{
    self, CreateGrantRequest, ListGrantsRequest, ListRetirableGrantsRequest, RetireGrantRequest,
    RevokeGrantRequest,
};
use super::super::rules::Text;
use super::super::wire::{Writer, Written};
use super::{Taken, context, end_of_page, given, key, optional_key, page, writer};
use crate::door::Refusal;

pub(in super::super) fn create_grant(wire: CreateGrantRequest<'_>) -> Taken<ops::CreateGrant> {
    let CreateGrantRequest {
        constraints,
        dry_run,
        grant_tokens,
        grantee_principal,
        grantee_service_principal,
        key_id,
        name,
        operations: list,
        retiring_principal,
        retiring_service_principal,
    } = wire;
    let of_service = grantee_service_principal.is_some();
    let grantee = one_of("Grantee", grantee_principal, grantee_service_principal)?
        .ok_or_else(|| refused("You must specify either GranteePrincipal or GranteeServicePrincipal."))?;
    let retiring = one_of("Retiring", retiring_principal, retiring_service_principal)?;
    let constraints = terms(constraints)?;
    if of_service && constraints.source_arn.is_none() {
        return Err(refused("A grant with a GranteeServicePrincipal must have a SourceArn constraint."));
    }
    if of_service && retiring.is_none() {
        return Err(refused(
            "A grant with a GranteeServicePrincipal must have a RetiringPrincipal or a RetiringServicePrincipal.",
        ));
    }
    Ok(ops::CreateGrant {
        key: key(key_id)?,
        grantee,
        retiring,
        operations: operations(given(list)?)?,
        constraints,
        name: name.map(Box::from),
        grant_tokens: super::grant_tokens(grant_tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(in super::super) fn list_grants(wire: ListGrantsRequest<'_>) -> Taken<ops::ListGrants> {
    let ListGrantsRequest { grant_id, grantee_principal, grantee_service_principal, key_id, limit, marker } =
        wire;
    Ok(ops::ListGrants {
        key: key(key_id)?,
        grant: grant_id.map(Box::from),
        grantee: one_of("Grantee", grantee_principal, grantee_service_principal)?,
        page: page(limit, marker)?,
    })
}

pub(in super::super) fn list_retirable_grants(
    wire: ListRetirableGrantsRequest<'_>,
) -> Taken<ops::ListRetirableGrants> {
    let ListRetirableGrantsRequest { limit, marker, retiring_principal, retiring_service_principal } = wire;
    let retiring = one_of("Retiring", retiring_principal, retiring_service_principal)?
        .ok_or_else(|| refused("You must specify either RetiringPrincipal or RetiringServicePrincipal."))?;
    Ok(ops::ListRetirableGrants { retiring, page: page(limit, marker)? })
}

pub(in super::super) fn retire_grant(wire: RetireGrantRequest<'_>) -> Taken<ops::RetireGrant> {
    let RetireGrantRequest { dry_run, grant_id, grant_token, key_id } = wire;
    let grant = match (grant_token, optional_key(key_id)?, grant_id) {
        (Some(token), None, None) => ops::GrantName::Token(token.into()),
        (None, Some(key), Some(grant)) => ops::GrantName::Id { key, grant: grant.into() },
        _ => {
            return Err(refused(
                "You must specify either GrantToken, or both KeyId and GrantId, and not all of them.",
            ));
        }
    };
    Ok(ops::RetireGrant { grant, dry_run: dry_run.unwrap_or(false) })
}

pub(in super::super) fn revoke_grant(wire: RevokeGrantRequest<'_>) -> Taken<ops::RevokeGrant> {
    let RevokeGrantRequest { dry_run, grant_id, key_id } = wire;
    Ok(ops::RevokeGrant {
        key: key(key_id)?,
        grant: given(grant_id)?.into(),
        dry_run: dry_run.unwrap_or(false),
    })
}

fn refused(why: &str) -> Refusal {
    Refusal::Validation(why.into())
}

/// A principal that can be given in two ways, of which a request has one at most.
fn one_of(role: &str, arn: Option<Text<'_>>, service: Option<Text<'_>>) -> Taken<Option<GrantPrincipal>> {
    match (arn, service) {
        (None, None) => Ok(None),
        (Some(arn), None) => match GrantPrincipal::parse_arn(&arn) {
            Some(principal) => Ok(Some(principal)),
            None => Err(Refusal::InvalidArn(format!("ARN does not refer to a valid principal: {arn}"))),
        },
        (None, Some(service)) => match GrantPrincipal::parse_service(&service) {
            Some(principal) => Ok(Some(principal)),
            None => Err(refused(&format!("{service} is not a valid service principal."))),
        },
        (Some(_), Some(_)) => Err(refused(&format!(
            "You can specify either {role}Principal or {role}ServicePrincipal, but not both."
        ))),
    }
}

fn operations(list: Vec<Text<'_>>) -> Taken<GrantOperations> {
    // The reader has refused every word that is not in the model's list, which is ours too.
    let unknown = |word: &str| refused(&format!("{word} is no grant operation."));
    list.iter().map(|word| GrantOperation::parse(word).ok_or_else(|| unknown(word))).collect()
}

fn terms(wire: Option<kms_model::GrantConstraints<'_>>) -> Taken<GrantConstraints> {
    let Some(wire) = wire else { return Ok(GrantConstraints::default()) };
    let kms_model::GrantConstraints { encryption_context_equals, encryption_context_subset, source_arn } =
        wire;
    let context = match (encryption_context_equals, encryption_context_subset) {
        (None, None) => None,
        (Some(pairs), None) => Some(ContextConstraint::Equals(context(Some(pairs))?)),
        (None, Some(pairs)) => Some(ContextConstraint::Subset(context(Some(pairs))?)),
        (Some(_), Some(_)) => return Err(refused("More than one constraint supplied")),
    };
    Ok(GrantConstraints { context, source_arn: source_arn.map(Box::from) })
}

pub(in super::super) fn granted(answer: ops::Granted) -> Written {
    let ops::Granted { id, token } = answer;
    let mut writer = writer(0);
    writer.hex("GrantId", &id.0).text("GrantToken", &token);
    writer.finish()
}

pub(in super::super) fn grants(page: ops::Page<ops::GrantEntry>) -> Written {
    let ops::Page { items, next } = page;
    let mut writer = writer(items.len() * 512);
    writer.objects("Grants", items, one_grant);
    end_of_page(writer, next)
}

fn one_grant(writer: &mut Writer, grant: ops::GrantEntry) {
    let ops::GrantEntry {
        key,
        id,
        name,
        created,
        grantee,
        retiring,
        issuer,
        operations,
        constraints: GrantConstraints { context, source_arn },
    } = grant;
    writer.plain("KeyId", key).hex("GrantId", &id.0);
    if let Some(name) = name {
        writer.text("Name", &name);
    }
    writer.time("CreationDate", created);
    // A service is told in the member that AWS has always had, too.
    writer.text("GranteePrincipal", grantee.as_str());
    if grantee.is_service() {
        writer.text("GranteeServicePrincipal", grantee.as_str());
    }
    if let Some(retiring) = retiring {
        writer.text("RetiringPrincipal", retiring.as_str());
        if retiring.is_service() {
            writer.text("RetiringServicePrincipal", retiring.as_str());
        }
    }
    if let Some(issuer) = issuer {
        writer.text("IssuingAccount", &issuer);
    }
    let names: Vec<&str> = operations.iter().map(GrantOperation::as_str).collect();
    writer.words("Operations", &names);
    if context.is_none() && source_arn.is_none() {
        return;
    }
    writer.object("Constraints", |writer| {
        if let Some(context) = context {
            let name = match &context {
                ContextConstraint::Equals(_) => "EncryptionContextEquals",
                ContextConstraint::Subset(_) => "EncryptionContextSubset",
            };
            writer.object(name, |writer| {
                for (key, value) in context.pairs().pairs() {
                    writer.pair(key, value);
                }
            });
        }
        if let Some(arn) = source_arn {
            writer.text("SourceArn", &arn);
        }
    });
}

#[cfg(test)]
mod tests {
    use keystead_model::{AccountId, EncryptionContext, GrantId, KeyArn, Timestamp};

    use super::super::super::wire;
    use super::*;

    fn read(body: &str) -> Taken<ops::CreateGrant> {
        create_grant(wire::read(body.as_bytes())?)
    }

    fn message(body: &str) -> String {
        match read(body) {
            Err(refusal) => refusal.message().to_string(),
            Ok(_) => panic!("{body} was taken"),
        }
    }

    const KEY: &str = r#""KeyId": "1234abcd-12ab-44cd-96ef-1234567890ab""#;
    const ADA: &str = r#""GranteePrincipal": "arn:aws:iam::111122223333:user/ada""#;

    #[test]
    fn a_grant_is_read_with_everything_it_can_have() {
        let body = format!(
            r#"{{{KEY}, {ADA}, "Operations": ["Decrypt", "CreateGrant", "Decrypt"], "Name": "n",
                "RetiringServicePrincipal": "s3.amazonaws.com", "DryRun": true, "GrantTokens": ["t"],
                "Constraints": {{"EncryptionContextSubset": {{"a": "b"}},
                                 "SourceArn": "arn:aws:s3:eu-central-1:111122223333:bucket/x"}}}}"#
        );
        let grant = read(&body).expect("well formed");
        assert_eq!(grant.grantee.as_str(), "arn:aws:iam::111122223333:user/ada");
        assert!(grant.retiring.is_some_and(|retiring| retiring.is_service()));
        assert_eq!(grant.operations.iter().count(), 2);
        assert!(matches!(&grant.constraints.context, Some(ContextConstraint::Subset(_))));
        assert!(grant.constraints.source_arn.is_some() && grant.dry_run);
        assert_eq!((&*grant.grant_tokens, grant.name.as_deref()), (&[Box::from("t")][..], Some("n")));
    }

    #[test]
    fn who_gets_the_grant_is_said_once() {
        let ops = r#""Operations": ["Decrypt"]"#;
        let service = r#""GranteeServicePrincipal": "s3.amazonaws.com""#;
        assert!(message(&format!("{{{KEY}, {ops}}}")).contains("either GranteePrincipal or"));
        assert!(message(&format!("{{{KEY}, {ops}, {ADA}, {service}}}")).contains("not both"));
        assert!(message(&format!("{{{KEY}, {ops}, {service}}}")).contains("SourceArn"));
        let odd = r#""GranteePrincipal": "ada""#;
        assert_eq!(
            message(&format!("{{{KEY}, {ops}, {odd}}}")),
            "ARN does not refer to a valid principal: ada"
        );
    }

    #[test]
    fn one_kind_of_constraint_on_the_context_is_enough() {
        let both = r#""Constraints": {"EncryptionContextSubset": {"a": "b"}, "EncryptionContextEquals": {}}"#;
        let body = format!(r#"{{{KEY}, {ADA}, "Operations": ["Decrypt"], {both}}}"#);
        assert_eq!(message(&body), "More than one constraint supplied");
    }

    #[test]
    fn what_a_caller_chose_stays_a_text() {
        let pairs = vec![("a\"b\\".into(), "c\":\"d\n".into()), ("e".into(), "f".into())];
        let context = ContextConstraint::Subset(EncryptionContext::new(pairs).expect("valid"));
        let entry = ops::GrantEntry {
            key: KeyArn {
                location: "eu-central-1".parse().expect("a name"),
                account: AccountId::DEVELOPMENT,
                key: "1234abcd-12ab-44cd-96ef-1234567890ab".parse().expect("an id"),
            },
            id: GrantId([7; 32]),
            name: None,
            created: Timestamp(0),
            grantee: GrantPrincipal::parse("arn:aws:iam::111122223333:root").expect("valid"),
            retiring: None,
            issuer: None,
            operations: [GrantOperation::Decrypt].into_iter().collect(),
            constraints: GrantConstraints { context: Some(context), source_arn: None },
        };
        let Written::Open(bytes) = grants(ops::Page { items: vec![entry], next: None }) else {
            panic!("no secret")
        };
        let value: serde_json::Value = serde_json::from_slice(&bytes).expect("valid JSON");
        let constraint = &value["Grants"][0]["Constraints"]["EncryptionContextSubset"];
        assert_eq!(*constraint, serde_json::json!({"a\"b\\": "c\":\"d\n", "e": "f"}));
    }

    #[test]
    fn a_grant_to_retire_is_named_in_one_way() {
        let retire = |body: &str| retire_grant(wire::read(body.as_bytes()).expect("readable"));
        assert!(retire(r#"{"GrantToken": "t"}"#).is_ok());
        assert!(retire(&format!(r#"{{{KEY}, "GrantId": "x"}}"#)).is_ok());
        for odd in ["{}".into(), format!("{{{KEY}}}"), r#"{"GrantId": "x"}"#.into()] {
            assert!(retire(&odd).is_err(), "{odd}");
        }
        assert!(retire(&format!(r#"{{{KEY}, "GrantId": "x", "GrantToken": "t"}}"#)).is_err());
    }
}
