//! What people type: instants and JSON on the command line are understood or refused, and nothing panics.
#![no_main]

use clerk_api_cli::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = parse::millis(text);
    if let Some(object) = parse::object(text) {
        serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&object).unwrap();
    }
    if let Some(records) = parse::records(text) {
        serde_json::from_str::<Vec<serde_json::Value>>(&records).unwrap();
    }
});
