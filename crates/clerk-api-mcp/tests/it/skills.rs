//! The skill through the protocol's extension: the one of this program, for clients that declare it.

use clerk_api_admin::skill::FILES;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{Agent, Bench, LEGACY, Start, declared};

const NAME: &str = "io.modelcontextprotocol/skills";
const SKILL: &str = "skill://clerk-api/SKILL.md";

/// Agents of both lives that declare skills, with what the server announces to them.
fn agents(bench: &Bench) -> [(Agent, Value); 2] {
    let mut old = bench.server(Start::default());
    let begun = old.request(
        "initialize",
        json!({
            "protocolVersion": LEGACY, "capabilities": {"extensions": declared(&["skills"])},
            "clientInfo": {"name": "test", "version": "1"},
        }),
    );
    old.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    let mut new = bench.extended(Start::default(), &["skills"]);
    let found = new.request("server/discover", json!({}));
    [
        (old, begun["result"].clone()),
        (new, found["result"].clone()),
    ]
}

#[test]
fn reliability_10_7_the_skill_is_served_byte_for_byte_in_both_lives() {
    let bench = Bench::new();
    for (mut agent, announced) in agents(&bench) {
        assert_eq!(
            announced["capabilities"]["extensions"],
            declared(&["skills"]),
            "{announced}"
        );
        let listed = agent.request("skills/list", json!({}));
        let skills = listed["result"]["skills"].as_array().unwrap();
        let [skill] = skills.as_slice() else {
            panic!("{listed}")
        };
        assert_eq!(skill["uri"], SKILL);
        assert_eq!(skill["frontmatter"]["name"], "clerk-api");
        for (name, value) in skill["frontmatter"].as_object().unwrap() {
            let line = format!("\n{name}: {}\n", value.as_str().unwrap());
            assert!(FILES[0].1.contains(&line), "{line}");
        }
        let files = skill["resources"].as_array().unwrap();
        assert_eq!(files.len(), FILES.len());
        for (file, (name, text)) in files.iter().zip(FILES) {
            assert_eq!(file["uri"], format!("skill://clerk-api/{name}"));
            assert_eq!(file["size"], text.len());
            let digest = Sha256::digest(text.as_bytes());
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(file["digest"], format!("sha256:{digest}"));
            let read = agent.request("resources/read", json!({"uri": file["uri"]}));
            let contents = &read["result"]["contents"][0];
            assert_eq!(contents["text"], text);
            assert_eq!(contents["mimeType"], "text/markdown");
        }
        let got = agent.request("skills/get", json!({"uri": SKILL}));
        assert_eq!(got["result"]["skill"], *skill, "{got}");
    }
}

#[test]
fn reliability_10_7_no_other_file_is_served() {
    let bench = Bench::new();
    let here = std::env::current_dir().unwrap();
    let here = here.join("Cargo.toml").display().to_string();
    for (mut agent, _) in agents(&bench) {
        for wrong in [
            "skill://clerk-api/../../Cargo.toml",
            "skill://clerk-api/references/../SKILL.md",
            "skill://clerk-api/references",
            "skill://clerk-api/SKILL.md?x=1",
            "skill://clerk-api/%53KILL.md",
            "skill://other/SKILL.md",
            &format!("skill://clerk-api/{here}"),
            &format!("file://{here}"),
        ] {
            let read = agent.request("resources/read", json!({"uri": wrong}));
            assert!(read["error"].is_object(), "{wrong}: {read}");
            let got = agent.request("skills/get", json!({"uri": wrong}));
            assert_eq!(got["error"]["code"], -32602, "{wrong}: {got}");
        }
        let listed = agent.request(
            "resources/directory/read",
            json!({"uri": "skill://clerk-api"}),
        );
        assert_eq!(listed["error"]["code"], -32601, "{listed}");
    }
}

#[test]
fn reliability_10_7_a_client_that_does_not_declare_skills_is_offered_none() {
    let bench = Bench::new();
    let mut old = bench.server(Start::default());
    let begun = old.request(
        "initialize",
        json!({"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}),
    );
    old.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    let mut new = bench.modern(Start::default(), true);
    let found = new.request("server/discover", json!({}));
    let mut other = bench.extended(Start::default(), &["tasks", "ui"]);
    let tasks = other.request("server/discover", json!({}));
    assert_eq!(
        tasks["result"]["capabilities"]["extensions"],
        declared(&["tasks"]),
        "{tasks}"
    );
    for capabilities in [&begun, &found].map(|begun| &begun["result"]["capabilities"]) {
        assert!(capabilities["resources"].is_object(), "{capabilities}");
        assert!(capabilities.get("extensions").is_none(), "{capabilities}");
    }
    for mut agent in [old, new, other] {
        for (method, params) in [
            ("skills/list", json!({})),
            ("skills/get", json!({"uri": SKILL})),
        ] {
            let refused = agent.request(method, params);
            assert_eq!(refused["error"]["code"], -32021, "{refused}");
            let needed = &refused["error"]["data"]["requiredCapabilities"]["extensions"];
            assert!(needed[NAME].is_object(), "{refused}");
        }
        let listed = agent.request("resources/list", json!({}));
        assert!(!listed.to_string().contains("skill://"), "{listed}");
    }
}
