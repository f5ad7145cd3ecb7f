//! One run: settings, terminal, and a client that is made when first needed.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use clerk_api::transport::Timeouts;
use clerk_api::{Client, RetryPolicy, SecretKey};
use clerk_api_admin::input::source::Inputs;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::sending::Sending;
use clerk_api_tasks::governor::Governor;
use clerk_api_tasks::job::Place;

use crate::args::job_flags::JobFlags;
use crate::local;
use crate::setup::config::{Environment, Flags, Http, Settings, Sourced};
use crate::setup::{credentials, governor, network};
use crate::show::exit::Exit;
use crate::show::ui::Ui;

/// What a command works with.
pub(crate) struct Context {
    pub(crate) ui: Ui,
    pub(crate) flags: Flags,
    pub(crate) env: Environment,
    pub(crate) settings: Settings,
    pub(crate) inputs: Inputs,
    pub(crate) sending: Sending,
    /// The code of a command that was run, to be ours too.
    pub(crate) ended_with: Option<u8>,
    /// Continues a job that a command started before: set by the caller, who knows all kinds of jobs.
    pub(crate) continue_job: ContinueJob,
    key: Option<Sourced<SecretKey>>,
    connection: Option<Connection>,
}

/// Continues a job.
pub(crate) type ContinueJob = for<'c> fn(
    &'c mut Context,
    Place,
    JobFlags,
) -> Pin<Box<dyn Future<Output = Outcome<Exit>> + 'c>>;

/// A client and what it is connected to.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) client: Client,
    pub(crate) live: bool,
    /// The URL, for the target line.
    pub(crate) url: String,
    pub(crate) local: bool,
    /// Who gives permits to its requests.
    pub(crate) governor: Arc<Governor>,
    /// The fingerprint of its key.
    pub(crate) fingerprint: String,
}

/// A link, and the local server that it needs. The link goes first, so that the server need not wait for its connections.
struct Connection {
    link: Link,
    key: SecretKey,
    _server: Option<local::Server>,
}

impl Context {
    /// Loads the settings. No network, no key.
    ///
    /// # Errors
    /// A wrong configuration, and the terminal to report it on.
    pub(crate) fn new(ui: Ui, flags: Flags) -> Result<Self, (Box<Problem>, Ui)> {
        let loaded = Environment::read()
            .and_then(|env| Settings::load(&flags, &env).map(|settings| (env, settings)));
        match loaded {
            Ok((env, settings)) => Ok(Self {
                ui,
                flags,
                env,
                settings,
                inputs: Inputs::default(),
                sending: Sending::default(),
                ended_with: None,
                continue_job: |_, _, _| {
                    Box::pin(async { Err(Problem::usage("jobs are not continued here")) })
                },
                key: None,
                connection: None,
            }),
            Err(failure) => Err((failure, ui)),
        }
    }

    /// The local instance that was asked for, else the one that this process was started for, else the usual one.
    pub(crate) fn local_name(&self) -> String {
        let asked = self.settings.local.as_ref();
        let asked = asked.map(|local| local.value.clone());
        asked
            .or_else(|| self.env.local_database.clone())
            .unwrap_or_else(|| "default".to_owned())
    }

    /// Keeps a key that was found already: standard input gives it only once.
    pub(crate) fn keep_key(&mut self, key: Sourced<SecretKey>) {
        self.key = Some(key);
    }

    /// Ends the connection, and the local server with it.
    pub(crate) fn disconnect(&mut self) {
        self.connection = None;
    }

    /// The client, made at the first call: the key is found, a local server started.
    pub(crate) async fn link(&mut self) -> Outcome<Link> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        Ok(self.connection.insert(connection).link.clone())
    }

    /// A client with no connections yet, for a thread of its own: a connection lives and ends with the runtime that made it.
    pub(crate) async fn unconnected(&mut self) -> Outcome<Client> {
        let url = self.link().await?.url;
        match &self.connection {
            Some(connection) => {
                let governor = Arc::clone(&connection.link.governor);
                self.client(connection.key.clone(), &url, governor)
            }
            None => Err(Problem::new(
                ProblemKind::Failed,
                "failed",
                "there is no connection",
            )),
        }
    }

    /// Whether someone can be asked: standard input must not be data.
    pub(crate) const fn can_ask(&self) -> bool {
        self.ui.can_ask() && !self.inputs.took_stdin()
    }

    /// Whether a person is there who did not say beforehand that nothing shall be asked.
    pub(crate) const fn asks(&self) -> bool {
        !self.flags.yes && self.can_ask()
    }

    async fn connect(&mut self) -> Outcome<Connection> {
        let (key, url, server) = match &self.settings.local {
            Some(name) => {
                self.check_environment(false, "a local instance")?;
                let server = local::start(&self.settings, &name.value).await?;
                let key = server.key()?;
                (
                    Sourced {
                        value: key,
                        source: name.source.clone(),
                    },
                    server.url().to_owned(),
                    Some(server),
                )
            }
            None => {
                let key = match self.key.take() {
                    Some(key) => key,
                    None => credentials::key(&self.settings, &self.env, &mut self.inputs).await?,
                };
                (key, self.settings.api_url.value.clone(), None)
            }
        };
        self.check_environment(key.value.is_live(), &format!("the key ({})", key.source))?;
        let live = key.value.is_live();
        let local = server.is_some();
        self.ui.detail(
            2,
            &format!(
                "key {}… fingerprint {} ({})",
                key.value.prefix(),
                key.value.fingerprint(),
                key.source
            ),
        );
        self.ui.detail(1, &format!("base URL {url}"));
        self.ui.secrets.add_key(&key.value);
        let governor = governor::governor(&self.settings, &key.value, &url, &self.ui);
        let client = self.client(key.value.clone(), &url, Arc::clone(&governor))?;
        Ok(Connection {
            link: Link {
                client,
                live,
                url,
                local,
                governor,
                fingerprint: key.value.fingerprint().to_string(),
            },
            key: key.value,
            _server: server,
        })
    }

    fn client(&self, key: SecretKey, url: &str, governor: Arc<Governor>) -> Outcome<Client> {
        let mut builder = Client::builder(key)
            .base_url(url)
            .user_agent(concat!("clerk-api-cli/", env!("CARGO_PKG_VERSION")))
            .policy(policy(&self.settings.http))
            .pace(governor)
            .timeouts(timeouts(&self.settings.http));
        for host in &self.settings.hosts {
            builder = builder.allow_host(host);
        }
        if let Some(tell) = self.ui.waiting_teller() {
            builder = builder.on_wait(tell);
        }
        let network = &self.settings.network;
        if let Some(proxy) = network::proxy(network, url)? {
            builder = builder.proxy(proxy);
        }
        builder = builder.trust(network::certificates(network, url)?);
        builder
            .build()
            .map_err(|error| Problem::of_call("cannot connect", error))
    }

    fn check_environment(&self, live: bool, what: &str) -> Outcome<()> {
        let is = if live { "live" } else { "test" };
        match &self.settings.expected {
            Some(expected) if expected.value != is => Err(Problem::new(
                ProblemKind::Refused,
                "wrong_environment",
                format!(
                    "{what} is of the {is} environment, {} wants {}",
                    expected.source, expected.value
                ),
            )
            .hint("nothing was sent; `clerk-api doctor` shows where the key comes from")),
            _ => Ok(()),
        }
    }
}

pub(crate) fn policy(http: &Http) -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    if let Some(attempts) = http.attempts {
        policy.attempts = attempts.max(1);
    }
    if let Some(total) = http.total_ms {
        policy.total = Duration::from_millis(total);
    }
    if let Some(backoff) = http.backoff_ms {
        policy.backoff = Duration::from_millis(backoff);
    }
    if let Some(wait) = http.longest_wait_ms {
        policy.longest_wait = Duration::from_millis(wait);
    }
    if let Some(looks) = http.looks_ms {
        policy.looks = looks.map(Duration::from_millis);
    }
    policy
}

pub(crate) fn timeouts(http: &Http) -> Timeouts {
    let mut timeouts = Timeouts::default();
    let set = |slot: &mut Duration, millis: Option<u64>| {
        if let Some(millis) = millis {
            *slot = Duration::from_millis(millis);
        }
    };
    set(&mut timeouts.connect, http.connect_timeout_ms);
    set(&mut timeouts.first_byte, http.first_byte_timeout_ms);
    set(&mut timeouts.idle, http.idle_timeout_ms);
    timeouts
}
