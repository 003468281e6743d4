//! One decision: a key's policy of 20 statements, 10 identity policies and a permissions boundary.
//!
//! No server and no thread: the evaluator alone, as the engine calls it for each request.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use keystead_model::{
    AccountId, Action, Call, EncryptionContext, KeyArn, KeyId, Location, Principal, Protocol, RequestId,
    Resource, Tags, Timestamp,
};
use keystead_policy::{
    ConditionKey, Facts, Kind, Named, Policy, Request, Sources, Visit, context_values, decide,
};

use crate::figure::{Figure, Unit};
use crate::house::House;
use crate::report::Report;
use crate::series::Series;
use crate::targets;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let (large, small) = (Documents::large()?, Documents::small()?);
    let (mut much, mut little) = (Series::default(), Series::default());
    for round in 0..house.rounds {
        let mut sides = [(&large, &mut much), (&small, &mut little)];
        if !round.is_multiple_of(2) {
            sides.reverse();
        }
        for (documents, found) in sides {
            found.push(microseconds(documents, house.duration / 4)?);
        }
    }
    let note = format!(
        "the default key policy and one identity policy: {}",
        Unit::Microseconds.show(little.median())
    );
    let what = "a decision by a key policy of 20 statements, 10 identity policies and a boundary";
    report
        .add(Figure::new(what, Unit::Microseconds, much.clone()).against(targets::DECISION_US).noting(note));
    let what = "the same, against the default key policy and one identity policy";
    report.add(Figure::new(what, Unit::Times, much.over(&little)));
    Ok(())
}

/// The median time of a decision. A clock is read once for [`BATCH`] of them.
fn microseconds(documents: &Documents, length: Duration) -> Result<f64> {
    let location: Location = "eu-central-1".parse()?;
    let account: AccountId = ACCOUNT.parse()?;
    let principal = Principal::User { account, name: "team/alice".into(), id: "AIDAEXAMPLE".into() };
    let key = KeyArn { location: location.clone(), account, key: KeyId::from_parts([1; 16], false) };
    let resource = Resource::Key(key);
    let call = Call {
        request: RequestId([2; 16]),
        at: Timestamp(1_790_000_000_000),
        source: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)),
        protocol: Protocol::AwsKms,
        location,
        user_agent: "bench".into(),
        secure: true,
    };
    let facts = Context(EncryptionContext::new(vec![("tenant".into(), "alice".into())])?);
    let request = Request {
        principal: &principal,
        session: None,
        principal_tags: Tags::EMPTY,
        action: Action::Decrypt,
        resource: &resource,
        call: &call,
        facts: &facts,
    };
    let sources = documents.sources();
    ensure!(decide(&sources, &request).is_allowed(), "the request that is measured is denied");
    let (begun, mut batches) = (Instant::now(), Series::default());
    while begun.elapsed() < length {
        let started = Instant::now();
        for _ in 0..BATCH {
            let _ = black_box(decide(black_box(&sources), black_box(&request)));
        }
        batches.push(started.elapsed().as_secs_f64() * 1e6 / f64::from(BATCH));
    }
    Ok(batches.median())
}

struct Context(EncryptionContext);

impl Facts for Context {
    fn values(&self, key: &ConditionKey, visit: &mut Visit<'_>) {
        context_values(&self.0, key, visit);
    }
}

/// Compiled documents.
struct Documents {
    key: Policy,
    identity: Vec<Named>,
    boundary: Option<Named>,
}

impl Documents {
    /// The statements and policies that allow are the last of each document and of all documents, behind others that
    /// are looked at.
    fn large() -> Result<Self> {
        let role = |n: usize| {
            format!(
                r#"{{"Effect": "Allow", "Principal": {{"AWS": ["arn:aws:iam::{ACCOUNT}:role/app-{n}",
                    "arn:aws:iam::{ACCOUNT}:user/team/user-{n}"]}}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                    "Resource": "*", "Condition": {{"StringEquals": {{"kms:EncryptionContext:tenant": "t-{n}"}}}}}}"#
            )
        };
        let mut statements: Vec<String> = (0..18).map(role).collect();
        statements.push(
            r#"{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}}}"#
                .to_owned(),
        );
        statements.push(delegation());
        let other = |n: usize| {
            format!(
                r#"{{"Effect": "Allow", "Action": ["s3:*", "ec2:Describe*"], "Resource": "*"}},
                   {{"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:*:{ACCOUNT}:key/{n:04}*"}},
                   {{"Effect": "Allow", "Action": "kms:*", "Resource": "*",
                     "Condition": {{"StringEquals": {{"kms:EncryptionContext:tenant": "t-{n}"}}}}}}"#
            )
        };
        let mut identity: Vec<Named> = (0..9).map(|n| named(&other(n))).collect::<Result<_>>()?;
        identity.push(named(
            r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
                "Condition": {"StringEquals": {"kms:EncryptionContext:tenant": "${aws:username}"}}}"#,
        )?);
        let boundary = named(
            r#"{"Effect": "Deny", "Action": "*", "Resource": "*",
                "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}}},
               {"Effect": "Allow", "Action": ["kms:*", "s3:*"], "Resource": "*"}"#,
        )?;
        Ok(Self { key: policy(&statements.join(", "), Kind::Key)?, identity, boundary: Some(boundary) })
    }

    fn small() -> Result<Self> {
        let own = named(r#"{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}"#)?;
        Ok(Self { key: policy(&delegation(), Kind::Key)?, identity: vec![own], boundary: None })
    }

    fn sources(&self) -> Sources<'_> {
        Sources {
            resource: Some(&self.key),
            identity: &self.identity,
            boundary: self.boundary.as_ref(),
            ..Sources::default()
        }
    }
}

fn delegation() -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": {{"AWS": "arn:aws:iam::{ACCOUNT}:root"}}, "Action": "kms:*", "Resource": "*"}}"#
    )
}

fn named(statements: &str) -> Result<Named> {
    Ok(Named { name: "policy".into(), policy: Arc::new(policy(statements, Kind::Identity)?) })
}

fn policy(statements: &str, kind: Kind) -> Result<Policy> {
    Ok(Policy::parse(&format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#), kind)?)
}

const ACCOUNT: &str = "111122223333";
/// Decisions for one reading of the clock.
const BATCH: u32 = 200;
