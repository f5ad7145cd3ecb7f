//! Chores of the project; `cargo xtask` lists them.

mod ci;
mod circles;
mod command;
mod deps;
mod dist;
mod docs;
mod place;
mod steps;
mod tools;
mod words;

use std::process::ExitCode;

use crate::command::say;

const USAGE: &str = "usage:
  cargo xtask ci [STEP…]       everything that must hold, or some steps of it
  cargo xtask ci --list        the steps
  cargo xtask dist [--check]   builds the packages, or installs and tries each
  cargo xtask deps [--print]   which crate may use which
  cargo xtask docs [--check]   writes docs/reference, or compares it
  cargo xtask words            finds words that our texts do not use";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["ci", "--list"] => Ok(ci::list()),
        ["ci", steps @ ..] => ci::run(steps),
        ["dist"] => dist::build(),
        ["dist", "--check"] => dist::check(),
        ["deps"] => deps::check(),
        ["deps", "--print"] => deps::print(),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["words"] => words::check(),
        _ => Err(USAGE.to_owned()),
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
