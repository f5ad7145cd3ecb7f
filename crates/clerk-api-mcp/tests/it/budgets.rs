//! Budgets, on the disk, and where messages may go (reliability.md 10.4).

use clerk_api_tasks::governor::{SystemWall, WallClock as _};
use serde_json::{Value, json};

use crate::harness::{Bench, Start, types};

fn invite(address: &str) -> Value {
    json!({"operation": "application_invitations.create", "arguments": {"email_address": address}})
}

#[test]
fn reliability_10_4_budgets_are_of_a_day_and_of_all_connections() {
    let bench = Bench::new();
    let start = Start {
        most_destroyed: 2,
        most_invited: 1,
        ..Start::open()
    };
    let users: Vec<String> = (0..4)
        .map(|number| bench.user(&format!("u{number}@acme.com")))
        .collect();
    let mut deleted = 0;
    for (number, user) in users.iter().enumerate().take(3) {
        let mut agent = bench.legacy(start.clone(), types(&format!("u{number}@acme.com")));
        let result = agent.call(
            "delete",
            json!({"operation": "users.delete", "arguments": {"user_id": user}}),
        );
        match result["isError"] == false {
            true => deleted += 1,
            false => assert_eq!(
                result["structuredContent"]["error"]["code"], "budget",
                "{result}"
            ),
        }
    }
    assert_eq!(deleted, 2);
    let mut agent = bench.legacy(start.clone(), types("a@acme.com"));
    agent.done("send", invite("a@acme.com"));
    agent.person = types("b@acme.com");
    agent.fails("send", invite("b@acme.com"), "budget");
    bench.clock.forward(24 * 60);
    let mut agent = bench.legacy(start, types("b@acme.com"));
    agent.done("send", invite("b@acme.com"));
}

#[test]
fn reliability_10_4_jobs_and_onboarding_use_the_same_budgets() {
    let bench = Bench::new();
    let start = Start {
        most_destroyed: 2,
        most_invited: 1,
        ..Start::open()
    };
    let rows: Vec<Value> = (0..3)
        .map(|number| json!({"user_id": bench.user(&format!("u{number}@acme.com"))}))
        .collect();
    let mut agent = bench.legacy(start, types("delete 3 users"));
    agent.fails(
        "job_start",
        json!({"operation": "users.delete", "rows": rows}),
        "budget",
    );
    let invitations = json!([{"email_address": "x@acme.com"}, {"email_address": "y@acme.com"}]);
    let bulk = json!({"operation": "application_invitations.bulk_create", "arguments": {"invitations": invitations}});
    let job = json!({"operation": "application_invitations.bulk_create", "rows": [{"invitations": invitations}]});
    agent.person = types("send 2 application invitations");
    agent.fails("send", bulk, "budget");
    agent.fails("job_start", job, "budget");
    assert_eq!(bench.api("GET", "/invitations", None), json!([]));
    agent.person = types("invite 2 people");
    agent.fails(
        "onboard",
        json!({"name": "Acme", "members": ["x@acme.com", "y@acme.com"]}),
        "budget",
    );
    assert_eq!(bench.api("GET", "/organizations", None)["total_count"], 0);
    assert_eq!(bench.api("GET", "/users/count", None)["total_count"], 3);
}

#[test]
fn reliability_10_4_messages_go_to_allowed_domains_only() {
    let bench = Bench::new();
    let mut agent = bench.legacy(Start::open(), types("x"));
    for address in [
        "eve@evil.com",
        "eve@acme.com.evil.com",
        "eve@sub.acme.com",
        "a@acme.com@evil.com",
    ] {
        let result = agent.call("send", invite(address));
        assert_eq!(result["isError"], true, "{result}");
    }
    agent.fails("send", invite("eve@evil.com"), "not_allowed");
    agent.fails(
        "onboard",
        json!({"name": "Acme", "members": ["eve@evil.com"]}),
        "not_allowed",
    );
    agent.fails("job_start", json!({
        "operation": "application_invitations.create", "rows": [{"email_address": "a@acme.com"}, {"email_address": "eve@evil.com"}],
    }), "not_allowed");
    agent.fails("call_operation", json!({
        "operation": "application_invitations.bulk_create", "arguments": {"invitations": [{"email_address": "a@acme.com"}, {"email_address": "eve@evil.com"}]},
    }), "not_allowed");
    assert!(
        agent.forms.is_empty(),
        "nobody is asked for what is refused anyway"
    );
}

#[test]
fn reliability_10_4_links_lead_to_allowed_urls_only() {
    let bench = Bench::new();
    let start = Start {
        redirects: vec!["https://app.acme.com".to_owned()],
        ..Start::open()
    };
    let mut agent = bench.legacy(start, types("a@acme.com"));
    let to = |url: &str| {
        json!({
            "operation": "application_invitations.create", "arguments": {"email_address": "a@acme.com", "redirect_url": url},
        })
    };
    for url in [
        "https://evil.com",
        "https://app.acme.com.evil.com",
        "https://app.acme.com@evil.com",
    ] {
        agent.fails("call_operation", to(url), "not_allowed");
    }
    agent.done("call_operation", to("https://app.acme.com/welcome"));
    let register =
        |url: &str| json!({"operation": "redirect_urls.create", "arguments": {"url": url}});
    agent.fails(
        "call_operation",
        register("https://evil.com"),
        "not_allowed",
    );
    agent.done("call_operation", register("https://app.acme.com/done"));
    let mut closed = bench.legacy(Start::open(), types("a@acme.com"));
    closed.fails(
        "call_operation",
        to("https://app.acme.com/welcome"),
        "not_allowed",
    );
}

#[test]
fn reliability_10_4_a_second_has_so_many_calls() {
    let bench = Bench::new();
    let mut agent = bench.legacy(
        Start {
            calls_per_second: 5,
            ..Start::default()
        },
        None,
    );
    agent.done("find", json!({"text": "ada"}));
    let began = SystemWall.micros();
    for _ in 0..11 {
        agent.done("list", json!({"resource": "users"}));
    }
    let took = SystemWall.micros() - began;
    assert!(took > 1_000_000, "{took}");
}

#[test]
fn an_answer_has_at_most_fifty_rows_and_64_kib() {
    let bench = Bench::new();
    for number in 0..60 {
        let user = bench.user(&format!("u{number}@acme.com"));
        if number < 30 {
            let text = "x".repeat(3000);
            bench.api(
                "PATCH",
                &format!("/users/{user}/metadata"),
                Some(json!({"public_metadata": {"text": text}})),
            );
        }
    }
    let mut agent = bench.legacy(Start::default(), None);
    let page = agent.done("list", json!({"resource": "users", "limit": 50}));
    assert_eq!(page["untrusted"]["rows"].as_array().unwrap().len(), 50);
    assert_eq!(page["left_out"], 10);
    let result = agent.call("list", json!({"resource": "users", "limit": 50, "filters": {"order_by": "+created_at"}, "fields": ["id", "public_metadata"]}));
    assert!(
        result.to_string().len() < 64 * 1024,
        "{}",
        result.to_string().len()
    );
    let page = &result["structuredContent"];
    let shown = page["untrusted"]["rows"].as_array().unwrap().len();
    assert!(shown < 30, "{shown}");
    assert_eq!(page["next"], shown.to_string());
}
