//! Chores of the project: `cargo xtask deps [--print]` checks who may know whom, `cargo xtask docs [--check]` writes docs/reference.

mod circles;
mod deps;
mod docs;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["deps"] => deps::check(),
        ["deps", "--print"] => deps::print(),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        _ => Err("usage: cargo xtask deps [--print] | docs [--check]".to_owned()),
    };
    match result {
        Ok(message) => {
            say(&message);
            ExitCode::SUCCESS
        }
        Err(message) => {
            say(&message);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a chore talks to whoever runs it")]
fn say(message: &str) {
    eprintln!("{message}");
}
