//! `completions`: the script that a shell reads.

use clap::{Arg, ArgMatches, Command};
use clerk_api_admin::problem::Outcome;

use crate::complete::script;
use crate::show::exit::Exit;
use crate::show::ui::Ui;

pub(crate) fn command() -> Command {
    Command::new("completions")
        .visible_alias("completion")
        .about("Print the completion script for a shell")
        .after_help("Examples:\n  clerk-api completions bash > ~/.local/share/bash-completion/completions/clerk-api\n  clerk-api completions zsh > ~/.zfunc/_clerk-api      # a folder of your fpath\n  clerk-api completions fish > ~/.config/fish/completions/clerk-api.fish")
        .arg(
            Arg::new("shell")
                .required(true)
                .value_parser(["bash", "zsh", "fish", "powershell"])
                .help("The shell"),
        )
}

pub(crate) fn run(matches: &ArgMatches, ui: &Ui) -> Outcome<Exit> {
    let shell = matches.get_one::<String>("shell");
    ui.print(&script(shell.map_or("bash", String::as_str)))?;
    Ok(Exit::Done)
}
