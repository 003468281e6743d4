//! Patterns of the service model, as data: matched in one pass, in time that grows with the text and nothing else.

/// What a text must match.
pub struct Pattern {
    /// As the model spells it.
    pub text: &'static str,
    /// What it says.
    pub form: Form,
}

/// What a pattern says: most are one class of characters, repeated.
pub enum Form {
    /// One class of characters.
    Class {
        /// Fewest characters.
        chars_min: usize,
        /// The class, as inclusive ranges.
        class: &'static [(char, char)],
    },
    /// Anything else. The text matches if it can be read to its end while the steps are walked to theirs.
    Steps(&'static [Step]),
}

/// One step of a pattern.
pub enum Step {
    /// Read one character of these inclusive ranges and go on.
    One(&'static [(char, char)]),
    /// Go to either of two steps without reading.
    Either(u8, u8),
    /// Go to another step without reading.
    Go(u8),
}

/// Most steps of a pattern: a set of steps, and the end after them, is 128 bits.
pub const STEPS_MAX: usize = 127;

impl Pattern {
    /// Whether the whole of a text matches.
    pub fn matches(&self, text: &str) -> bool {
        match self.form {
            Form::Class { chars_min, class } => {
                (chars_min == 0 || !text.is_empty()) && text.chars().all(|c| within(class, c))
            }
            Form::Steps(steps) => walk(steps, text),
        }
    }
}

fn within(class: &[(char, char)], c: char) -> bool {
    class.iter().any(|(from, to)| (*from..=*to).contains(&c))
}

/// Walks all ways through the steps at once.
fn walk(steps: &[Step], text: &str) -> bool {
    let mut now = spread(steps, 1);
    for c in text.chars() {
        let reads = |at: &usize| matches!(steps.get(*at), Some(Step::One(class)) if within(class, c));
        now = spread(steps, places(now).filter(reads).fold(0, |next, at| next | 1 << (at + 1)));
    }
    now >> steps.len() & 1 == 1
}

/// Adds every step that can be reached without reading.
fn spread(steps: &[Step], mut set: u128) -> u128 {
    loop {
        let more = places(set).fold(set, |more, at| match steps.get(at) {
            Some(Step::Either(one, other)) => more | 1 << one | 1 << other,
            Some(Step::Go(to)) => more | 1 << to,
            _ => more,
        });
        match more == set {
            true => return set,
            false => set = more,
        }
    }
}

fn places(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = set.trailing_zeros();
        set &= set.checked_sub(1)?;
        Some(at as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_walked_all_ways_at_once() {
        // ^(ab)+c?$
        const A: Step = Step::One(&[('a', 'a')]);
        const B: Step = Step::One(&[('b', 'b')]);
        const C: Step = Step::One(&[('c', 'c')]);
        let pattern = Pattern {
            text: "^(ab)+c?$",
            form: Form::Steps(&[A, B, Step::Either(0, 3), Step::Either(4, 5), C]),
        };
        for text in ["ab", "abab", "abc", "ababc"] {
            assert!(pattern.matches(text), "{text}");
        }
        for text in ["", "a", "aba", "c", "abcc", "abca", "xab"] {
            assert!(!pattern.matches(text), "{text}");
        }
    }

    #[test]
    fn a_class_covers_the_whole_text() {
        let least = |chars_min| Pattern {
            text: "",
            form: Form::Class { chars_min, class: &[('a', 'z'), ('-', '-')] },
        };
        assert!(least(1).matches("a-z") && !least(1).matches("a_z"));
        assert!(!least(1).matches("") && least(0).matches(""));
    }
}
