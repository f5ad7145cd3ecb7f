//! The settings that count: flag before environment before profile before the file before the default, each with its source.

use std::path::PathBuf;

use clerk_api::form::is_email;
use clerk_api::id::{check_id, check_slug};
use clerk_api_admin::format::Format;
use clerk_api_admin::problem::{Outcome, Problem};

use super::{CLERK, Environment, File, Flags, Http, Network, Pacing, Profile, is_on};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Flag(&'static str),
    Env(&'static str),
    Profile(String),
    /// The key command of a profile.
    KeyCommand(String),
    File,
    Default,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "flag --{name}"),
            Self::Env(name) => write!(f, "environment {name}"),
            Self::Profile(name) => write!(f, "profile {name}"),
            Self::KeyCommand(name) => write!(f, "key_command of profile {name}"),
            Self::File => f.write_str("configuration file"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value and its source.
#[derive(Debug, Clone)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

impl<T> Sourced<T> {
    pub(super) const fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }
}

/// All settings of one run.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) output: Sourced<Format>,
    pub(crate) api_url: Sourced<String>,
    /// The local instance that is used instead of Clerk.
    pub(crate) local: Option<Sourced<String>>,
    pub(crate) local_record: Option<PathBuf>,
    pub(crate) profile: Option<Sourced<String>>,
    /// A key file and who named it.
    pub(crate) key_files: Vec<Sourced<PathBuf>>,
    /// The words of a program that prints the key.
    pub(crate) key_command: Option<Sourced<Vec<String>>>,
    pub(crate) confirm_always: Sourced<bool>,
    pub(crate) read_only: Sourced<bool>,
    /// Whether single commands can be undone.
    pub(crate) journal: Sourced<bool>,
    /// The environment that the key must be of.
    pub(crate) expected: Option<Sourced<String>>,
    pub(crate) network: Network,
    pub(crate) pacing: Pacing,
    pub(crate) hosts: Vec<String>,
    pub(crate) protected: Vec<String>,
    /// Whether completion may look values up with a live key, or with one that a program gives.
    pub(crate) completion_lookups: bool,
    /// The names of all profiles.
    pub(crate) profiles: Vec<String>,
    pub(crate) http: Http,
    pub(crate) config_file: Option<PathBuf>,
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) state_dir: Option<PathBuf>,
}

impl Settings {
    /// Merges all sources.
    pub(crate) fn load(flags: &Flags, env: &Environment) -> Outcome<Self> {
        let config_file = env
            .config_dir
            .as_ref()
            .map(|folder| folder.join("config.toml"));
        let file = config_file
            .as_deref()
            .map_or_else(|| Ok(File::default()), File::read)?;
        let profile = profile_name(flags, env, &file);
        let chosen = chosen(profile.as_ref(), &file)?;
        let of_profile = || {
            Source::Profile(
                profile
                    .as_ref()
                    .map_or_else(String::new, |name| name.value.clone()),
            )
        };
        let local = local(flags, env)?;
        let settings = Self {
            output: output(flags, env, &chosen, &file, of_profile())?,
            api_url: api_url(flags, env, &chosen, of_profile()),
            local,
            local_record: env.local_record.clone(),
            key_files: key_files(flags, &chosen, of_profile()),
            key_command: key_command(&chosen, profile.as_ref())?,
            confirm_always: confirm(env, &chosen, &file, of_profile())?,
            read_only: read_only(env, &chosen, &file, of_profile()),
            journal: journal(&chosen, &file, of_profile()),
            expected: expected(flags, &chosen, of_profile())?,
            network: Network::merge(flags, env, &chosen, &file, &of_profile()),
            pacing: Pacing::merge(flags, env, &chosen, &file, &of_profile())?,
            profile,
            completion_lookups: file.completion_lookups.unwrap_or(false),
            profiles: file.profiles.into_keys().collect(),
            hosts: file.hosts,
            protected: protected(file.protected)?,
            http: file.http,
            config_file,
            data_dir: env.data_dir.clone(),
            state_dir: env.state_dir.clone(),
        };
        settings.check_local(flags)?;
        Ok(settings)
    }

    /// A local instance has a URL and a key of its own; flags that name others contradict it.
    fn check_local(&self, flags: &Flags) -> Outcome<()> {
        let given = [
            ("--api-url", flags.api_url.is_some()),
            ("--key-file", flags.key_file.is_some()),
        ];
        match given.into_iter().find(|(_, given)| *given) {
            Some((name, _)) if flags.local.is_some() => Err(Problem::usage(format!(
                "--local and {name} contradict each other: a local instance has its own"
            ))),
            _ => Ok(()),
        }
    }
}

fn profile_name(flags: &Flags, env: &Environment, file: &File) -> Option<Sourced<String>> {
    let flag = flags
        .profile
        .clone()
        .map(|name| Sourced::new(name, Source::Flag("profile")));
    let inside = env.local_database.is_some();
    let env = env
        .profile
        .clone()
        .map(|name| Sourced::new(name, Source::Env("CLERK_API_PROFILE")));
    // Inside `local exec` the environment names an instance, and the usual profile would contradict it.
    let usual = file.profile.clone().filter(|_| !inside);
    let file = usual.map(|name| Sourced::new(name, Source::File));
    flag.or(env).or(file)
}

fn chosen(name: Option<&Sourced<String>>, file: &File) -> Outcome<Profile> {
    let Some(name) = name else {
        return Ok(Profile::default());
    };
    file.profiles.get(&name.value).cloned().ok_or_else(|| {
        let known: Vec<&str> = file.profiles.keys().map(String::as_str).collect();
        let failure = Problem::config(format!(
            "there is no profile {:?} (named by: {})",
            name.value, name.source
        ));
        if known.is_empty() {
            return failure.hint(
                "profiles are in the configuration file: `clerk-api doctor` shows where it is",
            );
        }
        failure.hint(format!("there are: {}", known.join(", ")))
    })
}

fn output(
    flags: &Flags,
    env: &Environment,
    profile: &Profile,
    file: &File,
    of_profile: Source,
) -> Outcome<Sourced<Format>> {
    let sources = [
        (flags.output.as_ref(), Source::Flag("output")),
        (env.output.as_ref(), Source::Env("CLERK_API_OUTPUT")),
        (profile.output.as_ref(), of_profile),
        (file.output.as_ref(), Source::File),
    ];
    for (word, source) in sources {
        if let Some(word) = word {
            let format = word
                .parse()
                .map_err(|error| Problem::config(format!("{error} ({source})")))?;
            return Ok(Sourced::new(format, source));
        }
    }
    Ok(Sourced::new(Format::default(), Source::Default))
}

fn api_url(
    flags: &Flags,
    env: &Environment,
    profile: &Profile,
    of_profile: Source,
) -> Sourced<String> {
    let sources = [
        (flags.api_url.as_ref(), Source::Flag("api-url")),
        (env.api_url.as_ref(), Source::Env("CLERK_API_URL")),
        (
            env.backend_api_url.as_ref(),
            Source::Env("CLERK_BACKEND_API_URL"),
        ),
        (profile.api_url.as_ref(), of_profile),
    ];
    for (url, source) in sources {
        if let Some(url) = url {
            return Sourced::new(url.clone(), source);
        }
    }
    Sourced::new(CLERK.to_owned(), Source::Default)
}

fn local(flags: &Flags, env: &Environment) -> Outcome<Option<Sourced<String>>> {
    if let Some(name) = &flags.local {
        if name.is_empty() {
            return Err(Problem::usage("--local= names no instance")
                .hint("write --local, --local=NAME or --local=PATH"));
        }
        return Ok(Some(Sourced::new(name.clone(), Source::Flag("local"))));
    }
    // A URL or a key on the command line is nearer than the environment.
    if flags.api_url.is_some() || flags.key_file.is_some() || flags.profile.is_some() {
        return Ok(None);
    }
    let on = env.local.as_ref().filter(|value| is_on(value));
    Ok(on.map(|value| {
        let name = if matches!(
            value.to_ascii_lowercase().as_str(),
            "1" | "true" | "yes" | "on"
        ) {
            "default"
        } else {
            value
        };
        Sourced::new(name.to_owned(), Source::Env("CLERK_API_LOCAL"))
    }))
}

fn key_files(flags: &Flags, profile: &Profile, of_profile: Source) -> Vec<Sourced<PathBuf>> {
    let flag = flags
        .key_file
        .as_ref()
        .map(|path| Sourced::new(PathBuf::from(path), Source::Flag("key-file")));
    let profile = profile
        .key_file
        .as_ref()
        .map(|path| Sourced::new(path.clone(), of_profile));
    flag.into_iter().chain(profile).collect()
}

fn key_command(
    profile: &Profile,
    name: Option<&Sourced<String>>,
) -> Outcome<Option<Sourced<Vec<String>>>> {
    let (Some(command), Some(name)) = (&profile.key_command, name) else {
        return Ok(None);
    };
    let name = &name.value;
    if profile.key_file.is_some() {
        return Err(Problem::config(format!(
            "the profile {name} has a key_file and a key_command; remove one of them"
        )));
    }
    let words = command.words().filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| {
        Problem::config(format!(
            "the key_command of profile {name} is empty, or a quote in it does not end"
        ))
    })?;
    Ok(Some(Sourced::new(words, Source::KeyCommand(name.clone()))))
}

fn confirm(
    env: &Environment,
    profile: &Profile,
    file: &File,
    of_profile: Source,
) -> Outcome<Sourced<bool>> {
    let sources = [
        (env.confirm.as_ref(), Source::Env("CLERK_API_CONFIRM")),
        (profile.confirm.as_ref(), of_profile),
        (file.confirm.as_ref(), Source::File),
    ];
    for (word, source) in sources {
        if let Some(word) = word {
            return match word.as_str() {
                "always" => Ok(Sourced::new(true, source)),
                "auto" => Ok(Sourced::new(false, source)),
                _ => Err(Problem::config(format!(
                    "confirm is always or auto, not {word:?} ({source})"
                ))),
            };
        }
    }
    Ok(Sourced::new(false, Source::Default))
}

fn read_only(
    env: &Environment,
    profile: &Profile,
    file: &File,
    of_profile: Source,
) -> Sourced<bool> {
    // An unknown word counts as on. A guard from any source applies; no source can turn off another's guard.
    if env.read_only.as_deref().is_some_and(is_on) {
        return Sourced::new(true, Source::Env("CLERK_API_READ_ONLY"));
    }
    if profile.read_only == Some(true) {
        return Sourced::new(true, of_profile);
    }
    if file.read_only == Some(true) {
        return Sourced::new(true, Source::File);
    }
    Sourced::new(false, Source::Default)
}

fn journal(profile: &Profile, file: &File, of_profile: Source) -> Sourced<bool> {
    let sources = [(profile.journal, of_profile), (file.journal, Source::File)];
    let mut given = sources
        .into_iter()
        .filter_map(|(on, source)| Some(Sourced::new(on?, source)));
    given
        .next()
        .unwrap_or_else(|| Sourced::new(false, Source::Default))
}

/// Any other entry would protect nothing.
fn protected(entries: Vec<String>) -> Outcome<Vec<String>> {
    let known =
        |entry: &str| is_email(entry) || check_id(entry).is_ok() || check_slug(entry).is_ok();
    match entries.iter().find(|entry| !known(entry)) {
        Some(entry) => Err(Problem::config(format!(
            "protected: {entry:?} is not an id, email address or slug"
        ))),
        None => Ok(entries),
    }
}

fn expected(
    flags: &Flags,
    profile: &Profile,
    of_profile: Source,
) -> Outcome<Option<Sourced<String>>> {
    let flag = flags
        .env
        .clone()
        .map(|word| Sourced::new(word, Source::Flag("env")));
    let profile = profile
        .env
        .clone()
        .map(|word| Sourced::new(word, of_profile));
    let Some(expected) = flag.or(profile) else {
        return Ok(None);
    };
    if !matches!(expected.value.as_str(), "test" | "live") {
        return Err(Problem::config(format!(
            "env is test or live, not {:?} ({})",
            expected.value, expected.source
        )));
    }
    Ok(Some(expected))
}
