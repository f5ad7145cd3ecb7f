//! Bash: it splits words at `:` and `=` too, so that `--role org:ad` and `--output=js` need putting together before and taking
//! apart again afterwards.

use std::ffi::OsString;
use std::io::{Error, Write};
use std::path::Path;

use clap::Command;
use clap_complete::engine::complete;
use clap_complete::env::EnvCompleter;

use crate::setup::config;

/// The variable with the number of the word to complete.
const INDEX: &str = "_CLERK_API_INDEX";

/// The adapter for bash, from 3.2 on.
pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == self.name()
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        _completer: &str,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        let function = format!("_{}", name.replace('-', "_"));
        write!(
            buf,
            r#"{function}() {{
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <({var}=bash {INDEX}="$COMP_CWORD" "$1" -- "${{COMP_WORDS[@]}}" 2>/dev/null)
    if [[ ${{#COMPREPLY[@]}} -eq 1 && ${{COMPREPLY[0]}} == *[/:=] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}}
complete -o bashdefault -o default -F {function} {bin}
"#
        )
    }

    fn write_complete(
        &self,
        cmd: &mut Command,
        args: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        let (words, index, before) = joined(&args);
        let is_new = words.last().is_some_and(|word| word.is_empty());
        let candidates = complete(cmd, words, index, current_dir)?;
        let values: Vec<_> = candidates
            .iter()
            .map(|one| one.get_value().to_string_lossy())
            .collect();
        // Twenty flags behind the values would hide them; a dash brings the flags.
        let only_values = is_new && values.iter().any(|value| !value.starts_with('-'));
        for value in values
            .iter()
            .filter(|value| !(only_values && value.starts_with('-')))
        {
            // Bash replaces only what comes after the last of its word breaks.
            if let Some(rest) = value.strip_prefix(&before) {
                writeln!(buf, "{rest}")?;
            }
        }
        Ok(())
    }
}

/// The words as they were typed, which of them is completed, and how much of it bash keeps.
pub(super) fn joined(parts: &[OsString]) -> (Vec<OsString>, usize, String) {
    let index = config::variable(INDEX).and_then(|index| index.parse().ok());
    join(parts, index.unwrap_or(parts.len().saturating_sub(1)))
}

fn join(parts: &[OsString], at: usize) -> (Vec<OsString>, usize, String) {
    let mut words: Vec<OsString> = Vec::new();
    let mut before = String::new();
    let mut goes_on = false;
    for part in parts.iter().take(at + 1) {
        let is_break = is_break(part);
        match words.last_mut() {
            Some(word) if is_break || goes_on => {
                before = word.to_string_lossy().into_owned();
                word.push(part);
            }
            _ => {
                before = String::new();
                words.push(part.clone());
            }
        }
        if is_break && let Some(word) = words.last() {
            before = word.to_string_lossy().into_owned();
        }
        goes_on = is_break;
    }
    if parts.len() <= at {
        words.push(OsString::new());
        before = String::new();
    }
    let index = words.len().saturating_sub(1);
    (words, index, before)
}

/// Whether bash made this a word of its own because it breaks words.
fn is_break(part: &OsString) -> bool {
    let text = part.to_string_lossy();
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b':' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined_at(parts: &[&str], at: usize) -> (Vec<String>, String) {
        let parts: Vec<OsString> = parts.iter().map(OsString::from).collect();
        let (words, index, before) = join(&parts, at);
        assert_eq!(index, words.len() - 1);
        let words = words.iter().map(|word| word.to_string_lossy().into_owned());
        (words.collect(), before)
    }

    #[test]
    fn words_that_bash_broke_are_put_together() {
        let is = |words: &[&str], before: &str| {
            let words = words.iter().map(|word| (*word).to_owned());
            (words.collect::<Vec<_>>(), before.to_owned())
        };
        let role = ["clerk-api", "--role", "org", ":", "ad"];
        assert_eq!(
            joined_at(&role, 4),
            is(&["clerk-api", "--role", "org:ad"], "org:")
        );
        assert_eq!(
            joined_at(&role, 3),
            is(&["clerk-api", "--role", "org:"], "org:")
        );
        assert_eq!(joined_at(&role, 2), is(&["clerk-api", "--role", "org"], ""));
        let output = ["clerk-api", "--output", "=", "js"];
        assert_eq!(
            joined_at(&output, 3),
            is(&["clerk-api", "--output=js"], "--output=")
        );
        let plain = ["clerk-api", "users", ""];
        assert_eq!(joined_at(&plain, 2), is(&["clerk-api", "users", ""], ""));
        assert_eq!(
            joined_at(&plain[..2], 2),
            is(&["clerk-api", "users", ""], "")
        );
    }
}
