//! Reading: what comes, how much of it, and how to get the rest.

use serde_json::json;

use crate::harness::{Bench, Start};

#[test]
fn lists_say_how_many_there_are_and_how_to_get_the_rest() {
    let bench = Bench::new();
    for number in 0..7 {
        bench.user(&format!("user{number}@acme.com"));
    }
    let mut agent = bench.legacy(Start::default(), None);
    let mut seen = Vec::new();
    let mut arguments = json!({"resource": "users", "limit": 3});
    loop {
        let page = agent.done("list", arguments.clone());
        assert_eq!(page["count"], 7, "{page}");
        let rows = page["untrusted"]["rows"].as_array().unwrap().clone();
        seen.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        match page.get("next") {
            Some(next) => arguments["cursor"] = next.clone(),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 7);
}

#[test]
fn a_wrong_cursor_is_refused_and_the_server_goes_on() {
    let bench = Bench::new();
    bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::default(), None);
    agent.done("audit", json!({}));
    for tool in ["list", "audit"] {
        let arguments = |cursor: String| match tool {
            "list" => json!({"resource": "roles", "cursor": cursor}),
            _ => json!({"cursor": cursor}),
        };
        for wrong in ["-1", "next", ""] {
            agent.fails(tool, arguments(wrong.to_owned()), "usage");
        }
        agent.call(tool, arguments(u64::MAX.to_string()));
    }
    agent.done("find", json!({"text": "ada"}));
}

#[test]
fn lists_are_csv_within_a_random_mark_and_rows_beside_it() {
    let bench = Bench::new();
    bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::default(), None);
    let texts: Vec<String> = (0..2)
        .map(|_| {
            let result = agent.call("list", json!({"resource": "users"}));
            result["content"][0]["text"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(
        texts[0].contains("\"id\",\"email_address\""),
        "{}",
        texts[0]
    );
    let mark = |text: &str| {
        let start = text.find("<untrusted-").unwrap();
        text[start + 11..start + 27].to_owned()
    };
    assert_ne!(mark(&texts[0]), mark(&texts[1]));
    assert!(texts[0].ends_with(&format!("</untrusted-{}>", mark(&texts[0]))));
}

#[test]
fn only_fields_that_matter_come_unless_others_are_asked_for() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    bench.api("PATCH", &format!("/users/{user}/metadata"), Some(json!({
        "public_metadata": {"plan": "gold"}, "private_metadata": {"hidden": 1}, "unsafe_metadata": {"open": 2},
    })));
    let mut agent = bench.legacy(Start::default(), None);
    let row = agent.done("list", json!({"resource": "users"}))["untrusted"]["rows"][0].clone();
    assert_eq!(row["email_address"], "ada@acme.com");
    assert!(
        row.get("public_metadata").is_none() && row.get("image_url").is_none(),
        "{row}"
    );
    let fields = json!([
        "id",
        "public_metadata.plan",
        "private_metadata",
        "unsafe_metadata"
    ]);
    let row =
        agent.done("list", json!({"resource": "users", "fields": fields}))["untrusted"]["rows"][0]
            .clone();
    assert_eq!(
        row,
        json!({"id": user, "public_metadata.plan": "gold"}),
        "reliability.md 10.5"
    );
    let shown = agent.done("show", json!({"id": user}));
    assert_eq!(
        shown["untrusted"]["user"]["public_metadata"]["plan"],
        "gold"
    );
    assert!(
        !shown.to_string().contains("hidden") && !shown.to_string().contains("\"open\""),
        "{shown}"
    );
    let mut open = bench.legacy(
        Start {
            metadata: true,
            ..Start::default()
        },
        None,
    );
    let shown = open.done("show", json!({"id": user}));
    assert_eq!(shown["untrusted"]["user"]["private_metadata"]["hidden"], 1);
}

#[test]
fn filters_are_those_of_the_declaration() {
    let bench = Bench::new();
    bench.user("ada@acme.com");
    bench.user("bob@acme.com");
    let acme = bench.organization("Acme", "acme");
    let mut agent = bench.legacy(Start::default(), None);
    let found = agent.done(
        "list",
        json!({"resource": "users", "filters": {"email_address": ["ada@acme.com"]}}),
    );
    assert_eq!(found["untrusted"]["rows"].as_array().unwrap().len(), 1);
    assert_eq!(found["count"], 1);
    let members = agent.done(
        "list",
        json!({"resource": "organizations.members", "filters": {"organization_id": "acme"}}),
    );
    assert_eq!(members["count"], 0);
    agent.fails(
        "list",
        json!({"resource": "users", "filters": {"emial": "x"}}),
        "usage",
    );
    agent.fails("list", json!({"resource": "users", "limit": 51}), "usage");
    agent.fails("list", json!({"resource": "users", "cursor": "x"}), "usage");
    agent.fails(
        "list",
        json!({"resource": "users", "approved": true}),
        "usage",
    );
    agent.fails("show", json!({"id": "org_0/../x"}), "usage");
    let same = agent.done(
        "call_operation",
        json!({"operation": "organizations.list", "limit": 5}),
    );
    assert_eq!(same["untrusted"]["rows"][0]["id"], acme);
    let one = agent.done(
        "call_operation",
        json!({"operation": "GetOrganization", "arguments": {"organization_id": "acme"}}),
    );
    assert_eq!(one["untrusted"]["slug"], "acme");
}

#[test]
fn the_catalogue_is_searched_without_a_request() {
    let bench = Bench::new();
    let mut agent = bench.legacy(
        Start {
            has_key: false,
            ..Start::default()
        },
        None,
    );
    let found = agent.done("find_operation", json!({"text": "users.ban"}));
    assert_eq!(found["operations"][0]["class"], "reversible");
    assert_eq!(
        found["operations"][0]["arguments"],
        json!({"user_id!": "string"})
    );
    let found = agent.done(
        "find_operation",
        json!({"text": "lists.organizations.members"}),
    );
    assert!(
        found["operations"][0]["arguments"].get("role").is_some(),
        "{found}"
    );
    let found = agent.done("find_operation", json!({"text": "machine"}));
    assert!(found["count"].as_u64().unwrap() > 3);
    agent.fails("call_operation", json!({"operation": "/users"}), "usage");
    agent.fails(
        "call_operation",
        json!({"operation": "GET /users"}),
        "usage",
    );
}

#[test]
fn reliability_10_1_a_live_key_needs_live() {
    let bench = Bench::new();
    let mut agent = bench.legacy(
        Start {
            key_is_live: true,
            ..Start::default()
        },
        None,
    );
    let refused = agent.fails("find", json!({"text": "ada"}), "refused");
    assert!(refused.to_string().contains("--live"), "{refused}");
    let mut agent = bench.legacy(
        Start {
            key_is_live: true,
            live: true,
            ..Start::default()
        },
        None,
    );
    agent.done("find", json!({"text": "ada"}));
}
