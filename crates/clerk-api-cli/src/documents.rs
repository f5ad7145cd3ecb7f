//! What README, docs and skill say about the command line, compared with the command line. Codes and limits of the API: the contract.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Command;
use clap::error::ErrorKind;
use clerk_api::RetryPolicy;
use clerk_api::transport::Timeouts;
use fs_err as fs;

use crate::args::tree;
use crate::setup::config::File;
use crate::setup::context::{policy, timeouts};
use crate::show::exit;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every document that is written by hand, with its name. `docs/reference` is generated.
fn documents() -> Vec<(String, String)> {
    let (docs, skills) = (root().join("docs"), root().join("skills"));
    let mut folders = vec![root(), docs.clone(), skills.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let ours = folder.starts_with(&docs) || folder.starts_with(&skills);
                if ours && path != docs.join("reference") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "md") {
                let text = fs::read_to_string(&path).unwrap();
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, text));
            }
        }
    }
    assert!(found.len() > 25, "{found:?}");
    found
}

/// Code in a document: text between backquotes, and the lines of its command blocks.
fn code(text: &str) -> Vec<String> {
    let (mut block, mut found) = (None, Vec::new());
    for line in text.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            block = block.is_none().then(|| language.to_owned());
        } else if let Some(language) = &block {
            if matches!(language.as_str(), "sh" | "") {
                found.push(line.trim().to_owned());
            }
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// The command lines in a piece of code: each begins with the program's name, or with a group and one of its verbs.
fn command_lines(code: &str, tree: &Command) -> Vec<Vec<String>> {
    // Notation of manuals: brackets around optional parts, bars between alternatives; the first alternative is used.
    let plain = code.split(" #").next().unwrap_or_default();
    let plain = plain.replace(['[', ']', '(', ')', '$'], " ");
    let split = shlex::split(&plain);
    let split = split.unwrap_or_else(|| plain.split_whitespace().map(str::to_owned).collect());
    let words: Vec<&str> = split.iter().map(String::as_str).collect();
    let mut lines = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let after = if *word == "clerk-api" {
            &words[at + 1..]
        } else if at == 0 && words.len() > 1 && is_command(tree, words[0], words[1]) {
            &words[..]
        } else {
            continue;
        };
        // `GROUP VERB` stands for any command.
        if after
            .iter()
            .any(|word| matches!(*word, "GROUP" | "COMMAND" | "…"))
        {
            continue;
        }
        let ends =
            |word: &&&str| !matches!(**word, "|" | ">" | ">>" | "&&" | ";" | "clerk-api" | "--");
        let line = after.iter().take_while(ends);
        let alternative = |word: &&str| {
            let word = if word.starts_with('<') { "x" } else { word };
            word.split('|')
                .next()
                .unwrap_or(word)
                .trim_end_matches([';', ',', '.', '…'])
                .to_owned()
        };
        lines.push(
            line.map(alternative)
                .filter(|word| !word.is_empty())
                .collect(),
        );
    }
    lines
}

fn is_command(tree: &Command, group: &str, verb: &str) -> bool {
    let verb = verb.split('|').next().unwrap_or(verb);
    tree.find_subcommand(group)
        .is_some_and(|group| group.find_subcommand(verb).is_some())
}

fn built() -> Command {
    let mut tree = tree::command();
    tree.build();
    tree
}

#[test]
fn every_command_that_a_document_names_exists_with_its_flags() {
    let tree = built();
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, text) in documents() {
        for line in code(&text)
            .iter()
            .flat_map(|code| command_lines(code, &tree))
        {
            count += 1;
            let words = ["clerk-api".to_owned()].into_iter().chain(line.clone());
            let Err(error) = tree::command().try_get_matches_from(words) else {
                continue;
            };
            // Placeholders are no numbers, and prose leaves out what is required.
            let fine = matches!(
                error.kind(),
                ErrorKind::DisplayHelp
                    | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                    | ErrorKind::DisplayVersion
                    | ErrorKind::MissingRequiredArgument
                    | ErrorKind::MissingSubcommand
                    | ErrorKind::InvalidValue
                    | ErrorKind::ValueValidation
                    | ErrorKind::ArgumentConflict
            );
            if !fine {
                let reason = error.to_string();
                let reason = reason.lines().next().unwrap_or_default();
                wrong.push(format!("{name}: {}: {reason}", line.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "{count} commands were found");
}

#[test]
fn every_flag_that_a_document_names_exists() {
    fn flags(command: &Command, known: &mut BTreeSet<String>) {
        for arg in command.get_arguments() {
            known.extend(
                arg.get_long_and_visible_aliases()
                    .into_iter()
                    .flatten()
                    .map(str::to_owned),
            );
            known.extend(
                arg.get_all_aliases()
                    .into_iter()
                    .flatten()
                    .map(str::to_owned),
            );
        }
        for inner in command.get_subcommands() {
            flags(inner, known);
        }
    }
    let mut known = BTreeSet::new();
    flags(&built(), &mut known);
    // Flags of cargo, and of the programs in examples.
    known.extend(["help", "version", "path", "release", "workspace"].map(str::to_owned));
    for (name, text) in documents() {
        // Documents about the project itself have flags of other programs.
        if matches!(
            name.as_str(),
            "CONTRIBUTING.md" | "ARCHITECTURE.md" | "docs/conformance.md" | "docs/performance.md"
        ) {
            continue;
        }
        for span in code(&text).iter().filter(|code| code.starts_with("--")) {
            let flag = span.trim_start_matches('-');
            let end = flag.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
            let flag = &flag[..end.unwrap_or(flag.len())];
            assert!(
                flag.is_empty() || known.contains(flag),
                "{name}: --{flag} in {span:?}"
            );
        }
    }
}

#[test]
fn reliability_5_every_exit_code_that_a_document_names_is_one() {
    let is_code = |text: &str| {
        let code = text.parse::<u8>().ok();
        exit::TABLE
            .iter()
            .any(|(exit, _)| Some(exit.code()) == code)
    };
    let mut count = 0;
    for (name, text) in documents() {
        let mut in_table = false;
        for line in text.lines() {
            in_table = line.starts_with("| exit |") || (in_table && line.starts_with('|'));
            let cell = line.split('|').nth(1).unwrap_or_default().trim();
            if in_table && cell.chars().all(|c| c.is_ascii_digit()) {
                assert!(is_code(cell), "{name}: {line}");
                count += 1;
            }
            for said in line
                .split("(exit ")
                .skip(1)
                .chain(line.split("exit code ").skip(1))
            {
                let digits: String = said.chars().take_while(char::is_ascii_digit).collect();
                assert!(digits.is_empty() || is_code(&digits), "{name}: {line}");
                count += usize::from(!digits.is_empty());
            }
        }
    }
    assert!(count > 10, "{count} exit codes were found");
}

#[test]
fn the_page_on_configuration_names_every_setting_with_its_default() {
    let text = fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let blocks: Vec<&str> = text
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    for block in &blocks {
        toml::from_str::<File>(block).unwrap_or_else(|error| panic!("{error}\n{block}"));
    }
    let all = blocks.last().unwrap();
    // The fields of the file, as the source has them: a new field needs documentation.
    let source = include_str!("setup/config/file.rs");
    for name in source
        .lines()
        .filter_map(|line| line.strip_prefix("    pub(crate) "))
    {
        let Some((name, _)) = name.split_once(": ") else {
            continue;
        };
        if name.contains('(') {
            continue;
        }
        let shown = all.lines().any(|line| {
            line.starts_with(&format!("{name} =")) || line.starts_with(&format!("[{name}"))
        });
        assert!(shown, "{name} is not in docs/configuration.md");
    }
    let http = toml::from_str::<File>(all).unwrap().http;
    let (said, real) = (policy(&http), RetryPolicy::default());
    assert_eq!(format!("{said:?}"), format!("{real:?}"));
    assert_eq!(
        format!("{:?}", timeouts(&http)),
        format!("{:?}", Timeouts::default())
    );
}

#[test]
fn the_readme_counts_the_operations() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let said = format!("all {} operations", clerk_api::ops::all().count());
    assert!(text.contains(&said), "README.md does not say {said:?}");
}
