//! How long one call may take, with a shorter limit than people have.

use std::rc::Rc;
use std::time::Duration;

use clerk_api_emulator::Config;
use serde_json::json;

use crate::harness::{Bench, Start};

fn start(seconds: u64) -> Start {
    Start {
        longest: Duration::from_secs(seconds),
        ..Start::open()
    }
}

fn faulty(config: &mut Config, fault: serde_json::Value) {
    config.faults = vec![serde_json::from_value(fault).unwrap()];
}

#[test]
fn reliability_10_4_a_call_ends_when_its_time_is_over() {
    let bench = Bench::with(|config| faulty(config, json!({"on": "GET /users", "hang": true})));
    let mut agent = bench.legacy(start(1), None);
    let failed = agent.fails("list", json!({"resource": "users"}), "timeout");
    assert_eq!(
        failed["untrusted"]["message"],
        "the call took longer than 1 s"
    );
    assert_eq!(failed["error"]["sent"], "unknown", "{failed}");
    // Other calls go on as before, and a resource has the same limit.
    agent.done("list", json!({"resource": "organizations"}));
    agent.leave().unwrap();
}

#[test]
fn reliability_10_4_the_time_of_a_person_does_not_count() {
    // What the person looks at takes more than the time of a call.
    let fault = json!({"on": "GET /users/*", "delay_ms": 1500});
    let bench = Rc::new(Bench::with(|config| faulty(config, fault)));
    let acme = bench.organization("Acme", "acme");
    let place = Rc::clone(&bench);
    let looks = move |_: &serde_json::Value| {
        place.api("GET", "/users/user_1", None);
        json!({"action": "accept", "content": {"answer": "acme"}})
    };
    let mut agent = bench.legacy(start(1), Some(Box::new(looks)));
    agent.done(
        "delete",
        json!({"operation": "organizations.delete", "arguments": {"organization_id": acme}}),
    );
    assert_eq!(agent.forms.len(), 1);
}

/// A call waits for three quarters of its time, and the reading goes on after that.
#[test]
fn an_audit_of_a_large_instance_goes_on_between_calls() {
    let fault = json!({"on": "GET /users", "delay_ms": 1700, "times": 1});
    let bench = Bench::with(|config| faulty(config, fault));
    bench.user("ada@acme.com");
    let mut agent = bench.legacy(start(2), None);
    let first = agent.done("audit", json!({}));
    assert_eq!(first["reading"], true, "{first}");
    let found = agent.done("audit", json!({}));
    assert!(found["count"].is_u64(), "{found}");
}
