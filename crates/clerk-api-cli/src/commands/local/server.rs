//! The server that `local serve` and `local exec` start: its flags, and the word that it leaves.

mod trouble;

use std::path::PathBuf;

use clap::{Arg, ArgMatches, value_parser};
use clerk_api_admin::problem::{Outcome, Problem};

use super::flag::{flag, moment};
use super::webhooks;
use crate::local::{Announced, Instance, Options, Running, Server};
use crate::setup::context::Context;

/// The flags; the port is the one when none is given.
pub(super) fn flags(port: &'static str) -> impl Iterator<Item = Arg> {
    let own = own_flags(port).into_iter();
    own.chain(trouble::flags()).chain(webhooks::flags())
}

fn own_flags(port: &'static str) -> [Arg; 6] {
    [
        flag(
            "port",
            "N",
            "The port on 127.0.0.1 and ::1; 0 picks a free one",
        )
        .value_parser(value_parser!(u16))
        .default_value(port),
        flag(
            "secret-key",
            "KEY",
            "Use this test key instead of the instance's own; other users can see it in the process list",
        ),
        flag(
            "record",
            "FOLDER",
            "Record every request and response in this folder",
        )
        .value_parser(value_parser!(PathBuf)),
        flag(
            "default-version",
            "DATE",
            "The API version for requests that name none",
        ),
        flag(
            "clock",
            "INSTANT",
            "Start the clock at this time; each reading adds 1 ms",
        )
        .value_parser(moment),
        flag(
            "ids",
            "SEED",
            "Generate the same ids and trace ids for the same number",
        )
        .value_parser(value_parser!(u64)),
    ]
}

pub(super) use trouble::{limit_flags, limits};

/// What the flags say.
pub(super) fn options(context: &Context, matches: &ArgMatches) -> Outcome<Options> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let secret_key = text("secret-key");
    if let Some(key) = &secret_key {
        check_key(key)?;
    }
    Ok(Options {
        port: matches.get_one::<u16>("port").copied().unwrap_or_default(),
        secret_key,
        record: matches
            .get_one("record")
            .cloned()
            .or_else(|| context.settings.local_record.clone()),
        default_version: text("default-version"),
        clock: matches.get_one("clock").copied(),
        ids: matches.get_one("ids").copied(),
        limits: limits(matches),
        faults: trouble::faults(matches)?,
        count_effects: matches.get_flag("count-effects"),
        strict: matches.get_flag("strict"),
        webhook_scale: matches.get_one("webhook-scale").copied(),
    })
}

/// Announces a server to other commands in a file, which is removed when the returned value is dropped.
pub(super) fn announce(server: &Server, instance: &Instance) -> Outcome<Announced> {
    running(server).announce(instance).map_err(|error| {
        Problem::io(
            "cannot write the file that announces the local Clerk",
            &error,
        )
    })
}

/// How a server of this process is talked to.
pub(super) fn running(server: &Server) -> Running {
    Running {
        url: server.url().to_owned(),
        pid: std::process::id(),
        control_token: server.control_token().to_owned(),
    }
}

/// A local Clerk refuses live keys, and so does the command that starts it (reliability.md 11.4).
fn check_key(key: &str) -> Outcome<()> {
    match clerk_api::SecretKey::parse(key) {
        Ok(key) if !key.is_live() => Ok(()),
        Ok(_) => Err(Problem::usage(
            "--secret-key takes a test key, never a live one",
        )),
        Err(error) => Err(Problem::usage(format!("--secret-key: {error}"))),
    }
}
