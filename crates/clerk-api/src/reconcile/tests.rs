//! Comparing objects with what was sent.

use super::*;

#[test]
fn a_change_that_is_so_already_is_known_only_where_all_of_it_shows() {
    let already = |op: &str, args: &str, object: &str| {
        let meta = crate::ops::find(op).unwrap().meta;
        let args = serde_json::from_str(args).unwrap();
        meta.is_so_already(&args, &serde_json::from_str(object).unwrap())
    };
    let ada = r#"{"id":"user_1","first_name":"Ada","banned":true,"public_metadata":{"plan":"pro","seats":3}}"#;
    assert!(already(
        "users.update",
        r#"{"user_id":"user_1","first_name":"Ada"}"#,
        ada
    ));
    assert!(!already("users.update", r#"{"first_name":"Eva"}"#, ada));
    assert!(!already(
        "users.update",
        r#"{"first_name":"Ada","password":"secret-1"}"#,
        ada
    ));
    assert!(already(
        "users.update_metadata",
        r#"{"public_metadata":{"plan":"pro","gone":null}}"#,
        ada
    ));
    assert!(!already(
        "users.replace_metadata",
        r#"{"public_metadata":{"plan":"pro"}}"#,
        ada
    ));
    let list = r#"{"public_metadata":{"tags":["a"]}}"#;
    let sent = r#"{"public_metadata":{"tags":["b"]}}"#;
    assert!(already("users.update_metadata", list, list));
    assert!(!already("users.update_metadata", sent, list));
    assert!(already("users.ban", r#"{"user_id":"user_1"}"#, ada));
    assert!(!already("users.unban", r#"{"user_id":"user_1"}"#, ada));
    assert!(!already(
        "users.disable_mfa",
        r#"{"user_id":"user_1"}"#,
        ada
    ));
}

#[test]
fn a_merge_holds_what_was_sent_and_lacks_what_was_sent_as_null() {
    let check = |there: &str, sent: &str, merges| {
        let value = |text| serde_json::from_str(text).unwrap();
        holds(&value(there), &value(sent), merges)
    };
    assert_eq!(
        check(r#"{"a":1,"b":2}"#, r#"{"a":1,"c":null}"#, true),
        Some(true)
    );
    assert_eq!(check(r#"{"a":1,"b":2}"#, r#"{"a":1}"#, false), Some(false));
    assert_eq!(
        check(r#"{"a":{"x":1}}"#, r#"{"a":{"x":2}}"#, true),
        Some(false)
    );
    assert_eq!(check("null", r#""""#, true), Some(true));
    assert_eq!(check(r#""Ada""#, r#""ada""#, true), Some(true));
    assert_eq!(check("[1]", "[1]", true), None);
}

#[test]
fn reliability_2_3_a_date_that_was_sent_does_not_make_an_object_older_than_its_call() {
    let meta = crate::ops::find("users.create").unwrap().meta;
    let is_ours = |args: &str, object: &str| {
        let args = serde_json::from_str(args).unwrap();
        let search = Search::new(meta.lookup.unwrap(), &args).unwrap();
        let mut seen = Seen::default();
        let object = serde_json::from_str(object).unwrap();
        search.see(&mut seen, String::new(), &object, Some(1_700_000_000_000));
        seen.ours.len() == 1
    };
    let dated = r#"{"external_id":"17","created_at":"2019-01-02T03:04:05Z"}"#;
    let new = r#"{"external_id":"17","created_at":1546398245000,"updated_at":1700000000100}"#;
    let old = r#"{"external_id":"17","created_at":1546398245000,"updated_at":1690000000000}"#;
    assert!(is_ours(dated, new));
    assert!(!is_ours(dated, old));
    assert!(!is_ours(r#"{"external_id":"17"}"#, new));
}
