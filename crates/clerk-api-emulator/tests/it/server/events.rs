//! Events have the object as the API returns it.

mod catalog;

use serde_json::{Value, json};

use crate::client::App;
use crate::receiver::Receiver;

/// An emulator that tells a receiver of everything.
struct Scene {
    app: App,
    receiver: Receiver,
}

impl Scene {
    fn new() -> Self {
        let mut app = App::start();
        let receiver = Receiver::start(&[]);
        let body = json!({"url": receiver.url});
        app.control("POST", "/webhooks", Some(&body)).ok();
        Self { app, receiver }
    }

    /// Waits for an event of this type and returns its object.
    fn told(&self, kind: &str) -> Value {
        let event = self.receiver.next().json();
        assert_eq!(event["type"], kind);
        event["data"].clone()
    }

    /// Makes an organization with an administrator and returns the ids of both.
    fn organization(&mut self) -> (String, String) {
        let admin = self.app.user("admin@example.com");
        let body = json!({"name": "Acme", "created_by": admin});
        let made = self.app.post("/organizations", &body).ok().id();
        self.told("user.created");
        self.told("organization.created");
        self.told("organizationMembership.created");
        (made, admin)
    }
}

#[test]
fn users_come_change_and_go() {
    let mut scene = Scene::new();
    let body = json!({"email_address": ["a@example.com"], "external_id": "x1"});
    let made = scene.app.post("/users", &body).ok();
    assert_eq!(scene.told("user.created"), made.json());
    let path = format!("/users/{}", made.id());
    let body = json!({"first_name": "Ann"});
    let changed = scene.app.patch(&path, &body).ok().json();
    assert_eq!(scene.told("user.updated"), changed);
    for what in ["ban", "unban"] {
        let path = format!("{path}/{what}");
        let changed = scene.app.send("POST", &path, &[], None).ok();
        assert_eq!(scene.told("user.updated"), changed.json());
    }
    let session = scene.app.post("/sessions", &json!({"user_id": made.id()}));
    let session = session.ok().json();
    let mut told = scene.told("session.created");
    assert_eq!(told["user"]["id"], made.id());
    told.as_object_mut().expect("an object").remove("user");
    assert_eq!(told, session);
    let gone = scene.app.delete(&path).ok().json();
    assert_eq!(scene.told("session.removed")["id"], session["id"]);
    assert_eq!(
        scene.told("user.deleted"),
        json!({"object": "user", "id": made.id(), "external_id": "x1", "deleted": true})
    );
    assert_eq!(gone["deleted"], true);
    // What is refused has not happened.
    let twice = json!({"email_address": ["b@example.com", "b@example.com"]});
    assert_eq!(scene.app.post("/users", &twice).status, 422);
    scene.app.user("c@example.com");
    let told = scene.told("user.created");
    assert_eq!(told["email_addresses"][0]["email_address"], "c@example.com");
}

#[test]
fn sessions_are_revoked() {
    let mut scene = Scene::new();
    let user = scene.app.user("a@example.com");
    let session = scene.app.post("/sessions", &json!({"user_id": user})).ok();
    let path = format!("/sessions/{}/revoke", session.id());
    let revoked = scene.app.send("POST", &path, &[], None).ok().json();
    scene.told("user.created");
    scene.told("session.created");
    let told = scene.told("session.revoked");
    assert_eq!(told["status"], "revoked");
    assert_eq!(told["updated_at"], revoked["updated_at"]);
}

#[test]
fn organizations_and_memberships_come_change_and_go() {
    let mut scene = Scene::new();
    let (organization, admin) = scene.organization();
    let path = format!("/organizations/{organization}");
    let changed = scene.app.patch(&path, &json!({"name": "Acme 2"})).ok();
    assert_eq!(scene.told("organization.updated"), changed.json());
    let user = scene.app.user("b@example.com");
    scene.told("user.created");
    let body = json!({"user_id": user, "role": "org:member"});
    let members = format!("{path}/memberships");
    let made = scene.app.post(&members, &body).ok().json();
    assert_eq!(scene.told("organizationMembership.created"), made);
    let member = format!("{members}/{user}");
    let changed = scene.app.patch(&member, &json!({"role": "org:admin"})).ok();
    assert_eq!(scene.told("organizationMembership.updated"), changed.json());
    let gone = scene.app.delete(&member).ok().json();
    assert_eq!(scene.told("organizationMembership.deleted"), gone);
    // The members go before what they are members of.
    let gone = scene.app.delete(&path).ok().json();
    let told = scene.told("organizationMembership.deleted");
    assert_eq!(told["public_user_data"]["user_id"], admin);
    assert_eq!(scene.told("organization.deleted"), gone);
}

#[test]
fn an_invitation_is_made_mailed_and_accepted() {
    let mut scene = Scene::new();
    let (organization, _) = scene.organization();
    let path = format!("/organizations/{organization}/invitations");
    let body = json!({"email_address": "jane@example.com", "role": "org:member"});
    let made = scene.app.post(&path, &body).ok().json();
    let told = scene.told("organizationInvitation.created");
    assert_eq!(told["url"], made["url"]);
    assert_eq!(told["public_organization_data"]["name"], "Acme");
    let mail = scene.told("email.created");
    assert_eq!(mail["object"], "email");
    assert_eq!(mail["slug"], "organization_invitation");
    assert_eq!(mail["data"]["action_url"], made["url"]);
    let kept = scene.app.control("GET", "/mails", None).ok().json();
    assert_eq!(kept["data"][0]["id"], mail["id"]);
    assert_eq!(kept["data"][0]["body"], mail["body"]);

    let url = made["url"].as_str().expect("a link");
    let ticket = url.split_once('=').expect("a ticket").1;
    let accept = format!("/tickets/{ticket}/accept");
    let accepted = scene.app.control("POST", &accept, None).ok().json();
    assert_eq!(scene.told("user.created")["id"], accepted["user_id"]);
    let told = scene.told("organizationInvitation.accepted");
    assert_eq!(
        (&told["status"], &told["id"], &told["user_id"]),
        (&json!("accepted"), &made["id"], &accepted["user_id"])
    );
    let told = scene.told("organizationMembership.created");
    assert_eq!(told["id"], accepted["membership_id"]);

    let body = json!({"email_address": "joe@example.com", "role": "org:member", "notify": false});
    let made = scene.app.post(&path, &body).ok();
    scene.told("organizationInvitation.created");
    let revoke = format!("{path}/{}/revoke", made.id());
    scene.app.post(&revoke, &json!({})).ok();
    let told = scene.told("organizationInvitation.revoked");
    assert_eq!(told["status"], "revoked");
}

#[test]
fn what_a_refused_request_began_is_not_told() {
    let mut scene = Scene::new();
    let (organization, _) = scene.organization();
    // The second item is refused after the first has been written.
    let path = format!("/organizations/{organization}/invitations/bulk");
    let item = json!({"email_address": "jane@example.com", "role": "org:member"});
    let refused = scene.app.post(&path, &json!([item, item]));
    assert_eq!(refused.errors(), "400 organization_invitation_not_unique");
    scene.app.user("c@example.com");
    scene.told("user.created");
    let events = scene.app.control("GET", "/events", None).ok().json();
    assert_eq!(events["total_count"], 4);
}

#[test]
fn events_are_listed_by_type_and_time() {
    let mut scene = Scene::new();
    scene.organization();
    let mut list = |query: &str| {
        let events = scene.app.control("GET", &format!("/events?{query}"), None);
        events.ok().json()
    };
    let all = list("");
    let types = |list: &Value| -> Vec<String> {
        let data = list["data"].as_array().expect("a list").iter();
        data.map(|event| event["type"].as_str().expect("a type").to_owned())
            .collect()
    };
    assert_eq!(
        types(&all),
        [
            "organizationMembership.created",
            "organization.created",
            "user.created"
        ]
    );
    assert_eq!(
        types(&list("type=organization.*")),
        ["organization.created"]
    );
    assert_eq!(types(&list("type=user.created")), ["user.created"]);
    assert_eq!(list("type=user.deleted")["total_count"], 0);
    let since = &all["data"][1]["created_at"];
    assert_eq!(list(&format!("since={since}"))["total_count"], 2);
    assert_eq!(types(&list("limit=1&offset=2")), ["user.created"]);
    let bad = scene.app.control("GET", "/events?type=user", None);
    assert_eq!(bad.errors(), "422 form_param_value_invalid(type)");
}
