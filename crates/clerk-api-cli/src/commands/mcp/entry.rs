//! What a client's configuration says of this program: its path and arguments, and never a key.

use std::ffi::OsString;
use std::path::Path;

use clap::ArgMatches;
use clerk_api_admin::problem::{Outcome, Problem};

use crate::args::tree;
use crate::setup::config::Flags;

/// The arguments after `--`, which go to the server.
pub(super) const SERVER: &str = "mcp.server-args";

/// The arguments that the client starts this program with.
pub(super) fn arguments(matches: &ArgMatches, flags: &Flags) -> Outcome<Vec<String>> {
    let mut args = vec!["mcp".to_owned()];
    let given = matches.get_many::<String>(SERVER).into_iter().flatten();
    args.extend(given.cloned());
    if let Some(name) = &flags.local {
        args.push(match name.as_str() {
            "default" => "--local".to_owned(),
            name => format!("--local={name}"),
        });
    }
    let mut pass = |flag: &str, value: Option<&str>| {
        if let Some(value) = value {
            args.extend([format!("--{flag}"), value.to_owned()]);
        }
    };
    pass("profile", flags.profile.as_deref());
    pass("env", flags.env.as_deref());
    pass("api-url", flags.api_url.as_deref());
    pass("share", flags.share.as_deref());
    pass("key-file", flags.key_file.as_deref());
    pass("ca-file", flags.ca_file.as_deref().and_then(Path::to_str));
    check(&args, flags)?;
    Ok(args)
}

/// The client starts the program in a folder of its own choice, and its configuration may be shared.
fn check(args: &[String], flags: &Flags) -> Outcome<()> {
    if args.iter().any(|arg| looks_like_a_key(arg)) {
        return Err(Problem::usage(
            "a secret key does not belong in the configuration of a client",
        )
        .hint("name a profile that gets the key: --profile NAME; see docs/configuration.md"));
    }
    check_line(args)?;
    let files = [
        flags.key_file.as_deref(),
        flags.ca_file.as_deref().and_then(Path::to_str),
    ];
    for file in files.into_iter().flatten() {
        if !Path::new(file).is_absolute() {
            return Err(Problem::usage(format!(
                "{file} is not an absolute path, and a client starts its servers in a folder of its own choice"
            ))
            .hint("write the whole path"));
        }
    }
    Ok(())
}

/// Refuses what the server would refuse when the client starts it, where nobody sees why.
fn check_line(args: &[String]) -> Outcome<()> {
    let words = std::iter::once("clerk-api").chain(args.iter().map(String::as_str));
    let words: Vec<OsString> = words.map(OsString::from).collect();
    let reason = match tree::parse(&words) {
        Ok(matches) => match matches.subcommand() {
            Some((_, server)) if server.subcommand().is_none() => return Ok(()),
            _ => "these are the words of another command".to_owned(),
        },
        Err(error) => {
            let text = error.to_string();
            let reason = text.lines().next().unwrap_or_default();
            reason.trim_start_matches("error: ").to_owned()
        }
    };
    Err(
        Problem::usage(format!("the server would not start: {reason}"))
            .hint("`clerk-api mcp --help` has the server's flags"),
    )
}

fn looks_like_a_key(text: &str) -> bool {
    ["sk_test_", "sk_live_"]
        .iter()
        .any(|start| text.contains(start))
}

/// This program, as the client starts it.
pub(super) fn program() -> Outcome<String> {
    let path =
        std::env::current_exe().map_err(|error| Problem::io("cannot find this program", &error))?;
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| Problem::config(format!("{} is not UTF-8", path.display())))
}
