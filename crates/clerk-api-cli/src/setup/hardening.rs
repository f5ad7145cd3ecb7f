//! What the process does to itself before anything else: private files, no core dumps (reliability.md 7.2 and section 9).

#[cfg(unix)]
use std::sync::OnceLock;

/// The umask that this process was started with.
#[cfg(unix)]
static USUAL: OnceLock<rustix::fs::Mode> = OnceLock::new();

/// Files of this process are for its user only.
#[cfg(unix)]
pub(crate) fn private_files() {
    use rustix::fs::Mode;
    let usual = rustix::process::umask(Mode::RWXG | Mode::RWXO);
    USUAL.get_or_init(|| usual);
}

/// Starts something whose files are its own business. What this process makes meanwhile names its rights itself.
#[cfg(unix)]
pub(crate) fn with_usual_files<T>(start: impl FnOnce() -> T) -> T {
    use rustix::process::umask;
    let Some(usual) = USUAL.get() else {
        return start();
    };
    let private = umask(*usual);
    let started = start();
    umask(private);
    started
}

/// Keeps the memory, which now holds a key, out of core dumps and away from other processes.
#[cfg(unix)]
pub(crate) fn private_memory() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // A sandbox may forbid either; the key is then no worse off than before.
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

#[cfg(not(unix))]
pub(crate) fn private_files() {}

#[cfg(not(unix))]
pub(crate) fn with_usual_files<T>(start: impl FnOnce() -> T) -> T {
    start()
}

#[cfg(not(unix))]
pub(crate) fn private_memory() {}
