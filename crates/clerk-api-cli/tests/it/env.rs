//! A clean place to run the real binary in: no environment, a home of its own, a fixed width.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The binary under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_clerk-api");

/// A key that no output may show.
pub(crate) const CANARY: &str = "sk_test_CANARYcanaryCANARY00";

/// Where the exchanges of local instances go to be judged; the one variable that comes from outside.
const RECORD: &str = "CLERK_API_LOCAL_RECORD";

/// An environment that vanishes with its home.
pub(crate) struct Env {
    home: tempfile::TempDir,
    variables: BTreeMap<&'static str, String>,
    recorded: bool,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Env {
    pub(crate) fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            variables: BTreeMap::new(),
            recorded: true,
        }
    }

    /// One whose commands go to a server at this URL, with a key that must never show.
    pub(crate) fn at(url: &str) -> Self {
        Self::new()
            .set("CLERK_SECRET_KEY", CANARY)
            .set("CLERK_API_URL", url)
    }

    pub(crate) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.insert(name, value.into());
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.variables.remove(name);
        self
    }

    /// For requests that the specification does not have: they are not to be judged.
    pub(crate) fn unrecorded(mut self) -> Self {
        self.recorded = false;
        self
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file into the home and gives its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Writes the configuration file.
    pub(crate) fn config(self, text: &str) -> Self {
        self.file(".config/clerk-api/config.toml", text);
        self
    }

    /// A command with nothing of this process's environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        let bin = Path::new(BINARY).parent().unwrap();
        command
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .env("COLUMNS", "100")
            .env("TZ", "UTC")
            .current_dir(self.home())
            .stdin(Stdio::null())
            .envs(&self.variables)
            .envs(
                std::env::var_os(RECORD)
                    .filter(|_| self.recorded)
                    .map(|folder| (RECORD, folder)),
            );
        command
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        ran(&self.command(BINARY).args(arguments).output().unwrap())
    }

    /// Runs with this on standard input.
    pub(crate) fn run_with<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
        input: impl AsRef<[u8]>,
    ) -> Ran {
        let mut command = self.command(BINARY);
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that refuses its arguments does not read.
        let _ = stdin.write_all(input.as_ref());
        drop(stdin);
        ran(&child.wait_with_output().unwrap())
    }

    /// Runs a line as a user types it.
    pub(crate) fn shell(&self, line: &str) -> Ran {
        ran(&self
            .command("/bin/sh")
            .arg("-c")
            .arg(line)
            .output()
            .unwrap())
    }
}

pub(crate) fn ran(output: &Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout.clone()).unwrap(),
        stderr: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

impl Ran {
    /// The JSON on standard output of a run that succeeded.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error object on standard error of a run that failed with this code.
    #[track_caller]
    pub(crate) fn error(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        let line = self.stderr.lines().rev().find(|line| line.starts_with('{'));
        let error: Value =
            serde_json::from_str(line.unwrap_or_else(|| panic!("no error object: {self:?}")))
                .unwrap();
        assert_eq!(error["exit"], code, "{self:?}");
        error
    }

    /// An id in the JSON on standard output.
    #[track_caller]
    pub(crate) fn id(&self) -> String {
        self.json()["id"].as_str().unwrap().to_owned()
    }
}
