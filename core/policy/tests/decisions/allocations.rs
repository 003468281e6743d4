//! Deciding allocates nothing, whatever the documents and the request.

use keystead_policy::{decide, own_side};

use crate::read::{FILES, read};

#[test]
fn a_decision_allocates_nothing() {
    // What is counted is counted: otherwise nothing would follow from a zero.
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(Box::new(1))));
    assert_eq!(counted.count_total, 1);
    for (file, text, _) in FILES {
        for case in read(text) {
            let counted = case.world.ask(|sources, request| {
                allocation_counter::measure(|| {
                    let _ = std::hint::black_box(decide(sources, request));
                    let _ = std::hint::black_box(own_side(sources, request));
                })
            });
            assert_eq!(counted.count_total, 0, "{file}: {}", case.name);
        }
    }
}
