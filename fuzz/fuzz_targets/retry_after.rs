//! `Retry-After` and dates: never a panic, never a wait out of bounds (reliability.md 2.2).
#![no_main]

use std::time::Duration;

use clerk_api::retry::retry_after;
use clerk_api_fuzz::two_texts;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((value, date)) = two_texts(input) else {
        return;
    };
    for date in [None, Some(date)] {
        if let Some(wait) = retry_after(value, date) {
            assert!(wait >= Duration::from_secs(1) && wait <= Duration::from_secs(86_400));
        }
    }
});
