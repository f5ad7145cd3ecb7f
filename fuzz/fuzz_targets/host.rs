//! Base URLs: a key goes nowhere but where it may (reliability.md 7.3).
#![no_main]

use clerk_api::host::Base;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|url: &str| {
    if let Ok(base) = Base::parse(url, true, &["example.com".to_owned()]) {
        let shown = format!("{base:?}");
        assert!(
            shown.contains("\"https://api.clerk.com") || shown.contains("\"https://api.clerk.dev"),
            "{shown}"
        );
    }
    if let Ok(base) = Base::parse(url, false, &[]) {
        let shown = format!("{base:?}").to_ascii_lowercase();
        let homes = [
            "https://api.clerk.com",
            "https://api.clerk.dev",
            "://localhost",
            "://127.",
            "://[::1]",
        ];
        assert!(homes.iter().any(|home| shown.contains(home)), "{shown}");
        assert!(!shown.contains('@'));
    }
});
