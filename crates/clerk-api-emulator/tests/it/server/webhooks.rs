//! `/local/api/webhooks`: which endpoints get events, and how.

use clerk_api_emulator::Database;
use ring::hmac;
use serde_json::{Value, json};

use crate::client::{App, KEY, config};
use crate::receiver::Receiver;

fn decode(base64: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for digit in base64.trim_end_matches('=').bytes() {
        let place = DIGITS.iter().position(|one| *one == digit).expect("base64");
        held = (held << 6) | u32::try_from(place).expect("small");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xFF).expect("a byte"));
        }
    }
    out
}

#[test]
fn an_event_is_sent_signed_to_who_is_registered() {
    let mut app = App::start();
    let receiver = Receiver::start(&[]);
    let webhook = app
        .control("POST", "/webhooks", Some(&json!({"url": receiver.url})))
        .ok()
        .json();
    let secret = webhook["secret"].as_str().expect("a secret");
    let agent = [("user-agent", "tester/1.0 \"x\"")];
    let body = json!({"email_address": ["jane@example.com"]}).to_string();
    let user = app
        .send("POST", "/users", &agent, Some(body.as_bytes()))
        .ok();
    let received = receiver.next();
    assert_eq!(received.line, "POST /hooks?a=b HTTP/1.1");
    assert_eq!(received.header("content-type"), "application/json");
    let host = received.header("host");
    assert!(receiver.url.contains(host), "{host}");

    // Another implementation than the one that signs.
    let (id, time) = (
        received.header("svix-id"),
        received.header("svix-timestamp"),
    );
    let key = decode(secret.strip_prefix("whsec_").expect("the prefix"));
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signed = format!("{id}.{time}.{}", received.body);
    let signature = received.header("svix-signature");
    let signature = decode(signature.strip_prefix("v1,").expect("version 1"));
    hmac::verify(&key, signed.as_bytes(), &signature).expect("signed");

    let event = received.json();
    assert_eq!(event["type"], "user.created");
    assert_eq!(event["object"], "event");
    assert_eq!(event["data"], user.json());
    let request = &event["event_attributes"]["http_request"];
    assert_eq!(
        request,
        &json!({"client_ip": "127.0.0.1", "user_agent": "tester/1.0 \"x\""})
    );
    let status = app.control("GET", "/status", None).ok().json();
    assert_eq!(event["instance_id"], status["instance_id"]);
    assert!(
        event["timestamp"]
            .as_i64()
            .is_some_and(|time| time >= 1_767_225_600_000)
    );

    let kept = app.control("GET", &format!("/events/{id}"), None).ok();
    assert_eq!(kept.json()["payload"], event);
    let deliveries = app.deliveries("status=delivered");
    let attempt = &deliveries[0]["attempts"][0];
    assert_eq!(
        (&attempt["status"], &attempt["response"], &attempt["error"]),
        (&json!(200), &json!("heard"), &Value::Null)
    );
}

#[test]
fn nobody_registered_means_nothing_is_noted() {
    let mut app = App::start();
    app.user("a@example.com");
    assert_eq!(
        app.control("GET", "/events", None).ok().json()["total_count"],
        0
    );
    let receiver = Receiver::start(&[]);
    let body = json!({"url": receiver.url, "disabled": true});
    let id = app.control("POST", "/webhooks", Some(&body)).ok().id();
    app.user("b@example.com");
    assert_eq!(
        app.control("GET", "/events", None).ok().json()["total_count"],
        0
    );
    let path = format!("/webhooks/{id}");
    let on = json!({"disabled": false});
    app.control("PATCH", &path, Some(&on)).ok();
    app.user("c@example.com");
    let email = receiver.next().json()["data"]["email_addresses"][0]["email_address"].clone();
    assert_eq!(email, "c@example.com");
    app.control("DELETE", &path, None).ok();
    assert_eq!(app.control("GET", &path, None).status, 404);
    app.user("d@example.com");
    assert_eq!(
        app.control("GET", "/events", None).ok().json()["total_count"],
        1
    );
    assert!(receiver.rest().is_empty());
}

#[test]
fn endpoints_are_told_of_what_they_ask_for() {
    let mut app = App::start();
    let [all, some] = [Receiver::start(&[]), Receiver::start(&[])];
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    for body in [
        json!({"url": all.url}),
        json!({"url": some.url, "events": ["user.*", "organization.deleted"], "secret": secret}),
    ] {
        app.control("POST", "/webhooks", Some(&body)).ok();
    }
    let list = app.control("GET", "/webhooks", None).ok().json();
    assert_eq!(list["data"][1]["secret"], secret);
    let organization = app.post("/organizations", &json!({"name": "Acme"})).ok();
    app.user("a@example.com");
    app.delete(&format!("/organizations/{}", organization.id()))
        .ok();
    let told = [
        "organization.created",
        "user.created",
        "organization.deleted",
    ];
    assert_eq!(all.types::<3>(), told);
    assert_eq!(some.types::<2>(), told[1..]);
}

#[test]
fn only_this_machine_is_told_and_only_by_the_holder_of_the_token() {
    let mut app = App::start();
    let long = "x".repeat(100);
    for (body, errors) in [
        (
            json!({"url": "http://example.com/hooks"}),
            "422 form_param_value_invalid(url)",
        ),
        (
            json!({"url": "https://localhost/"}),
            "422 form_param_format_invalid(url)",
        ),
        (json!({"url": "here"}), "422 form_param_format_invalid(url)"),
        (
            json!({"url": "http://localhost/", "events": ["user.made"]}),
            "422 form_param_value_invalid(events)",
        ),
        (
            json!({"url": "http://localhost/", "secret": long}),
            "422 form_param_format_invalid(secret)",
        ),
        (
            json!({"url": "http://localhost/", "other": 1}),
            "400 request_body_invalid",
        ),
        (json!({}), "400 request_body_invalid"),
    ] {
        let answer = app.control("POST", "/webhooks", Some(&body));
        assert_eq!(answer.errors(), errors, "{body}");
    }
    let elsewhere = json!({"url": "http://example.com/hooks"});
    let text = app.control("POST", "/webhooks", Some(&elsewhere)).text;
    assert!(text.contains("not at example.com"), "{text}");
    let body = json!({"url": "http://localhost:1/"});
    let id = app.control("POST", "/webhooks", Some(&body)).ok().id();
    let refused = app.control("PATCH", &format!("/webhooks/{id}"), Some(&elsewhere));
    assert_eq!(refused.errors(), "422 form_param_value_invalid(url)");
    // reliability 11.3
    let key = format!("Bearer {KEY}");
    for path in [
        "/api/webhooks",
        "/api/events",
        "/api/deliveries",
        "/api/mails",
    ] {
        let answer = app.local("GET", path, &[("authorization", &key)], None);
        assert_eq!(answer.status, 401);
    }
}

#[test]
fn an_endpoint_registered_in_one_process_is_told_of_the_changes_of_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("local.db");
    let [mut one, mut other] = [(); 2].map(|()| App::with(config(Database::File(path.clone()))));
    // The other has asked before, and been told that nobody listens.
    other.user("a@example.com");
    let receiver = Receiver::start(&[]);
    one.control("POST", "/webhooks", Some(&json!({"url": receiver.url})))
        .ok();
    other.user("b@example.com");
    assert_eq!(receiver.types::<1>(), ["user.created"]);
}
