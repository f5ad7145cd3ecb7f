//! Answers: any JSON is read as rows or refused, a readable row survives a round trip, and nothing panics.
#![no_main]

use clerk_api::model::User;
use clerk_api::list::List;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(list) = serde_json::from_slice::<List<User>>(input) else {
        return;
    };
    for user in list.rows.into_iter().flatten() {
        let text = serde_json::to_string(&user).unwrap();
        let again: User = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), text);
    }
});
