//! `mcp`: the real binary over standard input and output.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::clerk::clerk;
use crate::env::{BINARY, Env};

/// A server, and the lines that it writes.
struct Server {
    child: Child,
    write: Option<ChildStdin>,
    read: BufReader<ChildStdout>,
    next: u64,
}

impl Server {
    fn start(env: &Env, arguments: &[&str]) -> Self {
        let mut child = env
            .command(BINARY)
            .arg("mcp")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            write: child.stdin.take(),
            read: BufReader::new(child.stdout.take().unwrap()),
            child,
            next: 0,
        }
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let request =
            json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params});
        writeln!(self.write.as_mut().unwrap(), "{request}").unwrap();
        let mut line = String::new();
        self.read.read_line(&mut line).unwrap();
        assert!(!line.contains("CANARY"), "{line}");
        let message: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!(message["id"], self.next, "{message}");
        message["result"].clone()
    }

    fn begin(&mut self) {
        let params = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        assert_eq!(
            self.request("initialize", &params)["serverInfo"]["name"],
            "clerk-api"
        );
    }

    /// Closes the input; the server ends by itself, with nothing more on its output.
    fn end(mut self) {
        drop(self.write.take());
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.read, &mut rest).unwrap();
        assert_eq!(rest, "");
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn reliability_10_1_standard_output_is_protocol_only() {
    let (_clerk, env) = clerk(&[]);
    let mut server = Server::start(&env, &["--allow-writes", "-vv"]);
    server.begin();
    let call = json!({"name": "change_access", "arguments": {"operation": "blocklist.add", "arguments": {"identifier": "eve@evil.com"}}});
    let done = server.request("tools/call", &call);
    assert_eq!(done["isError"], false, "{done}");
    let call = json!({"name": "list", "arguments": {"resource": "blocklist"}});
    let listed = server.request("tools/call", &call);
    assert_eq!(
        listed["structuredContent"]["untrusted"]["rows"][0]["identifier"], "eve@evil.com",
        "{listed}"
    );
    server.end();
}

impl Server {
    /// The answer of a tool.
    #[track_caller]
    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let call = json!({"name": tool, "arguments": arguments});
        let done = self.request("tools/call", &call);
        assert_eq!(done["isError"], false, "{done}");
        done["structuredContent"].clone()
    }
}

#[test]
fn a_person_continues_the_job_that_an_agent_stopped() {
    let (_clerk, env) = clerk(&[r#"{"on":"POST /users","delay_ms":300}"#]);
    let mut server = Server::start(&env, &["--allow-writes"]);
    server.begin();
    let rows: Vec<Value> = (0..50)
        .map(|number| json!({"username": format!("person{number}"), "skip_password_requirement": true}))
        .collect();
    let job = server.call(
        "job_start",
        &json!({"operation": "users.create", "rows": rows}),
    );
    let job = json!({"id": job["job"]});
    server.call("job_cancel", &job);
    let told = loop {
        let told = server.call("jobs", &job);
        if told["runs_here"] == false {
            break told;
        }
    };
    let done = told["rows"]["done"].as_u64().unwrap();
    assert!(done < 50, "{told}");
    // Word for word what the server says, while it runs.
    let command = told["resume"].as_str().unwrap();
    let words = command.strip_prefix("clerk-api ").unwrap();
    let went_on = env.run(words.split(' ').chain(["--yes"]));
    assert_eq!(went_on.code, 0, "{went_on:?}");
    assert_eq!(server.call("jobs", &job)["rows"]["done"], 50);
    assert_eq!(
        env.run(["users", "count"]).json()["total_count"],
        50,
        "nothing is made twice"
    );
    server.end();
}

#[test]
fn it_serves_a_local_clerk() {
    let env = Env::new();
    let mut server = Server::start(&env, &["--local"]);
    server.begin();
    let found = server.request(
        "tools/call",
        &json!({"name": "find", "arguments": {"text": "ada"}}),
    );
    assert_eq!(found["structuredContent"]["count"], 0, "{found}");
    server.end();
}

#[test]
fn it_starts_without_a_key_and_says_where_one_comes_from() {
    let env = Env::new();
    let mut server = Server::start(&env, &[]);
    server.begin();
    let failed = server.request(
        "tools/call",
        &json!({"name": "find", "arguments": {"text": "ada"}}),
    );
    assert_eq!(failed["isError"], true);
    let problem = &failed["structuredContent"]["untrusted"];
    assert!(problem.to_string().contains("key"), "{failed}");
    server.end();
}

#[test]
fn reliability_10_1_a_mistyped_safety_option_is_an_error_at_the_start() {
    let env = Env::new();
    for wrong in [
        &["--readonly"][..],
        &["--read_only"],
        &["--read-only"],
        &["read_only-true"],
        &["--allow-write"],
        &["--allow-writes=false"],
        &["--toolsets", "user"],
        &["--expose", "everything"],
        &["--allow-invites"],
        &["--max-destroyed", "many"],
        &["--allow-redirect", "https://app.acme.com/?next=x"],
        &["--allow-redirect", "http://app.acme.com"],
        &["--yes"],
        &["--dry-run"],
    ] {
        let arguments = ["mcp"].iter().chain(wrong);
        let ran = env.run(arguments);
        assert_eq!(ran.code, 2, "{wrong:?}: {ran:?}");
        assert_eq!(ran.stdout, "", "{wrong:?}");
    }
}

#[test]
fn reliability_10_1_the_setting_read_only_wins() {
    let (_clerk, env) = clerk(&[]);
    let env = env.set("CLERK_API_READ_ONLY", "1");
    let mut server = Server::start(&env, &["--allow-writes", "--allow-destructive"]);
    server.begin();
    let tools = server.request("tools/list", &json!({}));
    assert_eq!(tools["tools"].as_array().unwrap().len(), 8);
    server.end();
}
