//! The secret key: where it comes from, and whether that place is safe (reliability.md 7.1, section 9).

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clerk_api::SecretKey;
use fs_err as fs;
use zeroize::Zeroizing;

use crate::config::{Environment, Settings, Source, Sourced};
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::hardening;
use crate::input::Inputs;

/// A key file larger than this is not a key file.
const LARGEST: u64 = 4096;

/// Finds the key. Two sources with different keys are refused: none silently goes before the other.
pub(crate) fn key(
    settings: &Settings,
    env: &Environment,
    inputs: &mut Inputs,
) -> Outcome<Sourced<SecretKey>> {
    let mut found: Vec<Sourced<SecretKey>> = Vec::new();
    for file in &settings.key_files {
        let value = from_file(&file.value, inputs)?;
        found.push(Sourced {
            value: value.1,
            source: file.source.clone(),
        });
    }
    if let Some(text) = &env.secret_key {
        let source = Source::Env("CLERK_SECRET_KEY");
        let value = parse(text, &source.to_string())?;
        found.push(Sourced { value, source });
    }
    hardening::private_memory();
    let mut found = found.into_iter();
    let first = found.next().ok_or_else(missing)?;
    for other in found {
        if !first.value.same_as(&other.value) {
            return Err(Failure::config(format!(
                "two different keys: {} and {}",
                first.source, other.source
            ))
            .hint("leave one of them out; `clerk-api doctor` shows where keys come from"));
        }
    }
    Ok(first)
}

fn missing() -> Box<Failure> {
    Failure::new(Exit::Key, "key_missing", "no secret key")
        .hint("set CLERK_SECRET_KEY to the key from the API keys page of Clerk's dashboard")
        .hint("or try it without a key, on a Clerk of your own: clerk-api --local users list")
}

fn parse(text: &str, source: &str) -> Outcome<SecretKey> {
    SecretKey::parse(text).map_err(|error| {
        let failure = Failure::new(
            Exit::Key,
            "key_malformed",
            format!("the key of {source} cannot be a key: {error}"),
        );
        match text.get(..3) {
            Some("pk_") => {
                failure.hint("this is the publishable key; the secret key begins with sk_")
            }
            Some("ak_") => failure
                .hint("this is a key of Clerk's platform API; the secret key begins with sk_"),
            _ => failure.hint("copy it again from the API keys page of Clerk's dashboard"),
        }
    })
}

fn from_file(path: &Path, inputs: &mut Inputs) -> Outcome<(PathBuf, SecretKey)> {
    let shown = path.display().to_string();
    let bytes = if shown == "-" {
        Zeroizing::new(inputs.stdin("--key-file")?)
    } else {
        read(path)?
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        Failure::new(
            Exit::Key,
            "key_malformed",
            format!("the key file {shown} is not text"),
        )
    })?;
    Ok((
        path.to_owned(),
        parse(text, &format!("the key file {shown}"))?,
    ))
}

fn read(path: &Path) -> Outcome<Zeroizing<Vec<u8>>> {
    let path = expanded(path);
    let unreadable = |error: &std::io::Error| {
        Failure::config("cannot read the key file").cause(error.to_string())
    };
    let file = fs::File::open(&path).map_err(|error| unreadable(&error))?;
    check_private(&file, &path)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(512));
    file.take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

/// `~/` in a configuration file means the home folder.
fn expanded(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), etcetera::home_dir()) {
        (Ok(rest), Ok(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The open file is asked, not the path, so that nobody swaps it in between.
#[cfg(unix)]
fn check_private(file: &fs::File, path: &Path) -> Outcome<()> {
    use std::os::unix::fs::MetadataExt as _;
    let facts = file
        .metadata()
        .map_err(|error| Failure::config("cannot read the key file").cause(error.to_string()))?;
    let shown = path.display();
    if !facts.is_file() {
        return Err(Failure::config(format!(
            "the key file {shown} is not a file"
        )));
    }
    if facts.uid() != rustix::process::geteuid().as_raw() {
        return Err(Failure::config(format!(
            "the key file {shown} belongs to another user"
        )));
    }
    if facts.mode() & 0o077 != 0 {
        return Err(
            Failure::config(format!("the key file {shown} can be read by others"))
                .hint(format!("chmod 600 {shown}")),
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_private(_: &fs::File, _: &Path) -> Outcome<()> {
    Ok(())
}
