//! The settings of the way to Clerk: a proxy, and whose certificates are trusted besides the built-in roots.

use std::path::PathBuf;

use super::{Environment, File, Flags, Profile, Source, Sourced};

/// How Clerk is reached.
#[derive(Debug)]
pub(crate) struct Network {
    /// The proxy's URL as it was written, its password included: for the client only.
    pub(crate) proxy: Option<Sourced<String>>,
    /// Hosts that are reached without it.
    pub(crate) no_proxy: Option<Sourced<String>>,
    /// Files and folders of certificates. Each adds to the others: there is nothing to take precedence over.
    pub(crate) certificates: Vec<Sourced<PathBuf>>,
}

impl Network {
    pub(super) fn merge(
        flags: &Flags,
        env: &Environment,
        profile: &Profile,
        file: &File,
        of_profile: &Source,
    ) -> Self {
        let from_env = |variable: &Option<(&'static str, String)>| {
            let (name, text) = variable.clone()?;
            Some(Sourced::new(text, Source::Env(name)))
        };
        let set = |text: &Option<String>, source: &Source| {
            Some(Sourced::new(text.clone()?, source.clone()))
        };
        let path =
            |path: &Option<PathBuf>, source: Source| Some(Sourced::new(path.clone()?, source));
        let named = [
            path(&flags.ca_file, Source::Flag("ca-file")),
            path(&env.ca_file, Source::Env("SSL_CERT_FILE")),
            path(&profile.ca_file, of_profile.clone()),
            path(&file.ca_file, Source::File),
        ];
        let folders = env.ca_folders.iter();
        let folders = folders.map(|path| Sourced::new(path.clone(), Source::Env("SSL_CERT_DIR")));
        Self {
            proxy: from_env(&env.proxy)
                .or_else(|| set(&profile.proxy, of_profile))
                .or_else(|| set(&file.proxy, &Source::File)),
            no_proxy: from_env(&env.no_proxy)
                .or_else(|| set(&profile.no_proxy, of_profile))
                .or_else(|| set(&file.no_proxy, &Source::File)),
            certificates: named.into_iter().flatten().chain(folders).collect(),
        }
    }
}
