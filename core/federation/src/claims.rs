//! What a verified token says.

use std::collections::BTreeMap;

use keystead_model::Timestamp;

use crate::Issuer;
use crate::json::{Json, Members};
use crate::token::Refused;

/// Longest subject, in bytes, as OpenID Connect Core 1.0 section 2 has it.
const SUBJECT_BYTES_MAX: usize = 255;
/// Longest value of a claim that conditions can ask for, in bytes; longer ones are left out.
const VALUE_BYTES_MAX: usize = 2048;
/// The last instant that is taken, in seconds: the end of the year 9999.
const SECONDS_MAX: f64 = 253_402_300_799.0;

/// The claims of a token whose signature, issuer, audience and times have been verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claims {
    /// `iss`.
    pub issuer: Issuer,
    /// `sub`: 1 to 255 bytes.
    pub subject: Box<str>,
    /// The audience that counted: `azp` if there is one, else the first of `aud` that was expected. Conditions know it as
    /// `aud`.
    pub audience: Box<str>,
    /// `aud`, all of it. Where there is an `azp`, conditions know it as `oaud`.
    pub audiences: Box<[Box<str>]>,
    /// `azp`, whom the token was issued to.
    pub authorized_party: Option<Box<str>>,
    /// `amr`, how the user was authenticated.
    pub methods: Box<[Box<str>]>,
    /// `exp`.
    pub expires: Timestamp,
    /// `iat`.
    pub issued: Timestamp,
    /// Session tags that the issuer puts on its users.
    pub tags: SessionTags,
    /// The source identity that the issuer sets.
    pub source_identity: Option<Box<str>>,
    /// Further claims whose values are texts, numbers or truths, or lists of such, by name.
    pub others: BTreeMap<Box<str>, Box<[Box<str>]>>,
}

/// Session tags in a token. AWS's limits on them are the engine's to check.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SessionTags {
    /// Keys and values.
    pub pairs: Vec<(Box<str>, Box<str>)>,
    /// The keys that sessions opened from this one keep.
    pub transitive: Vec<Box<str>>,
}

impl Claims {
    /// The values that conditions see of a claim, as in `<provider>:<claim>`; none if the token has no such claim.
    pub fn values<'a>(&'a self, name: &str) -> Vec<&'a str> {
        let all = |texts: &'a [Box<str>]| texts.iter().map(|text| &**text).collect();
        match name {
            "iss" => vec![self.issuer.as_str()],
            "sub" => vec![&self.subject],
            "aud" => vec![&self.audience],
            "oaud" if self.authorized_party.is_some() => all(&self.audiences),
            "azp" => self.authorized_party.as_deref().into_iter().collect(),
            "amr" => all(&self.methods),
            _ => self.others.get(name).map_or_else(Vec::new, |values| all(values)),
        }
    }
}

/// The claims of a token as they stand in it, each read into its type and none of them judged.
pub(crate) struct Payload {
    pub(crate) issuer: Issuer,
    pub(crate) subject: Box<str>,
    pub(crate) audiences: Box<[Box<str>]>,
    pub(crate) authorized_party: Option<Box<str>>,
    pub(crate) expires: Timestamp,
    pub(crate) issued: Timestamp,
    pub(crate) not_before: Option<Timestamp>,
    members: Members,
}

impl Payload {
    /// Reads a payload, strictly: a claim of the wrong type is an error, not an absence.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Refused> {
        let members = Json::parse(bytes).ok().and_then(Json::into_object).ok_or(Refused::Malformed)?;
        let issuer = members.text("iss").ok_or(Refused::Missing("iss"))?;
        let subject = members.text("sub").filter(|sub| (1..=SUBJECT_BYTES_MAX).contains(&sub.len()));
        let audiences = texts(&members, "aud")?.filter(|all| !all.is_empty());
        Ok(Self {
            issuer: Issuer::parse(issuer).ok_or(Refused::Issuer)?,
            subject: subject.ok_or(Refused::Missing("sub"))?.into(),
            audiences: audiences.ok_or(Refused::Missing("aud"))?,
            authorized_party: text(&members, "azp")?,
            expires: instant(&members, "exp")?.ok_or(Refused::Missing("exp"))?,
            issued: instant(&members, "iat")?.ok_or(Refused::Missing("iat"))?,
            not_before: instant(&members, "nbf")?,
            members,
        })
    }

    /// The claims, once they have been found good.
    pub(crate) fn into_claims(self, audience: Box<str>) -> Result<Claims, Refused> {
        let Self { issuer, subject, audiences, authorized_party, expires, issued, not_before: _, members } =
            self;
        Ok(Claims {
            issuer,
            subject,
            audience,
            audiences,
            authorized_party,
            methods: texts(&members, "amr")?.unwrap_or_default(),
            expires,
            issued,
            tags: SessionTags::read(&members)?,
            source_identity: text(&members, SOURCE_IDENTITY)?,
            others: others(&members),
        })
    }
}

impl SessionTags {
    /// Both forms that AWS takes: one object, or a claim for each tag.
    fn read(members: &Members) -> Result<Self, Refused> {
        let mut tags = Self::default();
        if let Some(nested) = members.find(TAGS) {
            let nested = nested.as_object().ok_or(Refused::Claim("https://aws.amazon.com/tags"))?;
            if let Some(principal) = nested.find("principal_tags") {
                let principal = principal.as_object().ok_or(Refused::Claim("principal_tags"))?;
                for (key, value) in &principal.0 {
                    tags.add(key, value)?;
                }
            }
            tags.keep(nested.find("transitive_tag_keys"))?;
        }
        for (name, value) in &members.0 {
            if let Some(key) = name.strip_prefix(FLAT_TAG) {
                tags.add(key, value)?;
            }
        }
        tags.keep(members.find(FLAT_TRANSITIVE))?;
        Ok(tags)
    }

    /// A tag has one value, alone or in a list.
    fn add(&mut self, key: &str, value: &Json) -> Result<(), Refused> {
        let values = value.as_texts().ok_or(Refused::Claim("principal_tags"))?;
        let ([value], false) = (&*values, self.pairs.iter().any(|(known, _)| &**known == key)) else {
            return Err(Refused::Claim("principal_tags"));
        };
        self.pairs.push((key.into(), (*value).into()));
        Ok(())
    }

    fn keep(&mut self, keys: Option<&Json>) -> Result<(), Refused> {
        let Some(keys) = keys else { return Ok(()) };
        let keys = keys.as_texts().ok_or(Refused::Claim("transitive_tag_keys"))?;
        self.transitive.extend(keys.into_iter().map(Box::from));
        Ok(())
    }
}

const TAGS: &str = "https://aws.amazon.com/tags";
const FLAT_TAG: &str = "https://aws.amazon.com/tags/principal_tags/";
const FLAT_TRANSITIVE: &str = "https://aws.amazon.com/tags/transitive_tag_keys";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";
/// Claims that have a place of their own, and those that say nothing about who it is.
const OWN: [&str; 8] = ["iss", "sub", "aud", "azp", "amr", "exp", "iat", "nbf"];

fn text(members: &Members, name: &'static str) -> Result<Option<Box<str>>, Refused> {
    match members.find(name) {
        None => Ok(None),
        Some(Json::Text(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(Refused::Claim(name)),
    }
}

fn texts(members: &Members, name: &'static str) -> Result<Option<Box<[Box<str>]>>, Refused> {
    let Some(value) = members.find(name) else { return Ok(None) };
    let texts = value.as_texts().ok_or(Refused::Claim(name))?;
    Ok(Some(texts.into_iter().map(Box::from).collect()))
}

/// Seconds since 1970, perhaps with a fraction (RFC 7519, section 2).
fn instant(members: &Members, name: &'static str) -> Result<Option<Timestamp>, Refused> {
    let Some(value) = members.find(name) else { return Ok(None) };
    let Json::Number(number) = value else { return Err(Refused::Claim(name)) };
    match number.as_f64() {
        // In range, so that it fits: 253,402,300,799,000 is below 2^53.
        Some(seconds) if (0.0..=SECONDS_MAX).contains(&seconds) => {
            Ok(Some(Timestamp((seconds * 1000.0) as u64)))
        }
        _ => Err(Refused::Claim(name)),
    }
}

fn others(members: &Members) -> BTreeMap<Box<str>, Box<[Box<str>]>> {
    let further = members.0.iter().filter(|(name, _)| !OWN.contains(&&**name) && !name.starts_with(TAGS));
    further.filter_map(|(name, value)| Some((name.clone(), scalars(value)?))).collect()
}

fn scalars(value: &Json) -> Option<Box<[Box<str>]>> {
    match value {
        Json::List(items) => items.iter().map(scalar).collect(),
        one => Some(Box::new([scalar(one)?])),
    }
}

fn scalar(value: &Json) -> Option<Box<str>> {
    match value {
        Json::Text(text) => Some(text.clone()).filter(|text| text.len() <= VALUE_BYTES_MAX),
        Json::Bool(value) => Some(value.to_string().into()),
        Json::Number(number) => Some(number.to_string().into()),
        Json::Null | Json::List(_) | Json::Object(_) => None,
    }
}
