//! Policy documents: reading ends, and deciding by what was read does too.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use keystead_model::{
    AccountId, Action, Call, KeyArn, KeyId, Location, Principal, Protocol, RequestId, Resource, Tags,
    Timestamp,
};
use keystead_policy::{Kind, Named, NoFacts, Policy, Request, Sources, decide, keeps_administrator};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let location: Location = "us-east-1".parse().expect("a location");
    let account = AccountId::DEVELOPMENT;
    let key = KeyArn { location: location.clone(), account, key: KeyId::from_parts([1; 16], false) };
    let call = Call {
        request: RequestId([2; 16]),
        at: Timestamp(1_790_000_000_000),
        source: IpAddr::V4(Ipv4Addr::LOCALHOST),
        protocol: Protocol::AwsKms,
        location,
        user_agent: "fuzz".into(),
        secure: true,
    };
    let (principal, resource) = (Principal::Root { account }, Resource::Key(key));
    for kind in [Kind::Key, Kind::Identity] {
        let Ok(policy) = Policy::parse(text, kind).map(std::sync::Arc::new) else { continue };
        for action in [Action::Encrypt, Action::PutKeyPolicy, Action::CreateAlias] {
            let request = Request {
                principal: &principal,
                session: None,
                principal_tags: Tags::EMPTY,
                action,
                resource: &resource,
                call: &call,
                facts: &NoFacts,
            };
            let own = [Named { name: "own".into(), policy: std::sync::Arc::clone(&policy) }];
            let sources = match kind {
                Kind::Key => Sources { resource: Some(&policy), ..Sources::default() },
                _ => Sources { identity: &own, ..Sources::default() },
            };
            let verdict = decide(&sources, &request);
            assert!(!verdict.told(&sources).to_string().is_empty());
            assert!(kind == Kind::Key || !verdict.is_allowed(), "a key without a policy was used");
            let _ = keeps_administrator(&policy, &request);
        }
    }
});
