//! `local seed`: made-up users and organizations.

use clap::{Arg, ArgMatches, Command, value_parser};
use clerk_api_admin::problem::Outcome;

use super::show_object;
use crate::local::{self, Instance, Wanted};
use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(super) fn command() -> Command {
    let number = |name: &'static str, usual: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("N")
            .value_parser(value_parser!(u64))
            .default_value(usual)
            .help(help)
    };
    Command::new("seed")
        .about("Fill a local instance with made-up users and organizations")
        .after_help("Examples:\n  clerk-api local seed --users 50 --organizations 5 --seed 7")
        .arg(number("users", "20", "How many users to add"))
        .arg(number(
            "organizations",
            "3",
            "How many organizations to add; users become their members",
        ))
        .arg(
            Arg::new("memberships")
                .long("memberships")
                .value_name("N")
                .value_parser(value_parser!(u64))
                .help("About how many memberships to add (default: four for five users)"),
        )
        .arg(number("seed", "1", "The same number makes the same people"))
}

pub(super) fn run(context: &Context, instance: &Instance, matches: &ArgMatches) -> Outcome<Exit> {
    let number = |name: &str| matches.get_one::<u64>(name).copied().unwrap_or_default();
    let wanted = Wanted {
        users: number("users"),
        organizations: number("organizations"),
        memberships: matches.get_one("memberships").copied(),
        seed: number("seed"),
    };
    let mut progress = |done, total| context.ui.progress(done, Some(total));
    let report = local::seed(instance, wanted, &mut progress);
    context.ui.progress_end();
    show_object(context, &report?)?;
    Ok(Exit::Done)
}
