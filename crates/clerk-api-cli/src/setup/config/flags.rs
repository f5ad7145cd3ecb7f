//! The root's flags, as far as they are settings.

use std::path::PathBuf;

use clap::ArgMatches;

use crate::args::root::{FORMATS, flag};

/// What the root's flags say.
#[derive(Debug, Default, Clone)]
pub(crate) struct Flags {
    pub(crate) output: Option<String>,
    pub(crate) fields: Vec<String>,
    pub(crate) jq: Option<String>,
    pub(crate) all: bool,
    pub(crate) wide: bool,
    pub(crate) raw: bool,
    pub(crate) show_secrets: bool,
    pub(crate) dry_run: bool,
    pub(crate) yes: bool,
    pub(crate) local: Option<String>,
    pub(crate) api_url: Option<String>,
    pub(crate) key_file: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) env: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) share: Option<String>,
}

impl Flags {
    /// Takes them from the matches of the innermost command.
    pub(crate) fn read(matches: &ArgMatches) -> Self {
        let text = |id: &str| matches.get_one::<String>(id).cloned();
        Self {
            // A form that one command has besides is read by that command.
            output: text(flag::OUTPUT).filter(|word| FORMATS.contains(&word.as_str())),
            fields: matches
                .get_many::<String>(flag::FIELDS)
                .into_iter()
                .flatten()
                .cloned()
                .collect(),
            jq: text(flag::JQ),
            all: matches.get_flag(flag::ALL),
            wide: matches.get_flag(flag::WIDE),
            raw: matches.get_flag(flag::RAW),
            show_secrets: matches.get_flag(flag::SHOW_SECRETS),
            dry_run: matches.get_flag(flag::DRY_RUN),
            yes: matches.get_flag(flag::YES),
            local: text(flag::LOCAL),
            api_url: text(flag::API_URL),
            key_file: text(flag::KEY_FILE),
            profile: text(flag::PROFILE),
            env: text(flag::ENV),
            ca_file: text(flag::CA_FILE).map(PathBuf::from),
            share: text(flag::SHARE),
        }
    }
}
