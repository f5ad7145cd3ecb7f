//! Words that people use for commands and flags that have another name: what they may have meant.

use clap::Command;

/// A word, and what it may be called here; the first that a command has is suggested.
const WORDS: &[(&str, &[&str])] = &[
    ("add", &["create", "add-member"]),
    ("all", &["list"]),
    ("change", &["update"]),
    ("disable", &["ban", "lock"]),
    ("edit", &["update"]),
    ("enable", &["unban", "unlock"]),
    ("find", &["list"]),
    ("invite", &["create"]),
    ("ls", &["list"]),
    ("members", &["members", "memberships"]),
    ("modify", &["update"]),
    ("new", &["create"]),
    ("organizations", &["memberships"]),
    ("orgs", &["memberships"]),
    ("remove", &["delete", "revoke", "remove-member"]),
    ("rm", &["delete", "revoke"]),
    ("search", &["list"]),
    ("set", &["update"]),
    ("show", &["get"]),
    ("suspend", &["ban"]),
    ("unsuspend", &["unban"]),
    ("users", &["members"]),
    ("view", &["get"]),
];

/// Likewise for flags, without their dashes.
const FLAGS: &[(&str, &[&str])] = &[
    ("count", &["limit"]),
    ("email", &["email", "email-address"]),
    ("filter", &["query"]),
    ("force", &["yes"]),
    ("format", &["output"]),
    ("json", &["output"]),
    ("key", &["key-file"]),
    ("mail", &["email", "email-address"]),
    ("max", &["limit"]),
    ("metadata", &["public", "private"]),
    ("org", &["organization-id"]),
    ("organization", &["organization-id"]),
    ("page-size", &["limit"]),
    ("preview", &["dry-run"]),
    ("search", &["query"]),
    ("sort", &["order-by"]),
    ("sort-by", &["order-by"]),
    ("user", &["user-id"]),
];

/// How many commands elsewhere are named at most.
const MOST: usize = 3;

/// The command that these words lead to, and the names that lead there. Words that name no command, such as the values of flags, are
/// passed over.
pub(crate) fn innermost<'a>(root: &'a Command, words: &[&str]) -> (&'a Command, Vec<&'a str>) {
    let mut command = root;
    let mut path = vec![root.get_name()];
    for word in words.iter().skip(1) {
        if let Some(inner) = command.find_subcommand(word) {
            command = inner;
            path.push(inner.get_name());
        }
    }
    (command, path)
}

/// Whole command lines that an unknown command may mean: one of the same group, else the same word in other groups.
pub(crate) fn commands(root: &Command, at: &Command, path: &[&str], word: &str) -> Vec<String> {
    let word = word.to_lowercase();
    let meant = WORDS.iter().filter(|(said, _)| *said == word);
    let meant: Vec<&str> = meant.flat_map(|(_, names)| names.iter().copied()).collect();
    let here = meant.iter().find_map(|name| at.find_subcommand(name));
    if let Some(command) = here {
        return vec![format!("{} {}", path.join(" "), command.get_name())];
    }
    let names = || std::iter::once(word.as_str()).chain(meant.iter().copied());
    let elsewhere = root.get_subcommands().flat_map(|group| {
        let found = names().find_map(|name| group.find_subcommand(name));
        found.map(|command| {
            format!(
                "{} {} {}",
                root.get_name(),
                group.get_name(),
                command.get_name()
            )
        })
    });
    elsewhere.take(MOST).collect()
}

/// The flag of a command that an unknown one may mean.
pub(crate) fn flag(at: &Command, word: &str) -> Option<String> {
    let word = word.trim_start_matches('-').to_lowercase();
    let (_, names) = FLAGS.iter().find(|(said, _)| *said == word)?;
    let has = |name: &str| {
        at.get_arguments().any(|arg| {
            arg.get_long_and_visible_aliases()
                .is_some_and(|all| all.contains(&name))
        })
    };
    names
        .iter()
        .find(|name| has(name))
        .map(|name| format!("--{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(line: &str) -> Vec<String> {
        let mut root = crate::args::tree::command();
        root.build();
        let mut words: Vec<&str> = line.split(' ').collect();
        let unknown = words.pop().unwrap();
        let (at, path) = innermost(&root, &words);
        match unknown.strip_prefix("--") {
            Some(name) => flag(at, name).into_iter().collect(),
            None => commands(&root, at, &path, unknown),
        }
    }

    #[test]
    fn words_of_other_tools_lead_to_the_command() {
        assert_eq!(
            meant("clerk-api users organizations"),
            ["clerk-api users memberships"]
        );
        assert_eq!(
            meant("clerk-api organizations users"),
            ["clerk-api organizations members"]
        );
        assert_eq!(meant("clerk-api users show"), ["clerk-api users get"]);
        assert_eq!(
            meant("clerk-api invitations rm"),
            ["clerk-api invitations revoke"]
        );
        assert_eq!(meant("clerk-api ban"), ["clerk-api users ban"]);
        assert_eq!(
            meant("clerk-api --output json users organizations"),
            ["clerk-api users memberships"]
        );
        assert_eq!(meant("clerk-api users nonsense"), [""; 0]);
    }

    #[test]
    fn words_of_other_tools_lead_to_the_flag() {
        assert_eq!(meant("clerk-api users create --mail"), ["--email"]);
        assert_eq!(meant("clerk-api users list --sort"), ["--order-by"]);
        assert_eq!(meant("clerk-api users list --format"), ["--output"]);
        assert_eq!(meant("clerk-api users list --nonsense"), [""; 0]);
    }

    #[test]
    fn every_word_that_is_suggested_exists() {
        let mut root = crate::args::tree::command();
        root.build();
        let groups: Vec<&Command> = root.get_subcommands().collect();
        let is_command = |name: &str| {
            groups
                .iter()
                .any(|group| group.find_subcommand(name).is_some())
        };
        let commands = WORDS.iter().flat_map(|(_, names)| names.iter());
        assert_eq!(
            commands
                .filter(|name| !is_command(name))
                .collect::<Vec<_>>(),
            Vec::<&&str>::new()
        );
        let leaves = || groups.iter().flat_map(|group| group.get_subcommands());
        let is_flag = |name: &str| leaves().any(|leaf| flag_names(leaf).contains(&name));
        let flags = FLAGS.iter().flat_map(|(_, names)| names.iter());
        assert_eq!(
            flags.filter(|name| !is_flag(name)).collect::<Vec<_>>(),
            Vec::<&&str>::new()
        );
    }

    fn flag_names(command: &Command) -> Vec<&str> {
        let all = command
            .get_arguments()
            .filter_map(clap::Arg::get_long_and_visible_aliases);
        all.flatten().collect()
    }
}
