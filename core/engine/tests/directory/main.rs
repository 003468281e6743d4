//! The directory of an account, through the door: who is in it, what their documents decide, and how fast a change of them
//! counts.

#[path = "../house/mod.rs"]
mod house;

mod access_keys;
mod crashes;
mod decisions;
mod revocation;
mod settings;
mod traces;
mod users;

use std::sync::Arc;

use house::{House, ROOT};
use keystead_engine::ops::iam::*;
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::disk::MemoryDisk;
use keystead_store::{MemoryStore, Store};

/// A house with an account, its root, a key that leaves all decisions to the account, and something sealed under it.
struct Town {
    house: House,
    root: Arc<Caller>,
    key: KeyArn,
    sealed: Vec<u8>,
}

impl Town {
    async fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new())).await
    }

    async fn over(store: Arc<dyn Store>) -> Self {
        let house = House::over(store, Arc::new(MemoryDisk::new()), &ROOT, 1).expect("it opens");
        Self::of(house, None).await
    }

    /// With a policy of the key's own.
    async fn with_policy(policy: &str) -> Self {
        let (store, disk) = (Arc::new(MemoryStore::new()), Arc::new(MemoryDisk::new()));
        Self::of(House::over(store, disk, &ROOT, 1).expect("it opens"), Some(policy)).await
    }

    async fn of(house: House, policy: Option<&str>) -> Self {
        let (root, _) = house.account(ACCOUNT).await;
        let key = house.key_with(&house.call(), &root, policy).await.expect("a key").arn;
        let sealed = house.encrypt(&house.call(), &root, KeyRef::Id(key.key), b"data").await;
        let sealed = sealed.expect("it seals").ciphertext;
        Self { house, root, key, sealed }
    }

    /// Asks something of the directory as the root.
    async fn ask<Op: IamOperation>(&self, op: Op) -> Result<Op::Answer, Error> {
        self.house.iam(&self.root, op).await
    }

    async fn ask_as<Op: IamOperation>(&self, caller: &Arc<Caller>, op: Op) -> Result<Op::Answer, Error> {
        self.house.iam(caller, op).await
    }

    async fn user(&self, name: &str) -> Arc<Caller> {
        self.house.user(ACCOUNT, name).await
    }

    async fn in_role(&self, name: &str) -> Arc<Caller> {
        self.house.in_role(ACCOUNT, name, "one").await
    }

    async fn group(&self, name: &str, members: &[&str]) {
        let group = group(name);
        self.ask(CreateGroup { name: group.clone(), path: IamPath::default() }).await.expect("a group");
        for member in members {
            let op = AddUserToGroup { group: group.clone(), user: user(member) };
            self.ask(op).await.expect("a member");
        }
    }

    /// A managed policy of these statements.
    async fn policy(&self, name: &str, statements: &str) -> PolicyArn {
        let op = CreatePolicy {
            name: policy_name(name),
            path: IamPath::default(),
            document: document(statements),
            description: None,
            tags: Tags::default(),
        };
        self.ask(op).await.expect("a policy").arn
    }

    /// Gives a user an inline policy of these statements.
    async fn let_user(&self, name: &str, policy: &str, statements: &str) {
        let op =
            PutUserPolicy { holder: user(name), policy: policy_name(policy), document: document(statements) };
        self.ask(op).await.expect("the policy is put");
    }

    /// Gives a role an inline policy of these statements.
    async fn let_role(&self, name: &str, statements: &str) {
        let op =
            PutRolePolicy { holder: role(name), policy: policy_name("own"), document: document(statements) };
        self.ask(op).await.expect("the policy is put");
    }

    async fn decrypt(&self, caller: &Arc<Caller>) -> Result<(), Error> {
        self.house.decrypt(caller, &self.sealed).await.map(drop)
    }

    async fn opens_for(&self, caller: &Arc<Caller>, what: &str) {
        self.decrypt(caller).await.unwrap_or_else(|error| panic!("{what}: {error}"));
    }

    /// Why the key stays shut.
    async fn is_shut_for(&self, caller: &Arc<Caller>) -> Why {
        match self.decrypt(caller).await {
            Err(Error::Denied(denial)) => denial.why,
            other => panic!("{}: {other:?}", caller.arn),
        }
    }

    /// Who made the newest decision, in the record's words.
    fn decided(&self) -> String {
        format!("{:?}", self.house.records().last().expect("a record").decision)
    }
}

const ACCOUNT: u64 = 111_122_223_333;

/// Allows what there is to do with keys.
const ALLOW: &str = r#"{"Sid": "All", "Effect": "Allow", "Action": "kms:*", "Resource": "*"}"#;
const DENY: &str = r#"{"Sid": "Never", "Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}"#;

fn document(statements: &str) -> Box<str> {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#).into()
}

fn user(name: &str) -> UserName {
    UserName::parse(name).expect("a name")
}

fn group(name: &str) -> GroupName {
    GroupName::parse(name).expect("a name")
}

fn role(name: &str) -> RoleName {
    RoleName::parse(name).expect("a name")
}

fn policy_name(name: &str) -> PolicyName {
    PolicyName::parse(name).expect("a name")
}

fn path(path: &str) -> IamPath {
    IamPath::parse(path).expect("a path")
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    let tag = |(key, value): &(&str, &str)| Tag { key: (*key).into(), value: (*value).into() };
    Tags::new(pairs.iter().map(tag).collect()).expect("valid")
}

fn of_page(limit: u16, marker: Option<Box<str>>) -> PageRequest {
    PageRequest { limit: Some(limit), marker }
}

fn is_missing<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::NoSuchEntity(_)))
}

fn is_denied<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Denied(_)))
}
