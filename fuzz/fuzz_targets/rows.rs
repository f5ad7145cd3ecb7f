//! Files of rows: whatever a file holds, each row is read or named, found again at its place, and makes a call or a clear error.
#![no_main]

use std::io::Write as _;

use clerk_api::ops;
use clerk_api_tasks::rows::{Asked, Input, Template, natural_key};
use libfuzzer_sys::fuzz_target;

/// Operations whose arguments are of every kind.
const OPERATIONS: [&str; 3] = ["users.create", "users.update_metadata", "invitations.create"];

// The first line is a text of an argument and a condition; the rest is the file.
fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (first, content) = bytes.split_at(end.map_or(0, |end| end + 1));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    let Ok(input) = Input::open(file.path()) else {
        return;
    };
    let text = String::from_utf8_lossy(first).trim().to_owned();
    let asked = [
        Asked::default(),
        Asked {
            given: vec![("public_metadata".to_owned(), vec![text.clone()])],
            maps: vec![text.clone()],
            ..Asked::default()
        },
        Asked {
            given: vec![("first_name".to_owned(), vec![text.clone()])],
            condition: Some(text),
            ..Asked::default()
        },
    ];
    let operations = OPERATIONS.map(|name| ops::find(name).unwrap().meta);
    let mut templates = Vec::new();
    for meta in operations {
        let made = asked.iter().map(|asked| Template::new(meta, asked, &input));
        templates.extend(made.filter_map(Result::ok));
    }
    for (index, row) in input.rows().unwrap().enumerate() {
        let Ok(row) = row else { break };
        let at = match &row {
            Ok(row) => row.at,
            Err(bad) => bad.at,
        };
        assert_eq!(at.number, index as u64 + 1);
        assert_eq!(input.read_at(at).is_ok(), row.is_ok());
        let Ok(row) = row else { continue };
        for template in &templates {
            if let Ok(true) = template.selects(&row)
                && let Ok(call) = template.call(&row)
            {
                let _ = natural_key(&call);
            }
        }
    }
});
