//! What people type: instants, JSON and the texts of arguments are understood or refused, and nothing panics.
#![no_main]

use clerk_api::ops;
use clerk_api_admin::input::draft::Draft;
use clerk_api_admin::input::spelling::Spelling;
use clerk_api_admin::input::{instant, json};
use libfuzzer_sys::fuzz_target;

/// Operations whose arguments are of every kind.
const OPERATIONS: [&str; 4] = [
    "users.list",
    "users.create",
    "organizations.update",
    "invitations.bulk_create",
];

fuzz_target!(|text: &str| {
    let _ = instant::millis(text);
    if let Ok(object) = json::object("--flag", text) {
        serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(object.get()).unwrap();
    }
    if let Ok((records, _)) = json::records("--flag", text) {
        serde_json::from_str::<Vec<serde_json::Value>>(records.get()).unwrap();
    }
    for operation in OPERATIONS {
        let meta = ops::find(operation).unwrap().meta;
        for spelling in [Spelling::Flags, Spelling::Columns, Spelling::Members] {
            for field in meta.fields {
                // No file is read: nobody said that a text may name one.
                let mut draft = Draft::new(meta, spelling);
                let _ = draft.set(field, text);
                let _ = draft.finish();
            }
        }
    }
});
