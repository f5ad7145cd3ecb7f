//! `local open`: the address of the pages, of a server that runs or of one that it starts.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use rustix::process::Signal;

use crate::env::{BINARY, Env};
use crate::serve::{serve, stop};

/// The status of a page, and where it leads.
fn look(url: &str) -> (u16, Option<String>) {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let lines: Vec<String> = BufReader::new(stream)
        .lines()
        .map_while(Result::ok)
        .collect();
    let status = lines[0].split(' ').nth(1).unwrap().parse().unwrap();
    let location = lines
        .iter()
        .find_map(|line| line.strip_prefix("location: "));
    (status, location.map(str::to_owned))
}

fn admits(url: &str) -> bool {
    look(url) == (303, Some("/local".to_owned()))
}

#[test]
fn the_server_that_runs_is_opened() {
    let home = Env::new();
    let (child, ready) = serve(&home, &[]);
    assert!(admits(ready["page"].as_str().unwrap()));
    let ran = home.run(["local", "open", "--print"]);
    let url = ran.stdout.trim();
    assert!(url.starts_with(ready["url"].as_str().unwrap()), "{ran:?}");
    // Another user who sees the address in the process list gets no lasting token.
    assert!(!url.contains(ready["control_token"].as_str().unwrap()));
    assert!(admits(url));
    let forged = url.replace("token=", "token=9");
    assert_eq!(look(&forged).0, 401);
    stop(child, Signal::TERM);
}

#[test]
fn without_a_server_it_serves_until_it_is_stopped() {
    let home = Env::new();
    let mut command = home.command(BINARY);
    let mut child = command
        .args(["local", "open", "--port", "0", "--print"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    assert!(admits(url.trim()), "{url}");
    assert_eq!(
        home.run(["local", "status"]).json()["running"]["pid"],
        child.id()
    );
    assert_eq!(stop(child, Signal::INT), Some(0));
}

#[test]
fn the_browser_is_started_with_the_address_and_without_a_key() {
    let home = Env::new();
    let (child, _) = serve(&home, &[]);
    let seen = home.home().join("seen");
    let made = home.command("mkfifo").arg(&seen).status().unwrap();
    assert!(made.success());
    let name = if cfg!(target_os = "macos") {
        "bin/open"
    } else {
        "bin/xdg-open"
    };
    let script = "#!/bin/sh\necho \"$1 ${CLERK_SECRET_KEY:-no key}\" > \"$HOME/seen\"\n";
    let browser = home.file(name, script);
    fs_err::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", browser.parent().unwrap().display());
    let home = home
        .set("PATH", path)
        .set("CLERK_SECRET_KEY", "sk_test_notforbrowsers");
    let ran = home.run(["local", "open"]);
    let url = ran.stdout.trim().to_owned();
    let (sender, receiver) = std::sync::mpsc::channel();
    // Reading waits until somebody has written.
    std::thread::spawn(move || sender.send(fs_err::read_to_string(&seen)));
    let told = receiver
        .recv_timeout(std::time::Duration::from_secs(20))
        .unwrap()
        .unwrap();
    assert_eq!(told.trim(), format!("{url} no key"));
    stop(child, Signal::TERM);
}
