//! `local webhooks`, and the events that a server sends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::Value;

use crate::env::Env;

/// An endpoint that hears everything: its address, and the headers and bodies that come.
fn endpoint() -> (String, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).unwrap() > 0 {}
            let length = head.to_lowercase();
            let length = length.split("content-length: ").nth(1).unwrap();
            let length = length.split_whitespace().next().unwrap();
            let mut body = vec![0; length.parse().unwrap()];
            stream.read_exact(&mut body).unwrap();
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.get_mut().write_all(answer.as_bytes()).unwrap();
            let body = serde_json::from_slice(&body).unwrap();
            if tell.send((head, body)).is_err() {
                return;
            }
        }
    });
    (url, told)
}

fn next(told: &Receiver<(String, Value)>) -> (String, Value) {
    told.recv_timeout(Duration::from_secs(20))
        .expect("gets an event")
}

fn exec(env: &Env, flags: &[&str], script: &str) -> crate::env::Ran {
    let mut arguments = vec!["local", "exec"];
    arguments.extend(flags);
    arguments.extend(["--", "sh", "-c", script]);
    env.run(arguments)
}

#[test]
fn an_endpoint_is_told_from_the_start_and_the_command_knows_the_secret() {
    let env = Env::new();
    let (url, told) = endpoint();
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let script = "clerk-api users create --email ada@example.com --skip-password-requirement >/dev/null && \
                  echo $CLERK_WEBHOOK_SIGNING_SECRET && clerk-api local webhooks list --jq '.data[].url'";
    let flags = ["--webhook", &url, "--webhook-secret", secret];
    let ran = exec(&env, &flags, script);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.stdout, format!("{secret}\n{url}\n"));
    let (head, event) = next(&told);
    assert!(
        head.to_lowercase().contains("svix-signature: v1,"),
        "{head}"
    );
    assert_eq!(event["type"], "user.created");
    let agent = &event["event_attributes"]["http_request"]["user_agent"];
    assert!(agent.as_str().unwrap().contains("clerk-api"), "{agent}");
}

#[test]
fn endpoints_are_added_events_listed_and_replayed_and_endpoints_removed() {
    let env = Env::new();
    let (url, told) = endpoint();
    let script = format!(
        "id=$(clerk-api local webhooks add {url} --event 'user.*' --jq .id) && \
         clerk-api users create --email ada@example.com --skip-password-requirement >/dev/null && \
         clerk-api local webhooks events --type user.created --jq .total_count && \
         event=$(clerk-api local webhooks events --jq '.data[0].id') && \
         clerk-api local webhooks replay $event --jq .replayed && \
         clerk-api local webhooks replay --since 2000-01-01 --webhook-id $id --jq .replayed && \
         clerk-api local webhooks deliveries --jq .total_count && \
         clerk-api local webhooks remove $id --jq .deleted"
    );
    let ran = exec(&env, &[], &script);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "1\n1\n1\n1\ntrue\n"),
        "{ran:?}"
    );
    assert_eq!(next(&told).1["type"], "user.created");
}

#[test]
fn what_cannot_be_told_is_said() {
    let env = Env::new();
    let nobody = env.run(["local", "webhooks", "list"]).error(1);
    assert_eq!(nobody["code"], "not_running");
    let hint = nobody["hint"].to_string();
    assert!(hint.contains("local serve"), "{nobody}");
    let ran = exec(
        &env,
        &[],
        "clerk-api local webhooks add http://example.com/hooks",
    );
    let error = ran.error(2);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("not at example.com"), "{message}");
    let vague = exec(&env, &[], "clerk-api local webhooks replay").error(2);
    assert_eq!(vague["code"], "usage");
    let elsewhere = [
        "local",
        "exec",
        "--webhook",
        "http://10.0.0.1/",
        "--",
        "true",
    ];
    env.run(elsewhere).error(2);
}
