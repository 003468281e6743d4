//! STS's wire types to the model.

use keystead_engine::SecretBytes;
use keystead_engine::ops::iam::MfaCode;
use keystead_engine::ops::sts::{
    AssumeRole, AssumeRoleWithWebIdentity, GetAccessKeyInfo, GetFederationToken, GetSessionToken,
    SecondFactor,
};
use keystead_model::{AccessKeyId, PolicyArn, RoleArn, SessionName, Tag, Tags};

use super::super::rules::Text;
use super::super::sts_model::{
    self, AssumeRoleRequest, AssumeRoleWithWebIdentityRequest, GetAccessKeyInfoRequest,
    GetFederationTokenRequest, GetSessionTokenRequest, PolicyDescriptorType,
};
use crate::door::Refusal;

pub(super) fn assume_role(wire: AssumeRoleRequest<'_>) -> Result<AssumeRole, Refusal> {
    let AssumeRoleRequest {
        duration_seconds,
        external_id,
        minimum_session_token_size,
        policy,
        policy_arns,
        provided_contexts,
        role_arn,
        role_session_name,
        serial_number,
        source_identity,
        tags: labels,
        token_code,
        transitive_tag_keys,
    } = wire;
    if provided_contexts.is_some() {
        return Err(refused("ProvidedContexts is not offered by this server."));
    }
    no_padding(minimum_session_token_size)?;
    Ok(AssumeRole {
        role: role(role_arn.unwrap_or_default())?,
        session_name: name(role_session_name.unwrap_or_default(), SessionName::parse)?,
        policy: policy.map(owned),
        policy_arns: policies(policy_arns)?,
        seconds: seconds(duration_seconds),
        tags: tags(labels)?,
        transitive: transitive_tag_keys.unwrap_or_default().into_iter().map(owned).collect(),
        external_id: external_id.map(owned),
        mfa: second_factor(serial_number, token_code)?,
        source_identity: source_identity.map(|text| name(text, SessionName::parse)).transpose()?,
    })
}

pub(super) fn web_identity(
    wire: AssumeRoleWithWebIdentityRequest<'_>,
) -> Result<AssumeRoleWithWebIdentity, Refusal> {
    let AssumeRoleWithWebIdentityRequest {
        duration_seconds,
        minimum_session_token_size,
        policy,
        policy_arns,
        provider_id,
        role_arn,
        role_session_name,
        web_identity_token,
    } = wire;
    if provider_id.is_some() {
        return Err(refused(
            "ProviderId is for OAuth 2.0 access tokens, which are not offered by this server; leave it out.",
        ));
    }
    no_padding(minimum_session_token_size)?;
    Ok(AssumeRoleWithWebIdentity {
        role: role(role_arn.unwrap_or_default())?,
        session_name: name(role_session_name.unwrap_or_default(), SessionName::parse)?,
        token: web_identity_token.unwrap_or_else(|| SecretBytes::copy_from(b"")),
        policy: policy.map(owned),
        policy_arns: policies(policy_arns)?,
        seconds: seconds(duration_seconds),
    })
}

pub(super) fn session_token(wire: GetSessionTokenRequest<'_>) -> Result<GetSessionToken, Refusal> {
    let GetSessionTokenRequest { duration_seconds, minimum_session_token_size, serial_number, token_code } =
        wire;
    no_padding(minimum_session_token_size)?;
    Ok(GetSessionToken { seconds: seconds(duration_seconds), mfa: second_factor(serial_number, token_code)? })
}

pub(super) fn federation_token(wire: GetFederationTokenRequest<'_>) -> Result<GetFederationToken, Refusal> {
    let GetFederationTokenRequest {
        duration_seconds,
        minimum_session_token_size,
        name: called,
        policy,
        policy_arns,
        tags: labels,
    } = wire;
    no_padding(minimum_session_token_size)?;
    Ok(GetFederationToken {
        name: name(called.unwrap_or_default(), SessionName::parse_federated)?,
        policy: policy.map(owned),
        policy_arns: policies(policy_arns)?,
        seconds: seconds(duration_seconds),
        tags: tags(labels)?,
    })
}

pub(super) fn access_key_info(wire: GetAccessKeyInfoRequest<'_>) -> Result<GetAccessKeyInfo, Refusal> {
    let id = wire.access_key_id.unwrap_or_default();
    let access_key = AccessKeyId::parse(&id).ok_or_else(|| refused(format!("{id} is no access key id")))?;
    Ok(GetAccessKeyInfo { access_key })
}

fn role(text: Text<'_>) -> Result<RoleArn, Refusal> {
    RoleArn::parse(&text).ok_or_else(|| refused(format!("{text} is invalid")))
}

fn owned(text: Text<'_>) -> Box<str> {
    text.into_owned().into()
}

/// The model has checked the range.
fn seconds(wire: Option<i32>) -> Option<u32> {
    wire.and_then(|seconds| u32::try_from(seconds).ok())
}

fn name(text: Text<'_>, parse: impl FnOnce(&str) -> Option<SessionName>) -> Result<SessionName, Refusal> {
    parse(&text).ok_or_else(|| refused(format!("{text} is no name of a session")))
}

fn policies(wire: Option<Vec<PolicyDescriptorType<'_>>>) -> Result<Vec<PolicyArn>, Refusal> {
    let arn = |descriptor: PolicyDescriptorType<'_>| {
        let text = descriptor.arn.unwrap_or_default();
        PolicyArn::parse(&text).ok_or_else(|| refused(format!("{text} is invalid")))
    };
    wire.unwrap_or_default().into_iter().map(arn).collect()
}

fn tags(wire: Option<Vec<sts_model::Tag<'_>>>) -> Result<Tags, Refusal> {
    let tag = |tag: sts_model::Tag<'_>| Tag {
        key: owned(tag.key.unwrap_or_default()),
        value: owned(tag.value.unwrap_or_default()),
    };
    let tags = wire.unwrap_or_default().into_iter().map(tag).collect();
    Tags::new(tags).map_err(|error| refused(error.to_string()))
}

/// Both parts or none.
fn second_factor(serial: Option<Text<'_>>, code: Option<Text<'_>>) -> Result<Option<SecondFactor>, Refusal> {
    match (serial, code.as_deref().map(MfaCode::parse)) {
        (None, None) => Ok(None),
        (Some(serial), Some(Some(code))) => Ok(Some(SecondFactor { serial: owned(serial), code })),
        (Some(_), Some(None)) => Err(refused("TokenCode is not the six digits that the MFA device shows.")),
        _ => Err(refused(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
        )),
    }
}

/// Tokens are as long as they have to be.
fn no_padding(minimum_session_token_size: Option<i32>) -> Result<(), Refusal> {
    match minimum_session_token_size {
        None | Some(0) => Ok(()),
        Some(_) => Err(refused("MinimumSessionTokenSize is not offered by this server.")),
    }
}

fn refused(text: impl Into<String>) -> Refusal {
    Refusal::Validation(text.into())
}

#[cfg(test)]
mod tests {
    use super::super::super::query::{self, Parameters, Structure};
    use super::*;

    fn read<'a, T: Structure<'a>>(form: &'a str) -> Result<T, Refusal> {
        query::read(Parameters::of_form(form)?)
    }

    const ROLE: &str = "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fteam%2Freader&RoleSessionName=me";

    fn asked(more: &str) -> Result<AssumeRole, Refusal> {
        assume_role(read(&format!("{ROLE}{more}"))?)
    }

    #[test]
    fn a_role_is_asked_for_with_everything_it_may_bring() {
        let form = "&ExternalId=x-1&Policy=%7B%7D&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2Fa&\
                    DurationSeconds=900&Tags.member.1.Key=team&Tags.member.1.Value=blue&\
                    TransitiveTagKeys.member.1=team&SerialNumber=GAHT12345678&TokenCode=012345&SourceIdentity=me2";
        let asked = asked(form).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        assert_eq!(asked.role.to_string(), "arn:aws:iam::111122223333:role/team/reader");
        assert_eq!((asked.seconds, asked.tags.value("team")), (Some(900), Some("blue")));
        assert_eq!(asked.external_id.as_deref(), Some("x-1"));
        assert_eq!(asked.mfa.map(|mfa| mfa.serial).as_deref(), Some("GAHT12345678"));
        assert_eq!((asked.policy.as_deref(), asked.policy_arns.len()), (Some("{}"), 1));
    }

    #[test]
    fn what_is_broken_or_not_offered_is_told() {
        let told = |more: &str| match asked(more).map(drop) {
            Err(Refusal::Validation(text)) => text,
            other => panic!("{more}: {other:?}"),
        };
        assert!(told("&TokenCode=012345").contains("must provide both"));
        assert!(told("&SerialNumber=GAHT12345678").contains("must provide both"));
        assert!(told("&ProvidedContexts.member.1.ContextAssertion=abcd").contains("not offered"));
        assert!(told("&MinimumSessionTokenSize=1").contains("not offered"));
        assert!(
            told("&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Arole%2Fabc").contains("is invalid")
        );
        assert!(told("&DurationSeconds=899").contains("durationSeconds"));
        let user = "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fa&RoleSessionName=me";
        let refused = read(user).and_then(assume_role).map(drop);
        assert_eq!(refused, Err(Refusal::Validation("arn:aws:iam::111122223333:user/a is invalid".into())));
    }
}
