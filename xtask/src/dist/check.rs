//! `cargo xtask dist --check`: each package is installed into a clean place, and does one thing there.

use std::path::{Path, PathBuf};
use std::process::Command;

use fs_err as fs;
use serde_json::Value;

use super::platform::{GLIBC, Platform, packages, stage};
use super::sources::Part;
use super::{debian, npm, sources, tree, wheel};
use crate::command::{command, read, say};
use crate::place;
use crate::tools::{BIN, NPM};

/// Installs and tries every package in `target/packages`.
pub(crate) fn check() -> Result<String, String> {
    let platform = Platform::here()?;
    let mut sums = command(
        "sha256sum",
        &["--check", "--strict", "--quiet", "SHA256SUMS"],
    );
    read(sums.current_dir(packages()))?;
    say("checksums: all as written");
    let linked = sources::linked(&platform)?;
    bill_names(&linked)?;

    let clean = Clean::new()?;
    let tarball = clean.folder("tarball")?;
    read(
        command("tar", &["-xzf"])
            .arg(tree::path(&platform))
            .arg("-C")
            .arg(&tarball),
    )?;
    let tarball = tarball.join(format!("clerk-api-{}-{}", place::VERSION, platform.triple));
    for file in [
        "LICENSE",
        "README.md",
        "man/man1/clerk-api-users-list.1",
        "completions/_clerk-api",
    ] {
        let found = fs::metadata(tarball.join(file)).map_err(|error| error.to_string())?;
        if found.len() == 0 {
            return Err(format!("{file} is empty in the tarball"));
        }
    }
    notices_name(&linked, &tarball.join("THIRD-PARTY.txt"))?;
    let program = tarball.join(platform.program());
    if platform.is_glibc() {
        old_glibc(&program)?;
    }
    clean.works("tarball", &program, &[])?;

    let python = clean.folder("wheel")?;
    read(command("python3", &["-m", "venv"]).arg(&python))?;
    let install = [
        "install",
        "--quiet",
        "--no-index",
        "--disable-pip-version-check",
    ];
    read(command(python.join(BIN).join("pip"), &install).arg(wheel::wheel()?))?;
    clean.works("wheel", &python.join(BIN).join("clerk-api"), &[])?;

    let [front, own] = npm::paths(&platform)?;
    let node = clean.folder("npm")?;
    let install = [
        "install",
        "--offline",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
    ];
    read(clean.here(command(NPM, &install).arg(&node).arg(&front).arg(&own)))?;
    clean.works("npm", &node.join("node_modules/.bin/clerk-api"), &[])?;
    let own = own.display().to_string();
    let npx = ["--offline", "--yes", "--package", &own, "--", "clerk-api"];
    clean.works("npx", Path::new("npx"), &npx)?;

    if let Some(package) = debian::path(&platform) {
        let root = clean.folder("debian")?;
        read(command("dpkg-deb", &["--extract"]).arg(package).arg(&root))?;
        clean.works("debian", &root.join("usr/bin/clerk-api"), &[])?;
    }
    Ok("packages: each installs and works".to_owned())
}

type Linked = std::collections::BTreeSet<Part>;

fn bill_names(linked: &Linked) -> Result<(), String> {
    let text = fs::read_to_string(packages().join(wheel::bill())).map_err(|e| e.to_string())?;
    let bill: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let parts = bill["components"].as_array().into_iter().flatten();
    let named = |part: &Value, key: &str| part[key].as_str().unwrap_or_default().to_owned();
    let parts: Linked = parts
        .map(|part| (named(part, "name"), named(part, "version")))
        .collect();
    all_in("the bill of materials", linked, |part| parts.contains(part))
}

fn notices_name(linked: &Linked, file: &Path) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    all_in("the notices", linked, |part| {
        text.contains(&sources::line(part))
    })
}

fn all_in(what: &str, linked: &Linked, has: impl Fn(&Part) -> bool) -> Result<(), String> {
    let missing: Vec<_> = linked.iter().filter(|part| !has(part)).collect();
    if linked.is_empty() || !missing.is_empty() {
        return Err(format!(
            "of {} crates, {what} does not name {missing:?}",
            linked.len()
        ));
    }
    say(&format!(
        "{what}: all {} crates that are linked in",
        linked.len()
    ));
    Ok(())
}

/// Fails where the program asks for a newer glibc than is promised.
fn old_glibc(program: &Path) -> Result<(), String> {
    let text = read(command("objdump", &["-T"]).arg(program))?;
    let versions = text.split("GLIBC_").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'));
        let (major, minor) = rest[..end?].split_once('.')?;
        let minor = minor.split('.').next()?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    });
    match versions.max() {
        Some(newest) if newest <= GLIBC => {
            say(&format!("glibc: needs {}.{}", newest.0, newest.1));
            Ok(())
        }
        newest => Err(format!(
            "glibc: {GLIBC:?} is promised, {newest:?} is needed"
        )),
    }
}

/// A place with nothing of this project but what is installed into it.
struct Clean(PathBuf);

impl Clean {
    fn new() -> Result<Self, String> {
        let folder = stage().join("clean");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
        }
        Ok(Self(folder))
    }

    fn folder(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.0.join(name);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        Ok(folder)
    }

    /// Hides the environment of the person who runs this from a command.
    fn here<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env_clear()
            .current_dir(&self.0)
            .env("HOME", &self.0);
        command.env("PATH", place::variable("PATH").unwrap_or_default())
    }

    /// Fails unless the program has the version, creates a user in a local Clerk and finds it again.
    fn works(&self, package: &str, program: &Path, before: &[&str]) -> Result<(), String> {
        let local = format!("--local={}", self.0.join(package).join("try.db").display());
        let ask = |args: &[&str]| read(self.here(command(program, before).args(args)));
        let version = ask(&["--version"])?;
        if version.trim() != format!("clerk-api {}", place::VERSION) {
            return Err(format!("{package}: the version is {version}"));
        }
        ask(&[&local, "users", "create", "--email", "ada@example.com"])?;
        let list = ask(&[&local, "users", "list", "--query", "ada", "--output", "csv"])?;
        if list.contains("ada@example.com") {
            say(&format!("{package}: works"));
            Ok(())
        } else {
            Err(format!(
                "{package}: the created user is not in the list:\n{list}"
            ))
        }
    }
}
