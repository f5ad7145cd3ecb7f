//! Writing: what each level opens, and what no level does.

use clerk_api_mcp::Levels;
use serde_json::{Value, json};

use crate::harness::{Bench, Start, types};

fn writes() -> Start {
    Start {
        levels: Levels {
            writes: true,
            ..Levels::default()
        },
        ..Start::default()
    }
}

#[test]
fn a_write_names_objects_as_people_do_and_shows_what_it_set() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.legacy(writes(), None);
    let done = agent.done("change_users", json!({
        "operation": "users.update", "arguments": {"user_id": "ada@acme.com", "first_name": "Ada"},
    }));
    assert_eq!(done["done"], true);
    assert_eq!(done["untrusted"]["first_name"], "Ada");
    assert_eq!(
        bench.api("GET", &format!("/users/{user}"), None)["first_name"],
        "Ada"
    );
    let done = agent.done("change_users", json!({
        "operation": "users.update_metadata", "arguments": {"user_id": user, "public_metadata": {"plan": "gold"}},
    }));
    assert_eq!(done["untrusted"]["public_metadata"]["plan"], "gold");
    let done = agent.done(
        "change_users",
        json!({
            "operation": "users.update", "arguments": {"user_id": user, "first_name": null},
        }),
    );
    assert!(done["untrusted"].get("first_name").is_none(), "{done}");
    agent.fails(
        "change_users",
        json!({"operation": "users.update", "arguments": {"user_id": user}}),
        "usage",
    );
    agent.fails("change_users", json!({"operation": "users.update", "arguments": {"user_id": "nobody@acme.com", "first_name": "x"}}), "not_found");
}

#[test]
fn reliability_10_1_each_level_opens_its_own_calls_only() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let delete = json!({"operation": "users.delete", "arguments": {"user_id": user}});
    let invite = json!({"operation": "application_invitations.create", "arguments": {"email_address": "bob@acme.com"}});
    let create =
        json!({"operation": "users.create", "arguments": {"email_address": ["bob@acme.com"]}});
    for (levels, allowed) in [
        (Levels::default(), [false, false, false]),
        (
            Levels {
                writes: true,
                ..Levels::default()
            },
            [false, false, true],
        ),
        (
            Levels {
                invites: true,
                ..Levels::default()
            },
            [false, true, false],
        ),
        (
            Levels {
                destructive: true,
                ..Levels::default()
            },
            [true, false, false],
        ),
    ] {
        let mut agent = bench.legacy(
            Start {
                levels,
                ..Start::default()
            },
            types("no"),
        );
        for (arguments, allowed) in [&delete, &invite, &create].into_iter().zip(allowed) {
            let result = agent.call("call_operation", arguments.clone());
            let code = result["structuredContent"]["error"]["code"].as_str();
            assert_eq!(
                code != Some("not_enabled"),
                allowed,
                "{levels:?} {arguments}: {result}"
            );
        }
    }
    assert_eq!(
        bench.api("GET", &format!("/users/{user}"), None)["id"],
        user
    );
}

#[test]
fn reliability_10_5_no_secret_is_made_and_none_is_shown() {
    let bench = Bench::new();
    let mut agent = bench.legacy(Start::open(), types("bob@acme.com"));
    for operation in [
        "sign_in_tokens.create",
        "testing_tokens.create",
        "createApiKey",
    ] {
        let refused = agent.fails(
            "call_operation",
            json!({"operation": operation, "arguments": {}}),
            "not_enabled",
        );
        assert!(refused.to_string().contains("a secret"), "{refused}");
    }
    let sent = agent.done("send", json!({
        "operation": "application_invitations.create", "arguments": {"email_address": "bob@acme.com"},
    }));
    assert!(
        !sent.to_string().contains("ticket") && sent["untrusted"].get("url").is_none(),
        "{sent}"
    );
    let listed = agent.done(
        "list",
        json!({"resource": "application_invitations", "fields": ["id", "url"]}),
    );
    assert!(!listed.to_string().contains("ticket"), "{listed}");
}

#[test]
fn an_agent_sets_no_password_of_anybody() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::open(), types("ada@acme.com"));
    for (operation, arguments) in [
        (
            "users.update",
            json!({"user_id": user, "password": "hunter2hunter2"}),
        ),
        (
            "users.create",
            json!({"email_address": ["eve@acme.com"], "password": "hunter2hunter2"}),
        ),
        ("users.update", json!({"user_id": user, "totp_secret": "x"})),
    ] {
        let call = json!({"operation": operation, "arguments": arguments});
        let refused = agent.fails("call_operation", call, "refused");
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }
}

#[test]
fn an_agent_gives_nobody_a_verified_address_to_sign_in_with() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let mut agent = bench.legacy(Start::open(), types("ada@acme.com"));
    let adds = |verified: Value| json!({"user_id": user, "email_address": "eve@acme.com", "verified": verified});
    for (tool, call) in [
        (
            "call_operation",
            json!({"operation": "email_addresses.create", "arguments": adds("true".into())}),
        ),
        (
            "job_start",
            json!({"operation": "email_addresses.create", "rows": [adds(true.into())]}),
        ),
    ] {
        let refused = agent.fails(tool, call, "refused");
        assert!(refused.to_string().contains("verified"), "{refused}");
    }
    let call = json!({"operation": "email_addresses.create", "arguments": adds(false.into())});
    agent.done("call_operation", call);
    let user = bench.api("GET", &format!("/users/{user}"), None);
    let addresses = user["email_addresses"].as_array().unwrap();
    let states: Vec<&str> = addresses
        .iter()
        .map(|one| one["verification"]["status"].as_str().unwrap_or("none"))
        .collect();
    assert_eq!(states, ["verified", "none"], "{user}");
}

#[test]
fn reliability_6_3_what_is_protected_is_never_touched() {
    let bench = Bench::new();
    let user = bench.user("ada@acme.com");
    let start = Start {
        protected: vec!["ada@acme.com".to_owned()],
        ..Start::open()
    };
    let mut agent = bench.legacy(start, types("ada@acme.com"));
    for (tool, operation) in [
        ("delete", "users.delete"),
        ("change_users", "users.ban"),
        ("call_operation", "users.ban"),
    ] {
        let refused = agent.fails(
            tool,
            json!({"operation": operation, "arguments": {"user_id": user}}),
            "refused",
        );
        assert!(refused.to_string().contains("protected"), "{refused}");
    }
    assert!(
        agent.forms.is_empty(),
        "nobody is asked for what is refused anyway"
    );
}

#[test]
fn reliability_7_7b_no_argument_reads_a_file() {
    let bench = Bench::new();
    let mut agent = bench.legacy(writes(), None);
    let done = agent.done("change_users", json!({
        "operation": "users.create", "arguments": {"email_address": ["ada@acme.com"], "first_name": "@/etc/passwd"},
    }));
    assert_eq!(done["untrusted"]["first_name"], "@/etc/passwd");
    agent.fails("call_operation", json!({
        "operation": "organizations.set_logo", "arguments": {"organization_id": "acme", "file": "@/etc/passwd"},
    }), "usage");
}

#[test]
fn a_call_is_about_one_object() {
    let bench = Bench::new();
    let mut agent = bench.legacy(writes(), None);
    agent.fails(
        "call_operation",
        json!({"operation": "users.ban", "arguments": {"user_id": ["user_1", "user_2"]}}),
        "usage",
    );
    let many: Vec<String> = (0..51).map(|number| format!("user_{number}")).collect();
    agent.fails(
        "call_operation",
        json!({"operation": "users.bulk_ban", "arguments": {"user_ids": many}}),
        "usage",
    );
}
