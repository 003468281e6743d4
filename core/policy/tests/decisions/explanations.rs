//! An explanation says what was decided, and of each statement what the slow evaluator says of it.

use keystead_policy::{DocumentRole, Explanation, Kind, Mismatch, NamedAs, decide, explain};
use proptest::prelude::*;

use crate::properties::any_world;
use crate::read::{FILES, read};
use crate::slow;
use crate::world::{Document, Place, World};

/// Holds an explanation against everything that is known about it.
fn check(world: &World) -> Explanation {
    let (explanation, verdict) =
        world.ask(|sources, request| (explain(sources, request), decide(sources, request)));
    assert_eq!(explanation.verdict, verdict);
    assert_eq!(explanation.needed.is_empty(), verdict.is_allowed(), "{explanation}");
    assert!(!explanation.to_string().is_empty());
    let places =
        [Place::Key, Place::Trust, Place::Guardrail, Place::Identity, Place::Boundary, Place::Session];
    let documents: Vec<&Document> = places
        .iter()
        .flat_map(|place| world.documents.iter().filter(move |document| document.place == *place))
        .collect();
    assert_eq!(documents.len(), explanation.documents.len());
    for (document, told) in documents.iter().zip(&explanation.documents) {
        let ways: &[(&str, NamedAs)] = match document.place.kind() {
            Kind::Key | Kind::Trust => {
                &[("person", NamedAs::Caller), ("behind", NamedAs::Behind), ("account", NamedAs::Account)]
            }
            _ => &[("holder", NamedAs::Caller)],
        };
        for (at, statement) in told.statements.iter().enumerate() {
            let effect = if statement.allows { "Allow" } else { "Deny" };
            let applies = |(how, named): &(&str, NamedAs)| {
                *named == statement.named && slow::applying(world, document, effect, how)[at]
            };
            assert_eq!(statement.applies(), ways.iter().any(applies), "{statement} of {document:?}");
        }
    }
    explanation
}

#[test]
fn explanations_hold_for_every_case() {
    FILES.iter().flat_map(|(_, text, _)| read(text)).for_each(|case| drop(check(&case.world)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn explanations_hold_for_any_question(world in any_world()) {
        check(&world);
    }

    #[test]
    fn what_is_needed_is_enough(world in any_world()) {
        let needed = check(&world).needed;
        let mut cured = world.clone();
        if needed.iter().all(|need| cure(&mut cured, need)) {
            let explanation = check(&cured);
            prop_assert!(explanation.verdict.is_allowed(), "{needed:?}\n{explanation}");
        }
    }
}

/// Gives what a line asks for; `false` where no document can.
fn cure(world: &mut World, need: &str) -> bool {
    const ALL: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let Some(rest) = need.strip_prefix("an Allow in ") else { return false };
    let fresh = |place, text: &str| Document { place, name: "cure".to_owned(), text: text.to_owned() };
    let own = || format!(r#"{{"Version": "2012-10-17", "Statement": [{ALL}]}}"#);
    match rest {
        _ if rest.starts_with("an identity policy") => world.documents.push(fresh(Place::Identity, &own())),
        _ if rest.starts_with("a session policy") => world.documents.push(fresh(Place::Session, &own())),
        _ if rest.starts_with("the boundary") => allow_also(world, Place::Boundary, ALL),
        _ if rest.starts_with("the guardrail") => allow_also(world, Place::Guardrail, ALL),
        _ => {
            let place = if rest.starts_with("the key policy") { Place::Key } else { Place::Trust };
            let named =
                rest.split(" that names ").nth(1).and_then(|rest| rest.split(',').next()).expect("a name");
            let kind = match named {
                service if !service.starts_with("arn:") => "Service",
                provider if provider.contains("oidc-provider") => "Federated",
                _ => "AWS",
            };
            let statement = match place {
                Place::Key => format!(
                    r#"{{"Effect": "Allow", "Principal": {{"{kind}": "{named}"}}, "Action": "*", "Resource": "*"}}"#
                ),
                _ => format!(
                    r#"{{"Effect": "Allow", "Principal": {{"{kind}": "{named}"}}, "Action": "sts:*"}}"#
                ),
            };
            match world.documents.iter().any(|document| document.place == place) {
                true => allow_also(world, place, &statement),
                false => {
                    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#);
                    world.documents.push(fresh(place, &text));
                }
            }
        }
    }
    true
}

/// One more statement in all documents of a place.
fn allow_also(world: &mut World, place: Place, statement: &str) {
    for document in world.documents.iter_mut().filter(|document| document.place == place) {
        document.text =
            document.text.replacen("\"Statement\": [", &format!("\"Statement\": [{statement}, "), 1);
    }
}

/// The explanation of the first case of this text.
fn explained(text: &str) -> Explanation {
    check(&read(text)[0].world)
}

const DEFAULT: &str =
    r#"key = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}"#;

#[test]
fn what_is_needed_is_told_in_words() {
    let missing = explained(&format!("name = x\n{DEFAULT}\nexpect = x"));
    let key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    assert_eq!(
        missing.needed,
        [format!(
            "an Allow in an identity policy for kms:Decrypt on {key}; the policy of the resource leaves it to the account"
        )]
    );
    let closed = explained("name = x\nexpect = x");
    let user = "arn:aws:iam::111122223333:user/alice";
    assert_eq!(
        closed.needed,
        [format!(
            "an Allow in the key policy for kms:Decrypt that names {user}, or one that names the account and so leaves the \
             key to identity policies"
        )]
    );
    let denied = explained(&format!(
        r#"name = x
{DEFAULT}
identity own = {{"Effect": "Allow", "Action": "*", "Resource": "*"}},
  {{"Sid": "No", "Effect": "Deny", "Action": "kms:*", "Resource": "*"}}
boundary edge = {{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
expect = x"#
    ));
    assert_eq!(
        denied.needed,
        [
            "that identity policy own statement 1 (No) does not deny it".to_owned(),
            format!("an Allow in the boundary edge for kms:Decrypt on {key}"),
        ]
    );
}

#[test]
fn whatever_stands_in_the_way_is_told_at_once() {
    let barred = explained(
        r#"name = x
caller = arn:aws:iam::111122223333:root
terms = the root may not use keys
guardrail fence = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
key = {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
expect = x"#,
    );
    let starts = [
        "that key policy statement 0 does not deny it",
        "another caller: the account has laid down",
        "an Allow in the guardrail fence",
        "an Allow in the key policy",
    ];
    assert_eq!(barred.needed.len(), starts.len(), "{barred}");
    for (need, start) in barred.needed.iter().zip(starts) {
        assert!(need.starts_with(start), "{need}");
    }
}

#[test]
fn each_part_that_does_not_match_is_told() {
    let explanation = explained(
        r#"name = x
key = {"Sid": "Far", "Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kms:Encrypt", "Resource": "arn:aws:s3:::x",
  "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": "a"}, "Bool": {"kms:MultiRegion": "true"}, "Null": {"aws:SourceIp": "true"}}}
with aws:TagKeys = b
expect = x"#,
    );
    let [document] = &explanation.documents[..] else { panic!("{explanation}") };
    let [statement] = &document.statements[..] else { panic!("{explanation}") };
    assert_eq!((document.role, document.has_say), (DocumentRole::KeyPolicy, true));
    assert_eq!((statement.named, statement.sid.as_deref()), (NamedAs::Nobody, Some("Far")));
    assert_eq!(statement.mismatches[..3], [Mismatch::Principal, Mismatch::Action, Mismatch::Resource]);
    let conditions: Vec<String> = statement.mismatches[3..].iter().map(ToString::to_string).collect();
    assert_eq!(
        conditions,
        [
            "ForAnyValue:StringLikeIfExists of aws:TagKeys does not hold",
            "Bool of kms:MultiRegion does not hold, of which the request has no value",
            "Null of aws:SourceIp does not hold",
        ]
    );
    assert_eq!(
        explanation.absent_keys().iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["kms:MultiRegion"]
    );
}

#[test]
fn a_policy_of_a_key_has_no_say_over_what_is_no_key() {
    let explanation = explained(&format!("name = x\n{DEFAULT}\ndo = kms:ListKeys\non = account\nexpect = x"));
    assert!(!explanation.documents[0].has_say);
    assert_eq!(explanation.needed, ["an Allow in an identity policy for kms:ListKeys on *"]);
}
