//! Speaks to `clerk-rs` for the conformance run: one JSON request a line in, one outcome a line out.

mod args;
mod contact;
mod invitations;
mod lists;
mod organizations;
mod roles;
mod sessions;
mod settings;
mod templates;
mod tokens;
mod users;

use std::env;
use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use clerk_rs::ClerkConfiguration;
use serde_json::{Map, Value, json};

use crate::args::{Args, Outcome, broken};

fn config(key: &str, url: &str) -> ClerkConfiguration {
    ClerkConfiguration::new(key).with_base_path(format!("{url}/v1"))
}

/// Asks the modules in turn which of them knows the operation.
macro_rules! first_of {
    ($config:expr, $op:expr, $args:expr, [$($module:ident),* $(,)?]) => {
        $(if let Some(outcome) = $module::run($config, $op, $args).await? {
            return Ok(outcome);
        })*
    };
}

async fn run(config: &ClerkConfiguration, op: &str, args: &Args) -> Result<Outcome, Outcome> {
    first_of!(
        config,
        op,
        args,
        [
            users,
            organizations,
            invitations,
            contact,
            roles,
            lists,
            settings,
            sessions,
            tokens,
            templates,
        ]
    );
    Err(broken(&format!("the adapter does not know {op}")))
}

fn hello() -> Value {
    json!({
        "client": "clerk-rs",
        "version": "0.5.0",
        // Parameters that the crate's functions and request types do not have.
        "lacks": {
            "CreateUser": ["unknown_field"],
            "UpdateUser": ["public_metadata"],
            "UpdateOrganization": ["public_metadata"],
            "UpdateInstance": ["unknown_field"],
            "lib:verify a session token": ["jwt_key", "skew"],
        },
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the run tells the adapter by its environment where to go"
)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (url, key) = (env::var("CONFORMANCE_URL")?, env::var("CLERK_SECRET_KEY")?);
    let mut out = stdout().lock();
    writeln!(out, "{}", hello())?;
    out.flush()?;
    for line in stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let mut named: Map<String, Value> =
            request["args"].as_object().cloned().unwrap_or_default();
        let other = named.remove("secret_key");
        let config = config(other.as_ref().and_then(Value::as_str).unwrap_or(&key), &url);
        let op = request["op"].as_str().unwrap_or_default();
        let outcome = run(&config, op, &Args(named))
            .await
            .unwrap_or_else(|outcome| outcome);
        writeln!(out, "{outcome}")?;
        out.flush()?;
    }
    Ok(())
}
