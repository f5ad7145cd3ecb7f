//! Ids and slugs: what is accepted needs no escaping anywhere (reliability.md 7.5).
#![no_main]

use clerk_api::id::{check_id, check_provider, check_slug};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    for accepted in [check_id(text), check_slug(text), check_provider(text)] {
        match accepted {
            Ok(()) => assert!(!text.is_empty() && text.len() <= 97 && text.chars().all(is_word)),
            Err(error) => assert!(error.to_string().chars().count() < 2000),
        }
    }
    if check_id(text).is_ok() {
        let (prefix, tail) = text.rsplit_once('_').unwrap();
        assert!(prefix.starts_with(|c: char| c.is_ascii_lowercase()) && prefix.len() <= 32);
        assert!(!tail.is_empty() && tail.len() <= 64);
    }
});
