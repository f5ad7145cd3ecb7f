//! Where agents and editors keep what they read: their skills, and the servers that they start.

use std::path::PathBuf;

use clerk_api_admin::problem::{Outcome, Problem};

use super::config::variable;

/// The systems whose programs keep their files in different places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    Linux,
    Mac,
    Windows,
}

impl System {
    /// The one that this program runs on.
    const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::Mac
    } else {
        Self::Linux
    };
}

/// The folders of one user.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    pub(crate) home: PathBuf,
    /// `~/.config`, which some programs use on every system.
    pub(crate) config: PathBuf,
    /// The settings of programs with windows.
    pub(crate) desktop: PathBuf,
    /// The one that Claude Code was moved to.
    pub(crate) claude: Option<PathBuf>,
    pub(crate) codex: PathBuf,
    pub(crate) zed: PathBuf,
}

impl Folders {
    /// Those of the user of this process.
    ///
    /// # Errors
    /// The user has no home.
    pub(crate) fn find() -> Outcome<Self> {
        let home = etcetera::home_dir().map_err(|error| {
            Problem::config(format!("there is no home folder: {error}")).hint("set HOME")
        })?;
        Ok(Self::of(home, System::HERE, variable))
    }

    /// Those of a user of this system, whose environment says this.
    pub(crate) fn of(
        home: PathBuf,
        system: System,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let named = |name: &str| variable(name).map(PathBuf::from);
        let config = named("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
        let desktop = match system {
            System::Linux => config.clone(),
            System::Mac => home.join("Library/Application Support"),
            System::Windows => named("APPDATA").unwrap_or_else(|| home.join("AppData/Roaming")),
        };
        let zed = match system {
            System::Linux => config.join("zed"),
            System::Mac => home.join(".config/zed"),
            System::Windows => desktop.join("Zed"),
        };
        Self {
            claude: named("CLAUDE_CONFIG_DIR"),
            codex: named("CODEX_HOME").unwrap_or_else(|| home.join(".codex")),
            config,
            desktop,
            zed,
            home,
        }
    }
}
