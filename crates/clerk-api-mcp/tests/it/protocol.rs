//! Both lives of the protocol, in every order that clients begin with.

use serde_json::json;

use crate::harness::{Bench, LEGACY, MODERN, Start, meta};

fn initialize() -> serde_json::Value {
    json!({"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}})
}

#[test]
fn initialize_alone_begins_the_old_life() {
    let bench = Bench::new();
    let mut agent = bench.server(Start::default());
    let begun = agent.request("initialize", initialize());
    assert_eq!(begun["result"]["protocolVersion"], LEGACY);
    assert_eq!(begun["result"]["serverInfo"]["name"], "clerk-api");
    assert!(
        begun["result"]["instructions"]
            .as_str()
            .unwrap()
            .contains("untrusted")
    );
    agent.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    assert!(agent.tools().contains(&"find".to_owned()));
    let result = agent.call("find", json!({"text": "ada"}));
    assert!(
        result.get("resultType").is_none(),
        "the old life has no resultType: {result}"
    );
    assert!(agent.request("ping", json!({})).get("result").is_some());
    agent.leave().unwrap();
}

#[test]
fn a_probe_and_then_initialize() {
    let bench = Bench::new();
    let mut agent = bench.server(Start::default());
    let probed = agent.request("server/discover", json!({"_meta": meta(false)}));
    let versions = probed["result"]["supportedVersions"].as_array().unwrap();
    assert!(
        versions.contains(&json!(MODERN)) && versions.contains(&json!(LEGACY)),
        "{probed}"
    );
    assert_eq!(
        agent.request("initialize", initialize())["result"]["protocolVersion"],
        LEGACY
    );
    assert!(!agent.tools().is_empty());
    agent.leave().unwrap();
}

#[test]
fn a_probe_and_then_a_call_without_initialize() {
    let bench = Bench::new();
    let mut agent = bench.modern(Start::default(), false);
    let probed = agent.request("server/discover", json!({}));
    assert_eq!(probed["result"]["resultType"], "complete", "{probed}");
    let result = agent.call("find", json!({"text": "ada"}));
    assert_eq!(result["resultType"], "complete", "{result}");
    let listed = agent.request("tools/list", json!({}));
    assert!(
        listed["result"]["ttlMs"].is_u64() && listed["result"]["cacheScope"].is_string(),
        "{listed}"
    );
    agent.leave().unwrap();
}

#[test]
fn a_call_that_comes_first_is_answered() {
    let bench = Bench::new();
    let mut agent = bench.modern(Start::default(), false);
    agent.done("find", json!({"text": "ada"}));
    agent.leave().unwrap();
}

#[test]
fn a_malformed_first_message_ends_nothing() {
    let bench = Bench::new();
    for first in [
        "this is no JSON",
        "",
        "[]",
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","id":"other","result":{}}"#,
    ] {
        let mut agent = bench.server(Start::default());
        agent.send_text(first);
        let id = agent.ask("initialize", initialize());
        let mut message = agent.message();
        if message["id"].is_null() {
            assert!(message["error"]["code"].is_i64(), "{first}: {message}");
            message = agent.message();
        }
        assert_eq!(message["id"], id, "{first}: {message}");
        assert_eq!(
            message["result"]["protocolVersion"], LEGACY,
            "{first}: {message}"
        );
        agent.leave().unwrap();
    }
}

#[test]
fn a_request_without_what_it_needs_is_refused_and_the_stream_stays_open() {
    let bench = Bench::new();
    let mut agent = bench.server(Start::default());
    let refused = agent.request("tools/list", json!({}));
    assert_eq!(refused["error"]["code"], -32602, "{refused}");
    assert!(
        agent
            .request("initialize", initialize())
            .get("result")
            .is_some()
    );
    let unknown = agent.request("tools/call", json!({"name": "rm", "arguments": {}}));
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    agent.leave().unwrap();
}

#[test]
fn a_client_that_goes_away_at_once_is_no_failure() {
    let bench = Bench::new();
    bench.server(Start::default()).leave().unwrap();
}

#[test]
fn prompts_are_there() {
    let bench = Bench::new();
    let mut agent = bench.legacy(Start::default(), None);
    let prompts = agent.request("prompts/list", json!({}));
    let names: Vec<&str> = prompts["result"]["prompts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|prompt| prompt["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["onboard", "find_and_update", "audit"]);
    let prompt = agent.request(
        "prompts/get",
        json!({"name": "audit", "arguments": {"organization": "acme"}}),
    );
    assert!(
        prompt["result"]["messages"][0]["content"]["text"]
            .as_str()
            .unwrap()
            .contains("(organization: acme)")
    );
}

#[test]
fn resources_are_there() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::default(), None);
    let resources = agent.request("resources/list", json!({}));
    assert_eq!(
        resources["result"]["resources"].as_array().unwrap().len(),
        2
    );
    let templates = agent.request("resources/templates/list", json!({}));
    assert_eq!(
        templates["result"]["resourceTemplates"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let read = agent.request(
        "resources/read",
        json!({"uri": format!("clerk://users/{user}")}),
    );
    let text = read["result"]["contents"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("ada@acme.com") && text.contains("<untrusted-"),
        "{text}"
    );
    let read = agent.request("resources/read", json!({"uri": "clerk://operations"}));
    let lines = read["result"]["contents"][0]["text"]
        .as_str()
        .unwrap()
        .lines()
        .count();
    assert_eq!(lines, 249);
    for wrong in [
        "clerk://audit/latest",
        "clerk://users/org_1",
        "file:///etc/passwd",
        "clerk://users/user_1/../x",
    ] {
        let read = agent.request("resources/read", json!({"uri": wrong}));
        assert!(read.get("error").is_some(), "{read}");
    }
    agent.done("audit", json!({}));
    let read = agent.request("resources/read", json!({"uri": "clerk://audit/latest"}));
    assert!(read.get("result").is_some(), "{read}");
}

#[test]
fn without_a_key_it_starts_and_explains_at_each_call() {
    let bench = Bench::new();
    let mut agent = bench.legacy(
        Start {
            has_key: false,
            ..Start::default()
        },
        None,
    );
    assert!(!agent.tools().is_empty());
    let failed = agent.fails("find", json!({"text": "ada"}), "no_key");
    assert_eq!(failed["error"]["sent"], "no");
    agent.fails("list", json!({"resource": "users"}), "no_key");
    agent.done("find_operation", json!({"text": "users ban"}));
}

#[test]
fn progress_is_told_where_the_client_wants_it() {
    let bench = Bench::new();
    bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::default(), None);
    agent.call_with(json!({"name": "audit", "arguments": {}, "_meta": {"progressToken": "p1"}}));
    let told = agent
        .told
        .iter()
        .filter(|told| told["method"] == "notifications/progress");
    let told: Vec<_> = told.collect();
    assert!(!told.is_empty());
    assert!(
        told.iter()
            .all(|told| told["params"]["progressToken"] == "p1"),
        "{told:?}"
    );
    agent.told.clear();
    agent.call("audit", json!({}));
    assert!(agent.told.is_empty(), "{:?}", agent.told);
}
