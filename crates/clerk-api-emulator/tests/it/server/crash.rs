//! A server that is killed in the middle of writing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Sender};

use clerk_api_emulator::{Config, Database, Emulator};
use rusqlite::Connection;

use crate::client::{App, KEY, config};

/// Set for the process that is to be killed: the database that it serves.
const SERVE: &str = "CLERK_API_TEST_SERVE";
const CONNECTIONS: usize = 6;
/// Acknowledged creates after which the server is killed.
const ENOUGH: usize = 150;

#[test]
fn a_killed_server_has_lost_nothing_that_it_acknowledged() {
    // reliability 11.6
    if let Some(path) = served() {
        serve_until_killed(Path::new(&path), |_| {});
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("local.db");
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        acknowledged.extend(write_and_kill(&path, round));
        let db = Connection::open(&path).expect("opens");
        let check: String = db
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .expect("checks");
        assert_eq!(check, "ok");
        drop(db);
        let mut app = App::with(config(Database::File(path.clone())));
        for email in &acknowledged {
            let query = format!("/users/count?email_address={email}");
            assert_eq!(app.get(&query).ok().json()["total_count"], 1, "{email}");
        }
        // What was written but not acknowledged may be there too, and it is counted.
        let total = app.get("/users/count").json()["total_count"].clone();
        let (mut walked, mut offset) = (0, 0);
        loop {
            let page = app
                .get(&format!("/users?limit=500&offset={offset}"))
                .ok()
                .ids();
            if page.is_empty() {
                break;
            }
            walked += page.len();
            offset += page.len();
        }
        assert_eq!(total, walked);
        assert_eq!(
            app.get("/users?query=crash").ok().ids().len(),
            walked.min(10)
        );
    }
    assert!(acknowledged.len() >= 3 * ENOUGH);
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration of their own"
)]
pub(super) fn served() -> Option<std::ffi::OsString> {
    std::env::var_os(SERVE)
}

/// The other process: this test again, with a database to serve.
pub(super) fn serve_until_killed(path: &Path, adjust: impl FnOnce(&mut Config)) {
    let mut config = Config::new(KEY);
    config.database = Database::File(path.to_owned());
    adjust(&mut config);
    let clerk = Emulator::start(config).expect("starts");
    // Not print!, which tests capture.
    writeln!(std::io::stdout(), "\nserving {}", clerk.url()).expect("is read");
    // The end of the input is the end of the test that started this.
    let _ = std::io::stdin().read(&mut [0]);
}

/// Returns the addresses of the users whose creation was acknowledged.
fn write_and_kill(path: &Path, round: usize) -> Vec<String> {
    let name = "server::crash::a_killed_server_has_lost_nothing_that_it_acknowledged";
    let (mut server, host) = start(name, path);
    let (tell, told) = mpsc::channel();
    for connection in 0..CONNECTIONS {
        let (tell, host) = (tell.clone(), host.clone());
        std::thread::spawn(move || create_until_refused(&host, round, connection, &tell));
    }
    drop(tell);
    let mut acknowledged: Vec<String> = told.iter().take(ENOUGH).collect();
    server.kill().expect("dies");
    server.wait().expect("is dead");
    // Everything that was answered before the connection broke counts.
    acknowledged.extend(told);
    acknowledged
}

/// Starts a test of this name in another process, which serves the database and tells its host.
pub(super) fn start(name: &str, path: &Path) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().expect("known"))
        .args(["--exact", name, "--nocapture"])
        .env(SERVE, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let out = BufReader::new(child.stdout.take().expect("piped"));
    let host = out
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("serving http://").map(str::to_owned));
    (child, host.expect("serves"))
}

fn create_until_refused(host: &str, round: usize, connection: usize, tell: &Sender<String>) {
    for number in 0.. {
        let email = format!("crash-{round}-{connection}-{number}@example.com");
        match create(host, &email) {
            Ok(true) => tell.send(email).expect("is listening"),
            Ok(false) => panic!("refused {email}"),
            Err(_) => return,
        }
    }
}

/// Creates a user on a connection of its own; true if that was acknowledged, an error if nothing came back.
pub(super) fn create(host: &str, email: &str) -> std::io::Result<bool> {
    let body = format!(r#"{{"email_address":["{email}"]}}"#);
    let length = body.len();
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "POST /v1/users HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {KEY}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    if line.is_empty() {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.starts_with("HTTP/1.1 200 "))
}
