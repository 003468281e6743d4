//! Proof that policy allowed one call.

/// Proof that policy allowed one call. Only [`Engine::authorise`](crate::Engine::authorise) makes one; using it
/// spends it.
#[must_use = "a dropped permit is audited as abandoned"]
pub struct Permit<Op> {
    pub(crate) op: Op,
}
