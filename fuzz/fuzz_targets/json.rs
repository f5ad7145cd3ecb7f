//! The JSON re-indenter: every layout keeps the value, and nothing hidden comes through.
#![no_main]

use clerk_api_admin::format::json::{Style, compact, write};
use clerk_api_fuzz::moves_a_terminal;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &str| {
    let small = compact(input);
    assert!(!small.chars().any(moves_a_terminal));
    assert_eq!(compact(&small), small, "a second pass changes it");

    let mut pretty = Vec::new();
    let style = Style {
        pretty: true,
        color: false,
    };
    write(input, style, 0, &mut pretty).unwrap();
    let pretty = String::from_utf8(pretty).unwrap();
    assert!(!pretty.chars().any(|c| c != '\n' && moves_a_terminal(c)));

    if let Ok(value) = serde_json::from_str::<Value>(input) {
        assert_eq!(serde_json::from_str::<Value>(&small).unwrap(), value);
        assert_eq!(serde_json::from_str::<Value>(&pretty).unwrap(), value);
        assert_eq!(compact(&pretty), small);
    }
});
