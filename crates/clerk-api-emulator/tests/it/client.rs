//! An emulator to test and the little HTTP that tests need, on one kept-alive connection.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use clerk_api_emulator::{Clock, Config, Database, Emulator, Handle};
use serde_json::{Value, json};

pub(crate) const KEY: &str = "sk_test_local0123456789";

/// An emulator whose clock begins at 2026-01-01 and whose ids are the same in every run.
pub(crate) struct App {
    handle: Handle,
    connection: BufReader<TcpStream>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

/// The settings of tests: all that varies is fixed, and CI may ask for a recording.
pub(crate) fn config(database: Database) -> Config {
    let mut config = Config::new(KEY);
    config.database = database;
    config.clock = Clock::starting_at(1_767_225_600_000);
    config.seed = Some(1);
    config.record = recording();
    config
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration of their own"
)]
fn recording() -> Option<PathBuf> {
    std::env::var_os("CLERK_API_LOCAL_RECORD").map(PathBuf::from)
}

impl App {
    pub(crate) fn start() -> Self {
        Self::with(config(Database::Memory))
    }

    /// For requests that the server takes although the specification does not have them: they are not to be judged.
    pub(crate) fn unrecorded() -> Self {
        let mut config = config(Database::Memory);
        config.record = None;
        Self::with(config)
    }

    pub(crate) fn with(config: Config) -> Self {
        let handle = Emulator::start(config).expect("starts");
        let address = handle
            .url()
            .strip_prefix("http://")
            .expect("plain")
            .to_owned();
        let connection = TcpStream::connect(address).expect("listens");
        connection.set_nodelay(true).expect("a socket");
        Self {
            handle,
            connection: BufReader::new(connection),
        }
    }

    pub(crate) fn host(&self) -> &str {
        self.handle.url().strip_prefix("http://").expect("plain")
    }

    pub(crate) fn stop(self) {
        self.handle.stop();
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    pub(crate) fn delete(&mut self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None)
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[], Some(body.to_string().as_bytes()))
    }

    pub(crate) fn patch(&mut self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, &[], Some(body.to_string().as_bytes()))
    }

    pub(crate) fn put(&mut self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, &[], Some(body.to_string().as_bytes()))
    }

    /// Sends a request to the server itself, below `/local`.
    pub(crate) fn local(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Answer {
        self.exchange(method, &format!("/local{path}"), headers, body)
    }

    /// The header that admits to the control API.
    pub(crate) fn control_header(&self) -> String {
        format!("Bearer {}", self.handle.control_token())
    }

    /// Sends a request to the control API.
    pub(crate) fn control(&mut self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let authorization = self.control_header();
        let body = body.map(Value::to_string);
        self.local(
            method,
            &format!("/api{path}"),
            &[("authorization", &authorization)],
            body.as_ref().map(String::as_bytes),
        )
    }

    /// Sends a request; `headers` replace those of the same name, an empty value leaves one out.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Answer {
        self.exchange(method, &format!("/v1{path}"), headers, body)
    }

    /// Like `send`, for what is below neither `/v1` nor `/local`; without a body.
    pub(crate) fn root(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.exchange(method, path, headers, None)
    }

    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Answer {
        let mut all = vec![
            ("host", self.host().to_owned()),
            ("authorization", format!("Bearer {KEY}")),
            ("content-length", body.unwrap_or_default().len().to_string()),
        ];
        if body.is_some() {
            all.push(("content-type", "application/json".to_owned()));
        }
        all.retain(|(name, _)| !headers.iter().any(|(other, _)| other == name));
        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        let given = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        for (name, value) in all
            .into_iter()
            .chain(given)
            .filter(|(_, value)| !value.is_empty())
        {
            write!(request, "{name}: {value}\r\n").expect("memory");
        }
        let mut bytes = (request + "\r\n").into_bytes();
        bytes.extend_from_slice(body.unwrap_or_default());
        self.connection.get_mut().write_all(&bytes).expect("sends");
        self.answer()
    }

    fn answer(&mut self) -> Answer {
        let mut line = || {
            let mut line = String::new();
            self.connection.read_line(&mut line).expect("an answer");
            line.trim_end().to_owned()
        };
        let status: u16 = line()
            .split(' ')
            .nth(1)
            .expect("a status")
            .parse()
            .expect("a number");
        let mut headers = Vec::new();
        loop {
            let line = line();
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length: usize = match length {
            // Nothing may follow, so nothing says how much.
            None if status == 204 => 0,
            length => length.expect("a length").1.parse().expect("a number"),
        };
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body).expect("a body");
        let text = String::from_utf8(body).expect("UTF-8");
        Answer {
            status,
            headers,
            text,
        }
    }

    /// Makes a user with this email address and returns its id.
    pub(crate) fn user(&mut self, email: &str) -> String {
        self.post("/users", &json!({"email_address": [email]}))
            .ok()
            .id()
    }
}

impl Answer {
    /// Insists on success.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.text);
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The JSON for a snapshot, without the server's port. Insta's own writer does not know numbers of arbitrary
    /// precision.
    pub(crate) fn pretty(&self) -> String {
        const ADDRESS: &str = "http://127.0.0.1:";
        let text = serde_json::to_string_pretty(&self.json()).expect("JSON");
        let mut parts = text.split(ADDRESS);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            out += ADDRESS;
            out += "PORT";
            out += part.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        out
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The id of the object that was answered.
    pub(crate) fn id(&self) -> String {
        self.json()["id"].as_str().expect("an id").to_owned()
    }

    /// The ids of the objects of an array or an envelope.
    pub(crate) fn ids(&self) -> Vec<String> {
        let json = self.json();
        let items = json
            .as_array()
            .or_else(|| json["data"].as_array())
            .expect("a list");
        items
            .iter()
            .map(|item| item["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    /// The status with the code and the parameter of every error, as `422 form_param_missing(name)`.
    pub(crate) fn errors(&self) -> String {
        let json = self.json();
        let errors = json["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("no errors: {}", self.text));
        let mut text = self.status.to_string();
        for error in errors {
            write!(text, " {}", error["code"].as_str().expect("a code")).expect("memory");
            if let Some(param) = error["meta"]["param_name"].as_str() {
                write!(text, "({param})").expect("memory");
            }
        }
        text
    }
}
