//! The command tree: groups and commands. It grows only where it is looked at, since start time is a feature.

use std::ffi::OsString;

use clap::{ArgMatches, Command};
use clerk_api::ops;

use super::{from_meta, root};
use crate::show::exit;

/// A group of operations: its name in the library, its other name here, what it is about.
struct Group {
    id: &'static str,
    alias: Option<&'static str>,
    about: &'static str,
}

impl Group {
    fn is_called(&self, word: &str) -> bool {
        from_meta::kebab(self.id) == word || self.alias == Some(word)
    }
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

/// Reads a command line.
///
/// The parser copies each of the root's flags into every command that it knows. So it first gets to know only the command that
/// the line seems to name, which saves half the time of a start, and all of them where that fails.
///
/// # Errors
/// Those of the parser, help and version among them.
pub(crate) fn parse(arguments: &[OsString]) -> Result<ArgMatches, clap::Error> {
    let words: Vec<&str> = arguments
        .iter()
        .skip(1)
        .filter_map(|word| word.to_str())
        .collect();
    if matches!(words.as_slice(), ["--version" | "-V"]) {
        return root().try_get_matches_from(arguments);
    }
    if let Some(branch) = branch(&words) {
        let read = root().subcommand(branch).try_get_matches_from(arguments);
        // Only this tree knows that rows can give what is required.
        if read.is_ok() || has_rows(&words) {
            return read;
        }
    }
    command().try_get_matches_from(arguments)
}

/// The one command that a command line seems to name, in its group.
fn branch(words: &[&str]) -> Option<Command> {
    let named = |word: &&str| GROUPS.iter().find(|group| group.is_called(word));
    let (at, found) = words
        .iter()
        .enumerate()
        .find_map(|(at, word)| Some((at, named(word)?)))?;
    let mut verbs = crate::commands::verbs(found.id).into_iter();
    if let Some(verb) = verbs.find(|verb| words.get(at + 1) == Some(&verb.get_name())) {
        return Some(bare(found).subcommand(verb));
    }
    let mut ops = ops::all().filter(|op| op.meta.group() == found.id);
    let action = words.get(at + 1)?.replace('-', "_");
    let op = ops.find(|op| op.meta.action() == action)?;
    let command = if has_rows(words) {
        from_meta::command_of_rows(op.meta)
    } else {
        from_meta::command(op.meta)
    };
    Some(bare(found).subcommand(command))
}

fn has_rows(words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| *word == "--rows" || word.starts_with("--rows="))
}

/// The whole tree, not yet grown.
pub(crate) fn command() -> Command {
    root()
        .subcommands(GROUPS.iter().map(group))
        .subcommands(crate::commands::tree())
}

fn root() -> Command {
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
    bare(group).defer(grow_group)
}

/// A group without its commands.
fn bare(group: &Group) -> Command {
    let command = Command::new(from_meta::kebab(group.id))
        .about(group.about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .after_help(root::GLOBAL)
        .after_long_help("");
    match group.alias {
        Some(alias) => command.visible_alias(alias),
        None => command,
    }
}

fn grow_group(command: Command) -> Command {
    let id = command.get_name().replace('-', "_");
    let ops = ops::all().filter(|op| op.meta.group() == id);
    let commands: Vec<Command> = ops.map(|op| from_meta::command(op.meta)).collect();
    command
        .subcommands(commands)
        .subcommands(crate::commands::verbs(&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<String, clap::error::ErrorKind> {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let matches = parse(&arguments).map_err(|error| error.kind())?;
        let (group, inner) = matches.subcommand().unwrap();
        let action = inner.subcommand_name().unwrap_or_default();
        Ok(format!("{group} {action}"))
    }

    #[test]
    fn a_line_means_the_same_whichever_commands_the_parser_knows() {
        assert_eq!(parsed("clerk-api users list").unwrap(), "users list");
        assert_eq!(parsed("clerk-api orgs get x").unwrap(), "organizations get");
        assert_eq!(
            parsed("clerk-api --profile users organizations list").unwrap(),
            "organizations list"
        );
        assert_eq!(
            parsed("clerk-api --profile users users get user_1").unwrap(),
            "users get"
        );
        assert_eq!(parsed("clerk-api local status").unwrap(), "local status");
        assert!(parsed("clerk-api users nonsense").is_err());
        assert_eq!(
            parsed("clerk-api users delete --rows x.csv").unwrap(),
            "users delete"
        );
        assert!(parsed("clerk-api users delete").is_err());
    }
}
