//! What the process asks of the operating system before it touches a secret: no core dumps, no tracing by
//! the same user, no page of memory written to swap, files for this user only.

use std::io;

use rustix::fs::Mode;
use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit, umask,
};
use rustix::thread::{CapabilitySet, capabilities};

/// Turns core dumps off, and with them tracing and reading of this process's memory by other processes of the
/// same user.
pub fn hide_memory() -> io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// What this process makes from here on, only its user may read.
pub fn keep_files_private() {
    umask(Mode::from_raw_mode(0o077));
}

/// Raises the soft limit of open files to the hard one: each connection is a file. Not being allowed to is no
/// error; the limit of connections then bites earlier.
pub fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

/// Keeps every page that is or will be used out of swap.
///
/// # Errors
/// [`NotLocked`] when the limit on locked memory does not allow it. Asking for less than everything is no way
/// out: under a finite limit a later allocation would fail where it otherwise would not.
pub fn lock_memory() -> Result<(), NotLocked> {
    let unlimited = getrlimit(Resource::Memlock).current.is_none();
    let privileged = capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::IPC_LOCK));
    if !unlimited && !privileged {
        return Err(NotLocked::Limit);
    }
    mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT)
        .map_err(|errno| NotLocked::Refused(errno.into()))
}

/// Why memory may reach the swap device.
#[derive(Debug, thiserror::Error)]
pub enum NotLocked {
    /// The limit on locked memory is finite.
    #[error(
        "memory may be swapped to disk, and plaintext with it: the limit on locked memory is finite. \
         Set LimitMEMLOCK=infinity in the service unit (or `ulimit -l unlimited`), or encrypt the swap device"
    )]
    Limit,
    /// The kernel said no.
    #[error(
        "memory may be swapped to disk, and plaintext with it: the kernel refused to lock it ({0}). \
         Encrypt the swap device or turn it off"
    )]
    Refused(io::Error),
}

#[cfg(test)]
mod tests {
    use rustix::process::dumpable_behavior;

    use super::*;

    #[test]
    fn a_hidden_process_leaves_no_core() {
        hide_memory().expect("every process may");
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
        assert_eq!(dumpable_behavior().expect("readable"), DumpableBehavior::NotDumpable);
    }
}
