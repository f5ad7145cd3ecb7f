//! The wheel, and with it the build of the binary and the bill of materials: maturin does all three.

use std::path::PathBuf;

use fs_err as fs;

use super::platform::{Platform, files, packages, stage};
use crate::command::{command, read, run};
use crate::{place, tools};

/// Builds the binary and the wheel around it, and puts the wheel's bill of materials beside the packages.
pub(super) fn build(platform: &Platform, notices: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    let folder = stage().join("python");
    fs::create_dir_all(&folder).map_err(failed)?;
    for (from, to) in [
        ("packaging/python/pyproject.toml", "pyproject.toml"),
        ("packaging/README.md", "README.md"),
        ("LICENSE", "LICENSE"),
    ] {
        fs::copy(place::root().join(from), folder.join(to)).map_err(failed)?;
    }
    fs::write(folder.join("THIRD-PARTY.txt"), notices).map_err(failed)?;

    let programs = tools::python(&["maturin==1.16.0", "ziglang==0.17.1"])?;
    let mut maturin = command(programs.join("maturin"), &["build", "--profile", "dist"]);
    maturin.args(["--locked", "--target", &platform.triple]);
    if platform.is_glibc() {
        maturin.args(["--zig", "--compatibility", "manylinux2014"]);
        // Not repaired: a library that a manylinux system need not have is a mistake.
        maturin.args(["--auditwheel", "check"]);
    }
    maturin.arg("--out").arg(packages());
    maturin.arg("--target-dir").arg(place::target());
    // maturin asks the environment's own Python for zig.
    let path = place::variable("PATH").unwrap_or_default();
    maturin.env("PATH", format!("{}:{path}", programs.display()));
    run(maturin.current_dir(&folder))?;

    let materials = read(command("python3", &["-c", BILL]).arg(wheel()?))?;
    fs::write(packages().join(bill()), materials).map_err(failed)
}

/// Prints the wheel's bill of materials (PEP 770).
const BILL: &str = "
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
bill, = (name for name in wheel.namelist() if '.dist-info/sboms/' in name)
sys.stdout.buffer.write(wheel.read(bill))
";

/// The name of the bill of materials.
pub(super) fn bill() -> String {
    format!("clerk-api-{}.cdx.json", place::VERSION)
}

/// The finished wheel.
pub(super) fn wheel() -> Result<PathBuf, String> {
    let name = files()?.into_iter().find(|name| name.ends_with(".whl"));
    name.map(|name| packages().join(name))
        .ok_or_else(|| "there is no wheel in target/packages".to_owned())
}
