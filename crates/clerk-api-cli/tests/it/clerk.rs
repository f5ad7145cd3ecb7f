//! A local Clerk in this process, for commands of the real binary.

use clerk_api_emulator::{Config, Emulator, Fault, Handle};

use crate::env::{CANARY, Env};

/// A local Clerk with these faults, and an environment whose commands go there.
pub(crate) fn clerk(faults: &[&str]) -> (Handle, Env) {
    clerk_with(faults, "")
}

/// The same, with something in front of the usual configuration.
pub(crate) fn clerk_with(faults: &[&str], settings: &str) -> (Handle, Env) {
    let mut config = Config::new(CANARY);
    config.faults = faults
        .iter()
        .map(|fault| serde_json::from_str::<Fault>(fault).unwrap())
        .collect();
    let clerk = Emulator::start(config).unwrap();
    let quick = "[http]\nbackoff_ms = 1\nlooks_ms = [0, 1, 1]\nbreaker_ms = 10\n";
    let env = Env::at(clerk.url()).config(&format!("{settings}\n{quick}"));
    (clerk, env)
}

/// Creates users with these names and gives their ids.
pub(crate) fn users<const N: usize>(env: &Env, names: [&str; N]) -> [String; N] {
    names.map(|name| {
        env.run([
            "users",
            "create",
            "--username",
            name,
            "--skip-password-requirement",
        ])
        .id()
    })
}
