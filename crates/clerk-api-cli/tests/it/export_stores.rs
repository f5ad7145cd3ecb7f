//! Where `export` writes to: object stores. Real ones are in `conformance/stores`; here a server says what they say.

use std::process::Command;

use crate::clerk::clerk;
use crate::env::{CANARY, Env, Ran};
use crate::proxy::{Manner, Proxy};
use crate::server::{Answer, Server};
use crate::tls::{Authority, SecureServer};

/// What lets its holder write to the store.
const SECRET: &str = "CANARYsecret0123456789abcdef";

/// A program with credentials for S3, and a folder for what it writes on the way.
fn program(env: &Env, store: &str) -> Command {
    let mut command = env.command(crate::env::BINARY);
    let folder = env.home().join("tmp");
    std::fs::create_dir_all(&folder).unwrap();
    command
        .env("TMPDIR", &folder)
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL", store);
    command
}

/// Runs it, and checks that nobody learns the secret, and that no file is left.
fn ran(env: &Env, mut command: Command) -> Ran {
    let ran = crate::env::ran(&command.output().unwrap());
    assert!(!format!("{ran:?}").contains(SECRET), "{ran:?}");
    let left = std::fs::read_dir(env.home().join("tmp")).unwrap();
    assert_eq!(left.count(), 0);
    ran
}

fn export(env: &Env, store: &str, arguments: &[&str]) -> Ran {
    let mut command = program(env, store);
    command.args(["-vv", "export"]).args(arguments);
    ran(env, command)
}

fn xml(status: u16, code: &str) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>In words</Message><StringToSign>{SECRET}</StringToSign></Error>"
    );
    Answer::Bytes(format!(
        "HTTP/1.1 {status} Status\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ))
}

fn done() -> Answer {
    Answer::Bytes("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nLast-Modified: Mon, 30 Nov 2026 12:00:00 GMT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned())
}

/// The first byte of an object.
fn there() -> Answer {
    Answer::Bytes("HTTP/1.1 206 Partial Content\r\nETag: \"1\"\r\nLast-Modified: Mon, 30 Nov 2026 12:00:00 GMT\r\nContent-Range: bytes 0-0/9\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx".to_owned())
}

/// A store that has nothing, and takes what comes as the second function says.
fn store(put: impl Fn(&str) -> Answer + Send + 'static) -> Server {
    Server::answering(move |_, request| {
        if request.starts_with("GET ") {
            xml(404, "NoSuchKey")
        } else {
            put(request)
        }
    })
}

#[test]
fn reliability_7_6_an_export_goes_to_a_store_and_what_grants_access_nowhere_else() {
    let (_clerk, env) = clerk(&[]);
    env.run(["users", "create", "--email", "ada@example.com"])
        .json();
    let store = store(|_| done());
    let to = ["users", "--to", "s3://acme/people/users.csv"];
    let summary = export(&env, &store.url, &to).json();
    assert_eq!(summary["files"][0]["file"], "s3://acme/people/users.csv");
    let requests = store.requests();
    let put = requests.last().unwrap();
    let (head, body) = put.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("PUT /acme/people/users.csv HTTP/1.1")
            && head.contains("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/"),
        "{head}"
    );
    assert!(body.contains("ada@example.com"), "{body}");
    let all = requests.join("\n");
    assert!(!all.contains(CANARY) && !all.contains(SECRET), "{all}");
}

#[test]
fn a_folder_is_an_object_for_each_file() {
    let (_clerk, env) = clerk(&[]);
    let store = store(|_| done());
    let to = ["roles", "--to", "s3://acme/lake/", "--format", "parquet"];
    let summary = export(&env, &store.url, &to).json();
    let files = summary["files"].as_array().unwrap();
    let names: Vec<&str> = files
        .iter()
        .map(|file| file["file"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(
        names[0].starts_with("s3://acme/lake/kind=roles/date=2")
            && names[0].ends_with("/part-0000.parquet"),
        "{names:?}"
    );
}

#[test]
fn what_a_store_says_is_told_in_plain_words() {
    let (_clerk, env) = clerk(&[]);
    let to = ["users", "--to", "s3://acme/users.csv"];
    for (status, code, hint) in [
        (403, "SignatureDoesNotMatch", "are wrong or have expired"),
        (403, "AccessDenied", "s3:PutObject"),
        (404, "NoSuchBucket", "make the bucket acme first"),
        (301, "PermanentRedirect", "set AWS_REGION"),
    ] {
        let store = Server::start(vec![xml(status, code)]);
        let error = export(&env, &store.url, &to).error(1);
        assert_eq!(error["code"], "store_refused");
        let message = error["message"].to_string();
        assert!(message.contains(&format!("{code}: In words")), "{message}");
        assert!(error["hint"].to_string().contains(hint), "{error}");
        // It is known before the instance is read.
        assert_eq!(store.requests().len(), 1);
    }
    let store = Server::start(vec![there()]);
    let error = export(&env, &store.url, &to).error(2);
    assert!(error["message"].to_string().contains("exists already"));
    assert!(error["hint"].to_string().contains("--force"));
}

#[test]
fn reliability_4_12_an_export_that_fails_says_what_is_there() {
    let (_clerk, env) = clerk(&[]);
    let store = store(|request| {
        if request.starts_with("PUT /acme/all/roles.ndjson ") {
            done()
        } else {
            xml(403, "AccessDenied")
        }
    });
    let error = export(&env, &store.url, &["roles", "--to", "s3://acme/all/"]).error(1);
    let message = error["message"].to_string();
    assert!(
        message.contains("cannot write s3://acme/all/meta.json")
            && message.contains("1 of 2 objects are there: s3://acme/all/roles.ndjson"),
        "{message}"
    );
    assert!(error["hint"].to_string().contains("--force"), "{error}");
}

#[test]
fn reliability_7_3_what_cannot_go_to_a_store_is_refused_before_anything_is_sent() {
    let (_clerk, env) = clerk(&[]);
    let store = store(|_| done());
    for (arguments, message) in [
        (vec!["--to", "s3:///x"], "no bucket name"),
        (vec!["--to", "az://acme/a//x"], "an empty part"),
        (vec!["--to", "s3://acme/x"], "the format of s3://acme/x"),
        (
            vec!["--to", "s3://acme/x/", "--format", "sqlite"],
            "is one object",
        ),
        (
            vec!["--to", "s3://acme/x/", "--resume"],
            "--resume is for files",
        ),
        (
            vec!["--to", "s3://acme/x/", "--mode", "0640"],
            "--mode is for files",
        ),
        (vec!["--to", "gs://acme/x/"], "there are no credentials"),
        (vec!["--to", "az://acme/x/"], "there are no credentials"),
    ] {
        let error = export(&env, &store.url, &arguments).error(2);
        let said = error["message"].to_string();
        assert!(said.contains(message), "{said}");
    }
    let mut command = program(&env, &store.url);
    command
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("AWS_PROFILE", "work")
        .args(["export", "--to", "s3://acme/x/"]);
    let error = ran(&env, command).error(2);
    assert!(
        error["hint"].to_string().contains("export-credentials"),
        "{error}"
    );
    assert!(store.requests().is_empty());

    // Plain text is for this machine only, whichever variable says so.
    let error = export(&env, "http://store.example.com", &["--to", "s3://acme/x/"]).error(2);
    assert!(error["message"].to_string().contains("by http"), "{error}");
}

#[test]
fn a_store_is_reached_through_the_proxy_and_by_the_certificates_of_a_company() {
    let authority = Authority::new();
    let server = SecureServer::start(authority.issue("store.test"));
    let proxy = Proxy::start(Manner::Open, server.listening.address);
    let env = Env::at("http://127.0.0.1:1");
    let file = env.file("company.pem", &authority.pem);
    let store = format!("https://store.test:{}", server.listening.port());
    let mut command = program(&env, &store);
    command
        .env("HTTPS_PROXY", proxy.address())
        .env("SSL_CERT_FILE", file)
        .args(["export", "users", "--to", "s3://acme/users.csv"]);
    // It responds to everything with a list of nobody.
    let error = ran(&env, command).error(1);
    assert_eq!(error["code"], "store_failed");
    assert_eq!(proxy.asked().len(), 1);
    let connections = server.connections();
    let [Some(head)] = connections.as_slice() else {
        panic!("{connections:?}")
    };
    assert!(head.starts_with("GET /acme/users.csv HTTP/1.1"), "{head}");
}
