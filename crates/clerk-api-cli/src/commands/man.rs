//! `man`: the manual pages, one to standard output or all into a folder.

use std::path::Path;

use clap::{Arg, ArgMatches, Command, value_parser};
use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;

use crate::args::tree;
use crate::show::exit::Exit;
use crate::show::ui::Ui;

pub(crate) fn command() -> Command {
    Command::new("man")
        .about("Print or write manual pages")
        .after_help("Examples:\n  clerk-api man users list | man -l -\n  clerk-api man --dir ~/.local/share/man/man1")
        .arg(
            Arg::new("dir")
                .long("dir")
                .value_name("FOLDER")
                .value_parser(value_parser!(std::path::PathBuf))
                .conflicts_with("command")
                .help("Write the pages of all commands into this folder"),
        )
        .arg(
            Arg::new("command")
                .num_args(0..)
                .value_name("COMMAND")
                .help("The command whose page to print; without one, the first page"),
        )
}

pub(crate) fn run(matches: &ArgMatches, ui: &Ui) -> Outcome<Exit> {
    let mut root = tree::command();
    root.build();
    if let Some(folder) = matches.get_one::<std::path::PathBuf>("dir") {
        let written = all(&root, folder)?;
        ui.print(&format!(
            "{}\n",
            serde_json::json!({"folder": folder, "pages": written})
        ))?;
        return Ok(Exit::Done);
    }
    let mut command = &root;
    for name in matches.get_many::<String>("command").into_iter().flatten() {
        command = command
            .find_subcommand(name)
            .ok_or_else(|| Problem::usage(format!("there is no command {name:?}")))?;
    }
    ui.print(&String::from_utf8_lossy(&page(command)?))?;
    Ok(Exit::Done)
}

fn page(command: &Command) -> Outcome<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| Problem::output(&error))?;
    Ok(page)
}

fn all(root: &Command, folder: &Path) -> Outcome<usize> {
    let failed = |error: std::io::Error| Problem::io("cannot write the manual pages", &error);
    fs::create_dir_all(folder).map_err(failed)?;
    let mut waiting = vec![root];
    let mut written = 0;
    while let Some(command) = waiting.pop() {
        let name = command
            .get_display_name()
            .unwrap_or_else(|| command.get_name());
        fs::write(folder.join(format!("{name}.1")), page(command)?).map_err(failed)?;
        written += 1;
        waiting.extend(
            command
                .get_subcommands()
                .filter(|command| command.get_name() != "help"),
        );
    }
    Ok(written)
}
