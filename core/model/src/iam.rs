//! What an account's directory holds, by name: users, groups, roles, managed policies, identity providers and
//! second factors. Names and paths follow the rules of the IAM service model.

use std::fmt;

use crate::AccountId;
use crate::key::spelled;

spelled! {
    /// The kinds of things in a directory, spelled as their ARNs spell them.
    IamKind {
        /// A lasting identity.
        User = 1 "user",
        /// Users with policies in common.
        Group = 2 "group",
        /// An identity that others take on.
        Role = 3 "role",
        /// A managed policy.
        Policy = 4 "policy",
        /// An OpenID Connect provider.
        OidcProvider = 5 "oidc-provider",
        /// A virtual MFA device.
        Mfa = 6 "mfa",
    }
}

impl IamKind {
    /// Longest name, in bytes, as in the service model.
    pub fn name_bytes_max(self) -> usize {
        match self {
            Self::User | Self::Role => 64,
            Self::Group | Self::Policy => 128,
            Self::OidcProvider => 255,
            Self::Mfa => 226,
        }
    }
}

/// `arn:aws:iam::<account>:<kind>/<path and name>`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct IamArn {
    /// Who owns it; `None` for what comes with Keystead, in ARNs `aws`.
    pub account: Option<AccountId>,
    /// What it is.
    pub kind: IamKind,
    /// Path and name, without a leading slash: `team/alice`.
    pub name: Box<str>,
}

impl IamArn {
    /// Longest ARN, in bytes, as in the service model.
    pub const BYTES_MAX: usize = 2048;
    /// Longest path, in bytes, both slashes included.
    pub const PATH_BYTES_MAX: usize = 512;

    /// Reads an ARN; `None` if it is none of a directory, or a part breaks its rule.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("arn:aws:iam::")?;
        let (account, resource) = rest.split_once(':')?;
        let account = if account == "aws" { None } else { Some(account.parse().ok()?) };
        let (kind, name) = resource.split_once('/')?;
        let kind = IamKind::parse(kind)?;
        let fits = match kind {
            // The name of a provider is its URL without the scheme, with slashes of its own.
            IamKind::OidcProvider => {
                (1..=kind.name_bytes_max()).contains(&name.len())
                    && name.bytes().all(|b| b.is_ascii_graphic())
            }
            _ => is_path_and_name(kind, name),
        };
        fits.then(|| Self { account, kind, name: name.into() })
    }

    /// The name without its path.
    pub fn short_name(&self) -> &str {
        match self.kind {
            IamKind::OidcProvider => &self.name,
            _ => self.name.rsplit('/').next().unwrap_or(&self.name),
        }
    }

    /// The path, both slashes included: `/` or `/team/`.
    pub fn path(&self) -> String {
        let path = &self.name[..self.name.len() - self.short_name().len()];
        format!("/{path}")
    }
}

impl fmt::Display for IamArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.account {
            Some(account) => write!(f, "arn:aws:iam::{account}:{}/{}", self.kind, self.name),
            None => write!(f, "arn:aws:iam::aws:{}/{}", self.kind, self.name),
        }
    }
}

/// Whether a text is a name of this kind: letters, digits and `_ + = , . @ -` only, and not too long.
pub fn is_iam_name(kind: IamKind, name: &str) -> bool {
    (1..=kind.name_bytes_max()).contains(&name.len()) && name.bytes().all(is_name_byte)
}

fn is_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b)
}

/// Whether a text is a path: `/`, or visible ASCII between two slashes, [`IamArn::PATH_BYTES_MAX`] bytes at most.
pub fn is_iam_path(path: &str) -> bool {
    let visible = |b: u8| (0x21..=0x7e).contains(&b);
    path == "/"
        || (path.len() <= IamArn::PATH_BYTES_MAX
            && path.len() > 2
            && path.starts_with('/')
            && path.ends_with('/')
            && path.bytes().all(visible))
}

/// Names without a path, one type a kind, so that a user's name is never taken for a role's.
macro_rules! names {
    ($($(#[doc = $doc:literal])+ $name:ident $kind:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub struct $name(Box<str>);

        impl $name {
            /// What it names.
            pub const KIND: IamKind = IamKind::$kind;

            /// Reads a name; `None` if its length or a byte is outside the rule of [`is_iam_name`].
            pub fn parse(text: &str) -> Option<Self> {
                is_iam_name(Self::KIND, text).then(|| Self(text.into()))
            }

            /// The name as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// The name of a user: 1 to 64 bytes.
    UserName User;
    /// The name of a group: 1 to 128 bytes.
    GroupName Group;
    /// The name of a role: 1 to 64 bytes.
    RoleName Role;
    /// The name of a policy, managed or inline: 1 to 128 bytes.
    PolicyName Policy;
    /// The name of a virtual MFA device: 1 to 226 bytes.
    MfaName Mfa;
}

/// A path, both slashes included; `/` by default. See [`is_iam_path`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct IamPath(Box<str>);

impl IamPath {
    /// Reads a path; `None` if it breaks a rule.
    pub fn parse(text: &str) -> Option<Self> {
        is_iam_path(text).then(|| Self(text.into()))
    }

    /// The path as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for IamPath {
    fn default() -> Self {
        Self("/".into())
    }
}

impl fmt::Display for IamPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// ARNs that name one kind of thing only.
macro_rules! arns {
    ($($(#[doc = $doc:literal])+ $name:ident $kind:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub struct $name(IamArn);

        impl $name {
            /// Reads an ARN; `None` if it is none, or of another kind.
            pub fn parse(text: &str) -> Option<Self> {
                Self::of(IamArn::parse(text)?)
            }

            /// An ARN that was read before; `None` if it is of another kind.
            pub fn of(arn: IamArn) -> Option<Self> {
                (arn.kind == IamKind::$kind).then_some(Self(arn))
            }

            /// Its parts.
            pub fn arn(&self) -> &IamArn {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

arns! {
    /// The ARN of a managed policy: one of an account, or one that comes with Keystead.
    PolicyArn Policy;
    /// The ARN of an OpenID Connect provider.
    ProviderArn OidcProvider;
    /// The serial number of a virtual MFA device, which is its ARN.
    MfaSerial Mfa;
    /// The ARN of a role.
    RoleArn Role;
}

/// What someone is called in a session, and a source identity: 2 to 64 letters, digits and `_ + = , . @ -`, as in the
/// STS service model.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SessionName(Box<str>);

impl SessionName {
    /// Fewest bytes.
    pub const BYTES_MIN: usize = 2;
    /// Most bytes.
    pub const BYTES_MAX: usize = 64;
    /// Most bytes of the name of a federated user.
    pub const FEDERATED_BYTES_MAX: usize = 32;

    /// Reads a name; `None` if its length or a byte is outside the rule.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (Self::BYTES_MIN..=Self::BYTES_MAX).contains(&text.len());
        (fits && text.bytes().all(is_name_byte)).then(|| Self(text.into()))
    }

    /// Reads the name of a federated user, which is shorter.
    pub fn parse_federated(text: &str) -> Option<Self> {
        Self::parse(text).filter(|name| name.0.len() <= Self::FEDERATED_BYTES_MAX)
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_path_and_name(kind: IamKind, text: &str) -> bool {
    let at = text.rfind('/').map_or(0, |slash| slash + 1);
    let (path, name) = text.split_at(at);
    is_iam_name(kind, name) && (path.is_empty() || is_iam_path(&format!("/{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_read_and_written_again() {
        for (text, path, name) in [
            ("arn:aws:iam::111122223333:user/alice", "/", "alice"),
            ("arn:aws:iam::111122223333:role/team/app/reader", "/team/app/", "reader"),
            ("arn:aws:iam::aws:policy/KeysteadAuditor", "/", "KeysteadAuditor"),
            ("arn:aws:iam::111122223333:oidc-provider/token.example.com/a/b", "/", "token.example.com/a/b"),
        ] {
            let arn = IamArn::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(arn.to_string(), text);
            assert_eq!((arn.path().as_str(), arn.short_name()), (path, name));
        }
    }

    #[test]
    fn what_breaks_a_rule_is_no_arn() {
        let long = format!("arn:aws:iam::111122223333:user/{}", "a".repeat(65));
        for text in [
            "arn:aws:iam::111122223333:user/",
            "arn:aws:iam::111122223333:user//alice",
            "arn:aws:iam::111122223333:user/a b",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::1:user/alice",
            "arn:aws:sts::111122223333:user/alice",
            "arn:aws:iam::111122223333:cake/alice",
            &long,
        ] {
            assert_eq!(IamArn::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_or_an_arn_is_of_one_kind() {
        assert!(UserName::parse(&"a".repeat(64)).is_some());
        assert_eq!(UserName::parse(&"a".repeat(65)), None);
        assert!(GroupName::parse(&"a".repeat(65)).is_some());
        assert_eq!(RoleName::parse("team/reader"), None);
        let text = "arn:aws:iam::111122223333:policy/team/reader";
        assert_eq!(PolicyArn::parse(text).map(|arn| arn.to_string()).as_deref(), Some(text));
        assert_eq!(MfaSerial::parse(text), None);
        assert_eq!(IamPath::default().as_str(), "/");
    }

    #[test]
    fn the_name_of_a_session_has_2_to_64_bytes_and_that_of_a_federated_user_32() {
        for text in ["ab", "ci@example.com", &"a".repeat(64)] {
            assert_eq!(SessionName::parse(text).map(|name| name.to_string()).as_deref(), Some(text));
        }
        for text in ["", "a", "a b", "a/b", "\u{e9}\u{e9}", &"a".repeat(65)] {
            assert_eq!(SessionName::parse(text), None, "{text}");
        }
        assert!(SessionName::parse_federated(&"a".repeat(32)).is_some());
        assert_eq!(SessionName::parse_federated(&"a".repeat(33)), None);
    }

    #[test]
    fn a_path_stands_between_slashes() {
        for path in ["/", "/a/", "/a/b/", "/!/"] {
            assert!(is_iam_path(path), "{path}");
        }
        for path in ["", "a", "/a", "a/", "//", "/a b/", &format!("/{}/", "a".repeat(511))] {
            assert!(!is_iam_path(path), "{path}");
        }
    }
}
