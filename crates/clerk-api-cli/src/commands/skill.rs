//! `skill`: puts the skill of this version where agents look, shows it, and says where it is.

mod agents;
mod copy;

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::skill::{FILES, NAME};
use serde_json::{Value, json};

use super::output::{renderer, show};
use crate::setup::context::Context;
use crate::setup::folders::Folders;
use crate::show::exit::Exit;
use agents::AGENTS;
use copy::{Copy, State};

const FOR: &str = "skill.for";
const PROJECT: &str = "skill.project";
const TO: &str = "skill.to";
const FORCE: &str = "skill.force";
const FILE: &str = "skill.file";

pub(super) fn command() -> Command {
    Command::new("skill")
        .about("Install the skill for agents that belongs to this version")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            Command::new("install")
                .about("Write the skill where agents look")
                .long_about("Write the skill where agents look: into the folders of the agents that are used on this machine, or of those that --for names. A skill of an older version is replaced; a file that somebody changed is not, unless you add --force. --dry-run only says what would be written")
                .after_help("Examples:\n  clerk-api skill install\n  clerk-api skill install --for claude-code --project\n  clerk-api skill install --to ~/agent/skills")
                .args(places())
                .arg(
                    Arg::new(FORCE)
                        .long("force")
                        .action(ArgAction::SetTrue)
                        .help("Replace files that somebody changed"),
                ),
            Command::new("show")
                .about("Print the skill, or one of its files")
                .after_help("Examples:\n  clerk-api skill show\n  clerk-api skill show references/errors.md")
                .arg(
                    Arg::new(FILE)
                        .value_name("NAME")
                        .default_value(FILES[0].0)
                        .value_parser(FILES.map(|(name, _)| name))
                        .help("The file of the skill"),
                ),
            Command::new("path")
                .about("Show where agents look for the skill, and which version is there")
                .after_help("Examples:\n  clerk-api skill path\n  clerk-api skill path --for codex")
                .args(places()),
        ])
}

/// Where the skill goes.
fn places() -> [Arg; 3] {
    [
        Arg::new(FOR)
            .long("for")
            .value_name("AGENT")
            .action(ArgAction::Append)
            .value_delimiter(',')
            .value_parser(AGENTS.map(|agent| agent.word))
            .help("The agent (repeatable, or with commas; default: each one that is used here)"),
        Arg::new(PROJECT)
            .long("project")
            .action(ArgAction::SetTrue)
            .help("In this folder, for everybody who works on it, and not for yourself everywhere"),
        Arg::new(TO)
            .long("to")
            .value_name("FOLDER")
            .value_hint(ValueHint::DirPath)
            .conflicts_with_all([FOR, PROJECT])
            .help("Into this folder of skills, of an agent that is not listed"),
    ]
}

pub(super) fn run(matches: &ArgMatches, context: &Context) -> Outcome<Exit> {
    match matches.subcommand() {
        Some(("show", inner)) => {
            let name = inner.get_one::<String>(FILE).map(String::as_str);
            let file = FILES.iter().find(|(file, _)| Some(*file) == name);
            context.ui.print(file.unwrap_or(&FILES[0]).1)?;
            Ok(Exit::Done)
        }
        Some(("path", inner)) => {
            let copies = copies(inner, true)?;
            let rows = copies.iter().map(Copy::row).collect::<Outcome<_>>()?;
            shown(context, rows)
        }
        Some((_, inner)) => {
            let copies = copies(inner, false)?;
            let rows = install(&copies, inner.get_flag(FORCE), context.flags.dry_run)?;
            shown(context, rows)
        }
        None => Err(Problem::usage("skill needs a command")),
    }
}

/// Writes the skill to all of these places, or to none if one of them has a file that somebody changed.
fn install(copies: &[Copy], force: bool, dry_run: bool) -> Outcome<Vec<Value>> {
    let mut rows = Vec::new();
    for copy in copies {
        let state = copy.state()?;
        if let State::Changed(files) = &state
            && !force
        {
            return Err(Problem::refused(format!(
                "nothing was written: somebody changed {} in {}",
                files.join(", "),
                copy.folder.display()
            ))
            .hint(
                "add --force to replace it; `clerk-api skill show` prints the text of this version",
            ));
        }
        let word = match state {
            State::Current => "already",
            _ if dry_run => "would_write",
            _ => "written",
        };
        rows.push(json!({
            "agent": copy.agent, "folder": copy.folder, "state": word, "version": env!("CARGO_PKG_VERSION"),
            "files": FILES.map(|(name, _)| name),
        }));
    }
    for copy in copies.iter().filter(|_| !dry_run) {
        if copy.state()? != State::Current {
            copy.write()?;
        }
    }
    Ok(rows)
}

/// The places that the arguments mean. A look may be at all of them.
fn copies(matches: &ArgMatches, all: bool) -> Outcome<Vec<Copy>> {
    if let Some(folder) = matches.get_one::<String>(TO) {
        let root = PathBuf::from(folder);
        return Ok(vec![Copy {
            agent: None,
            folder: root.join(NAME),
            root,
        }]);
    }
    let folders = Folders::find()?;
    let wanted: Vec<&str> = matches
        .get_many::<String>(FOR)
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let chosen = AGENTS.iter().filter(|agent| match wanted.as_slice() {
        [] => all || (agent.sign)(&folders).is_dir(),
        words => words.contains(&agent.word),
    });
    let project = matches.get_flag(PROJECT);
    let copies: Vec<Copy> = chosen
        .map(|agent| {
            let root = if project {
                PathBuf::new()
            } else {
                agent.root(&folders)
            };
            let skills = if project {
                PathBuf::from(agent.project)
            } else {
                (agent.user)(&folders)
            };
            Copy {
                agent: Some(agent.word),
                folder: skills.join(NAME),
                root,
            }
        })
        .collect();
    if copies.is_empty() {
        let words = AGENTS.map(|agent| agent.word).join(", ");
        return Err(
            Problem::usage("no agent is known to be used here").hint(format!(
                "name it: --for {words}; or its folder of skills: --to FOLDER"
            )),
        );
    }
    Ok(copies)
}

fn shown(context: &Context, rows: Vec<Value>) -> Outcome<Exit> {
    let mut renderer = renderer(context, "skill")?;
    show(
        context,
        &mut renderer,
        Value::Array(rows).to_string().as_bytes(),
    )
}
