//! Wire to model and model to wire: one file a family, one function a request, one a form of answer.
//!
//! The reader has held every member to the limits of the service model. What is left is to make model types of them, and
//! to say what cannot be one.

pub(super) mod access_keys;
pub(super) mod account;
pub(super) mod groups;
pub(super) mod holders;
pub(super) mod mfa;
pub(super) mod policies;
pub(super) mod providers;
pub(super) mod roles;
pub(super) mod tags;
pub(super) mod users;

use keystead_engine::ops::PageRequest;
use keystead_engine::ops::iam::VersionId;
use keystead_model::{
    AccessKeyId, GroupName, IamPath, MfaSerial, PolicyArn, PolicyName, ProviderArn, RoleName, Tags, UserName,
};

use super::super::iam_model::Tag;
use super::super::query::Xml;
use super::super::rules::Text;
use crate::door::{Refusal, cut};

/// Longest part of an offending value that is repeated in a message, in bytes.
const ECHO_BYTES_MAX: usize = 256;

type Taken<T> = Result<T, Refusal>;

// --- Members that several requests have --------------------------------------------------------------------

/// A required member. The reader has refused requests that lack one, so this refuses nothing more.
fn given<T>(member: Option<T>) -> Taken<T> {
    member.ok_or_else(|| Refusal::Validation("a required member is missing".into()))
}

/// The model lets names of users who are there be twice as long as users' names can be.
fn user(name: Option<Text<'_>>) -> Taken<UserName> {
    let name = given(name)?;
    UserName::parse(&name).ok_or_else(|| not_found(&format!("The user with name {name} cannot be found.")))
}

fn optional_user(name: Option<Text<'_>>) -> Taken<Option<UserName>> {
    name.map(|name| user(Some(name))).transpose()
}

fn group(name: Option<Text<'_>>) -> Taken<GroupName> {
    let name = given(name)?;
    GroupName::parse(&name).ok_or_else(|| invalid("groupName", &name))
}

fn role(name: Option<Text<'_>>) -> Taken<RoleName> {
    let name = given(name)?;
    RoleName::parse(&name).ok_or_else(|| invalid("roleName", &name))
}

fn policy_name(name: Option<Text<'_>>) -> Taken<PolicyName> {
    let name = given(name)?;
    PolicyName::parse(&name).ok_or_else(|| invalid("policyName", &name))
}

fn path(path: Option<Text<'_>>) -> Taken<IamPath> {
    optional_path(path).map(Option::unwrap_or_default)
}

fn optional_path(path: Option<Text<'_>>) -> Taken<Option<IamPath>> {
    let read = |path: Text<'_>| IamPath::parse(&path).ok_or_else(|| invalid("path", &path));
    path.map(read).transpose()
}

fn policy(arn: Option<Text<'_>>) -> Taken<PolicyArn> {
    let arn = given(arn)?;
    PolicyArn::parse(&arn).ok_or_else(|| invalid_arn(&arn))
}

fn boundary(arn: Option<Text<'_>>) -> Taken<Option<PolicyArn>> {
    arn.map(|arn| policy(Some(arn))).transpose()
}

fn provider(arn: Option<Text<'_>>) -> Taken<ProviderArn> {
    let arn = given(arn)?;
    ProviderArn::parse(&arn).ok_or_else(|| invalid_arn(&arn))
}

/// Serial numbers of devices that one can touch are no ARNs; there are none of those.
fn serial(serial: Option<Text<'_>>) -> Taken<MfaSerial> {
    let serial = given(serial)?;
    MfaSerial::parse(&serial)
        .ok_or_else(|| not_found(&format!("MFA device with serial number {serial} does not exist.")))
}

fn access_key(id: Option<Text<'_>>) -> Taken<AccessKeyId> {
    let id = given(id)?;
    AccessKeyId::parse(&id).ok_or_else(|| not_found(&format!("The Access Key with id {id} cannot be found.")))
}

/// The model lets versions have a suffix, which none here has.
fn version(id: Option<Text<'_>>) -> Taken<VersionId> {
    let id = given(id)?;
    VersionId::parse(&id)
        .ok_or_else(|| not_found(&format!("A policy version with the identifier {id} does not exist.")))
}

fn text(text: Option<Text<'_>>) -> Taken<Box<str>> {
    given(text).map(Box::from)
}

fn texts(texts: Option<Vec<Text<'_>>>) -> Vec<Box<str>> {
    texts.into_iter().flatten().map(Box::from).collect()
}

fn page(limit: Option<i32>, marker: Option<Text<'_>>) -> Taken<PageRequest> {
    let small = |limit: i32| u16::try_from(limit).map_err(|_| invalid("maxItems", &limit.to_string()));
    Ok(PageRequest { limit: limit.map(small).transpose()?, marker: marker.map(Box::from) })
}

/// The page of a listing that has one page only: no marker was ever given out for another.
fn only_page(marker: Option<Text<'_>>) -> Taken<()> {
    match marker {
        None => Ok(()),
        Some(_) => Err(Refusal::Validation("The marker was not given out for this listing.".into())),
    }
}

/// Tags. Unlike those of keys, two whose keys differ in the case of letters only are one too many.
fn tags(list: Option<Vec<Tag<'_>>>) -> Taken<Tags> {
    let mut tags = Vec::new();
    for Tag { key, value } in list.into_iter().flatten() {
        tags.push(keystead_model::Tag { key: text(key)?, value: text(value)? });
    }
    let mut keys: Vec<String> = tags.iter().map(|tag| tag.key.to_lowercase()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::Tag(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.".into(),
        ));
    }
    Tags::new(tags).map_err(|error| Refusal::Tag(error.to_string()))
}

fn not_found(what: &str) -> Refusal {
    Refusal::NoSuchEntity(what.into())
}

/// The beginning of a value is repeated: the model does not bound all of them.
fn invalid(member: &str, value: &str) -> Refusal {
    let value = cut(value, ECHO_BYTES_MAX);
    Refusal::Validation(format!("The specified value for {member} is invalid: {value}"))
}

fn invalid_arn(arn: &str) -> Refusal {
    Refusal::InvalidArn(format!("ARN {arn} is not valid."))
}

// --- Members that several answers have ---------------------------------------------------------------------

/// The answer of a request without one.
pub(super) fn nothing(_: (), _: &mut Xml) {}

/// Where the next page of a listing starts, and whether there is one.
fn next_page(next: Option<&str>, xml: &mut Xml) {
    xml.plain("IsTruncated", next.is_some()).optional_text("Marker", next);
}

fn tag_list(tags: &Tags, xml: &mut Xml) {
    xml.structures("Tags", tags.iter(), |xml, tag| {
        xml.text("Key", &tag.key).text("Value", &tag.value);
    });
}

/// Tags, if there are any: AWS leaves the member out where there are none.
fn tag_list_if_any(tags: &Tags, xml: &mut Xml) {
    if !tags.is_empty() {
        tag_list(tags, xml);
    }
}

fn boundary_of(boundary: Option<&PolicyArn>, xml: &mut Xml) {
    if let Some(arn) = boundary {
        xml.structure("PermissionsBoundary", |xml| {
            xml.text("PermissionsBoundaryType", "PermissionsBoundaryPolicy");
            xml.shown("PermissionsBoundaryArn", arn);
        });
    }
}
