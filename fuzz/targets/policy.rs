//! Policy documents: reading ends, and so does deciding by what was read, explaining the decision and looking for mistakes.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use keystead_model::{
    AccountId, Action, Call, IamArn, IamKind, KeyArn, KeyId, Location, Principal, Protocol, RequestId,
    Resource, Session, Tags, Timestamp,
};
use keystead_policy::{
    Kind, Named, NoFacts, Policy, Request, Sources, decide, explain, keeps_administrator, lint, own_side,
};
use libfuzzer_sys::fuzz_target;

const KINDS: [Kind; 5] = [Kind::Key, Kind::Identity, Kind::Trust, Kind::Guardrail, Kind::Session];

fuzz_target!(|text: &str| {
    let location: Location = "us-east-1".parse().expect("a location");
    let account = AccountId::DEVELOPMENT;
    let key = KeyArn { location: location.clone(), account, key: KeyId::from_parts([1; 16], false) };
    let role = IamArn { account: Some(account), kind: IamKind::Role, name: "app".into() };
    let call = Call {
        request: RequestId([2; 16]),
        at: Timestamp(1_790_000_000_000),
        source: IpAddr::V4(Ipv4Addr::LOCALHOST),
        protocol: Protocol::AwsKms,
        location,
        user_agent: "fuzz".into(),
        secure: true,
    };
    let session = Session {
        issued: call.at,
        expires: Timestamp(call.at.0 + 3_600_000),
        opened_by: None,
        policies: Box::default(),
        tags: Tags::default(),
        transitive: Box::default(),
        source_identity: None,
        provider: None,
        mfa: None,
    };
    let callers = [
        (Principal::Root { account }, None),
        (Principal::User { account, name: "a/b".into(), id: "AIDA".into() }, None),
        (
            Principal::AssumedRole {
                account,
                role: "app".into(),
                role_id: "AROA".into(),
                session: "s".into(),
            },
            Some(&session),
        ),
    ];
    let asked = [
        (Action::Encrypt, Resource::Key(key.clone())),
        (Action::PutKeyPolicy, Resource::Key(key)),
        (Action::AssumeRole, Resource::Iam(role)),
    ];
    for kind in KINDS {
        let findings = lint::check(text, kind);
        assert!(
            findings.iter().all(|found| lint::CODES.contains(&found.code) && found.line > 0),
            "{findings:?}"
        );
        let Ok(policy) = Policy::parse(text, kind).map(Arc::new) else {
            assert!(
                findings.iter().any(|found| found.severity == lint::Severity::Error),
                "a refusal is a finding"
            );
            continue;
        };
        let _ = lint::duties(&policy);
        let own = [Named { name: "own".into(), policy: Arc::clone(&policy) }];
        let sources = match kind {
            Kind::Key | Kind::Trust => Sources { resource: Some(&policy), ..Sources::default() },
            Kind::Identity => Sources { identity: &own, boundary: own.first(), ..Sources::default() },
            Kind::Guardrail => Sources { guardrails: &own, ..Sources::default() },
            Kind::Session => Sources { session: Some(&own), ..Sources::default() },
        };
        for (principal, session) in &callers {
            for (action, resource) in &asked {
                let request = Request {
                    principal,
                    session: *session,
                    principal_tags: Tags::EMPTY,
                    action: *action,
                    resource,
                    call: &call,
                    facts: &NoFacts,
                };
                let verdict = decide(&sources, &request);
                assert!(!verdict.told(&sources).to_string().is_empty());
                let governed = matches!(kind, Kind::Key | Kind::Trust);
                assert!(governed || !verdict.is_allowed(), "a key or a role without a policy was used");
                let explanation = explain(&sources, &request);
                assert_eq!(explanation.verdict, verdict);
                assert_eq!(explanation.needed.is_empty(), verdict.is_allowed(), "{explanation}");
                let _ = own_side(&sources, &request);
                let _ = keeps_administrator(&policy, &request);
            }
        }
    }
});
