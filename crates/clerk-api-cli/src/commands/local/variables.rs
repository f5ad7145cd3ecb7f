//! The environment in which a command finds a local instance.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::local::{Instance, Server};
use crate::setup::config;

/// What the bundlers of web frameworks want to see before a name that browsers may know.
const PREFIXES: [&str; 6] = [
    "",
    "NEXT_PUBLIC_",
    "VITE_",
    "EXPO_PUBLIC_",
    "NUXT_PUBLIC_",
    "PUBLIC_",
];
/// Settings of another instance, which would lead away from this one.
const FOREIGN: [&str; 3] = ["CLERK_API_LOCAL", "CLERK_API_PROFILE", "CLERK_JWT_KEY"];
/// The host of a local instance's Frontend API, as its other responses name it. Nothing listens there.
const HOST: &str = "clerk.localhost";
const LOOPBACK: &str = "127.0.0.1,localhost,::1";

/// Sets what the official SDKs, this program and tests look at.
pub(super) fn set(command: &mut tokio::process::Command, server: &Server, instance: &Instance) {
    for name in FOREIGN {
        command.env_remove(name);
    }
    for prefix in PREFIXES {
        command.env(
            format!("{prefix}CLERK_PUBLISHABLE_KEY"),
            publishable_key(HOST),
        );
        command.env(format!("{prefix}CLERK_TELEMETRY_DISABLED"), "1");
    }
    for name in ["NO_PROXY", "no_proxy"] {
        command.env(name, without_proxy(config::variable(name)));
    }
    command
        .env("CLERK_SECRET_KEY", server.secret_key())
        .env("NUXT_CLERK_SECRET_KEY", server.secret_key())
        .env("CLERK_API_URL", server.url())
        .env("CLERK_BACKEND_API_URL", server.url())
        .env("CLERK_LOCAL_URL", server.url())
        .env("CLERK_LOCAL_CONTROL_TOKEN", server.control_token())
        .env(config::LOCAL_DATABASE, absolute(instance));
}

fn publishable_key(host: &str) -> String {
    format!("pk_test_{}", STANDARD.encode(format!("{host}$")))
}

fn without_proxy(given: Option<String>) -> String {
    given.map_or_else(
        || LOOPBACK.to_owned(),
        |given| format!("{given},{LOOPBACK}"),
    )
}

/// The command may go to another folder.
fn absolute(instance: &Instance) -> std::path::PathBuf {
    std::path::absolute(&instance.database).unwrap_or_else(|_| instance.database.clone())
}
