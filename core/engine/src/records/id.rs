//! Row ids: a letter for the kind, then the names in an order that makes listings ranges.

use keystead_model::{
    AccessKeyId, AccountId, AliasArn, AliasName, IamKind, KeyArn, KeyId, Location, MaterialId, Timestamp,
};
use keystead_store::RecordId;

/// Which row is meant.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    /// `k` account location 0 multi-Region-flag key-id: a [`KeyRecord`](super::KeyRecord).
    Key(&'a KeyArn),
    /// `m`, then as a key, then the version's id: its [`Wrapped`](super::Wrapped) bytes.
    Material(&'a KeyArn, &'a MaterialId),
    /// `u`, then as a key: its [`UsageRecord`](super::UsageRecord).
    Usage(&'a KeyArn),
    /// `u` alone: the [`UsagePosition`](super::UsagePosition).
    UsagePosition,
    /// `uc` access key id: its [`LastUseRecord`](super::LastUseRecord).
    AccessKeyUse(&'a AccessKeyId),
    /// `ur` a role's unique id: its [`LastUseRecord`](super::LastUseRecord).
    RoleUse(&'a str),
    /// `a` account location 0 name: an [`AliasRecord`](super::AliasRecord).
    Alias(AccountId, &'a Location, &'a AliasName),
    /// `t` account: an [`AccountRecord`](super::AccountRecord).
    Account(AccountId),
    /// `c` access key id: an [`AccessKeyRecord`](super::AccessKeyRecord).
    AccessKey(&'a AccessKeyId),
    /// `s` account location 0: a [`KeyStoresRecord`](super::KeyStoresRecord).
    KeyStores(AccountId, &'a Location),
    /// `x` account location 0 store 0 external key: an [`ExternalKeyRecord`](super::ExternalKeyRecord).
    ExternalKey(AccountId, &'a Location, &'a str, &'a str),
    /// `p`, then as a key: a [`PlantedRecord`](super::PlantedRecord).
    Planted(&'a KeyArn),
    /// `i` account, the kind's letter, the name in lower case: what is in an account's directory. A provider's name is
    /// its URL without the scheme, as it was written.
    Directory(AccountId, IamKind, &'a str),
    /// `i` account `s`: an [`AccountSettingsRecord`](super::AccountSettingsRecord).
    AccountSettings(AccountId),
    /// `i` account `a` fingerprint: an [`ApprovalRecord`](super::ApprovalRecord).
    Approval(AccountId, &'a [u8; 32]),
    /// `e` time, account, fingerprint: an empty record that says when a request that waits for approval is to be looked at.
    ApprovalDue(Timestamp, AccountId, &'a [u8; 32]),
    /// `n` name: the [`AccountAliasRecord`](super::AccountAliasRecord) of the account that has this name.
    AccountAlias(&'a str),
    /// `d` time, then as a key: an empty record that says when the key's record is to be looked at.
    Due(Timestamp, &'a KeyArn),
}

impl Row<'_> {
    /// The id of the row.
    pub fn id(&self) -> RecordId {
        let mut out = Vec::with_capacity(64);
        match self {
            Self::Key(arn) => key_parts(&mut out, b'k', arn),
            Self::Material(arn, material) => {
                key_parts(&mut out, b'm', arn);
                out.extend_from_slice(&material.0);
            }
            Self::Usage(arn) => key_parts(&mut out, b'u', arn),
            Self::UsagePosition => out.push(b'u'),
            // The account of a key is below 2^40, so that no row of a key's use begins like these.
            Self::AccessKeyUse(id) => {
                out.extend_from_slice(b"uc");
                out.extend_from_slice(id.as_str().as_bytes());
            }
            Self::RoleUse(id) => {
                out.extend_from_slice(b"ur");
                out.extend_from_slice(id.as_bytes());
            }
            Self::Directory(account, kind, name) => {
                out = Self::directory_of(*account, *kind);
                match kind {
                    IamKind::OidcProvider => out.extend_from_slice(name.as_bytes()),
                    _ => out.extend(name.bytes().map(|byte| byte.to_ascii_lowercase())),
                }
            }
            Self::AccountSettings(account) => directory(&mut out, *account, SETTINGS),
            Self::Approval(account, fingerprint) => {
                directory(&mut out, *account, APPROVAL);
                out.extend_from_slice(&fingerprint[..]);
            }
            Self::ApprovalDue(at, account, fingerprint) => {
                out.extend_from_slice(Self::APPROVALS_DUE);
                out.extend_from_slice(&at.0.to_be_bytes());
                out.extend_from_slice(&account.number().to_be_bytes());
                out.extend_from_slice(&fingerprint[..]);
            }
            Self::AccountAlias(name) => {
                out.push(b'n');
                out.extend_from_slice(name.as_bytes());
            }
            Self::Alias(account, location, name) => {
                place(&mut out, b'a', *account, location);
                out.extend_from_slice(name.as_str().as_bytes());
            }
            Self::Account(account) => {
                out.push(b't');
                out.extend_from_slice(&account.number().to_be_bytes());
            }
            Self::AccessKey(id) => {
                out.push(b'c');
                out.extend_from_slice(id.as_str().as_bytes());
            }
            Self::KeyStores(account, location) => place(&mut out, b's', *account, location),
            Self::ExternalKey(account, location, store, external) => {
                out = Self::external_keys_of(*account, location, store);
                out.extend_from_slice(external.as_bytes());
            }
            Self::Planted(arn) => {
                out.push(b'p');
                key_parts(&mut out, b'k', arn);
            }
            Self::Due(at, arn) => {
                out.push(b'd');
                out.extend_from_slice(&at.0.to_be_bytes());
                key_parts(&mut out, b'k', arn);
            }
        }
        record_id(&out)
    }

    /// What the ids of all keys of an account and location begin with.
    pub fn keys_of(account: AccountId, location: &Location) -> Vec<u8> {
        let mut out = Vec::with_capacity(48);
        place(&mut out, b'k', account, location);
        out
    }

    /// What the ids of all aliases of an account and location begin with.
    pub fn aliases_of(account: AccountId, location: &Location) -> Vec<u8> {
        let mut out = Vec::with_capacity(48);
        place(&mut out, b'a', account, location);
        out
    }

    /// What the ids of all external keys of a custom key store begin with.
    pub fn external_keys_of(account: AccountId, location: &Location, store: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(64);
        place(&mut out, b'x', account, location);
        out.extend_from_slice(store.as_bytes());
        out.push(0);
        out
    }

    /// What the ids of all things of one kind in an account's directory begin with.
    pub fn directory_of(account: AccountId, kind: IamKind) -> Vec<u8> {
        let mut out = Vec::with_capacity(80);
        directory(&mut out, account, letter(kind));
        out
    }

    /// The account whose directory a row belongs to, and the letter of what it is.
    pub fn read_directory(id: &RecordId) -> Option<(AccountId, u8)> {
        let (account, rest) = id.as_bytes().strip_prefix(b"i")?.split_first_chunk::<8>()?;
        Some((AccountId::from_number(u64::from_be_bytes(*account))?, *rest.first()?))
    }

    /// What the ids of all requests that wait for approval in an account begin with.
    pub fn approvals_of(account: AccountId) -> Vec<u8> {
        let mut out = Vec::with_capacity(10);
        directory(&mut out, account, APPROVAL);
        out
    }

    /// The time, account and fingerprint that a row names which says when a waiting request is to be looked at.
    pub fn read_approval_due(id: &RecordId) -> Option<(Timestamp, AccountId, [u8; 32])> {
        let (at, rest) = id.as_bytes().strip_prefix(Self::APPROVALS_DUE)?.split_first_chunk::<8>()?;
        let (account, fingerprint) = rest.split_first_chunk::<8>()?;
        let account = AccountId::from_number(u64::from_be_bytes(*account))?;
        Some((Timestamp(u64::from_be_bytes(*at)), account, fingerprint.try_into().ok()?))
    }

    /// What the ids of all rows begin with that say when a waiting request is to be looked at.
    pub const APPROVALS_DUE: &'static [u8] = b"e";

    /// What the ids of all due rows begin with.
    pub const DUE: &'static [u8] = b"d";

    /// What the ids of all access keys begin with.
    pub const ACCESS_KEYS: &'static [u8] = b"c";

    /// The access key that a row's id names.
    pub fn read_access_key(id: &RecordId) -> Option<AccessKeyId> {
        AccessKeyId::parse(std::str::from_utf8(id.as_bytes().strip_prefix(Self::ACCESS_KEYS)?).ok()?)
    }

    /// The key that a key row's id names.
    pub fn read_key(id: &RecordId) -> Option<KeyArn> {
        read_key_parts(id.as_bytes().strip_prefix(b"k")?)
    }

    /// The key and version that a material row's id names.
    pub fn read_material(id: &RecordId) -> Option<(KeyArn, MaterialId)> {
        let (key, material) = id.as_bytes().strip_prefix(b"m")?.split_last_chunk()?;
        Some((read_key_parts(key)?, MaterialId(*material)))
    }

    /// The account and location whose custom key stores are in the row of this id.
    pub fn read_key_stores(id: &RecordId) -> Option<(AccountId, Location)> {
        let (account, rest) = id.as_bytes().strip_prefix(b"s")?.split_first_chunk::<8>()?;
        let location = std::str::from_utf8(rest.strip_suffix(&[0])?).ok()?.parse().ok()?;
        Some((AccountId::from_number(u64::from_be_bytes(*account))?, location))
    }

    /// The time and key that a due row's id names.
    pub fn read_due(id: &RecordId) -> Option<(Timestamp, KeyArn)> {
        let (at, key) = id.as_bytes().strip_prefix(b"d")?.split_first_chunk::<8>()?;
        Some((Timestamp(u64::from_be_bytes(*at)), read_key_parts(key.strip_prefix(b"k")?)?))
    }

    /// The alias that an alias row's id names.
    pub fn read_alias(id: &RecordId) -> Option<AliasArn> {
        let (account, rest) = id.as_bytes().strip_prefix(b"a")?.split_first_chunk::<8>()?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        let location = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
        let name = AliasName::parse(std::str::from_utf8(&rest[end + 1..]).ok()?).ok()?;
        Some(AliasArn { location, account: AccountId::from_number(u64::from_be_bytes(*account))?, name })
    }
}

/// A row's name for people: letters stay, other bytes become hexadecimal.
pub fn spell(id: &RecordId) -> String {
    match (Row::read_key(id), Row::read_alias(id), Row::read_material(id)) {
        (Some(arn), ..) => format!("key row {arn}"),
        (_, Some(arn), _) => format!("alias row {arn}"),
        (.., Some((arn, material))) => format!("material row {arn} {material}"),
        _ => spell_directory(id).unwrap_or_else(|| format!("row {}", id.as_bytes().escape_ascii())),
    }
}

fn spell_directory(id: &RecordId) -> Option<String> {
    let (account, kind) = Row::read_directory(id)?;
    let name = id.as_bytes().get(10..)?.escape_ascii();
    match KINDS.iter().find(|(_, of)| *of == kind) {
        Some((kind, _)) => Some(format!("{kind} row {name} of account {account}")),
        None if kind == SETTINGS => Some(format!("settings row of account {account}")),
        None => (kind == APPROVAL).then(|| format!("approval row of account {account}")),
    }
}

fn directory(out: &mut Vec<u8>, account: AccountId, kind: u8) {
    out.push(b'i');
    out.extend_from_slice(&account.number().to_be_bytes());
    out.push(kind);
}

fn letter(kind: IamKind) -> u8 {
    let (_, letter) = KINDS.iter().find(|(of, _)| *of == kind).expect("every kind has a letter");
    *letter
}

/// The letters of what is in a directory.
const KINDS: [(IamKind, u8); 6] = [
    (IamKind::User, b'u'),
    (IamKind::Group, b'g'),
    (IamKind::Role, b'r'),
    (IamKind::Policy, b'p'),
    (IamKind::OidcProvider, b'o'),
    (IamKind::Mfa, b'm'),
];
/// The letter of an account's settings.
const SETTINGS: u8 = b's';
/// The letter of requests that wait for approval.
const APPROVAL: u8 = b'a';

/// Whether what policies say can hang on such a row of a directory: not on providers and second factors.
pub fn bears_on_decisions(letter: u8) -> bool {
    matches!(letter, b'u' | b'g' | b'r' | b'p' | SETTINGS)
}

pub fn record_id(bytes: &[u8]) -> RecordId {
    RecordId::parse(bytes).expect("row ids are made of bounded names: at most 320 bytes")
}

/// Services are in no account; no account has the number that stands for that.
pub fn place(out: &mut Vec<u8>, kind: u8, account: impl Into<Option<AccountId>>, location: &Location) {
    out.push(kind);
    let account = account.into().map_or(u64::MAX, AccountId::number);
    out.extend_from_slice(&account.to_be_bytes());
    out.extend_from_slice(location.as_str().as_bytes());
    out.push(0);
}

pub fn key_parts(out: &mut Vec<u8>, kind: u8, arn: &KeyArn) {
    place(out, kind, arn.account, &arn.location);
    out.push(u8::from(arn.key.is_multi_region()));
    out.extend_from_slice(arn.key.bytes());
}

pub fn read_key_parts(bytes: &[u8]) -> Option<KeyArn> {
    let (account, rest) = bytes.split_first_chunk::<8>()?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    let location = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
    let (flag, key) = rest[end + 1..].split_first()?;
    let key = KeyId::from_parts(key.try_into().ok()?, *flag == 1);
    Some(KeyArn { location, account: AccountId::from_number(u64::from_be_bytes(*account))?, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back() {
        let text = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        let Ok(keystead_model::KeyRef::Arn(arn)) = keystead_model::KeyRef::parse(text) else {
            panic!("an ARN")
        };
        assert_eq!(Row::read_key(&Row::Key(&arn).id()), Some(arn.clone()));
        let due = Row::Due(Timestamp(5), &arn).id();
        assert_eq!(Row::read_due(&due), Some((Timestamp(5), arn.clone())));
        let material = Row::Material(&arn, &MaterialId([7; 32])).id();
        assert_eq!(Row::read_material(&material), Some((arn.clone(), MaterialId([7; 32]))));
        assert!(spell(&material).starts_with("material row arn:"));
        let name = AliasName::parse("alias/a/b").expect("a name");
        let alias = Row::Alias(arn.account, &arn.location, &name).id();
        assert_eq!(Row::read_alias(&alias).map(|arn| arn.name), Some(name));
        assert!(spell(&alias).contains("alias/a/b"));
        let stores = Row::KeyStores(arn.account, &arn.location).id();
        assert_eq!(Row::read_key_stores(&stores), Some((arn.account, arn.location.clone())));
        let external = Row::ExternalKey(arn.account, &arn.location, "cks-1", &"k".repeat(128)).id();
        let of_store = Row::external_keys_of(arn.account, &arn.location, "cks-1");
        assert!(external.as_bytes().starts_with(&of_store));
    }

    #[test]
    fn names_in_a_directory_are_one_whatever_the_case_of_their_letters_but_urls_are_not() {
        let account = AccountId::DEVELOPMENT;
        let row = |kind, name| Row::Directory(account, kind, name).id();
        for (kind, letter) in KINDS {
            assert_eq!(Row::read_directory(&row(kind, "Alice")), Some((account, letter)), "{kind}");
            let same = row(kind, "Alice") == row(kind, "aLICE");
            assert_eq!(same, kind != IamKind::OidcProvider, "{kind}");
            assert!(row(kind, "Alice").as_bytes().starts_with(&Row::directory_of(account, kind)));
        }
        assert_eq!(spell(&row(IamKind::User, "Alice")), "user row alice of account 000000000000");
        let settings = Row::AccountSettings(account).id();
        assert_eq!(Row::read_directory(&settings), Some((account, SETTINGS)));
        assert_eq!(spell(&settings), "settings row of account 000000000000");
        assert_eq!(Row::read_directory(&Row::Account(account).id()), None);
        let approval = Row::Approval(account, &[7; 32]).id();
        assert!(approval.as_bytes().starts_with(&Row::approvals_of(account)));
        assert_eq!(spell(&approval), "approval row of account 000000000000");
        assert!(!bears_on_decisions(APPROVAL));
        let due = Row::ApprovalDue(Timestamp(5), account, &[7; 32]).id();
        assert_eq!(Row::read_approval_due(&due), Some((Timestamp(5), account, [7; 32])));
        // The longest name of a provider fits into a row's id.
        assert!(row(IamKind::OidcProvider, &"u".repeat(255)).as_bytes().len() <= RecordId::BYTES_MAX);
    }
}
