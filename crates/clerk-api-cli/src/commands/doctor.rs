//! `doctor`: every setting with its source, and whether the API answers. Never the key.

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api::Args;
use clerk_api::transport::Proxy;
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::{Value, json};

use super::output::{renderer, show};
use crate::setup::config::Network;
use crate::setup::context::Context;
use crate::setup::{credentials, network};
use crate::show::exit::Exit;
use crate::show::failure;

pub(crate) fn command() -> Command {
    Command::new("doctor")
        .about("Show every setting and where it came from, and whether the API answers")
        .after_help("Examples:\n  clerk-api doctor\n  clerk-api --local doctor")
        .arg(
            Arg::new("offline")
                .long("offline")
                .action(ArgAction::SetTrue)
                .help("Send nothing"),
        )
}

pub(crate) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let (key, key_failure) = key(context).await;
    let mut report = json!({"version": env!("CARGO_PKG_VERSION"), "api_version": clerk_api::API_VERSION, "key": key, "settings": settings(context)});
    let mut exit = key_failure
        .as_ref()
        .map_or(Exit::Done, |failure| failure::exit(failure));
    if !matches.get_flag("offline") && key_failure.is_none() {
        let (answer, failure) = probe(context).await;
        report["api"] = answer;
        if let Some(failure) = failure {
            context.ui.failure(&failure);
            exit = failure::exit(&failure);
        }
    }
    let mut renderer = renderer(context, "doctor")?;
    show(context, &mut renderer, report.to_string().as_bytes())?;
    if let Some(failure) = key_failure {
        context.ui.failure(&failure);
    }
    Ok(exit)
}

/// What is known of the key, and what is wrong with it.
async fn key(context: &mut Context) -> (Value, Option<Box<Problem>>) {
    if let Some(local) = &context.settings.local {
        return (
            json!({"source": local.source.to_string(), "environment": "test", "local": local.value}),
            None,
        );
    }
    match credentials::key(&context.settings, &context.env, &mut context.inputs).await {
        Ok(key) => {
            let environment = if key.value.is_live() { "live" } else { "test" };
            let shown = json!({"source": key.source.to_string(), "environment": environment, "fingerprint": key.value.fingerprint()});
            context.keep_key(key);
            (shown, None)
        }
        Err(failure) => (Value::Null, Some(failure)),
    }
}

fn settings(context: &Context) -> Value {
    let settings = &context.settings;
    let from = |value: Value, source: &dyn std::fmt::Display| json!({"value": value, "source": source.to_string()});
    let text = |setting: &Option<crate::setup::config::Sourced<String>>| {
        setting.as_ref().map_or(Value::Null, |setting| {
            from(json!(setting.value), &setting.source)
        })
    };
    let certificates = settings.network.certificates.iter();
    let certificates: Vec<Value> = certificates
        .map(|named| from(json!(named.value), &named.source))
        .collect();
    json!({
        "api_url": from(json!(settings.api_url.value), &settings.api_url.source),
        "local": text(&settings.local),
        "profile": text(&settings.profile),
        "env": text(&settings.expected),
        "output": from(json!(settings.output.value.as_str()), &settings.output.source),
        "confirm": from(json!(if settings.confirm_always.value { "always" } else { "auto" }), &settings.confirm_always.source),
        "read_only": from(json!(settings.read_only.value), &settings.read_only.source),
        "journal": from(json!(settings.journal.value), &settings.journal.source),
        "key_command": settings.key_command.as_ref().map(|command| from(json!(command.value.first()), &command.source)),
        "proxy": proxy(&settings.network, &settings.api_url.value),
        "no_proxy": text(&settings.network.no_proxy),
        "certificates": certificates,
        "share": settings.pacing.share.as_ref().map(|share| from(json!(share.value.get()), &share.source)),
        "limits": from(json!(settings.pacing.limits.value.word()), &settings.pacing.limits.source),
        "hosts": settings.hosts,
        "protected": settings.protected.len(),
        "config_file": settings.config_file,
        "config_file_exists": settings.config_file.as_ref().is_some_and(|path| path.exists()),
        "data_folder": settings.data_dir,
        "state_folder": settings.state_dir,
    })
}

/// The proxy without its password, and whether the URL is reached through it.
fn proxy(network: &Network, api_url: &str) -> Value {
    let Some(setting) = &network.proxy else {
        return Value::Null;
    };
    let source = setting.source.to_string();
    match Proxy::parse(&setting.value, source.as_str()) {
        Ok(proxy) => {
            let used = network::proxy(network, api_url).is_ok_and(|proxy| proxy.is_some());
            json!({"value": proxy.to_string(), "source": source, "used": used})
        }
        Err(error) => json!({"value": null, "source": source, "wrong": error.reason}),
    }
}

/// The smallest read there is: one user.
async fn probe(context: &mut Context) -> (Value, Option<Box<Problem>>) {
    let tried: Outcome<Value> = async {
        let link = context.link().await?;
        let mut args = Args::new();
        args.set("limit", &1).map_err(|error| Problem::usage(error.to_string()))?;
        let reply = link.client.call(operation("users.list")?, args).await;
        let reply = reply.map_err(|error| context.sending.failed("cannot read from the API", error))?;
        Ok(json!({"url": link.url, "answers": true, "status": reply.status, "trace_id": reply.trace_id}))
    }
    .await;
    match tried {
        Ok(answer) => (answer, None),
        Err(failure) => (
            json!({"answers": false, "status": failure.http}),
            Some(failure),
        ),
    }
}
