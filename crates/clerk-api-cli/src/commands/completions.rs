//! `completions`: the script that a shell reads.

use clap::{Arg, ArgMatches, Command};
use clap_complete::Shell;
use clerk_api_admin::problem::Outcome;

use crate::args::tree;
use crate::show::exit::Exit;
use crate::show::ui::Ui;

pub(crate) fn command() -> Command {
    Command::new("completions")
        .visible_alias("completion")
        .about("Write the completion script of a shell")
        .after_help("Examples:\n  clerk-api completions bash > ~/.local/share/bash-completion/completions/clerk-api\n  clerk-api completions fish > ~/.config/fish/completions/clerk-api.fish")
        .arg(
            Arg::new("shell")
                .required(true)
                .value_parser(["bash", "zsh", "fish", "powershell"])
                .help("The shell"),
        )
}

pub(crate) fn run(matches: &ArgMatches, ui: &Ui) -> Outcome<Exit> {
    let shell = match matches.get_one::<String>("shell").map(String::as_str) {
        Some("zsh") => Shell::Zsh,
        Some("fish") => Shell::Fish,
        Some("powershell") => Shell::PowerShell,
        _ => Shell::Bash,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut tree::command(), "clerk-api", &mut script);
    ui.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
