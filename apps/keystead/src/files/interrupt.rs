//! What has to be removed when the command is interrupted.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use tokio::signal::unix::{SignalKind, signal};

static REGISTER: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// The files that are not results yet. While it is held, no interrupt is served.
pub(super) fn register() -> MutexGuard<'static, Vec<PathBuf>> {
    REGISTER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same, unless it is held.
pub(super) fn try_register() -> Option<MutexGuard<'static, Vec<PathBuf>>> {
    match REGISTER.try_lock() {
        Ok(register) => Some(register),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Waits, on a thread of its own, for the signals that end a command; then removes what is registered and ends it
/// with the exit code that tells the signal.
pub(super) fn watch() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let (mut interrupted, mut ended, mut hung_up) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?)
    };
    let wait = move || {
        let number = runtime.block_on(async {
            tokio::select! {
                _ = interrupted.recv() => SignalKind::interrupt(),
                _ = ended.recv() => SignalKind::terminate(),
                _ = hung_up.recv() => SignalKind::hangup(),
            }
        });
        let register = register();
        for path in register.iter() {
            // WHY: it is being removed because it is worthless; a failure changes nothing for anybody.
            let _ = std::fs::remove_file(path);
        }
        eprintln!("keystead: interrupted; what was not complete is removed");
        std::process::exit(128 + number.as_raw_value());
    };
    std::thread::Builder::new().name("interrupt".into()).spawn(wait).map(drop)
}
