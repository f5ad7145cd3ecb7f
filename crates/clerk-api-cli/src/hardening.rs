//! What the process does to itself before anything else: private files, no core dumps (reliability.md 7.2 and section 9).

/// Files of this process are for its user only.
#[cfg(unix)]
pub(crate) fn private_files() {
    use rustix::fs::Mode;
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
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
pub(crate) fn private_memory() {}
