//! Webhook endpoints, events and deliveries, as pages.

use serde_json::{Value, json};

use super::{Browser, between};
use crate::receiver::{Receiver, Reply};

/// What the control API says.
fn control(browser: &mut Browser, path: &str) -> Value {
    let token = format!("Bearer {}", super::TOKEN);
    let headers = [("authorization", token.as_str())];
    let answer = browser
        .app
        .local("GET", &format!("/api{path}"), &headers, None);
    answer.ok().json()
}

#[test]
fn an_endpoint_is_added_switched_and_removed() {
    let mut browser = Browser::new();
    let page = browser.get("/webhooks").ok().text;
    assert!(page.contains("No endpoint gets events yet."), "{page}");
    let url = "http://localhost:9/hooks?a=b&c=d";
    let fields = [("url", url), ("events", "user.*, session.created")];
    let page = browser.submit("/webhooks", &fields).text;
    let webhook = control(&mut browser, "/webhooks")["data"][0].clone();
    assert_eq!(webhook["events"], json!(["user.*", "session.created"]));
    assert_eq!(webhook["url"], url);
    let secret = webhook["secret"].as_str().expect("a secret");
    assert!(page.contains("hooks?a=b&amp;c=d") && page.contains(secret));
    assert!(!browser.get("/webhooks").ok().text.contains(secret));
    let path = format!("/webhooks/{}", webhook["id"].as_str().expect("an id"));
    for (change, disabled) in [("disable", true), ("enable", false)] {
        browser.submit(&format!("{path}/{change}"), &[]);
        assert_eq!(
            control(&mut browser, "/webhooks")["data"][0]["disabled"],
            disabled
        );
    }
    browser.submit(&format!("{path}/remove"), &[]);
    assert_eq!(control(&mut browser, "/webhooks")["total_count"], 0);
    assert_eq!(browser.get(&path).status, 404);
    assert_eq!(browser.form(&format!("{path}/burn"), &[]).status, 404);
}

#[test]
fn what_is_refused_is_said_and_no_secret_is_written_back() {
    let mut browser = Browser::new();
    for fields in [
        [("url", "http://example.com/"), ("secret", "whsec_given")],
        [("url", "http://localhost/"), ("secret", "whsec_given")],
        [("url", ""), ("secret", "whsec_given")],
    ] {
        let page = browser.submit("/webhooks", &fields).text;
        assert!(page.contains("note bad"), "{page}");
        assert!(!page.contains("whsec_given"), "{page}");
    }
    assert_eq!(control(&mut browser, "/webhooks")["total_count"], 0);
}

#[test]
fn an_event_is_sent_again_by_a_button() {
    let mut browser = Browser::new();
    let receiver = Receiver::start(&[Reply::Status(500)]);
    browser.submit("/webhooks", &[("url", receiver.url.as_str())]);
    browser.app.user("ada@example.com");
    assert_eq!(receiver.next().kind(), "user.created");
    let page = browser.get("/webhooks").ok().text;
    let event = format!("/events/{}", between(&page, "/local/events/", "\""));
    let page = browser.get(&event).ok().text;
    let replay = between(&page, &format!("action=\"/local{event}/replay/"), "\"").to_owned();
    browser.submit(&format!("{event}/replay/{replay}"), &[]);
    assert_eq!(receiver.next().kind(), "user.created");
    let page = browser.submit(&format!("{event}/replay"), &[]).text;
    assert!(page.contains("It is sent again."), "{page}");
    assert_eq!(receiver.next().kind(), "user.created");
    let none = browser.get("/webhooks?search=session.created").ok().text;
    assert!(none.contains("Nothing matches"), "{none}");
    let error = browser.form("/events/msg_absent/replay", &[]);
    assert_eq!(error.status, 303);
}
