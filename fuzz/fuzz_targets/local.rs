//! The local Clerk over HTTP: no query and no body makes it fail inside, and every response is JSON.
//!
//! The first byte chooses the route; the rest is the query of a list, or the body of a write.
#![no_main]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::LazyLock;

use clerk_api_emulator::{Config, Emulator, Handle};
use libfuzzer_sys::fuzz_target;

const KEY: &str = "sk_test_0123456789";
const ROUTES: [(&str, &str); 15] = [
    ("GET", "/v1/users"),
    ("GET", "/v1/users/count"),
    ("GET", "/v1/organizations"),
    ("GET", "/v1/organization_memberships"),
    ("GET", "/v1/organization_invitations"),
    ("GET", "/v1/invitations"),
    ("POST", "/v1/users"),
    ("POST", "/v1/users/ban"),
    ("POST", "/v1/organizations"),
    ("POST", "/v1/invitations"),
    ("POST", "/v1/invitations/bulk"),
    (
        "PATCH",
        "/v1/users/user_2NNEqL2nrIRdJ194ndJqAHwEfxC/metadata",
    ),
    ("POST", "/v1/jwt_templates"),
    ("POST", "/v1/sessions"),
    ("GET", "/v1/waitlist_entries"),
];

static CLERK: LazyLock<Handle> = LazyLock::new(|| Emulator::start(Config::new(KEY)).unwrap());

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let (method, path) = ROUTES[usize::from(*first) % ROUTES.len()];
    let host = CLERK.url().trim_start_matches("http://").to_owned();
    let mut target = path.to_owned();
    if method == "GET" {
        target.push('?');
        for byte in rest {
            match byte {
                b'&' | b'=' | b'+' | b'%' | b'-' | b'_' => target.push(char::from(*byte)),
                byte if byte.is_ascii_alphanumeric() => target.push(char::from(*byte)),
                byte => write!(target, "%{byte:02X}").unwrap(),
            }
        }
    }
    let body = if method == "GET" { &[][..] } else { rest };
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut socket = TcpStream::connect(&host).unwrap();
    socket.write_all(head.as_bytes()).unwrap();
    socket.write_all(body).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    let status = std::str::from_utf8(&answer[9..12])
        .unwrap()
        .parse::<u16>()
        .unwrap();
    assert!(status < 500, "{}", String::from_utf8_lossy(&answer));
    let start = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4;
    serde_json::from_slice::<serde_json::Value>(&answer[start..]).unwrap();
});
