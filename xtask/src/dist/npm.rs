//! The packages for npm: one with the binary for each platform, and a small one in front that starts the right one.

use std::path::{Path, PathBuf};

use fs_err as fs;
use serde_json::{Map, Value, json};

use super::platform::{NPM, Platform, packages, stage};
use crate::command::{command, read};
use crate::{place, tools};

/// The finished packages: the one in front, and this platform's.
pub(super) fn paths(platform: &Platform) -> Result<[PathBuf; 2], String> {
    let names = ["clerk-api".to_owned(), name(platform)?];
    Ok(names.map(|name| packages().join(format!("{name}-{}.tgz", place::VERSION))))
}

fn name(platform: &Platform) -> Result<String, String> {
    let (system, processor) = words(platform)?;
    Ok(format!("clerk-api-{system}-{processor}"))
}

fn words(platform: &Platform) -> Result<(&'static str, &'static str), String> {
    let known = NPM.iter().find(|(_, _, triple)| *triple == platform.triple);
    known
        .map(|(system, processor, _)| (*system, *processor))
        .ok_or_else(|| format!("npm has no name for {}: add it to NPM", platform.triple))
}

/// Packs both.
pub(super) fn build(platform: &Platform, tree: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    let front = stage().join("npm/clerk-api");
    fs::create_dir_all(&front).map_err(failed)?;
    let source = place::root().join("packaging/npm");
    fs::copy(source.join("clerk-api.js"), front.join("clerk-api.js")).map_err(failed)?;
    let text = fs::read_to_string(source.join("package.json")).map_err(failed)?;
    let mut manifest: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    manifest["version"] = place::VERSION.into();
    let exactly = |(system, processor, _): &(&str, &str, &str)| {
        let name = format!("clerk-api-{system}-{processor}");
        (name, Value::from(place::VERSION))
    };
    manifest["optionalDependencies"] = NPM.iter().map(exactly).collect::<Map<_, _>>().into();
    pack(&front, tree, &["LICENSE", "README.md"], &manifest)?;

    let (system, processor) = words(platform)?;
    let own = stage().join("npm").join(name(platform)?);
    let program = format!("bin/{}", platform.program());
    fs::create_dir_all(own.join("bin")).map_err(failed)?;
    fs::copy(platform.binary(), own.join(&program)).map_err(failed)?;
    let mut manifest = json!({
        "name": name(platform)?,
        "version": place::VERSION,
        "description": "clerk-api for one platform; install clerk-api instead",
        "license": "MIT",
        "os": [system],
        "cpu": [processor],
        "bin": { "clerk-api": program },
        "preferUnplugged": true,
    });
    if platform.is_glibc() {
        manifest["libc"] = json!(["glibc"]);
    }
    let files = ["LICENSE", "README.md", "THIRD-PARTY.txt", "sbom.cdx.json"];
    pack(&own, tree, &files, &manifest)
}

fn pack(folder: &Path, tree: &Path, files: &[&str], manifest: &Value) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    for file in files {
        fs::copy(tree.join(file), folder.join(file)).map_err(failed)?;
    }
    let text = serde_json::to_string_pretty(manifest).map_err(|error| error.to_string())?;
    fs::write(folder.join("package.json"), text).map_err(failed)?;
    let mut pack = command(tools::NPM, &["pack", "--silent", "--pack-destination"]);
    read(pack.arg(packages()).current_dir(folder)).map(drop)
}
