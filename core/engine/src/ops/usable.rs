//! What is asked of a key before it is used: purpose, state and algorithm, in the order in which AWS answers.

use keystead_model::{Action, Error, KeySpec, KeyUsage};

use super::state;
use crate::keys::Key;

/// Refuses a key of another purpose, and then one whose state does not allow `action`.
pub fn usable(key: &Key, action: Action, usage: KeyUsage) -> Result<(), Error> {
    if key.usage != usage {
        return Err(Error::WrongUsage { key: key.arn.clone(), usage: key.usage });
    }
    state::check(action, &key.arn, key.state)
}

/// Refuses an algorithm that is not one of those the key's spec has.
pub fn fits<T: PartialEq>(spec: KeySpec, has: &[T], asked: &T, name: &'static str) -> Result<(), Error> {
    match has.contains(asked) {
        true => Ok(()),
        false => Err(Error::WrongAlgorithm { spec, algorithm: name }),
    }
}

/// Ends a dry run that has come as far as it goes.
pub fn dry_run(dry: bool) -> Result<(), Error> {
    if dry { Err(Error::DryRun) } else { Ok(()) }
}
