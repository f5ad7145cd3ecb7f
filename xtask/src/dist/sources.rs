//! What is linked into the binary, and the notices that its licences want.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fs_err as fs;
use serde_json::Value;

use super::platform::Platform;
use crate::command::{command, read};

/// Name and version of a crate.
pub(super) type Part = (String, String);

/// Every crate of others that is linked in. Macros run in the compiler and are not.
pub(super) fn linked(platform: &Platform) -> Result<BTreeSet<Part>, String> {
    let args = "tree -p clerk-api-cli -e normal,no-proc-macro --prefix none --locked --format";
    let mut tree = command("cargo", &args.split(' ').collect::<Vec<_>>());
    let text = read(tree.args(["{p}", "--target", &platform.triple]))?;
    let parts = text.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" v")?;
        let (version, place) = rest.split_once(' ').unwrap_or((rest, ""));
        (!place.starts_with("(/")).then(|| (name.to_owned(), version.to_owned()))
    });
    Ok(parts.collect())
}

/// The entry of a crate in the notices.
pub(super) fn line((name, version): &Part) -> String {
    format!("  {name} {version}\n")
}

/// The notices of all crates that are linked in: each text once, below the crates whose packages have it.
pub(super) fn notices(platform: &Platform) -> Result<String, String> {
    let parts = linked(platform)?;
    let args = ["metadata", "--format-version", "1", "--locked"];
    let text = read(&mut command("cargo", &args))?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let told = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        let part = (told("name"), told("version"));
        if !parts.contains(&part) {
            continue;
        }
        let manifest = told("manifest_path");
        let folder = Path::new(&manifest).parent().unwrap_or(Path::new("."));
        let mut found = licences(folder)?;
        if found.is_empty() {
            let authors = package["authors"].as_array().into_iter().flatten();
            let authors: Vec<_> = authors.filter_map(Value::as_str).collect();
            let (license, by) = (told("license"), authors.join(", "));
            found.push(format!(
                "{license}, without a text of its own in its package. By {by}"
            ));
        }
        for text in found {
            texts.entry(text).or_default().push(line(&part));
        }
    }
    let mut notices = HEAD.to_owned();
    for (text, parts) in texts {
        let rule = "-".repeat(100);
        notices.push_str(&["\n", &rule, "\n", &parts.concat(), "\n", &text, "\n"].concat());
    }
    Ok(notices)
}

const HEAD: &str = "clerk-api contains the libraries named here, each with the licences and notices of its package.
It also contains the Rust standard library (MIT OR Apache-2.0) and SQLite (public domain).
";

/// The texts of licences and notices in a folder, or in one of C sources just below.
fn licences(folder: &Path) -> Result<Vec<String>, String> {
    const BEGINNINGS: &[&str] = &["licen", "copying", "copyright", "notice", "unlicense"];
    let failed = |error: std::io::Error| error.to_string();
    let mut texts = Vec::new();
    for folder in [folder.to_owned(), folder.join("c_src/mimalloc")] {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().to_lowercase();
            let named = BEGINNINGS
                .iter()
                .any(|beginning| name.starts_with(beginning));
            if named && entry.file_type().map_err(failed)?.is_file() {
                let text = fs::read_to_string(entry.path()).map_err(failed)?;
                texts.push(text.replace("\r\n", "\n").trim().to_owned());
            }
        }
    }
    Ok(texts)
}
