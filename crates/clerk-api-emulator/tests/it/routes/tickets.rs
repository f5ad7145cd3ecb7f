//! `/tickets` and `/local/api/tickets`: invitations opened, accepted and declined by their recipients.

mod sign_in;

use std::time::Duration;

use clerk_api_emulator::{Clock, Config, Database};
use serde_json::{Value, json};

use crate::client::{Answer, App, KEY, config};

const NO_KEY: [(&str, &str); 1] = [("authorization", "")];

/// An emulator with an organization that has an administrator.
struct Scene {
    app: App,
    clock: Clock,
    organization: String,
}

impl Scene {
    fn new() -> Self {
        Self::with(config(Database::Memory))
    }

    fn with(settings: Config) -> Self {
        let clock = settings.clock.clone();
        let mut app = App::with(settings);
        let admin = app.user("admin@example.com");
        let body = json!({"name": "Acme", "created_by": admin, "max_allowed_memberships": 3});
        let organization = app.post("/organizations", &body).ok().id();
        Self {
            app,
            clock,
            organization,
        }
    }

    fn path(&self, what: &str) -> String {
        format!("/organizations/{}/{what}", self.organization)
    }

    /// Invites Jane with this in the body too, and returns the invitation.
    fn invited(&mut self, rest: &Value) -> Value {
        let mut body = json!({"email_address": "jane@example.com", "role": "org:member"});
        merge(&mut body, rest);
        let path = self.path("invitations");
        self.app.post(&path, &body).ok().json()
    }

    /// Sends a request as somebody who has nothing but a link.
    fn follow(&mut self, method: &str, what: &str, invitation: &Value) -> Answer {
        let path = format!("/tickets/{what}?ticket={}", ticket(invitation));
        self.app.send(method, &path, &NO_KEY, None)
    }

    fn status(&mut self, invitation: &Value) -> Value {
        let path = self.path("invitations");
        let id = invitation["id"].as_str().expect("an id");
        self.app.get(&format!("{path}/{id}")).ok().json()["status"].clone()
    }
}

fn merge(body: &mut Value, rest: &Value) {
    for (name, value) in rest.as_object().expect("an object") {
        body[name] = value.clone();
    }
}

fn ticket(invitation: &Value) -> String {
    let url = invitation["url"].as_str().expect("a link");
    url.split_once("?ticket=").expect("a ticket").1.to_owned()
}

#[test]
fn accepting_makes_a_member_of_somebody_new() {
    let mut scene = Scene::new();
    let metadata = json!({"public_metadata": {"a": 1}, "private_metadata": {"b": 2}});
    let invitation = scene.invited(&metadata);
    let opened = scene.follow("GET", "accept", &invitation).ok();
    assert_eq!(opened.header("referrer-policy"), Some("no-referrer"));
    insta::assert_snapshot!(opened.pretty());
    // Looking changes nothing.
    assert_eq!(scene.status(&invitation), "pending");

    let accepted = scene.follow("POST", "accept", &invitation).ok().json();
    assert_eq!(accepted["user_created"], true);
    assert_eq!(scene.status(&invitation), "accepted");
    let user = accepted["user_id"].as_str().expect("an id");
    let user = scene.app.get(&format!("/users/{user}")).ok().json();
    let address = &user["email_addresses"][0];
    assert_eq!(address["email_address"], "jane@example.com");
    assert_eq!(address["id"], user["primary_email_address_id"]);
    assert_eq!(address["verification"]["strategy"], "ticket");
    let path = scene.path("memberships?email_address=jane@example.com");
    let members = scene.app.get(&path).ok().json();
    let member = &members["data"][0];
    assert_eq!(member["id"], accepted["membership_id"]);
    assert_eq!(member["role"], "org:member");
    assert_eq!(member["public_metadata"], json!({"a": 1}));
    assert_eq!(member["private_metadata"], json!({"b": 2}));

    // A ticket works once; that it has done so can still be seen.
    let again = scene.follow("POST", "accept", &invitation);
    assert_eq!(again.errors(), "400 invitation_not_pending");
    let opened = scene.follow("GET", "accept", &invitation).ok().json();
    assert_eq!(opened["status"], "accepted");
}

#[test]
fn accepting_proves_the_address_of_the_user_who_has_it() {
    let mut scene = Scene::new();
    let body = json!({"email_address": ["jane@example.com"], "email_address_identification_status": ["reserved"]});
    let user = scene.app.post("/users", &body).ok().id();
    let invitation = scene.invited(&json!({}));
    let accepted = scene.follow("POST", "accept", &invitation).ok().json();
    assert_eq!(accepted["user_created"], false);
    assert_eq!(accepted["user_id"], user);
    let user = scene.app.get(&format!("/users/{user}")).ok().json();
    let address = &user["email_addresses"][0];
    assert_eq!(address["reserved"], false);
    assert_eq!(address["verification"]["status"], "verified");
}

#[test]
fn what_is_settled_cannot_be_accepted_or_declined() {
    let mut scene = Scene::new();
    let invitation = scene.invited(&json!({"redirect_url": "https://app.test/"}));
    let declined = scene.follow("POST", "decline", &invitation).ok().json();
    // Clerk has no state of its own for it.
    assert_eq!(declined["status"], "revoked");
    assert_eq!(scene.status(&invitation), "revoked");
    for what in ["accept", "decline"] {
        let refused = scene.follow("POST", what, &invitation);
        assert_eq!(refused.errors(), "400 invitation_not_pending");
    }
    // It leads nowhere any more.
    let opened = scene.follow("GET", "accept", &invitation).ok().json();
    assert_eq!(opened["status"], "revoked");

    let late = scene.invited(&json!({"expires_in_days": 1}));
    scene.clock.advance(Duration::from_secs(24 * 60 * 60));
    let refused = scene.follow("POST", "accept", &late);
    assert_eq!(refused.errors(), "400 invitation_not_pending");
    let opened = scene.follow("GET", "accept", &late).ok().json();
    assert_eq!(opened["status"], "expired");
}

#[test]
fn the_rules_of_the_organization_hold() {
    let mut scene = Scene::new();
    let first = scene.invited(&json!({}));
    let second = scene.invited(&json!({"email_address": "joe@example.com"}));
    scene.follow("POST", "accept", &first).ok();
    let path = format!("/organizations/{}", scene.organization);
    let body = json!({"max_allowed_memberships": 2});
    scene.app.patch(&path, &body).ok();
    let full = scene.follow("POST", "accept", &second);
    assert_eq!(full.errors(), "403 organization_membership_quota_exceeded");
    // Nothing of it has happened.
    assert_eq!(scene.status(&second), "pending");
    let joe = scene.app.get("/users/count?email_address=joe@example.com");
    assert_eq!(joe.json()["total_count"], 0);

    let body = json!({"max_allowed_memberships": 9});
    scene.app.patch(&path, &body).ok();
    let user = scene.app.user("joe@example.com");
    let path = scene.path("memberships");
    let body = json!({"user_id": user, "role": "org:admin"});
    scene.app.post(&path, &body).ok();
    let twice = scene.follow("POST", "accept", &second);
    assert_eq!(twice.errors(), "400 already_a_member_in_organization");
}

#[test]
fn an_invitation_to_the_application_makes_a_user() {
    let mut scene = Scene::new();
    let body = json!({"email_address": "jane@example.com", "public_metadata": {"plan": "pro"}});
    let invitation = scene.app.post("/invitations", &body).ok().json();
    let accepted = scene.follow("POST", "accept", &invitation).ok().json();
    let user = accepted["user_id"].as_str().expect("an id");
    let user = scene.app.get(&format!("/users/{user}")).ok().json();
    assert_eq!(user["public_metadata"], json!({"plan": "pro"}));
    let list = scene.app.get("/invitations?status=accepted").ok().json();
    assert_eq!(list[0]["id"], invitation["id"]);
    assert_eq!(list[0].get("url"), None);
    let revoke = format!(
        "/invitations/{}/revoke",
        invitation["id"].as_str().expect("an id")
    );
    let refused = scene.app.post(&revoke, &json!({}));
    assert_eq!(refused.errors(), "400 invitation_already_accepted");

    // One for somebody who is a user already changes nothing about the user.
    let body = json!({"email_address": "admin@example.com", "ignore_existing": true, "public_metadata": {"x": 1}});
    let invitation = scene.app.post("/invitations", &body).ok().json();
    let accepted = scene.follow("POST", "accept", &invitation).ok().json();
    assert_eq!(accepted["user_created"], false);

    let body = json!({"email_address": "joe@example.com"});
    let invitation = scene.app.post("/invitations", &body).ok().json();
    let declined = scene.follow("POST", "decline", &invitation).ok().json();
    assert_eq!(declined["status"], "revoked");
    let list = scene.app.get("/invitations").ok().json();
    assert_eq!(list.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_ticket_leads_to_the_application_if_the_invitation_says_so() {
    let mut scene = Scene::new();
    let redirect = json!({"redirect_url": "https://app.test/in?a=b#c"});
    let invitation = scene.invited(&redirect);
    let ticket = ticket(&invitation);
    let to = |next: &str| {
        format!("https://app.test/in?a=b&__clerk_ticket={ticket}&__clerk_status={next}#c")
    };
    let answer = scene.follow("GET", "accept", &invitation);
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), Some(to("sign_up").as_str()));
    scene.app.user("jane@example.com");
    let answer = scene.follow("GET", "accept", &invitation);
    assert_eq!(answer.header("location"), Some(to("sign_in").as_str()));
    // The application, or the test of it, accepts with the ticket.
    let path = format!("/tickets/{ticket}/accept");
    let accepted = scene.app.control("POST", &path, None).ok().json();
    assert_eq!(accepted["redirect_to"], to("complete"));
    let path = format!("/tickets/{ticket}");
    let opened = scene.app.control("GET", &path, None).ok().json();
    assert_eq!(opened["redirect_to"], to("complete"));
}

#[test]
fn the_ticket_is_the_credential_and_opens_nothing_else() {
    // reliability 11.2, 11.3
    let mut scene = Scene::new();
    let invitation = scene.invited(&json!({}));
    let path = format!("/tickets/accept?ticket={}", ticket(&invitation));
    // A link in an email or on a page of the application may be followed, …
    let from_mail = [NO_KEY[0], ("sec-fetch-site", "cross-site")];
    scene.app.send("GET", &path, &from_mail, None).ok();
    // … but no other page can accept with it, and no other name than ours leads here.
    let other_site = [NO_KEY[0], ("origin", "http://evil.test")];
    for headers in [&from_mail, &other_site] {
        assert_eq!(scene.app.send("POST", &path, headers, None).status, 403);
    }
    let other_name = [NO_KEY[0], ("host", "evil.test")];
    assert_eq!(scene.app.send("GET", &path, &other_name, None).status, 421);
    for bad in ["/tickets/accept", "/tickets/accept?ticket=0"] {
        let answer = scene.app.send("POST", bad, &NO_KEY, None);
        assert_eq!(answer.errors(), "404 resource_not_found");
    }
    let key = format!("Bearer {}", ticket(&invitation));
    let headers = [("authorization", key.as_str())];
    assert_eq!(scene.app.send("GET", "/users", &headers, None).status, 401);
    let key = format!("Bearer {KEY}");
    let headers = [("authorization", key.as_str())];
    let path = format!("/api/tickets/{}", ticket(&invitation));
    assert_eq!(scene.app.local("GET", &path, &headers, None).status, 401);
}
