//! The sanitizer: its output moves no terminal, a second pass changes nothing, JSON keeps its value.
#![no_main]

use clerk_api_admin::text::sanitize;
use clerk_api_fuzz::moves_a_terminal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let shown = sanitize::bytes(input).into_owned();
    assert!(!shown.chars().any(moves_a_terminal));
    let lower = shown.to_ascii_lowercase();
    assert!(!lower.contains("##[") && !lower.contains("##vso["));

    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    assert!(!shown.trim_start().starts_with("::"));
    assert_eq!(sanitize::text(&shown), shown);
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ') {
        assert_eq!(shown, text);
    }
    assert!(!sanitize::yaml_string(text).chars().any(moves_a_terminal));

    let quoted = serde_json::to_string(text).unwrap();
    let shown = sanitize::json_string(&quoted[1..quoted.len() - 1]);
    assert!(!shown.chars().any(moves_a_terminal));
    let back: String = serde_json::from_str(&format!("\"{shown}\"")).unwrap();
    assert_eq!(back, text);
});
