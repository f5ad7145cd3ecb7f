//! Secret keys: what is accepted fits a header and is never shown.
#![no_main]

use clerk_api::SecretKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(key) = SecretKey::parse(text) {
        let tail = text.trim_end()[key.prefix().len()..].to_owned();
        assert!(!format!("{key:?}").contains(&tail));
        assert_eq!(key.fingerprint().len(), 8);
        assert_eq!(key.is_live(), text.starts_with("sk_live_"));
    }
});
