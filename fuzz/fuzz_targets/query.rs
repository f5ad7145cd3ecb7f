//! Request building: whatever the arguments hold, the path stays in its place and the query reads back.
//!
//! The first byte chooses the operation; each line after it is the value of one argument, in order.
#![no_main]

use clerk_api::declare::{Kind, Place};
use clerk_api::request::{Body, build};
use clerk_api::{Args, ops};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let all: Vec<_> = ops::all().collect();
    let meta = all[usize::from(*first) % all.len()].meta;
    let mut args = Args::new();
    let mut values = text.split('\n');
    for field in meta.fields {
        let Some(value) = values.next() else { break };
        if value.is_empty() && !field.required {
            continue;
        }
        let raw = serde_json::value::RawValue::from_string(value.to_owned());
        match (field.kind, raw) {
            (kind, _) if kind.is_text() => args.set(field.name, &value).unwrap(),
            (_, Err(_)) => {
                args.set(field.name, &value).unwrap();
            }
            (_, Ok(raw)) => args.set_raw(field.name, raw),
        }
    }
    let Ok(request) = build(meta, &args) else {
        return;
    };
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let count = |path: &str| path.bytes().filter(|b| *b == b'/').count();
    assert_eq!(count(path), count(meta.path), "{path}");
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~%/".contains(&b);
    assert!(path.bytes().all(plain), "{path}");
    assert!(!path.split('/').any(|segment| matches!(segment, "." | "..")));
    assert!(!path.contains('{'));

    let pairs: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    for pair in &pairs {
        let (name, value) = pair.split_once('=').unwrap();
        let field = meta.field(name).unwrap();
        assert!(field.place == Place::Query);
        let value = percent_decode_str(value).decode_utf8().unwrap();
        if !field.many && !field.signed && matches!(field.kind, Kind::Text) {
            assert_eq!(args.text(name).as_deref(), Some(&*value));
        }
    }
    if let Body::Json(bytes) = request.body {
        serde_json::from_slice::<&serde_json::value::RawValue>(&bytes).unwrap();
    }
});
