//! Jobs: a handle, how far it is, what failed, the end of it.

use clerk_api_tasks::governor::{SystemWall, WallClock as _};
use clerk_api_tasks::job::{Job, Place};
use serde_json::{Value, json};

use crate::harness::{Agent, Bench, Start, types};

/// Asks for a job until this is so.
#[track_caller]
fn until(agent: &mut Agent, job: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..5000 {
        let told = agent.done("jobs", json!({"id": job}));
        if is_so(&told) {
            return told;
        }
    }
    panic!("the job does not come so far")
}

/// Asks for a job until it is over.
#[track_caller]
pub(crate) fn wait(agent: &mut Agent, job: &str) -> Value {
    until(agent, job, |told| told["phase"] == "ended")
}

/// A local Clerk that takes its time over each new user.
pub(crate) fn slow() -> Bench {
    Bench::with(|config| {
        let fault = r#"{"on":"POST /users","delay_ms":200}"#;
        config.faults = vec![serde_json::from_str(fault).unwrap()];
    })
}

/// The arguments of a job that makes as many users as one may.
pub(crate) fn fifty_users() -> Value {
    let user = |number| json!({"email_address": format!("u{number}@acme.com"), "skip_password_requirement": true});
    json!({"operation": "users.create", "rows": (0..50).map(user).collect::<Vec<_>>()})
}

#[test]
fn a_job_has_a_handle_and_says_what_failed() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::open(), types("no"));
    let rows = json!([{"user_id": user, "public_metadata": {"plan": "gold"}}, {"user_id": "nobody@acme.com", "public_metadata": {"plan": "gold"}}]);
    let planned = agent.done(
        "job_start",
        json!({"operation": "users.update_metadata", "rows": rows, "plan": true}),
    );
    assert_eq!(planned["requests"], 1, "{planned}");
    assert!(
        bench.api("GET", &format!("/users/{user}"), None)["public_metadata"]
            .get("plan")
            .is_none()
    );
    assert_eq!(
        agent.done("jobs", json!({}))["count"],
        0,
        "a plan leaves nothing"
    );
    let started = agent.done(
        "job_start",
        json!({"operation": "users.update_metadata", "rows": rows}),
    );
    let job = started["job"].as_str().unwrap().to_owned();
    let told = wait(&mut agent, &job);
    assert_eq!(told["rows"]["done"], 1, "{told}");
    assert_eq!(told["untrusted"]["failed"][0]["row"], 2, "{told}");
    assert_eq!(
        bench.api("GET", &format!("/users/{user}"), None)["public_metadata"]["plan"],
        "gold"
    );
    assert_eq!(
        agent.done("jobs", json!({}))["untrusted"]["rows"][0]["id"],
        job.as_str()
    );
    agent.fails("job_cancel", json!({"id": job}), "usage");
    agent.fails("jobs", json!({"id": "01ZZZZ"}), "not_found");
}

#[test]
fn rows_have_the_arguments_of_the_declaration_and_no_secrets() {
    let bench = Bench::new();
    let mut agent = bench.legacy(Start::open(), types("no"));
    let secret = json!([{"username": "ada", "password": "hunter2hunter2"}]);
    agent.fails(
        "job_start",
        json!({"operation": "users.create", "rows": secret}),
        "refused",
    );
    for (operation, rows) in [
        ("users.create", json!([{"user_name": "ada"}])),
        ("users.list", json!([{"query": "ada"}])),
        ("users.create", json!([])),
    ] {
        agent.fails(
            "job_start",
            json!({"operation": operation, "rows": rows}),
            "usage",
        );
    }
    let many: Vec<Value> = (0..51)
        .map(|number| json!({"username": format!("u{number}")}))
        .collect();
    agent.fails(
        "job_start",
        json!({"operation": "users.create", "rows": many}),
        "usage",
    );
}

#[test]
fn what_has_no_key_is_not_made_twice() {
    let bench = Bench::new();
    let mut agent = bench.legacy(Start::open(), types("no"));
    let arguments = json!({"operation": "users.create", "rows": [{"email_address": "ada@acme.com", "skip_password_requirement": true}]});
    let job = agent.done("job_start", arguments.clone())["job"]
        .as_str()
        .unwrap()
        .to_owned();
    wait(&mut agent, &job);
    agent.fails("job_start", arguments, "same_job");
    assert_eq!(bench.api("GET", "/users/count", None)["total_count"], 1);
}

#[test]
fn a_job_that_runs_is_stopped_and_says_how_it_goes_on() {
    let bench = slow();
    let mut agent = bench.legacy(Start::open(), types("no"));
    let started = agent.done("job_start", fifty_users());
    let job = started["job"].as_str().unwrap().to_owned();
    let told = agent.done("jobs", json!({"id": job}));
    assert_eq!(told["runs_here"], true, "{told}");
    assert!(told.get("resume").is_none(), "{told}");
    let stopping = agent.done("job_cancel", json!({"id": job}));
    assert_eq!(stopping["stopping"], true, "{stopping}");
    let told = until(&mut agent, &job, |told| told["runs_here"] == false);
    assert_eq!(told["phase"], "parked", "{told}");
    assert_eq!(told["untrusted"]["reason"], "it was asked to stop");
    assert_eq!(told["resume"], format!("clerk-api jobs resume {job}"));
    let left = told["rows"]["not_attempted"].as_u64().unwrap();
    assert!(left > 0, "it was over before it was stopped: {told}");
    let users = &bench.api("GET", "/users/count", None)["total_count"];
    assert_eq!(*users, told["rows"]["done"], "what was done stays done");
    // The server lives, and the job is free for another process all the same.
    let place = Place::find(&bench.state.path().join("jobs"), &job).unwrap();
    let free = Job::open(place).unwrap();
    assert!(free.phase().unwrap().is_open());
    drop(free);
    let over = agent.done("job_cancel", json!({"id": job}));
    assert_eq!(over["phase"], "cancelled", "{over}");
    assert!(over.get("resume").is_none(), "{over}");
    agent.fails("job_cancel", json!({"id": job}), "usage");
}

#[test]
fn jobs_of_other_instances_are_none_of_its_business() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::open(), types("no"));
    let started = agent.done(
        "job_start",
        json!({"operation": "users.ban", "rows": [{"user_id": user}]}),
    );
    let job = started["job"].as_str().unwrap().to_owned();
    wait(&mut agent, &job);
    let elsewhere = Bench {
        state: bench.state,
        ..Bench::new()
    };
    let mut other = elsewhere.legacy(Start::open(), types("no"));
    assert_eq!(other.done("jobs", json!({}))["count"], 0);
    other.fails("jobs", json!({"id": job}), "wrong_instance");
    other.fails("job_cancel", json!({"id": job}), "wrong_instance");
}

#[test]
fn a_call_that_is_given_up_stops() {
    let bench = Bench::with(|config| {
        let fault = r#"{"on":"GET /users","hang":true}"#;
        config.faults = vec![serde_json::from_str(fault).unwrap()];
    });
    let mut agent = bench.legacy(Start::default(), None);
    agent.done("list", json!({"resource": "organizations"}));
    let began = SystemWall.micros();
    let id = agent.ask(
        "tools/call",
        json!({"name": "list", "arguments": {"resource": "users"}}),
    );
    agent.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}}));
    let next = agent.ask(
        "tools/call",
        json!({"name": "find_operation", "arguments": {"text": "users.ban"}}),
    );
    let mut message = agent.message();
    if message["id"] == id {
        message = agent.message();
    }
    assert_eq!(message["id"], next, "{message}");
    agent.leave().unwrap();
    let took = SystemWall.micros() - began;
    assert!(took < 20_000_000, "{took}");
}
