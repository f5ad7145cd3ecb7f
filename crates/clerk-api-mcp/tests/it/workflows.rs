//! The three workflows by counted calls, and what the agent has to read for each: under 8 kB.

use serde_json::json;

use crate::harness::{Agent, Bench, Start, types};

const MOST: usize = 8_000;

#[track_caller]
fn is_small(agent: &Agent) {
    assert!(agent.bytes < MOST, "{} bytes", agent.bytes);
}

#[test]
fn onboarding_takes_one_call() {
    let bench = Bench::new();
    bench.user("alice@acme.com");
    bench.user("bob@acme.com");
    let mut agent = bench.legacy(Start::open(), types("carol@acme.com"));
    let done = agent.done("onboard", json!({
        "name": "Engineering", "slug": "engineering", "admins": ["alice@acme.com"], "members": ["bob@acme.com", "carol@acme.com"],
    }));
    assert_eq!(done["done"], true, "{done}");
    let team = &done["untrusted"]["teams"][0];
    assert_eq!(team["organization"]["state"], "created");
    assert_eq!(team["members"].as_array().unwrap().len(), 2, "{team}");
    assert_eq!(team["invitations"][0]["email"], "carol@acme.com", "{team}");
    is_small(&agent);
    let message = agent.forms[0]["message"].as_str().unwrap();
    assert!(
        message.contains("Engineering") && message.contains("invite carol@acme.com"),
        "{message}"
    );
    // Once more, nothing has to be done, and nobody is asked.
    let again = agent.done("onboard", json!({
        "name": "Engineering", "slug": "engineering", "admins": ["alice@acme.com"], "members": ["bob@acme.com", "carol@acme.com"],
    }));
    assert_eq!(
        again["untrusted"]["teams"][0]["organization"]["state"], "already",
        "{again}"
    );
    assert_eq!(agent.forms.len(), 1);
}

#[test]
fn an_onboarding_is_planned_without_a_change() {
    let bench = Bench::new();
    let mut agent = bench.modern(Start::open(), true);
    let planned = agent.done(
        "onboard",
        json!({"name": "Engineering", "members": ["carol@acme.com"], "plan": true}),
    );
    assert_eq!(planned["invites"], 1, "{planned}");
    assert_eq!(bench.api("GET", "/organizations", None)["total_count"], 0);
    let result = agent.call(
        "onboard",
        json!({"name": "Engineering", "members": ["carol@acme.com"]}),
    );
    assert_eq!(result["resultType"], "input_required", "{result}");
    assert_eq!(
        bench.api("GET", "/organizations", None)["total_count"],
        0,
        "nothing is made before the answer"
    );
    let answered = json!({
        "name": "onboard", "arguments": {"name": "Engineering", "members": ["carol@acme.com"]}, "requestState": result["requestState"],
        "inputResponses": {"approval": {"action": "accept", "content": {"answer": "carol@acme.com"}}},
    });
    let result = agent.call_with(answered);
    assert_eq!(result["isError"], false, "{result}");
    assert_eq!(bench.api("GET", "/organizations", None)["total_count"], 1);
}

#[test]
fn finding_and_updating_takes_two_calls() {
    let bench = Bench::new();
    for number in 0..20 {
        bench.user(&format!("ada{number}@acme.com"));
    }
    let acme = bench.organization("Acme", "acme");
    let user = bench.user("ada@acme.com");
    bench.api(
        "POST",
        &format!("/organizations/{acme}/memberships"),
        Some(json!({"user_id": user, "role": "org:member"})),
    );
    let mut agent = bench.legacy(Start::open(), types("no"));
    let found = agent.done("find", json!({"text": "ada@acme.com"}));
    let first = &found["untrusted"]["rows"][0];
    assert_eq!(first["id"], user.as_str(), "the best comes first: {found}");
    assert_eq!(first["organizations"][0]["slug"], "acme");
    let done = agent.done("change_users", json!({
        "operation": "users.update_metadata", "arguments": {"user_id": user, "public_metadata": {"plan": "gold"}},
    }));
    assert_eq!(done["untrusted"]["public_metadata"]["plan"], "gold");
    is_small(&agent);
}

#[test]
fn an_audit_takes_one_call() {
    let bench = Bench::new();
    for number in 0..30 {
        bench.user(&format!("u{number}@acme.com"));
        bench.organization(&format!("Team {number}"), &format!("team-{number}"));
    }
    let mut agent = bench.legacy(Start::default(), None);
    let found = agent.done("audit", json!({}));
    assert!(
        found["findings_by_rule"]["organization-without-members"]
            .as_u64()
            .unwrap()
            >= 30,
        "{found}"
    );
    is_small(&agent);
    let next = found["next"].clone();
    let more = agent.done("audit", json!({"cursor": next}));
    assert_eq!(
        more["read_at"], found["read_at"],
        "the rest comes from the same reading"
    );
    assert_ne!(more["untrusted"]["rows"][0], found["untrusted"]["rows"][0]);
    let one = agent.done(
        "audit",
        json!({"cursor": "0", "rule": "organization-without-members", "organization": "team-7"}),
    );
    assert_eq!(one["count"], 1, "{one}");
}
