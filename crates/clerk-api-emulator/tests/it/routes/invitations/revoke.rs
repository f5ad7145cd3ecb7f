//! `POST /invitations/{invitation_id}/revoke`.

use std::time::Duration;

use clerk_api_emulator::Database;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::invited;
use crate::client::{App, config};

#[test]
fn a_revoked_invitation_says_so_and_has_no_link() {
    let mut app = App::start();
    let made = app
        .post("/invitations", &json!({"email_address": "a@example.com"}))
        .ok()
        .json();
    let path = format!(
        "/invitations/{}/revoke",
        made["id"].as_str().expect("an id")
    );
    let revoked = app.post(&path, &Value::Null).ok().json();
    let mut expected = made;
    expected["revoked"] = json!(true);
    expected["status"] = json!("revoked");
    expected["updated_at"] = revoked["updated_at"].clone();
    expected.as_object_mut().expect("an object").remove("url");
    assert_eq!(revoked, expected);
    assert_eq!(
        app.post(&path, &Value::Null).errors(),
        "400 invitation_already_revoked"
    );
    // The address is free again.
    invited(&mut app, ["a@example.com"]);
}

#[test]
fn an_unknown_invitation_is_not_found() {
    let mut app = App::start();
    assert_eq!(
        app.post("/invitations/inv_x/revoke", &Value::Null).errors(),
        "404 resource_not_found"
    );
}

#[test]
fn an_accepted_invitation_stays_and_an_expired_one_can_be_revoked() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("local.db");
    let settings = config(Database::File(file.clone()));
    let clock = settings.clock.clone();
    let mut app = App::with(settings);
    let [accepted, expired] = invited(&mut app, ["a@example.com", "b@example.com"]);
    // No request of this API accepts an invitation.
    let db = Connection::open(file).expect("opens");
    let sql =
        "UPDATE invitations SET status = 'accepted', wire = json_set(wire, '$.status', 'accepted')
               WHERE id = ?1";
    assert_eq!(db.execute(sql, [&accepted]).expect("writes"), 1);
    clock.advance(Duration::from_secs(31 * 24 * 60 * 60));
    assert_eq!(
        app.post(&format!("/invitations/{accepted}/revoke"), &Value::Null)
            .errors(),
        "400 invitation_already_accepted"
    );
    app.get("/invitations").ok();
    app.post(&format!("/invitations/{expired}/revoke"), &Value::Null)
        .ok();
    assert_eq!(app.get("/invitations").ids(), [accepted]);
}
