//! The named cases of `vectors/`, each decided as it says.

use std::collections::HashSet;

use crate::read::{FILES, read};
use crate::slow;

#[test]
fn every_case_is_decided_as_it_says() {
    let mut names = HashSet::new();
    let mut wrong = Vec::new();
    for (file, text, count) in FILES {
        let cases = read(text);
        assert_eq!(cases.len(), *count, "cases in {file}");
        for case in cases {
            assert!(names.insert(case.name.clone()), "two cases are called {}", case.name);
            let found = case.world.decide();
            if found.text != case.expect {
                wrong.push(format!(
                    "{file}: {}\n  expected {}\n  found    {}",
                    case.name, case.expect, found.text
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases are wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(names.len() >= 500);
}

#[test]
fn the_slow_evaluator_agrees_with_every_case() {
    for (file, text, _) in FILES {
        for case in read(text) {
            let found = slow::decide(&case.world);
            let expected = case.expect.starts_with("allowed");
            assert_eq!(found.allowed, expected, "{file}: {}", case.name);
            let by_none = case.expect.ends_with(" by default");
            assert_eq!(found.denied, !expected && !by_none, "{file}: {}", case.name);
        }
    }
}
