//! A job as a task of the protocol, for clients that declare tasks with their request.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Agent, Bench, LEGACY, Start, declared};
use crate::jobs::{fifty_users, slow, wait};

/// Starts a job and gives the id of its task.
#[track_caller]
fn begin(agent: &mut Agent, arguments: Value) -> String {
    let task = agent.call("job_start", arguments);
    assert_eq!(task["resultType"], "task", "{task}");
    assert!(task.get("structuredContent").is_none(), "{task}");
    for instant in ["createdAt", "lastUpdatedAt"] {
        assert!(task[instant].as_str().unwrap().ends_with('Z'), "{task}");
    }
    assert!(task["ttlMs"].is_null(), "{task}");
    task["taskId"].as_str().unwrap().to_owned()
}

/// Asks for a task until it has no more to do.
#[track_caller]
fn over(agent: &mut Agent, task: &str) -> Value {
    for _ in 0..5000 {
        let told = agent.request("tasks/get", json!({"taskId": task}))["result"].clone();
        assert_eq!(told["resultType"], "complete", "{told}");
        if told["status"] != "working" {
            return told;
        }
    }
    panic!("the task does not end")
}

fn two_users() -> Value {
    let user = |address| json!({"email_address": address, "skip_password_requirement": true});
    json!({"operation": "users.create", "rows": [user("ada@acme.com"), user("no address")]})
}

#[test]
fn a_job_is_a_task_and_its_result_is_what_the_tool_jobs_tells() {
    let bench = Bench::new();
    let mut agent = bench.extended(Start::open(), &["tasks"]);
    let found = agent.request("server/discover", json!({}));
    assert_eq!(
        found["result"]["capabilities"]["extensions"],
        declared(&["tasks"])
    );
    let mut plan = two_users();
    plan["plan"] = true.into();
    assert_eq!(agent.done("job_start", plan)["planned"], true);
    let task = begin(&mut agent, two_users());
    let told = over(&mut agent, &task);
    assert_eq!(told["status"], "completed", "{told}");
    assert_eq!(told["taskId"], task.as_str());
    assert_eq!(told["statusMessage"], "1 of 2 rows are done, 1 failed");
    let result = &told["result"];
    assert_eq!(result["isError"], false, "{told}");
    assert_eq!(
        result["structuredContent"],
        agent.done("jobs", json!({"id": task})),
        "a task is a job"
    );
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(text.contains("<untrusted-"), "{text}");
    for method in ["tasks/cancel", "tasks/update"] {
        let params = json!({"taskId": task, "inputResponses": {"other": {"action": "accept"}}});
        let done = agent.request(method, params);
        assert_eq!(done["result"], json!({"resultType": "complete"}), "{done}");
    }
    assert_eq!(over(&mut agent, &task)["status"], "completed");
    assert_eq!(bench.api("GET", "/users/count", None)["total_count"], 1);
}

#[test]
fn reliability_10_7_a_job_that_destroys_is_approved_before_it_is_a_task() {
    let bench = Bench::new();
    let rows =
        ["ada@acme.com", "bob@acme.com"].map(|address| json!({"user_id": bench.user(address)}));
    let mut agent = bench.extended(Start::open(), &["tasks"]);
    let mut call =
        json!({"name": "job_start", "arguments": {"operation": "users.delete", "rows": rows}});
    let asked = agent.call_with(call.clone());
    assert_eq!(asked["resultType"], "input_required", "{asked}");
    call["requestState"] = asked["requestState"].clone();
    let answer = json!({"action": "accept", "content": {"answer": "delete 2 users"}});
    call["inputResponses"] = json!({"approval": answer});
    let task = agent.call_with(call);
    assert_eq!(task["resultType"], "task", "{task}");
    let told = over(&mut agent, task["taskId"].as_str().unwrap());
    assert_eq!(told["status"], "completed", "{told}");
    assert_eq!(bench.api("GET", "/users/count", None)["total_count"], 0);
}

#[test]
fn a_task_that_runs_is_cancelled_and_the_job_can_go_on() {
    let bench = slow();
    let mut agent = bench.extended(Start::open(), &["tasks"]);
    let task = begin(&mut agent, fifty_users());
    let told = agent.request("tasks/get", json!({"taskId": task}));
    assert_eq!(told["result"]["status"], "working", "{told}");
    assert!(told["result"]["pollIntervalMs"].is_u64(), "{told}");
    let stopped = agent.request("tasks/cancel", json!({"taskId": task}));
    assert_eq!(stopped["result"], json!({"resultType": "complete"}));
    let told = over(&mut agent, &task);
    assert_eq!(told["status"], "cancelled", "{told}");
    let says = told["statusMessage"].as_str().unwrap();
    assert!(says.contains("`clerk-api jobs resume`"), "{says}");
    assert!(told.get("result").is_none(), "{told}");
    let job = agent.done("jobs", json!({"id": task}));
    assert!(job["rows"]["not_attempted"].as_u64().unwrap() > 0, "{job}");
}

/// A call waits for three quarters of its time.
#[test]
fn an_onboarding_that_takes_long_becomes_a_task() {
    let fault = json!({"on": "POST /organizations/*/memberships", "delay_ms": 1700});
    let bench = Bench::with(|config| config.faults = vec![serde_json::from_value(fault).unwrap()]);
    bench.user("ada@acme.com");
    let start = Start {
        longest: Duration::from_secs(2),
        ..Start::open()
    };
    let mut agent = bench.extended(start, &["tasks"]);
    let task = agent.call(
        "onboard",
        json!({"name": "Acme", "members": ["ada@acme.com"]}),
    );
    assert_eq!(task["resultType"], "task", "{task}");
    let told = over(&mut agent, task["taskId"].as_str().unwrap());
    assert_eq!(told["status"], "completed", "{told}");
    assert_eq!(told["result"]["structuredContent"]["rows"]["done"], 1);
}

#[test]
fn reliability_10_7_a_client_that_declares_no_tasks_keeps_the_handle() {
    let bench = Bench::new();
    let mut agent = bench.modern(Start::open(), true);
    let started = agent.done("job_start", two_users());
    let job = started["job"].as_str().unwrap().to_owned();
    wait(&mut agent, &job);
    for method in ["tasks/get", "tasks/cancel", "tasks/update"] {
        let refused = agent.request(method, json!({"taskId": job, "inputResponses": {}}));
        assert_eq!(refused["error"]["code"], -32021, "{refused}");
    }
}

/// Tasks are declared with each request, and this life declares what it can only once.
#[test]
fn the_life_with_initialize_has_no_tasks() {
    let bench = Bench::new();
    let mut agent = bench.server(Start::open());
    let begun = agent.request(
        "initialize",
        json!({
            "protocolVersion": LEGACY, "capabilities": {"extensions": declared(&["tasks"])},
            "clientInfo": {"name": "test", "version": "1"},
        }),
    );
    let capabilities = &begun["result"]["capabilities"];
    assert!(capabilities.get("extensions").is_none(), "{begun}");
    agent.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    assert!(agent.done("job_start", two_users())["job"].is_string());
}

#[test]
fn reliability_10_7_a_task_is_the_whole_id_of_a_job_of_this_instance() {
    let bench = Bench::new();
    let mut agent = bench.extended(Start::open(), &["tasks"]);
    let task = begin(&mut agent, two_users());
    over(&mut agent, &task);
    let elsewhere = Bench {
        state: bench.state,
        ..Bench::new()
    };
    let mut other = elsewhere.extended(Start::open(), &["tasks"]);
    for method in ["tasks/get", "tasks/cancel", "tasks/update"] {
        let params = |id: &str| json!({"taskId": id, "inputResponses": {}});
        for wrong in [&task[..20], "", "01ZZZZ", "../jobs"] {
            let refused = agent.request(method, params(wrong));
            assert_eq!(refused["error"]["code"], -32602, "{wrong}: {refused}");
        }
        let refused = other.request(method, params(&task));
        assert_eq!(refused["error"]["code"], -32602, "{refused}");
    }
}

#[test]
fn reliability_10_7_a_server_that_only_reads_cancels_no_task() {
    let bench = slow();
    let mut agent = bench.extended(Start::open(), &["tasks"]);
    let task = begin(&mut agent, fifty_users());
    let mut reader = bench.extended(Start::default(), &["tasks"]);
    let told = reader.request("tasks/get", json!({"taskId": task}));
    assert_eq!(told["result"]["status"], "working", "{told}");
    let refused = reader.request("tasks/cancel", json!({"taskId": task}));
    let says = refused["error"]["message"].as_str().unwrap();
    assert!(says.contains("--allow-writes"), "{refused}");
    agent.request("tasks/cancel", json!({"taskId": task}));
    over(&mut agent, &task);
}
