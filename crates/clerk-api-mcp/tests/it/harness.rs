//! A local Clerk, a server in a thread of its own, and an agent that speaks raw lines of JSON with it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
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
        Agent {
            write: ours.try_clone().unwrap(),
            read: BufReader::new(ours),
            next: 0,
            meta: None,
            person: None,
            forms: Vec::new(),
            told: Vec::new(),
            bytes: 0,
            server: Some(server),
        }
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

/// Answers a form.
pub(crate) type Person = Box<dyn FnMut(&Value) -> Value>;

/// A person who types this.
pub(crate) fn types(text: &str) -> Option<Person> {
    let text = text.to_owned();
    Some(Box::new(
        move |_| json!({"action": "accept", "content": {"answer": text}}),
    ))
}

/// The other end of the stream.
pub(crate) struct Agent {
    write: UnixStream,
    read: BufReader<UnixStream>,
    next: u64,
    /// What each request says, in the life without `initialize`.
    pub(crate) meta: Option<Value>,
    pub(crate) person: Option<Person>,
    /// The forms that the person saw.
    pub(crate) forms: Vec<Value>,
    /// Notifications of the server.
    pub(crate) told: Vec<Value>,
    /// What the agent read.
    pub(crate) bytes: usize,
    server: Option<JoinHandle<Outcome<()>>>,
}

impl Agent {
    pub(crate) fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string());
    }

    pub(crate) fn send_text(&mut self, text: &str) {
        writeln!(self.write, "{text}").unwrap();
    }

    /// The next message of the server, which is always one line of JSON-RPC.
    #[track_caller]
    pub(crate) fn message(&mut self) -> Value {
        let mut line = String::new();
        self.read.read_line(&mut line).unwrap();
        assert!(!line.contains("CANARY"), "the key is in a message: {line}");
        let message: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
        message
    }

    /// Sends a request and gives its id.
    pub(crate) fn ask(&mut self, method: &str, mut params: Value) -> u64 {
        self.next += 1;
        if let Some(meta) = &self.meta {
            let mut meta = meta.clone();
            if let Some(token) = params
                .get("_meta")
                .and_then(|meta| meta.get("progressToken"))
            {
                meta["progressToken"] = token.clone();
            }
            params["_meta"] = meta;
        }
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// The response to a request; forms that come before it are shown to the person.
    #[track_caller]
    pub(crate) fn response(&mut self, id: u64) -> Value {
        loop {
            let message = self.message();
            if message["method"] == "elicitation/create" {
                let params = message["params"].clone();
                let person = self.person.as_mut().expect("nobody can be asked");
                let answer = person(&params);
                self.forms.push(params);
                self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": answer}));
            } else if message.get("method").is_some() {
                self.told.push(message);
            } else if message["id"] == id {
                return message;
            } else {
                panic!("a response to something else: {message}");
            }
        }
    }

    #[track_caller]
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.response(id)
    }

    /// The result of a tool, whatever it is.
    #[track_caller]
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.call_with(json!({"name": tool, "arguments": arguments}))
    }

    /// The same with more members, such as a seal and answers.
    #[track_caller]
    pub(crate) fn call_with(&mut self, params: Value) -> Value {
        let response = self.request("tools/call", params);
        let result = response["result"].clone();
        assert!(result.is_object(), "{response}");
        self.bytes += result.to_string().len();
        result
    }

    /// The structured answer of a tool that succeeded.
    #[track_caller]
    pub(crate) fn done(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], false, "{result}");
        result["structuredContent"].clone()
    }

    /// The structured answer of a tool that failed with this code.
    #[track_caller]
    pub(crate) fn fails(&mut self, tool: &str, arguments: Value, code: &str) -> Value {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], true, "{result}");
        assert_eq!(
            result["structuredContent"]["error"]["code"], code,
            "{result}"
        );
        result["structuredContent"].clone()
    }

    /// The names of the tools.
    pub(crate) fn tools(&mut self) -> Vec<String> {
        let listed = self.request("tools/list", json!({}));
        let tools = listed["result"]["tools"]
            .as_array()
            .unwrap_or_else(|| panic!("{listed}"));
        tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Goes away, and says how the server ended.
    pub(crate) fn leave(mut self) -> Outcome<()> {
        self.write.shutdown(std::net::Shutdown::Both).unwrap();
        self.server.take().unwrap().join().unwrap()
    }
}
