//! Which resources a statement is about: `Resource` and `NotResource`.

use keystead_model::Resource;

use crate::PolicyError;
use crate::buffer::Buffer;
use crate::error::quoted;
use crate::json::Node;
use crate::pattern::{ArnPattern, Match, Variables};
use crate::request::Evaluation;

/// The resources of a statement.
#[derive(Debug)]
pub(crate) enum Resources {
    /// `*`; in a key's policy, this key.
    Every,
    These(Box<[ArnPattern]>),
    Others(Box<[ArnPattern]>),
}

impl Resources {
    /// `Resource`.
    pub(crate) fn these(node: &Node<'_>, variables: Variables) -> Result<Self, PolicyError> {
        let patterns = patterns(node, variables)?;
        match patterns.iter().any(ArnPattern::is_everything) {
            true => Ok(Self::Every),
            false => Ok(Self::These(patterns)),
        }
    }

    /// `NotResource`.
    pub(crate) fn others(node: &Node<'_>, variables: Variables) -> Result<Self, PolicyError> {
        Ok(Self::Others(patterns(node, variables)?))
    }

    pub(crate) fn contain(&self, evaluation: &Evaluation<'_>, cautious: bool) -> bool {
        let any = |patterns: &[ArnPattern]| {
            let mut unresolved = Match::No;
            for pattern in patterns {
                match pattern.covers(evaluation.resource_text(), evaluation.request) {
                    Match::Yes => return Match::Yes,
                    Match::No => {}
                    Match::Unresolved => unresolved = Match::Unresolved,
                }
            }
            unresolved
        };
        match self {
            Self::Every => true,
            Self::These(patterns) => any(patterns) == Match::Yes,
            // A variable without a value names no resource, so all are others; but that must not let anyone in.
            Self::Others(patterns) => match any(patterns) {
                Match::Yes => false,
                Match::No => true,
                Match::Unresolved => !cautious,
            },
        }
    }
}

fn patterns(node: &Node<'_>, variables: Variables) -> Result<Box<[ArnPattern]>, PolicyError> {
    let parse = |item: &Node<'_>| {
        let text = item.string("a resource")?;
        if text != "*" && !text.starts_with("arn:") {
            return Err(item.refuse(format!("{} is no resource; name an ARN, or * for all", quoted(&text))));
        }
        let pattern = ArnPattern::parse(&text, variables).map_err(|reason| item.refuse(reason))?;
        match pattern.has_early_variable() {
            true => Err(item.refuse("in a resource, variables stand after the fifth colon only")),
            false => Ok(pattern),
        }
    };
    node.one_or_more("Resource")?.iter().map(parse).collect()
}

/// The longest is that of an MFA device with a path: 13 + 12 + 5 + 512 + 226 bytes.
pub(crate) const RESOURCE_BYTES_MAX: usize = 768;

/// The text that statements see.
pub(crate) fn resource_text(resource: &Resource) -> Buffer<RESOURCE_BYTES_MAX> {
    let mut text = Buffer::new();
    let (location, account) = match resource {
        Resource::Key(arn) => (&arn.location, arn.account),
        Resource::Alias(arn) => (&arn.location, arn.account),
        Resource::Iam(arn) => {
            text.push("arn:aws:iam::");
            match arn.account {
                Some(account) => text.push_account(account),
                None => text.push("aws"),
            }
            [":", arn.kind.as_str(), "/", &arn.name].into_iter().for_each(|part| text.push(part));
            return text;
        }
        Resource::FederatedUser(account, name) => {
            text.push("arn:aws:sts::");
            text.push_account(*account);
            [":federated-user/", name.as_str()].into_iter().for_each(|part| text.push(part));
            return text;
        }
        Resource::Account => {
            text.push("*");
            return text;
        }
    };
    text.push("arn:aws:kms:");
    text.push(location.as_str());
    text.push(":");
    text.push_account(account);
    text.push(":");
    match resource {
        Resource::Key(arn) => {
            text.push("key/");
            text.push_bytes(&arn.key.text());
        }
        Resource::Alias(arn) => text.push(arn.name.as_str()),
        Resource::Iam(_) | Resource::FederatedUser(..) | Resource::Account => {}
    }
    text
}

#[cfg(test)]
mod tests {
    use keystead_model::{AliasArn, AliasName, IamArn, IamKind, KeyArn, SessionName};

    use super::*;

    #[test]
    fn the_text_of_a_resource_is_its_arn() {
        let (location, account): (keystead_model::Location, keystead_model::AccountId) =
            ("eu-central-1".parse().expect("a location"), "000000000042".parse().expect("an account"));
        let key = "mrk-1234abcd12ab34cd56ef1234567890ab".parse().expect("a key id");
        let name = AliasName::parse(&format!("alias/{}", "x".repeat(250))).expect("a name");
        for resource in [
            Resource::Key(KeyArn { location: location.clone(), account, key }),
            Resource::Alias(AliasArn { location, account, name }),
            Resource::Iam(IamArn {
                account: Some(account),
                kind: IamKind::Mfa,
                name: format!("{}/{}", "p".repeat(510), "n".repeat(226)).into(),
            }),
            Resource::Iam(IamArn { account: None, kind: IamKind::Policy, name: "p".into() }),
            Resource::FederatedUser(account, SessionName::parse("bob").expect("a name")),
            Resource::Account,
        ] {
            assert_eq!(resource_text(&resource).text(), Some(&*resource.to_string()));
        }
    }
}
