//! Compiled documents, one for each different text: ten thousand roles with the same policy hold one of it.

use std::collections::HashMap;
use std::sync::Arc;

use keystead_crypto::sha256;
use keystead_model::Error;
use keystead_policy::{Kind, Policy};
use parking_lot::RwLock;

/// Compiled documents held at least before those that nobody uses are let go.
const SWEEP_MIN: usize = 1024;

/// Compiled documents.
pub struct Compiled(RwLock<Held>);

struct Held {
    documents: HashMap<Name, Arc<Policy>>,
    /// How many there are when the unused are let go next: twice as many as were in use at the time before, so that
    /// sweeping costs the same for each document however many there are.
    sweep_at: usize,
}

/// What a document is attached to, and the SHA-256 of its text.
type Name = (u8, [u8; 32]);

impl Default for Compiled {
    fn default() -> Self {
        Self(RwLock::new(Held { documents: HashMap::new(), sweep_at: SWEEP_MIN }))
    }
}

impl Compiled {
    /// A stored document, compiled. It was compiled when it was written, so one that does not compile was written by a
    /// program that knew more: nobody is let in by what this one understands of it.
    ///
    /// # Errors
    /// [`Error::Internal`]
    pub fn stored(&self, text: &str, kind: Kind) -> Result<Arc<Policy>, Error> {
        let name = (code(kind), sha256(text.as_bytes()));
        if let Some(policy) = self.0.read().documents.get(&name) {
            return Ok(Arc::clone(policy));
        }
        let policy = Arc::new(Policy::parse(text, kind).map_err(|error| {
            tracing::error!(%error, "a stored policy cannot be read");
            Error::Internal
        })?);
        self.0.write().insert(name, &policy);
        Ok(policy)
    }
}

impl Held {
    fn insert(&mut self, name: Name, policy: &Arc<Policy>) {
        if self.documents.len() >= self.sweep_at {
            self.documents.retain(|_, policy| Arc::strong_count(policy) > 1);
            self.sweep_at = SWEEP_MIN.max(self.documents.len() * 2);
        }
        self.documents.insert(name, Arc::clone(policy));
    }
}

fn code(kind: Kind) -> u8 {
    match kind {
        Kind::Key => 1,
        Kind::Identity => 2,
        Kind::Trust => 3,
        Kind::Guardrail => 4,
        Kind::Session => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(sid: usize) -> String {
        format!(
            r#"{{"Statement": {{"Sid": "s{sid}", "Effect": "Allow", "Action": "kms:*", "Resource": "*"}}}}"#
        )
    }

    #[test]
    fn one_text_is_compiled_once_for_each_kind() {
        let compiled = Compiled::default();
        let get = |kind| compiled.stored(&text(1), kind).expect("it compiles");
        assert!(Arc::ptr_eq(&get(Kind::Identity), &get(Kind::Identity)));
        assert!(!Arc::ptr_eq(&get(Kind::Identity), &get(Kind::Guardrail)));
    }

    #[test]
    fn what_does_not_compile_lets_nobody_in() {
        assert_eq!(Compiled::default().stored("{}", Kind::Identity).map(drop), Err(Error::Internal));
    }

    #[test]
    fn what_nobody_uses_is_let_go_and_what_is_in_use_is_shared_still() {
        let compiled = Compiled::default();
        let used = compiled.stored(&text(0), Kind::Identity).expect("it compiles");
        for sid in 1..SWEEP_MIN + 10 {
            drop(compiled.stored(&text(sid), Kind::Identity).expect("it compiles"));
        }
        assert!(compiled.0.read().documents.len() <= 11);
        assert!(Arc::ptr_eq(&used, &compiled.stored(&text(0), Kind::Identity).expect("it compiles")));
    }
}
