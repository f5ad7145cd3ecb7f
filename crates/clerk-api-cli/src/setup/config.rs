//! Where settings come from. This file is the only one that reads the environment.

mod file;
mod flags;
mod network;
mod pacing;
mod settings;

use std::path::PathBuf;

use etcetera::BaseStrategy as _;

pub(crate) use file::{File, Http, LimitNumbers, Profile};
pub(crate) use flags::Flags;
pub(crate) use network::Network;
pub(crate) use pacing::{LimitChoice, Pacing};
pub(crate) use settings::{Settings, Source, Sourced};

use clerk_api_admin::problem::{Outcome, Problem};

use crate::show::ui::ColorEnv;

/// The base URL of Clerk itself.
pub(crate) const CLERK: &str = "https://api.clerk.com";

/// The database of the local instance that this process was started for.
pub(crate) const LOCAL_DATABASE: &str = "CLERK_LOCAL_DATABASE";

/// The variables that choose an instance, a key or a guard.
const OURS: [&str; 18] = [
    "CLERK_SECRET_KEY",
    "CLERK_API_URL",
    "CLERK_BACKEND_API_URL",
    "CLERK_API_LOCAL",
    LOCAL_DATABASE,
    "CLERK_API_CONFIRM",
    "CLERK_API_READ_ONLY",
    "CLERK_API_PROFILE",
    "CLERK_API_OUTPUT",
    "CLERK_API_SHARE",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// What the environment says. The key's text is taken out of here once and kept nowhere else.
#[derive(Default)]
pub(crate) struct Environment {
    pub(crate) secret_key: Option<zeroize::Zeroizing<String>>,
    pub(crate) api_url: Option<String>,
    pub(crate) backend_api_url: Option<String>,
    pub(crate) local: Option<String>,
    /// Set by `local exec`, for `local` commands inside it.
    pub(crate) local_database: Option<String>,
    /// A folder for the exchanges of local instances; the tests have them judged.
    pub(crate) local_record: Option<PathBuf>,
    pub(crate) confirm: Option<String>,
    pub(crate) read_only: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) output: Option<String>,
    pub(crate) share: Option<String>,
    pub(crate) proxy: Option<(&'static str, String)>,
    pub(crate) no_proxy: Option<(&'static str, String)>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) ca_folders: Vec<PathBuf>,
    pub(crate) config_dir: Option<PathBuf>,
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) state_dir: Option<PathBuf>,
}

impl Environment {
    /// Reads all that we look at.
    ///
    /// # Errors
    /// A variable that is set to what is no text: taken as unset, it could switch a guard off or lead to another instance.
    pub(crate) fn read() -> Outcome<Self> {
        if let Some(name) = OURS.into_iter().find(|name| is_unreadable(name)) {
            return Err(
                Problem::config(format!("the environment variable {name} is not UTF-8"))
                    .hint("set it again, or unset it"),
            );
        }
        Ok(Self::readable())
    }

    fn readable() -> Self {
        let base = etcetera::choose_base_strategy().ok();
        let folders = variable("SSL_CERT_DIR").unwrap_or_default();
        let folders = std::env::split_paths(&folders);
        Self {
            secret_key: variable("CLERK_SECRET_KEY").map(zeroize::Zeroizing::new),
            api_url: variable("CLERK_API_URL"),
            backend_api_url: variable("CLERK_BACKEND_API_URL"),
            local: variable("CLERK_API_LOCAL"),
            local_database: variable(LOCAL_DATABASE),
            local_record: variable("CLERK_API_LOCAL_RECORD").map(PathBuf::from),
            confirm: variable("CLERK_API_CONFIRM"),
            read_only: variable("CLERK_API_READ_ONLY"),
            profile: variable("CLERK_API_PROFILE"),
            output: variable("CLERK_API_OUTPUT"),
            share: variable("CLERK_API_SHARE"),
            proxy: first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
            no_proxy: first(&["NO_PROXY", "no_proxy"]),
            ca_file: variable("SSL_CERT_FILE").map(PathBuf::from),
            ca_folders: folders
                .filter(|path| !path.as_os_str().is_empty())
                .collect(),
            config_dir: base
                .as_ref()
                .map(|base| base.config_dir().join("clerk-api")),
            data_dir: base.as_ref().map(|base| base.data_dir().join("clerk-api")),
            // Where a system has no such folder, what lasts is with the data.
            state_dir: base.as_ref().map(|base| {
                let folder = base.state_dir().unwrap_or_else(|| base.data_dir());
                folder.join("clerk-api")
            }),
        }
    }
}

/// What the environment says about colors; read before anything else, since usage errors are colored too.
pub(crate) fn color_env() -> ColorEnv {
    let plain = variable("TERM").is_some_and(|term| term == "dumb");
    ColorEnv {
        no_color: variable("NO_COLOR").is_some(),
        force: variable("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
        dumb: plain || variable("CLICOLOR").is_some_and(|value| value == "0"),
        plain,
    }
}

/// The width of the terminal, where the environment knows it.
pub(crate) fn columns() -> Option<u16> {
    variable("COLUMNS")?.parse().ok()
}

/// A variable that is set to something.
#[expect(
    clippy::disallowed_methods,
    reason = "create this file to configure it"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// All variables whose names begin like this, such as `AWS_`: those of a store's own tools, which say more than we need to know.
pub(crate) fn variables(prefix: &str) -> Vec<(String, String)> {
    let all = std::env::vars_os();
    let texts =
        all.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.filter(|(name, _)| name.starts_with(prefix)).collect()
}

/// Whether a variable is set to what is no text.
#[expect(
    clippy::disallowed_methods,
    reason = "create this file to configure it"
)]
fn is_unreadable(name: &str) -> bool {
    matches!(std::env::var(name), Err(std::env::VarError::NotUnicode(_)))
}

/// The first of these variables that is set to something, with its name.
fn first(names: &[&'static str]) -> Option<(&'static str, String)> {
    let mut names = names.iter();
    names.find_map(|name| Some((*name, variable(name)?)))
}

/// Whether a switch in the environment is on; an unknown word counts as on, since these switches protect.
pub(crate) fn is_on(value: &str) -> bool {
    !matches!(
        value.to_ascii_lowercase().as_str(),
        "0" | "false" | "no" | "off" | "never"
    )
}
