//! Any documents, any caller, any request: the evaluator and the slow one agree.

use keystead_model::{Action, Session};
use keystead_policy::{Naming, Terms};
use proptest::prelude::*;
use proptest::sample::select;

use crate::slow;
use crate::world::{self, Document, Given, Place, World};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_evaluator_and_the_slow_one_agree(world in any_world()) {
        let (fast, slow) = (world.decide(), slow::decide(&world));
        prop_assert_eq!(fast.allowed, slow.allowed, "{}", fast.text);
        prop_assert_eq!(fast.explicit, slow.denied, "{}", fast.text);
    }

    #[test]
    fn another_document_that_only_denies_never_lets_anyone_in(
        world in any_world(),
        place in select(vec![Place::Identity, Place::Guardrail]),
        body in any_statement("Deny", false),
    ) {
        let mut stricter = world.clone();
        stricter.documents.push(document(place, &[body]));
        // A guardrail that does not allow is one more that must.
        prop_assert!(world.decide().allowed || !stricter.decide().allowed);
    }
}

const ARNS: &[&str] = &[
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:iam::111122223333:user/team/bob",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:sts::111122223333:assumed-role/app/s",
    "arn:aws:sts::111122223333:federated-user/guest",
    "arn:aws:iam::444455556666:root",
    "arn:aws:iam::444455556666:user/eve",
    "arn:aws:iam::444455556666:role/app",
    "111122223333",
    "444455556666",
];

const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/id.example.com";

pub fn any_world() -> impl Strategy<Value = World> {
    (any_documents(), any_caller(), any_asked(), any_facts(), any::<(bool, bool)>(), 0..4u8).prop_map(
        |(documents, (principal, session), (action, resource), facts, (both_must_agree, root), grant)| {
            let mut world = World {
                documents,
                terms: Terms { both_must_agree, root_may_not_use_keys: root },
                principal: world::principal(principal),
                session,
                action,
                resource: world::resource(resource),
                facts,
                tags: world::tags(&[("team", "blue")]),
                ..World::new()
            };
            let on_key = resource.starts_with("key") && world.principal.account().is_some();
            world.grant = match grant {
                1 if on_key => Some(Naming::InPerson),
                2 if on_key => Some(Naming::ByAccount),
                _ => None,
            };
            let place = if resource.starts_with("arn:") { Place::Trust } else { Place::Key };
            world.documents.retain(|document| match document.place {
                Place::Key | Place::Trust => document.place == place,
                _ => true,
            });
            world
        },
    )
}

fn any_documents() -> impl Strategy<Value = Vec<Document>> {
    let few = |place: Place, most: usize| {
        let principals = matches!(place, Place::Key | Place::Trust);
        let statement = prop_oneof![
            4 => any_statement("Allow", principals),
            1 => any_statement("Deny", principals),
        ];
        let trust = place == Place::Trust;
        let statements = prop::collection::vec(statement, 1..4).prop_map(move |statements| {
            let bodies: Vec<String> =
                statements.into_iter().map(|body| if trust { for_trust(&body) } else { body }).collect();
            document(place, &bodies)
        });
        prop::collection::vec(statements, 0..=most)
    };
    (
        few(Place::Key, 1),
        few(Place::Trust, 1),
        few(Place::Identity, 2),
        few(Place::Boundary, 1),
        few(Place::Session, 2),
        few(Place::Guardrail, 2),
    )
        .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].concat())
}

/// Without what trust policies do not have.
fn for_trust(body: &str) -> String {
    let actions = ["\"kms:*\"", "\"kms:Decrypt\"", "\"*\"", "\"kms:*crypt\"", "[\"s3:*\", \"sts:*\"]"];
    let mut body = body.replace("\"NotAction\"", "\"Action\"");
    for (action, other) in
        actions.iter().zip(["\"sts:*\"", "\"sts:AssumeRole\"", "\"sts:*\"", "\"sts:Tag*\"", "\"sts:*\""])
    {
        body = body.replace(&format!("\"Action\": {action}"), &format!("\"Action\": {other}"));
    }
    let start = body.find(", \"Resource").or(body.find(", \"NotResource")).expect("a resource");
    let end = body.find(", \"Condition").expect("a condition");
    format!("{}{}", &body[..start], &body[end..])
}

fn document(place: Place, statements: &[String]) -> Document {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
    Document { place, name: "p".to_owned(), text }
}

fn any_statement(effect: &'static str, principals: bool) -> impl Strategy<Value = String> {
    let who = prop_oneof![
        2 => Just(r#""Principal": "*""#.to_owned()),
        6 => select(ARNS).prop_map(|arn| format!(r#""Principal": {{"AWS": "{arn}"}}"#)),
        1 => Just(r#""Principal": {"Service": "s3.amazonaws.com"}"#.to_owned()),
        1 => Just(format!(r#""Principal": {{"Federated": "{PROVIDER}"}}"#)),
        1 => prop::collection::vec(select(ARNS), 1..5).prop_map(|arns| {
            let word = if arns.len() > 2 { "NotPrincipal" } else { "Principal" };
            format!(r#""{word}": {{"AWS": {arns:?}}}"#)
        }),
    ];
    let action = (
        prop_oneof![9 => Just("Action"), 1 => Just("NotAction")],
        select(&[r#""kms:*""#, r#""kms:Decrypt""#, r#""*""#, r#""kms:*crypt""#, r#"["s3:*", "sts:*"]"#][..]),
    );
    let resource = (
        prop_oneof![9 => Just("Resource"), 1 => Just("NotResource")],
        select(
            &[
                "*",
                "*",
                "*",
                "arn:aws:kms:*:111122223333:key/*",
                "arn:aws:kms:*:*:alias/${aws:username}*",
                "arn:aws:iam::*:role/app",
                "arn:aws:kms:*",
            ][..],
        ),
    );
    (who, action, resource, any_condition()).prop_map(
        move |(who, (word, action), (place, resource), condition)| {
            // With an Allow, NotPrincipal is refused.
            let who = if effect == "Allow" { who.replace("NotPrincipal", "Principal") } else { who };
            let who = if principals { format!("{who}, ") } else { String::new() };
            format!(
                r#"{{"Effect": "{effect}", {who}"{word}": {action}, "{place}": "{resource}", "Condition": {condition}}}"#
            )
        },
    )
}

fn any_condition() -> impl Strategy<Value = String> {
    let text = (
        select(
            &["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"][..],
        ),
        select(
            &[
                "aws:username",
                "kms:ViaService",
                "aws:TagKeys",
                "aws:PrincipalTag/team",
                "aws:PrincipalType",
                "id.example.com:sub",
                "aws:SourceIdentity",
            ][..],
        ),
        select(
            &["alice", "s3", "b*", "*", "${aws:username}", "${aws:PrincipalTag/Team, 'x'}", "User", "blue"][..],
        ),
    );
    let arn = (
        select(&["ArnLike", "ArnNotEquals"][..]),
        select(&["aws:PrincipalArn", "aws:SourceArn"][..]),
        select(&["arn:aws:iam::111122223333:*", "arn:aws:iam::*:role/app", "arn:aws:*"][..]),
    );
    let number = (
        select(&["NumericLessThan", "NumericEquals", "NumericNotEquals", "NumericGreaterThanEquals"][..]),
        select(&["aws:MultiFactorAuthAge", "kms:RotationPeriodInDays", "aws:EpochTime"][..]),
        select(&["90", "60.5", "1767225600"][..]),
    );
    let date = (
        select(&["DateLessThan", "DateGreaterThanEquals", "DateNotEquals"][..]),
        select(&["aws:CurrentTime", "aws:TokenIssueTime", "kms:ValidTo"][..]),
        select(&["2026-01-01", "2025-12-31T23:50:00Z", "1767225600"][..]),
    );
    let flag = (
        select(&["Bool", "Null"][..]),
        select(
            &["aws:MultiFactorAuthPresent", "aws:SecureTransport", "aws:ViaAWSService", "kms:ViaService"][..],
        ),
        select(&["true", "false"][..]),
    );
    let address = (
        select(&["IpAddress", "NotIpAddress"][..]),
        select(&["aws:SourceIp", "aws:VpcSourceIp"][..]),
        select(&["203.0.113.0/24", "10.0.0.0/8", "::/0"][..]),
    );
    let one = prop_oneof![6 => text, 1 => arn, 1 => number, 1 => date, 2 => flag, 1 => address];
    let prefix = select(&["", "", "", "ForAllValues:", "ForAnyValue:"][..]);
    let one =
        (prefix, one, any::<bool>()).prop_map(|(prefix, (operator, key, value), if_exists)| match operator {
            "Null" => (operator.to_owned(), key, value),
            _ => (format!("{prefix}{operator}{}", if if_exists { "IfExists" } else { "" }), key, value),
        });
    prop_oneof![
        3 => Just("{}".to_owned()),
        2 => prop::collection::vec(one, 1..3).prop_map(|blocks| {
            let mut seen = Vec::new();
            let mut parts = Vec::new();
            for (operator, key, value) in blocks {
                if !seen.contains(&operator) {
                    parts.push(format!(r#""{operator}": {{"{key}": "{value}"}}"#));
                    seen.push(operator);
                }
            }
            format!("{{{}}}", parts.join(", "))
        }),
    ]
}

fn any_caller() -> impl Strategy<Value = (&'static str, Option<Session>)> {
    let session = |opened_by: Option<&str>, with: u8| {
        let mut session = Session { opened_by: opened_by.map(world::principal), ..world::plain_session() };
        if with & 1 == 1 {
            session.mfa = Some(keystead_model::Timestamp::from_seconds(world::NOW_SECONDS - 60));
        }
        if with & 2 == 2 {
            session.tags = world::tags(&[("TEAM", "b")]);
            session.source_identity = Some("alice".into());
        }
        Some(session)
    };
    let callers = select(vec![
        (ARNS[0], None),
        (ARNS[1], None),
        (ARNS[1], Some(None)),
        (ARNS[2], None),
        (ARNS[3], Some(None)),
        (ARNS[3], Some(None)),
        (ARNS[5], Some(Some(ARNS[1]))),
        (ARNS[5], Some(Some(ARNS[0]))),
        (ARNS[6], None),
        (ARNS[7], None),
        (ARNS[8], Some(None)),
        ("s3.amazonaws.com", None),
        (PROVIDER, None),
    ]);
    (callers, 0..4u8)
        .prop_map(move |((arn, temporary), with)| (arn, temporary.and_then(|by| session(by, with))))
}

fn any_asked() -> impl Strategy<Value = (Action, &'static str)> {
    prop_oneof![
        4 => select(vec![Action::Decrypt, Action::Encrypt, Action::PutKeyPolicy, Action::CreateGrant])
            .prop_map(|action| (action, "key")),
        1 => Just((Action::Decrypt, "key of 444455556666")),
        1 => Just((Action::CreateAlias, "alias/alice-1")),
        1 => Just((Action::ListKeys, "account")),
        3 => select(vec![
            Action::AssumeRole,
            Action::AssumeRoleWithWebIdentity,
            Action::TagSession,
            Action::GetRole,
        ])
        .prop_map(|action| (action, "arn:aws:iam::111122223333:role/app")),
    ]
}

fn any_facts() -> impl Strategy<Value = Vec<(String, Given)>> {
    let fact = select(vec![
        ("kms:ViaService", Given::Text("s3".into())),
        ("kms:ViaService", Given::Unreadable),
        ("aws:TagKeys", Given::Text("blue".into())),
        ("aws:TagKeys", Given::Text("alice".into())),
        ("aws:TagKeys", Given::Text(String::new())),
        ("aws:SourceArn", Given::Text("arn:aws:iam::444455556666:role/app".into())),
        ("kms:RotationPeriodInDays", Given::Number(90)),
        ("kms:ValidTo", Given::Instant(world::NOW_SECONDS)),
        ("aws:VpcSourceIp", Given::Address([10, 0, 0, 1].into())),
        ("aws:ViaAWSService", Given::Flag(true)),
        ("aws:MultiFactorAuthPresent", Given::Flag(true)),
        ("id.example.com:sub", Given::Text("b1".into())),
    ]);
    prop::collection::vec(fact, 0..6)
        .prop_map(|facts| facts.into_iter().map(|(name, given)| (name.to_owned(), given)).collect())
}
