//! What `tools/list` shows: small, closed, true, always the same.

use std::collections::BTreeMap;

use clerk_api::declare::{Class, Effect};
use clerk_api::{Args, ops};
use clerk_api_mcp::{Level, Levels, Toolset};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{Bench, Start, types};

/// Names and descriptions are constants. A change of one changes this, and is in the change log.
const PINNED: &str = "226398c5c66366ca";

fn listed(start: Start, asks: bool) -> Vec<Value> {
    let bench = Bench::new();
    let mut agent = bench.legacy(start, asks.then(|| types("x")).flatten());
    let listed = agent.request("tools/list", json!({}));
    listed["result"]["tools"].as_array().unwrap().clone()
}

fn names(tools: &[Value]) -> Vec<&str> {
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect()
}

#[test]
fn reliability_10_1_it_starts_read_only() {
    let tools = listed(Start::default(), true);
    assert_eq!(
        names(&tools),
        [
            "find",
            "show",
            "list",
            "audit",
            "jobs",
            "find_operation",
            "call_operation",
            "how_to_enable"
        ]
    );
    for tool in &tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
    }
}

#[test]
fn with_everything_open_the_list_is_small() {
    let bench = Bench::new();
    let mut agent = bench.legacy(Start::open(), types("x"));
    let listed = agent.request("tools/list", json!({}));
    let size = listed.to_string().len();
    assert!(size < 12_000, "{size} bytes");
    let again = agent.request("tools/list", json!({}));
    assert_eq!(again["result"], listed["result"], "the order is stable");
}

#[test]
fn reliability_10_2_schemas_are_closed_and_answers_have_one() {
    for tool in listed(Start::open(), true) {
        let schema = &tool["inputSchema"];
        assert_eq!(schema["type"], "object", "{tool}");
        assert_eq!(schema["additionalProperties"], false, "{tool}");
        let arguments = &schema["properties"]["arguments"];
        if arguments.get("properties").is_some() {
            assert_eq!(arguments["additionalProperties"], false, "{tool}");
        }
        assert_eq!(
            tool["outputSchema"]["required"],
            json!(["untrusted"]),
            "{tool}"
        );
        for word in [
            "key", "host", "path", "url", "method", "confirm", "approved",
        ] {
            assert!(schema["properties"].get(word).is_none(), "{word}: {tool}");
        }
    }
}

#[test]
fn reliability_10_2_annotations_follow_from_the_effects() {
    for tool in listed(Start::open(), true) {
        let operations = tool["inputSchema"]["properties"]["operation"]["enum"].as_array();
        let Some(operations) = operations else {
            continue;
        };
        let metas: Vec<_> = operations
            .iter()
            .map(|name| ops::find(name.as_str().unwrap()).unwrap().meta)
            .collect();
        let destroys = metas.iter().any(|meta| {
            matches!(
                meta.effect,
                Effect::Destroy | Effect::Replace | Effect::Rotate
            )
        });
        let repeats = metas
            .iter()
            .all(|meta| meta.class(&Args::new()) == Class::Idempotent);
        let annotations = &tool["annotations"];
        assert_eq!(annotations["readOnlyHint"], false, "{tool}");
        assert_eq!(annotations["destructiveHint"], destroys, "{tool}");
        assert_eq!(annotations["idempotentHint"], repeats, "{tool}");
        for meta in metas {
            let level = match tool["name"].as_str().unwrap() {
                "send" => Level::Invite,
                "delete" => Level::Destroy,
                _ => Level::Write,
            };
            assert_eq!(Level::of(meta.effect), level, "{}", meta.name);
        }
    }
}

#[test]
fn every_write_with_a_type_is_in_one_tool_unless_it_makes_a_secret_or_takes_a_file() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for tool in listed(Start::open(), true) {
        for name in tool["inputSchema"]["properties"]["operation"]["enum"]
            .as_array()
            .into_iter()
            .flatten()
        {
            *found.entry(name.as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    assert!(found.values().all(|count| *count == 1), "{found:?}");
    let writes = ops::all()
        .map(|op| op.meta)
        .filter(|meta| meta.effect != Effect::Read);
    let writes = writes.filter(|meta| Toolset::of(meta) != Some(Toolset::Instance));
    let missing: Vec<&str> = writes
        .map(|meta| meta.name)
        .filter(|name| !found.contains_key(*name))
        .collect();
    assert_eq!(
        missing,
        [
            "users.set_profile_image",
            "organizations.set_logo",
            "sessions.refresh",
            "sessions.token",
            "sessions.template_token"
        ]
    );
}

#[test]
fn reliability_10_3_without_a_way_to_ask_destructive_and_mailing_tools_are_not_there() {
    let tools = listed(Start::open(), false);
    for name in names(&tools) {
        assert!(!["delete", "send"].contains(&name), "{name}");
    }
    assert!(names(&tools).contains(&"change_users"));
    let bench = Bench::new();
    let mut agent = bench.modern(Start::open(), false);
    assert!(!agent.tools().contains(&"delete".to_owned()));
    let told = agent.done("how_to_enable", json!({}));
    let levels = told["levels"].as_array().unwrap();
    assert_eq!(levels[2]["open"], false);
    assert!(
        levels[2]["why"]
            .as_str()
            .unwrap()
            .contains("no way to ask a person"),
        "{told}"
    );
    agent.meta = Some(crate::harness::meta(true));
    assert!(
        agent.tools().contains(&"delete".to_owned()),
        "each request says what its client can do"
    );
}

#[test]
fn a_client_with_urls_only_cannot_ask() {
    let bench = Bench::new();
    let mut agent = bench.modern(Start::open(), true);
    let mut meta = crate::harness::meta(true);
    meta["io.modelcontextprotocol/clientCapabilities"] = json!({"elicitation": {"url": {}}});
    agent.meta = Some(meta);
    assert!(!agent.tools().contains(&"delete".to_owned()));
}

#[test]
fn toolsets_and_levels_narrow_the_list() {
    let start = Start {
        toolsets: vec![Toolset::Access],
        ..Start::open()
    };
    let tools = listed(start.clone(), true);
    assert_eq!(
        names(&tools)[8..],
        ["change_access", "delete", "job_start", "job_cancel"]
    );
    let operations = &tools[9]["inputSchema"]["properties"]["operation"]["enum"];
    assert_eq!(*operations, json!(["allowlist.remove", "blocklist.remove"]));
    let bench = Bench::new();
    let mut agent = bench.legacy(start, types("x"));
    agent.fails("list", json!({"resource": "users"}), "usage");
    agent.fails(
        "call_operation",
        json!({"operation": "users.list"}),
        "not_enabled",
    );
    agent.fails(
        "call_operation",
        json!({"operation": "ListMachines"}),
        "not_enabled",
    );
    let writes = Levels {
        writes: true,
        ..Levels::default()
    };
    let tools = listed(
        Start {
            levels: writes,
            ..Start::default()
        },
        true,
    );
    assert!(names(&tools).contains(&"onboard") && !names(&tools).contains(&"delete"));
}

#[test]
fn reliability_10_1_read_only_settings_win_over_all_levels() {
    let start = Start {
        read_only: true,
        ..Start::open()
    };
    let tools = listed(start.clone(), true);
    assert_eq!(tools.len(), 8);
    let bench = Bench::new();
    let mut agent = bench.legacy(start, types("x"));
    for (tool, arguments) in [
        (
            "change_users",
            json!({"operation": "users.create", "arguments": {"username": "ada"}}),
        ),
        (
            "call_operation",
            json!({"operation": "users.create", "arguments": {"username": "ada"}}),
        ),
        ("onboard", json!({"name": "Acme"})),
        (
            "job_start",
            json!({"operation": "users.ban", "rows": [{"user_id": "user_1"}]}),
        ),
    ] {
        let failed = agent.fails(tool, arguments, "not_enabled");
        assert!(
            failed
                .to_string()
                .contains("only reading is allowed here (a test)"),
            "{failed}"
        );
    }
}

#[test]
fn reliability_10_5_names_and_descriptions_are_pinned() {
    let tools = listed(Start::open(), true);
    let texts: Vec<String> = tools
        .iter()
        .map(|tool| format!("{} {}\n", tool["name"], tool["description"]))
        .collect();
    let hash = Sha256::digest(texts.concat());
    let hash: String = hash
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(hash, PINNED);
}
