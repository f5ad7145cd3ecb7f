//! A local Clerk, and a server in a thread of its own.

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use clerk_api::{Client, SecretKey};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::text::secrets::Secrets;
use clerk_api_emulator::{Config, Emulator, Handle};
use clerk_api_mcp::{Connection, Levels, Settings, Toolset, serve};
use clerk_api_tasks::governor::{SystemWall, WallClock};
use clerk_api_tasks::job::Timing;
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) use crate::agent::{Agent, Person, types};

/// A key that no message may show.
pub(crate) const KEY: &str = "sk_test_CANARYcanaryCANARY00";
pub(crate) const MODERN: &str = "2026-07-28";
pub(crate) const LEGACY: &str = "2025-11-25";

/// A local Clerk, and the state folder that all its servers share.
pub(crate) struct Bench {
    pub(crate) clerk: Handle,
    pub(crate) state: TempDir,
    pub(crate) clock: Clock,
}

/// The computer's clock, moved.
#[derive(Clone, Default)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn forward(&self, minutes: i64) {
        self.0.fetch_add(minutes * 60_000_000, Ordering::Relaxed);
    }
}

impl WallClock for Clock {
    fn micros(&self) -> i64 {
        SystemWall.micros() + self.0.load(Ordering::Relaxed)
    }
}

/// How a server is started.
#[derive(Clone)]
pub(crate) struct Start {
    pub(crate) levels: Levels,
    pub(crate) live: bool,
    pub(crate) key_is_live: bool,
    pub(crate) has_key: bool,
    pub(crate) toolsets: Vec<Toolset>,
    pub(crate) metadata: bool,
    pub(crate) domains: Vec<String>,
    pub(crate) redirects: Vec<String>,
    pub(crate) most_destroyed: u64,
    pub(crate) most_invited: u64,
    pub(crate) calls_per_second: u64,
    pub(crate) longest: Duration,
    pub(crate) read_only: bool,
    pub(crate) protected: Vec<String>,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            levels: Levels::default(),
            live: false,
            key_is_live: false,
            has_key: true,
            toolsets: Vec::new(),
            metadata: false,
            domains: vec!["acme.com".to_owned()],
            redirects: Vec::new(),
            most_destroyed: 25,
            most_invited: 10,
            calls_per_second: 1000,
            longest: Duration::from_secs(60),
            read_only: false,
            protected: Vec::new(),
        }
    }
}

impl Start {
    pub(crate) fn open() -> Self {
        Self {
            levels: Levels {
                writes: true,
                invites: true,
                destructive: true,
            },
            ..Self::default()
        }
    }

    fn settings(self, state: std::path::PathBuf, clock: Clock) -> Settings {
        let mut timing = Timing::default();
        timing.policy.backoff = Duration::from_millis(1);
        let secrets = Secrets::default();
        secrets.add_key(&SecretKey::parse(KEY).unwrap());
        Settings {
            levels: self.levels,
            live: self.live,
            toolsets: self.toolsets,
            metadata: self.metadata,
            domains: self.domains,
            redirects: self.redirects,
            most_destroyed: self.most_destroyed,
            most_invited: self.most_invited,
            calls_per_second: self.calls_per_second,
            longest: self.longest,
            read_only: self.read_only.then(|| "a test".to_owned()),
            protected: self.protected,
            state: Some(state),
            timing,
            secrets,
            wall: Arc::new(clock),
        }
    }
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(KEY);
        change(&mut config);
        Self {
            clerk: Emulator::start(config).unwrap(),
            state: tempfile::tempdir().unwrap(),
            clock: Clock::default(),
        }
    }

    /// A server that nobody spoke with yet.
    pub(crate) fn server(&self, start: Start) -> Agent {
        let (ours, theirs) = UnixStream::pair().unwrap();
        theirs.set_nonblocking(true).unwrap();
        ours.set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let url = self.clerk.url().to_owned();
        let (state, clock) = (self.state.path().to_owned(), self.clock.clone());
        let server = std::thread::spawn(move || run(start, state, clock, &url, theirs));
        Agent::new(ours, server)
    }

    /// An agent of the life with `initialize`; the person, if there is one, answers forms.
    pub(crate) fn legacy(&self, start: Start, person: Option<Person>) -> Agent {
        let mut agent = self.server(start);
        let capabilities = if person.is_some() {
            json!({"elicitation": {}})
        } else {
            json!({})
        };
        agent.person = person;
        agent.request("initialize", json!({
            "protocolVersion": LEGACY, "capabilities": capabilities, "clientInfo": {"name": "test", "version": "1"},
        }));
        agent.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        agent
    }

    /// An agent of the life without `initialize` that declares these extensions.
    pub(crate) fn extended(&self, start: Start, extensions: &[&str]) -> Agent {
        let mut agent = self.modern(start, true);
        let mut said = meta(true);
        said["io.modelcontextprotocol/clientCapabilities"]["extensions"] = declared(extensions);
        agent.meta = Some(said);
        agent
    }

    /// An agent of the life without `initialize`.
    pub(crate) fn modern(&self, start: Start, can_ask: bool) -> Agent {
        let mut agent = self.server(start);
        agent.meta = Some(meta(can_ask));
        agent
    }

    /// Calls the API without any server, as the person would.
    pub(crate) fn api(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let address = self
            .clerk
            .url()
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        let request = format!(
            "{method} /v1{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {KEY}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
            body.as_ref().map_or(0, |body| body.to_string().len()),
            body.map_or_else(String::new, |body| body.to_string()),
        );
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        std::io::Read::read_to_string(&mut stream, &mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        assert!(!head.contains("chunked"), "{head}");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {response}"))
    }

    pub(crate) fn user(&self, address: &str) -> String {
        let body = json!({"email_address": [address], "skip_password_requirement": true});
        id(&self.api("POST", "/users", Some(body)))
    }

    pub(crate) fn organization(&self, name: &str, slug: &str) -> String {
        id(&self.api(
            "POST",
            "/organizations",
            Some(json!({"name": name, "slug": slug})),
        ))
    }
}

#[track_caller]
pub(crate) fn id(object: &Value) -> String {
    object["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id: {object}"))
        .to_owned()
}

/// Extensions as a client declares them.
pub(crate) fn declared(extensions: &[&str]) -> Value {
    let extensions = extensions
        .iter()
        .map(|name| (format!("io.modelcontextprotocol/{name}"), json!({})));
    Value::Object(extensions.collect())
}

/// What an agent of the life without `initialize` says with each request.
pub(crate) fn meta(can_ask: bool) -> Value {
    let capabilities = if can_ask {
        json!({"elicitation": {"form": {}}})
    } else {
        json!({})
    };
    json!({
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": capabilities,
    })
}

fn run(
    start: Start,
    state: std::path::PathBuf,
    clock: Clock,
    url: &str,
    stream: UnixStream,
) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (read, write) = tokio::net::UnixStream::from_std(stream)
            .unwrap()
            .into_split();
        let (has_key, live) = (start.has_key, start.key_is_live);
        serve(start.settings(state, clock), read, write, async || {
            if !has_key {
                return Err(Problem::new(
                    ProblemKind::Key,
                    "no_key",
                    "there is no secret key",
                ));
            }
            let client = Client::builder(SecretKey::parse(KEY).unwrap())
                .base_url(url)
                .build()
                .unwrap();
            Ok(Connection {
                client,
                live,
                url: url.to_owned(),
                fingerprint: "00000000".to_owned(),
                governor: None,
            })
        })
        .await
    })
}
