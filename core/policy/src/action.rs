//! Which actions a statement is about: `Action` and `NotAction`, as one bit for each action there is.

use keystead_model::Action;

use crate::PolicyError;
use crate::error::quoted;
use crate::json::Node;

/// Room for 256 actions.
const WORDS: usize = 2;
const _: () = assert!(Action::ALL.len() <= WORDS * 128, "every action has a bit");

/// A set of actions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Actions([u128; WORDS]);

impl Actions {
    pub(crate) fn parse(node: &Node<'_>) -> Result<Self, PolicyError> {
        let mut set = [0; WORDS];
        for item in node.one_or_more("Action")? {
            let text = item.string("an action")?;
            check_form(&text).map_err(|reason| item.refuse(reason))?;
            for (bit, action) in Action::ALL.iter().enumerate() {
                if covers(text.as_bytes(), action.as_str().as_bytes()) {
                    set[bit / 128] |= 1 << (bit % 128);
                }
            }
        }
        Ok(Self(set))
    }

    /// The actions of a role's trust policy: how a role is taken on, and nothing else.
    pub(crate) fn parse_for_trust(node: &Node<'_>) -> Result<Self, PolicyError> {
        for item in node.one_or_more("Action")? {
            let text = item.string("an action")?;
            check_form(&text).map_err(|reason| item.refuse(reason))?;
            if !is_for_trust(&text) {
                return Err(item.refuse(format!(
                    "{} is not how a role is taken on; name sts:AssumeRole, sts:AssumeRoleWithWebIdentity, \
                     sts:TagSession or sts:SetSourceIdentity",
                    quoted(&text)
                )));
            }
        }
        let Self(named) = Self::parse(node)?;
        let Self(known) = TAKING_ON.iter().copied().collect();
        Ok(Self(std::array::from_fn(|word| named[word] & known[word])))
    }

    /// Every action but these.
    pub(crate) fn others(self) -> Self {
        Self(self.0.map(|word| !word))
    }

    pub(crate) const NONE: Self = Self([0; WORDS]);

    pub(crate) fn union(self, others: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] | others.0[word]))
    }

    pub(crate) fn contains_all(self, others: Self) -> bool {
        std::iter::zip(self.0, others.0).all(|(own, other)| own & other == other)
    }

    pub(crate) fn contains(self, action: Action) -> bool {
        // ALL is in the order of the declaration, so the discriminant is the place in it.
        let place = action as usize;
        self.0[place / 128] >> (place % 128) & 1 == 1
    }
}

impl FromIterator<Action> for Actions {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        let mut set = [0; WORDS];
        for bit in actions.into_iter().map(|action| action as usize) {
            set[bit / 128] |= 1 << (bit % 128);
        }
        Self(set)
    }
}

/// What a role's trust policy decides: taking the role on, and what is brought along.
pub(crate) const TAKING_ON: &[Action] =
    &[Action::AssumeRole, Action::AssumeRoleWithWebIdentity, Action::TagSession, Action::SetSourceIdentity];

/// What AWS takes in a trust policy and Keystead does not offer: accepted, and never asked for.
const TAKING_ON_ELSEWHERE: &[&str] = &["sts:AssumeRoleWithSAML", "sts:SetContext"];

fn is_for_trust(text: &str) -> bool {
    let mut known = TAKING_ON.iter().map(|action| action.as_str()).chain(TAKING_ON_ELSEWHERE.iter().copied());
    let in_sts = text.get(..4).is_some_and(|service| service.eq_ignore_ascii_case("sts:"));
    in_sts && known.any(|name| covers(text.as_bytes(), name.as_bytes()))
}

fn check_form(text: &str) -> Result<(), String> {
    let refused = || format!("{} is no action; one looks like kms:Decrypt, kms:Generate* or *", quoted(text));
    if text == "*" {
        return Ok(());
    }
    let (service, verb) = text.split_once(':').ok_or_else(refused)?;
    let in_service = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let in_verb = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'*' | b'?');
    let well_formed = service == "*" || (!service.is_empty() && service.bytes().all(in_service));
    match well_formed && !verb.is_empty() && verb.bytes().all(in_verb) {
        true => Ok(()),
        false => Err(refused()),
    }
}

/// Whether a pattern covers a name, without regard to case. Names are short and this runs when a policy is
/// written, so going back to the last star is fine.
pub(crate) fn covers(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(byte) if *byte == b'?' || byte.eq_ignore_ascii_case(&name[n]) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, n) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(text: &str) -> Result<Actions, PolicyError> {
        Node::parse(text).and_then(|node| Actions::parse(&node))
    }

    fn contains(text: &str, action: Action) -> bool {
        actions(text).unwrap_or_else(|e| panic!("{e}")).contains(action)
    }

    #[test]
    fn actions_are_read_without_regard_to_case() {
        assert!(contains(r#""KMS:decrypt""#, Action::Decrypt));
        assert!(!contains(r#""kms:decrypt""#, Action::Encrypt));
    }

    #[test]
    fn wildcards_cover_what_they_spell() {
        assert!(contains(r#""kms:ReEncrypt*""#, Action::ReEncryptFrom));
        assert!(contains(r#""kms:ReEncrypt*""#, Action::ReEncryptTo));
        assert!(!contains(r#""kms:ReEncrypt""#, Action::ReEncryptTo));
        assert!(contains(r#""kms:Gen*""#, Action::GenerateDataKeyWithoutPlaintext));
        assert!(contains(r#""kms:?ncrypt""#, Action::Encrypt));
        assert!(!contains(r#""kms:?ncrypt""#, Action::Decrypt));
        assert!(contains(r#""kms:*Alias*""#, Action::ListAliases));
        assert!(contains(r#"["s3:Get*", "*"]"#, Action::GenerateRandom));
        assert!(contains(r#""*:*""#, Action::GenerateRandom));
        assert!(!contains(r#""kms:*""#, Action::CreateAccount));
    }

    #[test]
    fn all_but_some_is_the_rest() {
        let rest = actions(r#"["kms:Decrypt", "kms:Encrypt"]"#).unwrap_or_else(|e| panic!("{e}")).others();
        assert!(!rest.contains(Action::Decrypt) && rest.contains(Action::DescribeKey));
    }

    #[test]
    fn what_is_no_action_is_refused() {
        for text in [
            r#""""#,
            r#""Decrypt""#,
            r#""kms:""#,
            r#"":x""#,
            r#""k*:Decrypt""#,
            r#""kms:De crypt""#,
            "[]",
            "1",
            "null",
            r#"["kms:Decrypt", 3]"#,
        ] {
            assert!(actions(text).is_err(), "{text}");
        }
    }
}
