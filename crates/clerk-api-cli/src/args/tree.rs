//! The command tree: groups and commands. It grows only where it is looked at, since start time is a feature.

use clap::Command;
use clerk_api::ops;

use super::{from_meta, root};
use crate::show::exit;

/// A group of operations: its name in the library, its other name here, what it is about.
struct Group {
    id: &'static str,
    alias: Option<&'static str>,
    about: &'static str,
}

const GROUPS: &[Group] = &[
    Group {
        id: "users",
        alias: None,
        about: "The accounts of the people who sign in",
    },
    Group {
        id: "email_addresses",
        alias: Some("emails"),
        about: "E-mail addresses of users",
    },
    Group {
        id: "phone_numbers",
        alias: Some("phones"),
        about: "Phone numbers of users",
    },
    Group {
        id: "organizations",
        alias: Some("orgs"),
        about: "Organizations and their members",
    },
    Group {
        id: "memberships",
        alias: None,
        about: "Who is in which organization, over the whole instance",
    },
    Group {
        id: "invitations",
        alias: None,
        about: "Invitations to an organization",
    },
    Group {
        id: "application_invitations",
        alias: Some("app-invitations"),
        about: "Invitations to the application itself",
    },
    Group {
        id: "roles",
        alias: None,
        about: "What members of organizations can be",
    },
    Group {
        id: "permissions",
        alias: None,
        about: "What roles can permit",
    },
    Group {
        id: "role_sets",
        alias: None,
        about: "Which roles the members of an organization can have",
    },
    Group {
        id: "domains",
        alias: None,
        about: "Domains of organizations: who has an address there can join",
    },
    Group {
        id: "sessions",
        alias: None,
        about: "Sessions of users, and their tokens",
    },
    Group {
        id: "jwks",
        alias: None,
        about: "The public keys of session tokens",
    },
    Group {
        id: "waitlist",
        alias: None,
        about: "Who waits to be let in",
    },
    Group {
        id: "allowlist",
        alias: None,
        about: "Who may sign up",
    },
    Group {
        id: "blocklist",
        alias: None,
        about: "Who may not sign up",
    },
    Group {
        id: "instance",
        alias: None,
        about: "The instance and its settings",
    },
    Group {
        id: "jwt_templates",
        alias: None,
        about: "Templates for tokens with claims of your own",
    },
    Group {
        id: "sign_in_tokens",
        alias: None,
        about: "Tokens that sign a user in once",
    },
    Group {
        id: "actor_tokens",
        alias: None,
        about: "Tokens that let somebody act as a user, for support",
    },
    Group {
        id: "testing_tokens",
        alias: None,
        about: "Tokens that get tests past the detection of bots",
    },
    Group {
        id: "redirect_urls",
        alias: None,
        about: "Where native applications may be sent back to",
    },
];

/// Where the key comes from, in a line.
const KEY: &str = "CLERK_SECRET_KEY holds the key; --local needs none: it runs a Clerk of your own, in this process.";

/// The whole tree, not yet grown.
pub(crate) fn command() -> Command {
    Command::new("clerk-api")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Administers a Clerk application: users, organizations, memberships, invitations")
        .after_help(format!("{KEY}\n\n{}", root::GLOBAL))
        .after_long_help(exit_codes())
        .subcommand_required(true)
        .arg_required_else_help(true)
        .max_term_width(110)
        .args(root::output_flags())
        .args(root::safety_flags())
        .args(root::connection_flags())
        .subcommands(GROUPS.iter().map(group))
        .subcommands(crate::commands::tree().map(root::in_two_lengths))
}

fn exit_codes() -> String {
    let mut text = format!("{KEY}\n\nExit codes:\n");
    for (exit, meaning) in exit::TABLE {
        text.push_str(&format_line(exit.code(), meaning));
    }
    text
}

fn format_line(code: u8, meaning: &str) -> String {
    format!("  {code:>3}  {meaning}\n")
}

fn group(group: &Group) -> Command {
    let command = Command::new(from_meta::kebab(group.id))
        .about(group.about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .defer(grow_group);
    let command = root::in_two_lengths(command);
    match group.alias {
        Some(alias) => command.visible_alias(alias),
        None => command,
    }
}

fn grow_group(command: Command) -> Command {
    let id = command.get_name().replace('-', "_");
    let ops = ops::all().filter(|op| op.meta.group() == id);
    let commands: Vec<Command> = ops.map(|op| from_meta::command(op.meta)).collect();
    command.subcommands(commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(command: &mut Command, wrong: &mut Vec<String>, shown: &mut usize) {
        let name = command.get_name().to_owned();
        let short = command.render_help().to_string();
        let long = command.render_long_help().to_string();
        let examples = |text: &str| text.matches("\n  clerk-api ").count();
        let in_long = examples(&long);
        *shown += in_long;
        if !short.contains("Global options: ")
            || long.contains("Global options: ")
            || examples(&short) != in_long.min(1)
            || in_long > 0 && !long.contains("Examples:\n")
        {
            wrong.push(format!("{name}: {short}"));
        }
        for inner in command.get_subcommands_mut() {
            if inner.get_name() != "help" {
                ends(inner, wrong, shown);
            }
        }
    }

    #[test]
    fn short_help_has_one_example_and_names_global_options_and_long_help_has_all() {
        let (mut wrong, mut shown) = (Vec::new(), 0);
        let mut tree = command();
        tree.build();
        ends(&mut tree, &mut wrong, &mut shown);
        assert_eq!(wrong, <Vec<String>>::new());
        assert!(shown > 70, "{shown} examples");
    }
}
