//! Local instances: where their data is, their key, and the server that this process runs for them.

mod copies;
mod own_file;
mod restore;
mod running;

use std::path::{Path, PathBuf};

use clerk_api::SecretKey;
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;

use crate::setup::config::Settings;
pub(crate) use copies::{
    Ask, check_export, check_name as check_snapshot_name, export, holds_something, import, is_copy,
};
pub(crate) use restore::restore;
pub(crate) use running::{Announced, Running};

/// The files of one instance. The process's umask makes them, and their folders, its user's own.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) database: PathBuf,
    pub(crate) key_file: PathBuf,
}

impl Instance {
    /// The instance of this name, or at this path.
    pub(crate) fn named(settings: &Settings, name: &str) -> Outcome<Self> {
        let is_path = name.contains(['/', '\\'])
            || Path::new(name)
                .extension()
                .is_some_and(|ending| ending == "db");
        let database = if is_path {
            PathBuf::from(name)
        } else {
            check_name(name)?;
            let data = settings
                .data_dir
                .as_ref()
                .ok_or_else(|| Problem::config("there is no home folder for local instances"))?;
            data.join("local").join(format!("{name}.db"))
        };
        Ok(Self::at(database))
    }

    /// The instance in this file.
    pub(crate) fn at(database: PathBuf) -> Self {
        let mut key_file = database.clone().into_os_string();
        key_file.push(".key");
        Self {
            database,
            key_file: key_file.into(),
        }
    }
}

fn check_name(name: &str) -> Outcome<()> {
    let ok = (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if ok {
        return Ok(());
    }
    let shown: String = name.chars().take(80).collect();
    Err(Problem::usage(format!("{shown:?} is not a name for a local instance"))
        .hint("a name has 1 to 64 letters, digits, hyphens and underscores; a path has a slash or ends in .db"))
}

/// Starts the server of an instance on a free port.
pub(crate) async fn start(settings: &Settings, name: &str) -> Outcome<Server> {
    let instance = Instance::named(settings, name)?;
    Server::start(&instance, &Options::of(settings))
}

/// How a server is started.
#[derive(Debug, Default, Clone)]
#[cfg_attr(
    not(feature = "emulator"),
    expect(dead_code, reason = "there is no local Clerk to start")
)]
pub(crate) struct Options {
    /// The port; 0 takes a free one.
    pub(crate) port: u16,
    /// Another key than the instance's own.
    pub(crate) secret_key: Option<String>,
    /// A folder for every exchange.
    pub(crate) record: Option<PathBuf>,
    /// The API version for requests that name none.
    pub(crate) default_version: Option<String>,
    /// When its time begins, in Unix milliseconds, to step by one at every reading.
    pub(crate) clock: Option<i64>,
    /// What its ids are made from.
    pub(crate) ids: Option<u64>,
    /// The request limits, as the local Clerk has them in JSON.
    pub(crate) limits: Value,
    /// What goes wrong on purpose: objects, or lines of text.
    pub(crate) faults: Vec<Value>,
    /// Whether what is done is counted from the start.
    pub(crate) count_effects: bool,
    /// Whether what Clerk ignores is refused.
    pub(crate) strict: bool,
    /// How many times faster the pauses between attempts of a webhook delivery pass.
    pub(crate) webhook_scale: Option<u32>,
}

impl Options {
    /// A free port, the instance's own key, and a recording where the environment asks for one.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            record: settings.local_record.clone(),
            ..Self::default()
        }
    }
}

/// What `local seed` makes up.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "emulator"),
    expect(dead_code, reason = "nothing is created without a local Clerk")
)]
pub(crate) struct Wanted {
    pub(crate) users: u64,
    pub(crate) organizations: u64,
    /// Four for five users where nothing is said.
    pub(crate) memberships: Option<u64>,
    /// The same number makes the same objects.
    pub(crate) seed: u64,
}

#[cfg(feature = "emulator")]
pub(crate) use with_emulator::{Server, reset, seed};

#[cfg(feature = "emulator")]
mod with_emulator {
    use std::io::Write as _;

    use clerk_api_emulator::{
        ApiVersion, Clock, Config, Database, Emulator, Fault, Handle, Limits, Seed,
    };
    use fs_err as fs;

    use serde::Deserialize as _;
    use serde_json::{Value, json};

    use super::{Instance, Options, Outcome, Path, Problem, SecretKey, Wanted, own_file};

    /// A running local Clerk.
    pub(crate) struct Server {
        handle: Handle,
    }

    impl Server {
        pub(crate) fn start(instance: &Instance, options: &Options) -> Outcome<Self> {
            let failed =
                |error: &dyn std::fmt::Display| Problem::io("cannot start the local Clerk", &error);
            make_folder(instance).map_err(|error| failed(&error))?;
            let key = match &options.secret_key {
                Some(key) => key.clone(),
                None => own_key(instance)?,
            };
            let mut config = Config::new(key);
            config.database = Database::File(instance.database.clone());
            config.port = options.port;
            config.record = options.record.clone();
            if let Some(date) = &options.default_version {
                config.default_version = ApiVersion::parse(date).ok_or_else(|| {
                    Problem::usage(format!(
                        "--default-version: the API has no version {date:?}"
                    ))
                })?;
            }
            config.clock = options.clock.map_or_else(Clock::system, Clock::starting_at);
            config.seed = options.ids;
            if !options.limits.is_null() {
                config.limits = Limits::deserialize(&options.limits)
                    .map_err(|error| Problem::usage(format!("the limits: {error}")))?;
            }
            config.faults = options.faults.iter().map(fault).collect::<Outcome<_>>()?;
            config.count_effects = options.count_effects;
            config.strict = options.strict;
            if let Some(times) = options.webhook_scale {
                config.webhooks.scale = 1.0 / f64::from(times);
            }
            let handle = Emulator::start(config).map_err(|error| failed(&error))?;
            Ok(Self { handle })
        }

        pub(crate) fn url(&self) -> &str {
            self.handle.url()
        }

        pub(crate) fn secret_key(&self) -> &str {
            self.handle.secret_key()
        }

        pub(crate) fn control_token(&self) -> &str {
            self.handle.control_token()
        }

        pub(crate) fn page(&self) -> String {
            self.handle.page()
        }

        pub(crate) fn key(&self) -> Outcome<SecretKey> {
            SecretKey::parse(self.secret_key()).map_err(|error| {
                Problem::config(format!("the local instance's key is not valid: {error}"))
            })
        }

        /// Stops it; what was acknowledged is kept.
        pub(crate) fn stop(self) {
            self.handle.stop();
        }
    }

    fn fault(wanted: &Value) -> Outcome<Fault> {
        let fault = match wanted.as_str() {
            Some(line) => line.parse(),
            None => Fault::deserialize(wanted)
                .map_err(|error| format!("{wanted}: {error}"))
                .and_then(|fault| fault.check().map(|()| fault)),
        };
        fault.map_err(|error| Problem::usage(format!("not a fault: {error}")))
    }

    /// Takes everything out of an instance.
    pub(crate) fn reset(instance: &Instance) -> Outcome<()> {
        if !instance.database.exists() {
            return Ok(());
        }
        Emulator::reset(&instance.database)
            .map_err(|error| Problem::io("cannot empty the local instance", &error))
    }

    /// Adds made-up users and organizations, all or none, and reports what was made.
    pub(crate) fn seed(
        instance: &Instance,
        wanted: Wanted,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Outcome<Value> {
        let failed =
            |error: &dyn std::fmt::Display| Problem::io("cannot fill the local instance", &error);
        make_folder(instance).map_err(|error| failed(&error))?;
        let Wanted {
            users,
            organizations,
            memberships,
            seed,
        } = wanted;
        let wanted = Seed {
            users,
            organizations,
            memberships,
            seed,
        };
        let mut tell = |at: clerk_api_emulator::SeedProgress| progress(at.done, at.total);
        let made = clerk_api_emulator::seed(&instance.database, &wanted, &mut tell)
            .map_err(|error| failed(&error))?;
        Ok(json!({
            "users": made.users,
            "organizations": made.organizations,
            "memberships": made.memberships,
            "organization_invitations": made.organization_invitations,
            "invitations": made.invitations,
            "seed": seed,
        }))
    }

    /// Makes the folder of an instance's files.
    pub(super) fn make_folder(instance: &Instance) -> std::io::Result<()> {
        match instance.database.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder),
            _ => Ok(()),
        }
    }

    /// The instance's own key: made once, then always the same. Two processes that start at once agree on one.
    fn own_key(instance: &Instance) -> Outcome<String> {
        let path = &instance.key_file;
        if let Some(key) = own_file::read(path, "key")? {
            return Ok(key.trim().to_owned());
        }
        let made = make_key(path);
        // The first one decides.
        let key = own_file::read(path, "key")?.ok_or_else(|| {
            let shown = path.display();
            let error = made
                .err()
                .map_or_else(String::new, |error| error.to_string());
            Problem::config(format!("there is no key in {shown}")).cause(error)
        })?;
        Ok(key.trim().to_owned())
    }

    /// Gives a new key its name, unless there is one.
    fn make_key(path: &Path) -> std::io::Result<()> {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let mut file = tempfile::Builder::new()
            .prefix(".key")
            .tempfile_in(folder.unwrap_or(Path::new(".")))?;
        writeln!(file, "{}", new_key()?)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path)?;
        Ok(())
    }

    fn new_key() -> std::io::Result<String> {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789AZ";
        let mut random = [0; 40];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        let tail = random
            .iter()
            .map(|byte| char::from(LETTERS[usize::from(byte % 64)]));
        Ok(std::iter::once("sk_test_".to_owned())
            .chain(tail.map(String::from))
            .collect())
    }
}

#[cfg(not(feature = "emulator"))]
pub(crate) use without_emulator::{Server, reset, seed};

#[cfg(not(feature = "emulator"))]
mod without_emulator {
    use super::{Instance, Options, Outcome, SecretKey, Wanted, missing};

    /// A local Clerk that this build does not have.
    pub(crate) enum Server {}

    impl Server {
        pub(crate) fn start(_: &Instance, _: &Options) -> Outcome<Self> {
            Err(missing())
        }
        pub(crate) fn url(&self) -> &str {
            match *self {}
        }
        pub(crate) fn secret_key(&self) -> &str {
            match *self {}
        }
        pub(crate) fn control_token(&self) -> &str {
            match *self {}
        }
        pub(crate) fn page(&self) -> String {
            match *self {}
        }
        pub(crate) fn key(&self) -> Outcome<SecretKey> {
            match *self {}
        }
        pub(crate) fn stop(self) {
            match self {}
        }
    }

    pub(crate) fn reset(_: &Instance) -> Outcome<()> {
        Err(missing())
    }

    pub(crate) fn seed(
        _: &Instance,
        _: Wanted,
        _: &mut dyn FnMut(u64, u64),
    ) -> Outcome<serde_json::Value> {
        Err(missing())
    }
}

#[cfg(not(feature = "emulator"))]
fn missing() -> Box<Problem> {
    Problem::usage("this build has no local Clerk").hint("build it with the feature `emulator`")
}
