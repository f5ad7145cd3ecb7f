//! Texts as people write them: what was added goes again, and all else stays.

use serde_json::json;

use super::*;

/// Each text, with the same texts of a server in it.
const TEXTS: [&str; 9] = [
    "{\n  \"mcpServers\": {}\n}\n",
    "{\"mcpServers\": {\"a\": {\"command\": \"a\"}}}",
    "{\n  // mine\n  \"mcpServers\": {\n    \"a\": { \"command\": \"x, // no comment\" }\n  }\n}\n",
    "{\n\t\"mcpServers\": {\n\t\t\"a\": {}, // the first\n\t\t\"b\": [1, 2] /* the last */\n\t},\n\t\"theme\": \"dark\"\n}",
    "{\r\n  \"mcpServers\": {\r\n    \"a\": {\"x\": \"\\\"}\"},\r\n  },\r\n}\r\n",
    "\u{feff}{\n    \"mcpServers\": {\n        \"a\": 1\n        // more to come\n    }\n}\n",
    "{ \"mcpServers\": { \"a\": {} }, \"b\": true }",
    "{\n  \"mcpServers\":\n  {\n    \"ä\": {\"y\": \"ö\"}\n  }\n}",
    "{\"mcpServers\":{},\"z\":{\"mcpServers\":{\"clerk-api\":1}}}",
];

fn server() -> Value {
    json!({"command": "/bin/clerk-api", "args": ["mcp", "--local"]})
}

#[test]
fn what_was_added_is_taken_out_again_and_all_else_is_as_before() {
    for text in TEXTS {
        let with = set(text, "mcpServers", "clerk-api", &server()).unwrap();
        let mut wanted = value(text).unwrap();
        wanted["mcpServers"]["clerk-api"] = server();
        assert_eq!(value(&with).unwrap(), wanted, "{text}\n{with}");
        assert_eq!(
            set(&with, "mcpServers", "clerk-api", &server()).map(|text| value(&text)),
            Ok(Ok(wanted)),
            "{with}"
        );
        assert_eq!(
            remove(&with, "mcpServers", "clerk-api").unwrap(),
            text,
            "{with}"
        );
    }
}

#[test]
fn an_entry_before_others_goes_too() {
    for (text, left) in [
        ("{\"s\": {\"c\": 1, \"a\": 2}}", "{\"s\": {\"a\": 2}}"),
        (
            "{\n  \"s\": {\n    \"c\": {\n      \"x\": 1\n    }, // ours\n    // theirs\n    \"a\": 2\n  }\n}",
            "{\n  \"s\": {\n    // theirs\n    \"a\": 2\n  }\n}",
        ),
        ("{\"s\": {\"a\": 2, \"c\": 1}}", "{\"s\": {\"a\": 2}}"),
        (
            "{\"s\": {\n  // none\n  \"c\": 1\n}}",
            "{\"s\": {\n  // none\n}}",
        ),
    ] {
        assert_eq!(remove(text, "s", "c").unwrap(), left);
    }
}

#[test]
fn members_that_a_person_added_to_the_entry_stay() {
    let text = "{\"s\": {\n  \"c\": {\"command\": \"old\", \"env\": {\"A\": \"1\"}}\n}}";
    let with = set(text, "s", "c", &server()).unwrap();
    let entry = &value(&with).unwrap()["s"]["c"];
    assert_eq!(entry["env"]["A"], "1");
    assert_eq!(entry["args"], json!(["mcp", "--local"]));
}

#[test]
fn a_text_that_is_not_understood_is_left_alone() {
    for text in [
        "",
        "[]",
        "{\"a\": }",
        "{\"s\": {} /* open",
        "{\"s\": {}} {}",
        "{'s': {}}",
    ] {
        assert!(set(text, "s", "c", &server()).is_err(), "{text}");
    }
    for text in [
        "{\"s\": []}",
        "{\"s\": {}, \"s\": {}}",
        "{\"s\": {\"c\": 1, \"c\": 2}}",
    ] {
        assert!(set(text, "s", "c", &server()).is_err(), "{text}");
    }
}

#[test]
fn every_beginning_of_a_text_is_read_or_refused() {
    for text in TEXTS {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let part = &text[..end];
            let changed = set(part, "mcpServers", "clerk-api", &server());
            assert_eq!(
                changed.is_ok(),
                value(part).is_ok_and(|value| value.is_object()),
                "{part}"
            );
        }
    }
}
