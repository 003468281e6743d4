//! Grants: whom they name, on which terms, and whether one of them allows a request.
//!
//! A grant only ever allows. It is asked after the policies, and only where none of them denies
//! ([`Verdict::is_open`](crate::Verdict::is_open)). Grants of one key to one principal are compiled into a
//! [`GrantSet`], which answers without allocation and without looking at grants that cannot apply: fifty thousand of
//! them are asked as fast as one.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use keystead_model::{AccountId, EncryptionContext, GrantId, GrantOperation, GrantOperations, Principal};

use crate::buffer::Buffer;
use crate::facts::same_ignoring_case;
use crate::principal::Who;

/// Whom a grant names, as its grantee or to retire it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantPrincipal {
    text: Box<str>,
    account: Option<AccountId>,
}

impl GrantPrincipal {
    /// Longest ARN taken, in bytes, as in the service model.
    pub const ARN_BYTES_MAX: usize = 256;

    /// Reads the ARN of an account's root, a user, a role, a role's session or a federated user.
    pub fn parse_arn(text: &str) -> Option<Self> {
        if !text.starts_with("arn:") || text.len() > Self::ARN_BYTES_MAX {
            return None;
        }
        Who::parse_aws(text).ok()?;
        let account = text.split(':').nth(4)?.parse().ok()?;
        Some(Self { text: text.into(), account: Some(account) })
    }

    /// Reads the name of a service, such as `s3.amazonaws.com`.
    pub fn parse_service(text: &str) -> Option<Self> {
        Who::parse_service(text).ok()?;
        (!text.starts_with("arn:")).then(|| Self { text: text.into(), account: None })
    }

    /// Reads either form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_arn(text).or_else(|| Self::parse_service(text))
    }

    /// The ARN, or a service's name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The account it is in; services are in none.
    pub fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// Whether it is a service.
    pub fn is_service(&self) -> bool {
        self.account.is_none()
    }

    /// How it names a caller.
    pub fn names(&self, caller: &Principal) -> Option<Naming> {
        let mut found = None;
        grantee_names(caller, &mut |text, naming| {
            if *text == *self.text && found.is_none() {
                found = Some(naming);
            }
        });
        found
    }
}

/// How a grant names a caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Naming {
    /// In person: as itself, or as the role it has taken on.
    InPerson,
    /// By its account, whose own policies decide the rest.
    ByAccount,
}

/// Every name that grants can have for a caller, narrowest first.
pub fn grantee_names(caller: &Principal, visit: &mut dyn FnMut(&str, Naming)) {
    let mut tell = |account: Option<AccountId>, parts: &[&str], naming| {
        let mut text = Buffer::<NAME_BYTES_MAX>::new();
        for (place, part) in parts.iter().enumerate() {
            if let (1, Some(account)) = (place, account) {
                text.push_account(account);
            }
            text.push(part);
        }
        // What does not fit is longer than any name a grant can have.
        if let Some(text) = text.text() {
            visit(text, naming);
        }
    };
    match caller {
        Principal::Root { account } => {
            tell(Some(*account), &["arn:aws:iam::", ":root"], Naming::InPerson);
        }
        Principal::User { account, name, .. } => {
            tell(Some(*account), &["arn:aws:iam::", ":user/", name], Naming::InPerson);
            tell(Some(*account), &["arn:aws:iam::", ":root"], Naming::ByAccount);
        }
        Principal::AssumedRole { account, role, session, .. } => {
            let name = role.rsplit('/').next().unwrap_or(role);
            let own = ["arn:aws:sts::", ":assumed-role/", name, "/", session];
            tell(Some(*account), &own, Naming::InPerson);
            tell(Some(*account), &["arn:aws:iam::", ":role/", role], Naming::InPerson);
            tell(Some(*account), &["arn:aws:iam::", ":root"], Naming::ByAccount);
        }
        Principal::FederatedUser { account, name } => {
            tell(Some(*account), &["arn:aws:sts::", ":federated-user/", name], Naming::InPerson);
            tell(Some(*account), &["arn:aws:iam::", ":root"], Naming::ByAccount);
        }
        Principal::Service { name } => tell(None, &[name], Naming::InPerson),
        Principal::Federated { .. } | Principal::Keystead => {}
    }
}

/// Room for the longest name of a caller that a grant can have.
const NAME_BYTES_MAX: usize = GrantPrincipal::ARN_BYTES_MAX;

/// What the encryption context of a request must be. Keys are compared without regard to case, values with.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ContextConstraint {
    /// These pairs and no others.
    Equals(EncryptionContext),
    /// These pairs, and any others.
    Subset(EncryptionContext),
}

impl ContextConstraint {
    /// Most pairs of a constraint.
    pub const PAIRS_MAX: usize = 8;
    /// Longest value in a constraint, in characters.
    pub const VALUE_CHARS_MAX: usize = 384;

    /// The pairs, whatever is asked of them.
    pub fn pairs(&self) -> &EncryptionContext {
        match self {
            Self::Equals(pairs) | Self::Subset(pairs) => pairs,
        }
    }

    fn is_met_by(&self, context: &EncryptionContext) -> bool {
        match self {
            Self::Subset(pairs) => within(pairs, context),
            Self::Equals(pairs) => {
                pairs.pairs().len() == context.pairs().len()
                    && within(pairs, context)
                    && within(context, pairs)
            }
        }
    }

    /// Whether every context that meets `other` meets this.
    fn is_implied_by(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Equals(_), Self::Subset(_)) => false,
            _ => self.is_met_by(other.pairs()),
        }
    }
}

/// Whether each pair of `few` is in `many`.
fn within(few: &EncryptionContext, many: &EncryptionContext) -> bool {
    few.pairs().all(|(key, value)| {
        many.pairs().any(|(other, held)| held == value && (other == key || same_ignoring_case(other, key)))
    })
}

/// The terms of a grant.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct GrantConstraints {
    /// On the encryption context of operations that have one.
    pub context: Option<ContextConstraint>,
    /// On the resource a service acts for, compared as `aws:SourceArn`.
    pub source_arn: Option<Box<str>>,
}

impl GrantConstraints {
    fn are_met_by(&self, asked: &Asked<'_>) -> bool {
        let context = match &self.context {
            Some(context) if asked.operation.has_context() => context.is_met_by(asked.context),
            _ => true,
        };
        context && self.source_is_met(asked.source_arn)
    }

    fn source_is_met(&self, source: Option<&str>) -> bool {
        self.source_arn.as_deref().is_none_or(|wanted| source == Some(wanted))
    }

    /// Whether a grant with the constraints `child` gives no more than one with these.
    fn cover(&self, child: &Self) -> bool {
        let context = match (&self.context, &child.context) {
            (None, _) => true,
            (Some(own), Some(child)) => own.is_implied_by(child),
            (Some(_), None) => false,
        };
        context && (self.source_arn.is_none() || self.source_arn == child.source_arn)
    }
}

/// What one grant gives, and on which terms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// Its name.
    pub id: GrantId,
    /// What it lets its grantee do.
    pub operations: GrantOperations,
    /// On which terms.
    pub constraints: GrantConstraints,
}

/// What a request asks of grants.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What is to be done.
    pub operation: GrantOperation,
    /// With which encryption context; empty if there is none.
    pub context: &'a EncryptionContext,
    /// On behalf of which resource, if a service asks for one.
    pub source_arn: Option<&'a str>,
    /// The grant to be made, if one is to be made: what it gives, and on which terms.
    pub child: Option<(GrantOperations, &'a GrantConstraints)>,
}

/// The grants of one key to one principal, ready to be asked.
pub struct GrantSet {
    /// Every grant there is, ascending.
    ids: Box<[GrantId]>,
    /// Those that can decide: without those that another one here makes needless.
    grants: Box<[Grant]>,
    /// The first grant that allows an operation whatever else is asked, by the operation's code.
    free: [Option<u32>; OPERATION_CODES],
    /// The others, each under one thing that a request must bring along for it to apply.
    bound: HashMap<u64, Vec<u32>>,
    /// Those that let their grantee make grants.
    parents: Box<[u32]>,
    hasher: RandomState,
}

/// More than the highest code of an operation: those are the bits of a set.
const OPERATION_CODES: usize = 32;

impl GrantSet {
    /// Compiles grants, of which each id is there once.
    pub fn new(mut grants: Vec<Grant>) -> Self {
        grants.sort_unstable_by_key(|grant| grant.id);
        let ids = grants.iter().map(|grant| grant.id).collect();
        let grants = needed(grants);
        let hasher = RandomState::new();
        let mut set = Self {
            ids,
            free: [None; OPERATION_CODES],
            bound: HashMap::new(),
            parents: Box::default(),
            grants,
            hasher,
        };
        set.index();
        set
    }

    fn index(&mut self) {
        let mut common: HashMap<u64, u32> = HashMap::new();
        for grant in &self.grants {
            for key in self.keys_of(&grant.constraints) {
                *common.entry(key).or_default() += 1;
            }
        }
        let mut parents = Vec::new();
        for (place, grant) in self.grants.iter().enumerate() {
            let place = u32::try_from(place).expect("a key has far fewer grants");
            for operation in grant.operations.iter() {
                if grant.is_free_for(operation) {
                    self.free[usize::from(operation.code())].get_or_insert(place);
                }
            }
            if grant.operations.contains(GrantOperation::CreateGrant) {
                parents.push(place);
            }
            // Under what the fewest others are under.
            let rarest = self.keys_of(&grant.constraints).min_by_key(|key| common.get(key).copied());
            if let Some(key) = rarest {
                self.bound.entry(key).or_default().push(place);
            }
        }
        self.parents = parents.into();
    }

    /// Whether a grant is there.
    pub fn contains(&self, id: GrantId) -> bool {
        self.ids.binary_search(&id).is_ok()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// A grant that allows what is asked, if one does.
    pub fn find(&self, asked: &Asked<'_>) -> Option<GrantId> {
        if asked.operation == GrantOperation::CreateGrant {
            return self.parent(asked);
        }
        if let Some(place) = self.free[usize::from(asked.operation.code())] {
            return Some(self.grants[place as usize].id);
        }
        if self.bound.is_empty() {
            return None;
        }
        let applies = |place: &&u32| {
            let grant = &self.grants[**place as usize];
            grant.operations.contains(asked.operation) && grant.constraints.are_met_by(asked)
        };
        self.keys_asked(asked)
            .filter_map(|key| self.bound.get(&key)?.iter().find(applies))
            .map(|place| self.grants[*place as usize].id)
            .next()
    }

    /// A grant under which the one to be made may be made: it gives no more, on terms no looser.
    fn parent(&self, asked: &Asked<'_>) -> Option<GrantId> {
        let (operations, constraints) = asked.child?;
        let parents = self.parents.iter().map(|place| &self.grants[*place as usize]);
        let mut fitting = parents.filter(|parent| {
            operations.is_within(parent.operations)
                && parent.constraints.cover(constraints)
                && parent.constraints.source_is_met(asked.source_arn)
        });
        fitting.next().map(|parent| parent.id)
    }

    /// What a request must bring along for constraints to be met: each of these is enough to find the grant by. A
    /// source is wanted by every operation, pairs only by those with a context.
    fn keys_of(&self, constraints: &GrantConstraints) -> impl Iterator<Item = u64> {
        let source = constraints.source_arn.as_deref().map(|arn| self.source_key(arn));
        let context = constraints.context.as_ref().filter(|_| source.is_none());
        let nothing = match context {
            Some(ContextConstraint::Equals(pairs)) => pairs.is_empty().then(|| self.empty_key()),
            _ => None,
        };
        let pairs = context.into_iter().flat_map(|context| context.pairs().pairs());
        source.into_iter().chain(nothing).chain(pairs.map(|(key, value)| self.pair_key(key, value)))
    }

    /// What a request brings along.
    fn keys_asked(&self, asked: &Asked<'_>) -> impl Iterator<Item = u64> {
        let source = asked.source_arn.map(|arn| self.source_key(arn));
        let nothing = asked.context.is_empty().then(|| self.empty_key());
        let pairs = asked.context.pairs().map(|(key, value)| self.pair_key(key, value));
        source.into_iter().chain(nothing).chain(pairs)
    }

    fn source_key(&self, arn: &str) -> u64 {
        self.hasher.hash_one((0u8, arn))
    }

    fn empty_key(&self) -> u64 {
        self.hasher.hash_one(1u8)
    }

    fn pair_key(&self, key: &str, value: &str) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        2u8.hash(&mut hasher);
        key.chars().flat_map(char::to_lowercase).for_each(|c| c.hash(&mut hasher));
        value.hash(&mut hasher);
        hasher.finish()
    }
}

impl Grant {
    /// Whether it allows an operation whatever else is asked.
    fn is_free_for(&self, operation: GrantOperation) -> bool {
        let context = match &self.constraints.context {
            None => true,
            Some(ContextConstraint::Subset(pairs)) if pairs.is_empty() => true,
            Some(_) => !operation.has_context(),
        };
        context && self.constraints.source_arn.is_none()
    }
}

/// Leaves out every grant that gives what others on the very same terms give already. Those that let grants be made
/// stay: what they pass on has to be within one of them.
fn needed(grants: Vec<Grant>) -> Box<[Grant]> {
    let mut given: HashMap<GrantConstraints, GrantOperations> = HashMap::new();
    let mut kept = Vec::new();
    for grant in grants {
        let before = given.entry(grant.constraints.clone()).or_default();
        let is_parent = grant.operations.contains(GrantOperation::CreateGrant);
        if is_parent || !grant.operations.is_within(*before) {
            *before = before.with(grant.operations);
            kept.push(grant);
        }
    }
    kept.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn context(pairs: &[(&str, &str)]) -> EncryptionContext {
        EncryptionContext::new(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect())
            .expect("valid")
    }

    fn equals(pairs: &[(&str, &str)]) -> GrantConstraints {
        GrantConstraints { context: Some(ContextConstraint::Equals(context(pairs))), source_arn: None }
    }

    fn subset(pairs: &[(&str, &str)]) -> GrantConstraints {
        GrantConstraints { context: Some(ContextConstraint::Subset(context(pairs))), source_arn: None }
    }

    fn grant(id: u8, operations: &[GrantOperation], constraints: GrantConstraints) -> Grant {
        Grant { id: GrantId([id; 32]), operations: operations.iter().copied().collect(), constraints }
    }

    fn find(
        set: &GrantSet,
        operation: GrantOperation,
        context: &EncryptionContext,
        source: Option<&str>,
    ) -> Option<u8> {
        let asked = Asked { operation, context, source_arn: source, child: None };
        set.find(&asked).map(|id| id.0[0])
    }

    fn account(text: &str) -> AccountId {
        text.parse().expect("an account")
    }

    const ARN: &str = "arn:aws:iam::111122223333:";

    #[test]
    fn a_role_is_named_by_its_own_arn_and_by_that_of_its_session() {
        let session = Principal::AssumedRole {
            account: account("111122223333"),
            role: "path/app".into(),
            role_id: "AROAEXAMPLE".into(),
            session: "one".into(),
        };
        let names = |text: &str| GrantPrincipal::parse(text).expect("a principal").names(&session);
        assert_eq!(names(&format!("{ARN}role/path/app")), Some(Naming::InPerson));
        assert_eq!(names("arn:aws:sts::111122223333:assumed-role/app/one"), Some(Naming::InPerson));
        assert_eq!(names(&format!("{ARN}root")), Some(Naming::ByAccount));
        for other in [
            format!("{ARN}role/app"),
            format!("{ARN}user/path/app"),
            "arn:aws:sts::111122223333:assumed-role/app/two".into(),
            "arn:aws:iam::444455556666:role/path/app".into(),
            "s3.amazonaws.com".into(),
        ] {
            assert_eq!(names(&other), None, "{other}");
        }
    }

    #[test]
    fn users_roots_and_services_are_named_by_what_they_are() {
        let named =
            |text: &str, caller: &Principal| GrantPrincipal::parse(text).expect("valid").names(caller);
        let user = Principal::User {
            account: account("111122223333"),
            name: "team/ada".into(),
            id: "AIDAEXAMPLE".into(),
        };
        assert_eq!(named(&format!("{ARN}user/team/ada"), &user), Some(Naming::InPerson));
        assert_eq!(named(&format!("{ARN}root"), &user), Some(Naming::ByAccount));
        assert_eq!(named(&format!("{ARN}user/team/Ada"), &user), None);
        let root = Principal::Root { account: account("111122223333") };
        assert_eq!(named(&format!("{ARN}root"), &root), Some(Naming::InPerson));
        assert_eq!(named("arn:aws:iam::444455556666:root", &root), None);
        let service = Principal::Service { name: "s3.amazonaws.com".into() };
        assert_eq!(named("s3.amazonaws.com", &service), Some(Naming::InPerson));
        assert_eq!(named("ec2.amazonaws.com", &service), None);
        assert_eq!(named(&format!("{ARN}root"), &Principal::Keystead), None);
    }

    #[test]
    fn what_is_no_principal_is_refused() {
        for text in [
            "",
            "*",
            "111122223333",
            "arn:aws:iam::111122223333:user/*",
            "arn:aws:iam::1111:root",
            "arn:aws:iam::111122223333:group/g",
            "arn:aws:s3:::bucket",
            "arn:",
            &format!("{ARN}user/{}", "a".repeat(256)),
        ] {
            assert_eq!(GrantPrincipal::parse_arn(text), None, "{text}");
        }
        assert_eq!(GrantPrincipal::parse_service("no service"), None);
    }

    #[test]
    fn a_grant_allows_what_it_names_and_nothing_else() {
        let set = GrantSet::new(vec![grant(1, &[GrantOperation::Decrypt], GrantConstraints::default())]);
        let empty = EncryptionContext::default();
        assert_eq!(find(&set, GrantOperation::Decrypt, &empty, None), Some(1));
        assert_eq!(find(&set, GrantOperation::Decrypt, &context(&[("a", "b")]), None), Some(1));
        assert_eq!(find(&set, GrantOperation::Encrypt, &empty, None), None);
    }

    #[test]
    fn constraints_ask_for_the_context_whole_or_in_part() {
        let decrypt = &[GrantOperation::Decrypt];
        let set = GrantSet::new(vec![
            grant(1, decrypt, equals(&[("Department", "IT"), ("stage", "x")])),
            grant(2, decrypt, subset(&[("tenant", "7")])),
        ]);
        let of = |pairs: &[(&str, &str)]| find(&set, GrantOperation::Decrypt, &context(pairs), None);
        assert_eq!(of(&[("Department", "IT"), ("stage", "x")]), Some(1));
        assert_eq!(
            of(&[("department", "IT"), ("STAGE", "x")]),
            Some(1),
            "keys are read without regard to case"
        );
        assert_eq!(of(&[("Department", "it"), ("stage", "x")]), None, "values are not");
        assert_eq!(of(&[("Department", "IT")]), None);
        assert_eq!(of(&[("Department", "IT"), ("stage", "x"), ("more", "y")]), None);
        assert_eq!(of(&[("tenant", "7"), ("more", "y")]), Some(2));
        assert_eq!(of(&[("tenant", "8")]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn an_empty_constraint_means_what_it_says() {
        let decrypt = &[GrantOperation::Decrypt];
        let set = GrantSet::new(vec![grant(1, decrypt, equals(&[]))]);
        assert_eq!(find(&set, GrantOperation::Decrypt, &context(&[]), None), Some(1));
        assert_eq!(find(&set, GrantOperation::Decrypt, &context(&[("a", "b")]), None), None);
        let set = GrantSet::new(vec![grant(1, decrypt, subset(&[]))]);
        assert_eq!(find(&set, GrantOperation::Decrypt, &context(&[("a", "b")]), None), Some(1));
    }

    #[test]
    fn constraints_on_the_context_leave_operations_without_one_alone() {
        let both = &[GrantOperation::Decrypt, GrantOperation::DescribeKey];
        let set = GrantSet::new(vec![grant(1, both, equals(&[("a", "b")]))]);
        let empty = EncryptionContext::default();
        assert_eq!(find(&set, GrantOperation::DescribeKey, &empty, None), Some(1));
        assert_eq!(find(&set, GrantOperation::Decrypt, &empty, None), None);
    }

    #[test]
    fn a_source_is_asked_for_by_its_whole_arn() {
        const BUCKET: &str = "arn:aws:s3:eu-central-1:111122223333:bucket";
        let terms = GrantConstraints { source_arn: Some(BUCKET.into()), ..subset(&[("a", "b")]) };
        let both = &[GrantOperation::Decrypt, GrantOperation::DescribeKey];
        let set = GrantSet::new(vec![grant(1, both, terms)]);
        let (fits, empty) = (context(&[("a", "b")]), EncryptionContext::default());
        assert_eq!(find(&set, GrantOperation::Decrypt, &fits, Some(BUCKET)), Some(1));
        assert_eq!(find(&set, GrantOperation::DescribeKey, &empty, Some(BUCKET)), Some(1));
        assert_eq!(find(&set, GrantOperation::Decrypt, &empty, Some(BUCKET)), None);
        assert_eq!(find(&set, GrantOperation::Decrypt, &fits, None), None);
        assert_eq!(find(&set, GrantOperation::DescribeKey, &empty, None), None);
        let other = format!("{BUCKET}2");
        assert_eq!(find(&set, GrantOperation::Decrypt, &fits, Some(&other)), None);
    }

    #[test]
    fn a_grant_that_is_passed_on_gives_no_more() {
        let parent = |terms| {
            GrantSet::new(vec![grant(
                1,
                &[GrantOperation::Decrypt, GrantOperation::Encrypt, GrantOperation::CreateGrant],
                terms,
            )])
        };
        let may = |set: &GrantSet, operations: &[GrantOperation], terms: &GrantConstraints| {
            let empty = EncryptionContext::default();
            let operation = GrantOperation::CreateGrant;
            let child = Some((operations.iter().copied().collect(), terms));
            set.find(&Asked { operation, context: &empty, source_arn: None, child }).is_some()
        };
        let free = parent(GrantConstraints::default());
        let none = GrantConstraints::default();
        assert!(may(&free, &[GrantOperation::Decrypt], &none));
        assert!(may(&free, &[GrantOperation::Decrypt, GrantOperation::CreateGrant], &subset(&[("a", "b")])));
        assert!(!may(&free, &[GrantOperation::Decrypt, GrantOperation::DescribeKey], &none));
        let some = parent(subset(&[("a", "b")]));
        assert!(may(&some, &[GrantOperation::Decrypt], &subset(&[("A", "b"), ("c", "d")])));
        assert!(may(&some, &[GrantOperation::Decrypt], &equals(&[("a", "b")])));
        assert!(!may(&some, &[GrantOperation::Decrypt], &none));
        assert!(!may(&some, &[GrantOperation::Decrypt], &subset(&[("c", "d")])));
        let exact = parent(equals(&[("a", "b")]));
        assert!(may(&exact, &[GrantOperation::Decrypt], &equals(&[("a", "b")])));
        assert!(!may(&exact, &[GrantOperation::Decrypt], &subset(&[("a", "b")])));
        assert!(!may(&exact, &[GrantOperation::Decrypt], &equals(&[("a", "b"), ("c", "d")])));
        let sourced = parent(GrantConstraints { source_arn: Some("arn".into()), context: None });
        assert!(!may(&sourced, &[GrantOperation::Decrypt], &none));
    }

    #[test]
    fn a_set_knows_every_grant_also_those_that_decide_nothing() {
        let same = |id| grant(id, &[GrantOperation::Decrypt], GrantConstraints::default());
        let set = GrantSet::new((1..=50).map(same).collect());
        assert_eq!((set.len(), set.grants.len()), (50, 1));
        assert!((1..=50).all(|id| set.contains(GrantId([id; 32]))) && !set.contains(GrantId([51; 32])));
    }

    fn pairs() -> impl Strategy<Value = EncryptionContext> {
        let pair = ("[abAB]", "[xy]").prop_map(|(k, v)| (k.into(), v.into()));
        proptest::collection::vec(pair, 0..4)
            .prop_filter_map("keys are there once", |pairs| EncryptionContext::new(pairs).ok())
    }

    fn terms() -> impl Strategy<Value = GrantConstraints> {
        let context =
            proptest::option::of((any::<bool>(), pairs()).prop_map(|(equals, pairs)| match equals {
                true => ContextConstraint::Equals(pairs),
                false => ContextConstraint::Subset(pairs),
            }));
        let source = proptest::option::of("[st]".prop_map(Box::from));
        (context, source).prop_map(|(context, source_arn)| GrantConstraints { context, source_arn })
    }

    fn operations() -> impl Strategy<Value = GrantOperations> {
        proptest::sample::subsequence(
            vec![GrantOperation::Decrypt, GrantOperation::DescribeKey, GrantOperation::CreateGrant],
            1..=3,
        )
        .prop_map(|chosen| chosen.into_iter().collect())
    }

    proptest! {
        #[test]
        fn a_set_answers_as_its_grants_do_one_by_one(
            all in proptest::collection::vec((operations(), terms()), 0..12),
            context in pairs(),
            source in proptest::option::of("[st]"),
        ) {
            let grants: Vec<Grant> = (0u8..)
                .zip(all)
                .map(|(id, (operations, constraints))| Grant { id: GrantId([id; 32]), operations, constraints })
                .collect();
            let set = GrantSet::new(grants.clone());
            for operation in [GrantOperation::Decrypt, GrantOperation::DescribeKey, GrantOperation::Encrypt] {
                let asked = Asked { operation, context: &context, source_arn: source.as_deref(), child: None };
                let allows = |grant: &Grant| {
                    grant.operations.contains(operation) && grant.constraints.are_met_by(&asked)
                };
                let found = set.find(&asked);
                prop_assert_eq!(found.is_some(), grants.iter().any(allows));
                let by = found.and_then(|id| grants.iter().find(|grant| grant.id == id));
                prop_assert!(by.is_none_or(allows));
            }
        }

        #[test]
        fn what_a_child_allows_its_parent_allows(parent in terms(), child in terms(), context in pairs(), source in "[st]") {
            let asked = Asked {
                operation: GrantOperation::Decrypt,
                context: &context,
                source_arn: Some(&source),
                child: None,
            };
            if parent.cover(&child) && child.are_met_by(&asked) {
                prop_assert!(parent.are_met_by(&asked));
            }
        }
    }
}
