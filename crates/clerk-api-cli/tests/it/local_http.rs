//! What the local Clerk does under many connections, with strict rules, and what it shows of requests.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use clerk_api::declare::{Place, Verb};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::env::{BINARY, Env};
use crate::serve::{self, serve, stop};

/// Files that the server may have open in these tests, and the connections that follow from it.
const FILES: usize = 96;
const CONNECTIONS: usize = FILES / 2;

/// A running server and how it is asked.
pub(crate) struct Asked {
    host: String,
    key: String,
    token: String,
}

impl Asked {
    pub(crate) fn of(ready: &Value) -> Self {
        let text = |name: &str| ready[name].as_str().unwrap().to_owned();
        Self {
            host: text("url").trim_start_matches("http://").to_owned(),
            key: text("secret_key"),
            token: text("control_token"),
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).unwrap();
        let patience = Some(Duration::from_secs(60));
        stream.set_read_timeout(patience).unwrap();
        stream
    }

    /// Sends a request without waiting for its response.
    fn begin(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = self.connect();
        let credential = if path.starts_with("/local") {
            &self.token
        } else {
            &self.key
        };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {credential}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        )
        .unwrap();
        stream
    }

    fn send(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut answer = String::new();
        let mut stream = self.begin(method, path, body);
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let body = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"));
        (head[9..12].parse().unwrap(), body)
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, "")
    }
}

/// A server that may open few files.
fn narrow(home: &Env) -> (Child, Asked) {
    let mut command = home.command("/bin/sh");
    command
        .arg("-c")
        .arg(format!(
            "ulimit -n {FILES}; exec {BINARY} local serve --port 0 --ready-json"
        ))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let (child, ready) = serve::ready(command);
    (child, Asked::of(&ready))
}

#[test]
fn silent_connections_make_room_for_others() {
    let home = Env::new();
    let (child, server) = narrow(&home);
    let silent: Vec<_> = (0..CONNECTIONS + 10).map(|_| server.connect()).collect();
    for _ in 0..5 {
        assert_eq!(server.get("/v1/users/count").0, 200);
        assert_eq!(server.get("/local/api/status").0, 200);
    }
    // Half a request is silence too.
    let halves: Vec<_> = (0..CONNECTIONS + 10)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"GET /v1/users HTTP/1.1\r\nhost").unwrap();
            stream
        })
        .collect();
    assert_eq!(server.get("/v1/users/count").0, 200);
    drop((silent, halves));
    assert_eq!(stop(child, Signal::TERM), Some(0));
}

#[test]
fn two_places_are_kept_for_the_servers_own_api() {
    let home = Env::new();
    let (child, server) = narrow(&home);
    let fault = json!({"fault": "GET /users hang"}).to_string();
    assert_eq!(server.send("POST", "/local/api/faults", &fault).0, 200);
    // The first request's place is only free once the server has seen its end.
    let mut hanging = Vec::new();
    let struck = || {
        let faults = server.get("/local/api/faults").1;
        usize::try_from(faults["data"][0]["struck"].as_u64().unwrap()).unwrap()
    };
    while struck() < CONNECTIONS {
        if hanging.len() < CONNECTIONS {
            hanging.push(server.begin("GET", "/v1/users", ""));
        }
    }
    let (status, answer) = server.get("/v1/users/count");
    assert_eq!(
        (status, &answer["errors"][0]["code"]),
        (503, &json!("service_unavailable"))
    );
    for _ in 0..5 {
        assert_eq!(server.get("/local/api/status").0, 200);
    }
    assert_eq!(server.send("DELETE", "/local/api/faults", "").0, 200);
    hanging.truncate(CONNECTIONS - 5);
    while server.get("/v1/users/count").0 != 200 {}
    drop(hanging);
    assert_eq!(stop(child, Signal::TERM), Some(0));
}

#[test]
fn many_large_bodies_without_a_key_are_not_kept() {
    let home = Env::new();
    let (child, ready) = serve(&home, &[]);
    let mut server = Asked::of(&ready);
    server.key = "sk_test_wrong0key0".to_owned();
    let before = memory(&child);
    let mut senders: Vec<_> = (0..100).map(|_| server.connect()).collect();
    let head = format!(
        "POST /v1/users HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: 1000000\r\n\r\n",
        server.host, server.key
    );
    let most = vec![b'x'; 900_000];
    for sender in &mut senders {
        sender.write_all(head.as_bytes()).unwrap();
        // It may have been answered and hung up on.
        let _ = sender.write_all(&most);
    }
    let grown = memory(&child).saturating_sub(before);
    assert!(grown < 40_000, "grew by {grown} KiB");
    for mut sender in senders {
        let mut answer = String::new();
        let _ = sender.read_to_string(&mut answer);
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    assert_eq!(stop(child, Signal::TERM), Some(0));
}

/// KiB that a process has in memory; 0 where the system does not say.
fn memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.map_or(0, |number| number.parse().unwrap())
}

#[test]
fn a_strict_server_knows_every_parameter_of_every_list() {
    const VALUES: [&str; 11] = [
        "1",
        "true",
        "pending",
        "created_at",
        "name",
        "x",
        "active",
        "verified",
        "automatic_invitation",
        "google",
        "2024-01-01",
    ];
    let home = Env::new().unrecorded();
    let (child, ready) = serve(&home, &["--strict"]);
    let server = Asked::of(&ready);
    let user = json!({"email_address": ["ada@example.com"]}).to_string();
    let user = server.send("POST", "/v1/users", &user).1["id"].clone();
    let organization = json!({"name": "Acme", "created_by": user}).to_string();
    let organization = server.send("POST", "/v1/organizations", &organization).1["id"].clone();
    let (user, organization) = (user.as_str().unwrap(), organization.as_str().unwrap());
    let mut proven = 0;
    for op in clerk_api::ops::all().filter(|op| op.meta.verb == Verb::Get) {
        let path = op.meta.path.replace("{user_id}", user);
        let path = path.replace("{organization_id}", organization);
        if path.contains('{') {
            continue;
        }
        let required = if path == "/sessions" {
            format!("&user_id={user}")
        } else {
            String::new()
        };
        for field in op
            .meta
            .fields
            .iter()
            .filter(|field| field.place == Place::Query)
        {
            for value in VALUES {
                let path = format!("/v1{path}?{}={value}{required}", field.name);
                let (status, answer) = server.get(&path);
                let code = &answer["errors"][0]["code"];
                assert!(code != "form_param_unknown", "{path}: {answer}");
                if status == 200 {
                    proven += 1;
                    break;
                }
            }
        }
    }
    assert!(proven > 100, "{proven}");
    let (status, answer) = server.get("/v1/users?email_address[]=ada@example.com");
    assert_eq!(status, 400);
    assert_eq!(answer["errors"][0]["meta"]["param_name"], "email_address[]");
    stop(child, Signal::TERM);
}

#[test]
fn a_mistake_that_clerk_ignores_is_found_in_the_requests() {
    let home = Env::new().unrecorded();
    let (child, ready) = serve(&home, &[]);
    let server = Asked::of(&ready);
    let user = json!({"email_address": ["ada@example.com"], "password": "correct horse battery"});
    server.send("POST", "/v1/users", &user.to_string());
    let (status, found) = server.get("/v1/users?user_id[0]=user_x");
    assert_eq!((status, found.as_array().unwrap().len()), (200, 1));
    let list = home.run(["local", "requests"]).json();
    let latest = &list["data"][1];
    assert_eq!(latest["unread"], json!(["user_id[0]"]));
    let table = home.run(["local", "requests", "--output", "table"]);
    assert!(table.stdout.contains("user_id[0]"), "{table:?}");
    let one = home.run(["local", "requests", "1"]);
    assert!(!one.stdout.contains("correct horse"), "{one:?}");
    let one = one.json();
    assert_eq!(
        one["request"]["body"]["email_address"][0],
        "ada@example.com"
    );
    assert_eq!(one["request"]["body"]["password"], "…");
    assert_eq!(one["answer"]["body"]["object"], "user");
    home.run(["local", "requests", "99"]).error(5);
    home.run(["local", "requests", "1", "--after", "1"])
        .error(2);
    stop(child, Signal::TERM);
    let strict = home.run([
        "local",
        "exec",
        "--strict",
        "--",
        "sh",
        "-c",
        "clerk-api users list --query ada && clerk-api organizations list --all && clerk-api users count",
    ]);
    // Our own client makes no such mistake.
    assert_eq!(strict.code, 0, "{strict:?}");
}

#[test]
fn reliability_9_a_key_or_a_token_that_others_can_read_is_not_used() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = Env::new();
    let database = home.home().join("mine.db");
    let local = format!("--local={}", database.display());
    home.run([&local, "users", "count"]).json();
    let key = home.home().join("mine.db.key");
    let token = home.home().join("mine.db.server");
    let word = json!({"url": "http://127.0.0.1:1", "pid": 1, "control_token": "lct_x"});
    std::fs::write(&token, word.to_string()).unwrap();
    let mode = |path: &std::path::Path, mode: u32| {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    };
    mode(&token, 0o600);
    for (path, command) in [
        (&key, ["users", "count"]),
        (&token, ["local", "requests"]),
        (&database, ["users", "count"]),
    ] {
        mode(path, 0o644);
        let ran = home.run([&local, command[0], command[1]]);
        let wanted = format!("chmod 600 {}", path.display());
        assert!(ran.code != 0 && ran.stderr.contains(&wanted), "{ran:?}");
        mode(path, 0o600);
    }
    home.run([&local, "users", "count"]).json();
    for path in [&key, &token, &database] {
        let away = home.home().join("away");
        std::fs::rename(path, &away).unwrap();
        symlink(&away, path).unwrap();

        let command = if path == &token {
            ["local", "requests"]
        } else {
            ["users", "count"]
        };
        let ran = home.run([&local, command[0], command[1]]);
        assert!(ran.code != 0 && ran.stderr.contains("is a link"), "{ran:?}");
        std::fs::remove_file(path).unwrap();
        std::fs::rename(&away, path).unwrap();
    }
    home.run([&local, "users", "count"]).json();
}
