//! `--fields`: the first line is the paths, joined by commas; the rest is the row.
#![no_main]

use clerk_api_admin::format::fields::{Path, Selection};
use clerk_api_fuzz::two_texts;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let Some((fields, row)) = two_texts(input) else {
        return;
    };
    let Ok(paths) = fields
        .split(',')
        .map(Path::parse)
        .collect::<Result<Vec<_>, _>>()
    else {
        return;
    };
    let mut selection = Selection::new(&paths);
    let mut pruned = String::new();
    selection.prune(row, &mut pruned);
    for path in &paths {
        let _ = path.find(row);
    }
    let _ = selection.unknown();
    if serde_json::from_str::<Value>(row).is_ok() {
        assert!(serde_json::from_str::<Value>(&pruned).is_ok(), "{pruned}");
        let mut again = String::new();
        Selection::new(&paths).prune(&pruned, &mut again);
        assert_eq!(again, pruned);
    }
});
