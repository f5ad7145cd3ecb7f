//! The secret key: where it comes from, and whether that place is safe (reliability.md 7.1, section 9).

mod command;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clerk_api::{KeyError, SecretKey};
use clerk_api_admin::input::source::Inputs;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use fs_err as fs;
use zeroize::Zeroizing;

use crate::setup::config::{Environment, Settings, Source, Sourced};
use crate::setup::hardening;

/// A key file larger than this is not a key file.
const LARGEST: usize = 4096;

/// Finds the key. Two sources with different keys are refused: none silently goes before the other.
pub(crate) async fn key(
    settings: &Settings,
    env: &Environment,
    inputs: &mut Inputs,
) -> Outcome<Sourced<SecretKey>> {
    let mut found: Vec<Sourced<SecretKey>> = Vec::new();
    for file in &settings.key_files {
        let (value, source) = (from_file(&file.value, inputs)?, file.source.clone());
        found.push(Sourced { value, source });
    }
    if let Some(text) = &env.secret_key {
        let source = Source::Env("CLERK_SECRET_KEY");
        let value = parse(text, &source.to_string())?;
        found.push(Sourced { value, source });
    }
    // A command may ask a person for something, so it runs only where nothing else gives a key.
    if let (true, Some(line)) = (found.is_empty(), &settings.key_command) {
        let (bytes, source) = (command::output(line).await?, line.source.clone());
        let value = of_bytes(&bytes, &source.to_string())?;
        found.push(Sourced { value, source });
    }
    hardening::private_memory();
    let mut found = found.into_iter();
    let first = found.next().ok_or_else(missing)?;
    for other in found {
        if !first.value.same_as(&other.value) {
            return Err(Problem::config(format!(
                "found found two different keys: {} and {}",
                first.source, other.source
            ))
            .hint("remove one of them; `clerk-api doctor` shows where keys come from"));
        }
    }
    Ok(first)
}

fn missing() -> Box<Problem> {
    Problem::new(ProblemKind::Key, "key_missing", "no secret key")
        .hint("set CLERK_SECRET_KEY to the key from the API keys page of Clerk's dashboard")
        .hint("or try it without a key, on a local Clerk: clerk-api --local users list")
}

fn parse(text: &str, source: &str) -> Outcome<SecretKey> {
    SecretKey::parse(text).map_err(|error| {
        let failure = Problem::new(
            ProblemKind::Key,
            "key_malformed",
            format!("the key from {source} is not valid: {error}"),
        );
        failure.hint(match error {
            KeyError::Quotes => {
                "a shell removes quotes, but a file and most tools do not: write the key without quotes"
            }
            KeyError::Assignment => {
                "a key file contains only the key; `export NAME=…` is for a shell"
            }
            KeyError::Publishable | KeyError::Platform | KeyError::Webhook => {
                "the secret key begins with sk_: it is on the API keys page of Clerk's dashboard"
            }
            _ => "copy it again from the API keys page of Clerk's dashboard",
        })
    })
}

/// A key from a file or a program: UTF-8, whatever an editor put around it (reliability.md 8.5).
fn of_bytes(bytes: &[u8], source: &str) -> Outcome<SecretKey> {
    let malformed = |what: &str| {
        Problem::new(
            ProblemKind::Key,
            "key_malformed",
            format!("the key from {source} {what}"),
        )
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(malformed("is UTF-16, not UTF-8")
            .hint("convert it first: iconv -f UTF-16 -t UTF-8 FILE"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("is not text"))?;
    parse(text, source)
}

fn from_file(path: &Path, inputs: &mut Inputs) -> Outcome<SecretKey> {
    let shown = path.display().to_string();
    let bytes = if shown == "-" {
        Zeroizing::new(inputs.stdin("--key-file")?)
    } else {
        read(path)?
    };
    of_bytes(&bytes, &format!("the key file {shown}"))
}

fn read(path: &Path) -> Outcome<Zeroizing<Vec<u8>>> {
    let path = expanded(path);
    let unreadable = |error: &std::io::Error| {
        Problem::config("cannot read the key file").cause(error.to_string())
    };
    let file = fs::File::open(&path).map_err(|error| unreadable(&error))?;
    check_private(&file, &path)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(512));
    file.take(LARGEST as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

/// `~/` in a configuration file means the home folder.
pub(crate) fn expanded(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), etcetera::home_dir()) {
        (Ok(rest), Ok(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// This checks the open file and not the path, so that nobody can swap it in between.
#[cfg(unix)]
fn check_private(file: &fs::File, path: &Path) -> Outcome<()> {
    use std::os::unix::fs::MetadataExt as _;
    let facts = file
        .metadata()
        .map_err(|error| Problem::config("cannot read the key file").cause(error.to_string()))?;
    let shown = path.display();
    if !facts.is_file() {
        return Err(Problem::config(format!(
            "the key file {shown} is not a file"
        )));
    }
    if facts.uid() != rustix::process::geteuid().as_raw() {
        return Err(Problem::config(format!(
            "the key file {shown} belongs to another user"
        )));
    }
    if facts.mode() & 0o077 != 0 {
        return Err(
            Problem::config(format!("the key file {shown} can be read by others"))
                .hint(format!("chmod 600 {shown}")),
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_private(_: &fs::File, _: &Path) -> Outcome<()> {
    Ok(())
}
