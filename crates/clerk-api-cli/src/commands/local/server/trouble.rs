//! The flags that make a local Clerk enforce rate limits and inject faults.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use clerk_api_admin::input::source;
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::{Value, json};

use super::super::flag::flag;

const HEADING: &str = "Faults and limits";

/// The flags of `local serve` and `local exec`.
pub(super) fn flags() -> impl Iterator<Item = Arg> {
    let own = [
        flag(
            "fault",
            "FAULT",
            "Inject a fault, such as 'POST /users status=503 nth=2'",
        )
        .action(ArgAction::Append),
        flag("faults", "FILE", "Inject the faults listed in a YAML file")
            .value_parser(value_parser!(PathBuf)),
        Arg::new("count-effects")
            .long("count-effects")
            .action(ArgAction::SetTrue)
            .help("Count what is done, for `local effects`"),
        Arg::new("strict")
            .long("strict")
            .action(ArgAction::SetTrue)
            .help("Refuse requests with parameters that the operation does not have (400)"),
    ];
    limit_flags()
        .into_iter()
        .chain(own)
        .map(|arg| arg.help_heading(HEADING))
}

/// The flags that say which limits are enforced.
pub(in super::super) fn limit_flags() -> [Arg; 4] {
    let number = |arg: Arg, least: i64| arg.value_parser(value_parser!(u32).range(least..));
    [
        flag(
            "limits",
            "PROFILE",
            "Enforce the rate limits of this kind of instance",
        )
        .value_parser(["development", "production"]),
        flag(
            "limits-window",
            "KIND",
            "The kind of time window for rate limits (default: fixed)",
        )
        .value_parser(["fixed", "sliding"]),
        number(
            flag(
                "limits-scale",
                "N",
                "Make the windows of rate limits pass this many times faster",
            ),
            1,
        ),
        number(
            flag(
                "user-cap",
                "N",
                "Allow at most this many users; a development instance allows 100",
            ),
            0,
        ),
    ]
}

/// The limits in the local Clerk's JSON; null where no flag asks for any.
pub(in super::super) fn limits(matches: &ArgMatches) -> Value {
    let text = |name: &str| matches.get_one::<String>(name);
    let number = |name: &str| matches.get_one::<u32>(name);
    let (profile, cap) = (text("limits"), number("user-cap"));
    if profile.is_none() && cap.is_none() {
        return Value::Null;
    }
    json!({
        "profile": profile,
        "window": text("limits-window").map_or("fixed", String::as_str),
        "scale": number("limits-scale").unwrap_or(&1),
        "user_cap": cap,
    })
}

/// The faults of the file, then those of the flags.
pub(super) fn faults(matches: &ArgMatches) -> Outcome<Vec<Value>> {
    let mut faults = match matches.get_one::<PathBuf>("faults") {
        Some(path) => {
            let text = source::text_file("--faults", &path.to_string_lossy())?;
            serde_saphyr::from_str::<Vec<Value>>(&text).map_err(|error| {
                Problem::usage(format!(
                    "--faults: {} is not a list of faults: {error}",
                    path.display()
                ))
            })?
        }
        None => Vec::new(),
    };
    let lines = matches.get_many::<String>("fault").into_iter().flatten();
    faults.extend(lines.map(|line| Value::from(line.as_str())));
    Ok(faults)
}
