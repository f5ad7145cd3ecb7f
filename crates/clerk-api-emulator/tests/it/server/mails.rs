//! `/local/api/mails`: what would have been mailed.

use clerk_api_emulator::Database;
use serde_json::json;

use crate::client::{App, config};

#[test]
fn invitations_and_codes_are_mailed() {
    let mut app = App::start();
    let user = app.post(
        "/users",
        &json!({"email_address": ["eve@example.com"], "first_name": "Eve", "last_name": "<Ames>"}),
    );
    let user = user.ok().json();
    let body = json!({"name": "Acme & Co", "created_by": user["id"]});
    let organization = app.post("/organizations", &body).ok().id();
    let path = format!("/organizations/{organization}/invitations");
    let body = json!({"email_address": "Jane@Example.com", "role": "org:member", "inviter_user_id": user["id"]});
    let invitation = app.post(&path, &body).ok().json();
    app.post("/invitations", &json!({"email_address": "joe@example.com"}))
        .ok();
    let address = user["primary_email_address_id"].as_str().expect("an id");
    app.post(
        &format!("/email_addresses/{address}/prepare_verification"),
        &json!(null),
    )
    .ok();

    let all = app.control("GET", "/mails", None).ok().json();
    assert_eq!(all["total_count"], 3);
    let slugs: Vec<_> = all["data"].as_array().expect("a list").iter().collect();
    let of = |name: &str| -> Vec<&str> {
        let texts = slugs.iter().map(|mail| mail[name].as_str());
        texts.collect::<Option<_>>().expect("texts")
    };
    assert_eq!(
        of("slug"),
        ["verification_code", "invitation", "organization_invitation"]
    );
    assert_eq!(
        of("to_email_address"),
        ["eve@example.com", "joe@example.com", "jane@example.com"]
    );
    let jane = app.control("GET", "/mails?to=JANE@example.com", None).ok();
    assert_eq!(jane.json()["total_count"], 1);
    let mail = &jane.json()["data"][0];
    assert_eq!(mail["link"], invitation["url"]);
    assert_eq!(mail["about"], invitation["id"]);
    insta::assert_snapshot!(jane.pretty());

    let one = format!("/mails/{}", mail["id"].as_str().expect("an id"));
    assert_eq!(&app.control("GET", &one, None).ok().json(), mail);
    app.control("DELETE", &one, None).ok();
    let gone = app.control("GET", &one, None);
    assert_eq!(gone.errors(), "404 resource_not_found");
    let cleared = app.control("DELETE", "/mails", None).ok().json();
    assert_eq!(cleared["deleted"], 2);
}

#[test]
fn nobody_is_told_where_that_is_not_wanted() {
    let mut app = App::start();
    let body = json!({"email_address": "joe@example.com", "notify": false});
    app.post("/invitations", &body).ok();
    let bulk = json!([{"email_address": "a@example.com", "notify": false}, {"email_address": "b@example.com"}]);
    app.post("/invitations/bulk", &bulk).ok();
    let organization = app.post("/organizations", &json!({"name": "Acme"})).ok();
    let path = format!("/organizations/{}/invitations", organization.id());
    let body = json!({"email_address": "joe@example.com", "role": "org:member", "notify": false});
    app.post(&path, &body).ok();
    let all = app.control("GET", "/mails", None).ok().json();
    assert_eq!(all["total_count"], 1);
    assert_eq!(all["data"][0]["to_email_address"], "b@example.com");
    // What was refused is not mailed either.
    let bulk = json!([{"email_address": "c@example.com"}, {"email_address": "b@example.com"}]);
    let refused = app.post("/invitations/bulk", &bulk);
    assert_eq!(refused.errors(), "400 duplicate_record");
    let all = app.control("GET", "/mails", None).ok().json();
    assert_eq!(all["total_count"], 1);
}

#[test]
fn links_have_the_address_of_the_server_that_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("local.db");
    let mut first = App::with(config(Database::File(path.clone())));
    let made = first.post("/invitations", &json!({"email_address": "joe@example.com"}));
    let url = made.ok().json()["url"].as_str().expect("a link").to_owned();
    let host = first.host().to_owned();
    let rest = url.strip_prefix(&format!("http://{host}")).expect("ours");
    let mut second = App::with(config(Database::File(path)));
    let wanted = format!("http://{}{rest}", second.host());
    assert_eq!(second.get("/invitations").ok().json()[0]["url"], wanted);
    let mails = second.control("GET", "/mails", None).ok().json();
    assert_eq!(mails["data"][0]["link"], wanted);
    assert_eq!(mails["data"][0]["data"]["action_url"], wanted);
}
