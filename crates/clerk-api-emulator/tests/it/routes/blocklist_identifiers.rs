//! `/blocklist_identifiers`: what is not as for the allowlist.

use serde_json::json;

use crate::client::App;

const PATH: &str = "/blocklist_identifiers";

#[test]
fn the_list_comes_whole_in_an_envelope() {
    let mut app = App::start();
    assert_eq!(app.get(PATH).ok().text, r#"{"data":[],"total_count":0}"#);
    let mut ids = Vec::new();
    for n in 0..12 {
        let body = json!({"identifier": format!("u{n}@example.com")});
        ids.insert(0, app.post(PATH, &body).ok().id());
    }
    let all = app.get(PATH).ok();
    assert_eq!(all.ids(), ids);
    assert_eq!(all.json()["total_count"], 12);
}

#[test]
fn an_identifier_is_answered_whole() {
    let mut app = App::start();
    let made = app.post(PATH, &json!({"identifier": "*@Example.com"})).ok();
    insta::assert_snapshot!(made.pretty());
    let notify = json!({"identifier": "a@example.com", "notify": true});
    assert_eq!(
        app.post(PATH, &notify).errors(),
        "422 form_param_unknown(notify)"
    );
    let twice = app.post(PATH, &json!({"identifier": "*@example.com"}));
    assert_eq!(twice.errors(), "400 duplicate_record");
    let path = format!("{PATH}/{}", made.id());
    assert_eq!(
        app.delete(&path).ok().json(),
        json!({"object": "blocklist_identifier", "id": made.id(), "deleted": true})
    );
    assert_eq!(app.delete(&path).errors(), "404 resource_not_found");
}
