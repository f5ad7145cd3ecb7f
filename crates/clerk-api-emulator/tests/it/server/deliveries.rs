//! Deliveries that fail, are made again, and survive the process.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use clerk_api_emulator::{Config, Database};
use serde_json::{Value, json};

use super::crash;
use crate::client::{App, config};
use crate::receiver::{Receiver, Reply};

const QUICK: f64 = 0.000_001;

/// An emulator whose pauses are over at once.
fn quick(database: Database) -> Config {
    let mut config = config(database);
    config.webhooks.scale = QUICK;
    config.webhooks.timeout = Duration::from_millis(300);
    config
}

fn register(app: &mut App, url: &str) -> String {
    let body = json!({"url": url});
    app.control("POST", "/webhooks", Some(&body)).ok().id()
}

impl App {
    /// Waits until some deliveries are as the query says.
    pub(crate) fn deliveries(&mut self, query: &str) -> Vec<Value> {
        for _ in 0..10_000 {
            let path = format!("/deliveries?{query}");
            let list = self.control("GET", &path, None).ok().json();
            let list = list["data"].as_array().expect("a list");
            if !list.is_empty() {
                return list.clone();
            }
            std::thread::yield_now();
        }
        panic!("no delivery is {query}");
    }
}

fn statuses(delivery: &Value) -> Vec<Option<u64>> {
    let attempts = delivery["attempts"].as_array().expect("a list").iter();
    attempts.map(|attempt| attempt["status"].as_u64()).collect()
}

#[test]
fn what_fails_is_sent_again_until_it_is_heard() {
    let mut app = App::with(quick(Database::Memory));
    let script = [
        Reply::Status(500),
        // Nobody is followed anywhere.
        Reply::Status(302),
        Reply::Silence,
    ];
    let receiver = Receiver::start(&script);
    register(&mut app, &receiver.url);
    app.user("jane@example.com");
    let all: [_; 4] = std::array::from_fn(|_| receiver.next());
    for one in &all {
        assert_eq!(one.header("svix-id"), all[0].header("svix-id"));
        assert_eq!(one.body, all[0].body);
    }
    let delivered = app.deliveries("status=delivered");
    assert_eq!(
        statuses(&delivered[0]),
        [Some(500), Some(302), None, Some(200)]
    );
    let silent = &delivered[0]["attempts"][2];
    assert_eq!(silent["error"], "there was no response within 300ms");
    assert_eq!(delivered[0]["next_attempt_at"], Value::Null);
}

#[test]
fn after_eight_attempts_an_event_is_given_up_but_can_be_replayed() {
    let mut app = App::with(quick(Database::Memory));
    let receiver = Receiver::start(&[Reply::Status(503); 8]);
    let webhook = register(&mut app, &receiver.url);
    app.user("jane@example.com");
    let failed = app.deliveries("status=failed");
    assert_eq!(statuses(&failed[0]), [Some(503); 8]);
    let sent = receiver.rest();
    assert_eq!(sent.len(), 8);

    let id = failed[0]["id"].as_str().expect("an id");
    let path = format!("/deliveries/{id}/replay");
    app.control("POST", &path, None).ok();
    let again = receiver.next();
    assert_eq!(again.header("svix-id"), sent[0].header("svix-id"));
    let query = format!("status=delivered&webhook_id={webhook}");
    assert_eq!(app.deliveries(&query)[0]["id"], id);
    let unknown = app.control("POST", "/deliveries/dlv_x/replay", None);
    assert_eq!(unknown.errors(), "404 resource_not_found");
}

#[test]
fn the_schedule_is_that_of_svix() {
    let mut settings = config(Database::Memory);
    settings.webhooks.timeout = Duration::from_secs(5);
    let mut app = App::with(settings);
    let receiver = Receiver::start(&[Reply::Status(500)]);
    register(&mut app, &receiver.url);
    app.user("jane@example.com");
    receiver.next();
    // Not before it has been written down.
    let pending = loop {
        let pending = app.deliveries("status=pending");
        if !statuses(&pending[0]).is_empty() {
            break pending;
        }
    };
    let number = |value: &Value| value.as_i64().expect("a number");
    let attempt = &pending[0]["attempts"][0];
    let end = number(&attempt["at"]) + number(&attempt["duration_ms"]);
    assert_eq!(number(&pending[0]["next_attempt_at"]) - end, 5_000);
}

#[test]
fn events_are_replayed_one_by_one_or_since_a_time_to_one_or_to_all() {
    let mut app = App::with(quick(Database::Memory));
    let [first, late] = [Receiver::start(&[]), Receiver::start(&[])];
    register(&mut app, &first.url);
    app.user("a@example.com");
    app.post("/organizations", &json!({"name": "Acme"})).ok();
    let told = ["user.created", "organization.created"];
    assert_eq!(first.types::<2>(), told);
    let events = app.control("GET", "/events", None).ok().json();
    let user = events["data"][1]["id"].as_str().expect("an id").to_owned();
    let since = events["data"][0]["created_at"].clone();

    // Who comes late can be told of what was before.
    let webhook = register(&mut app, &late.url);
    let to_late = json!({"webhook_id": webhook});
    let replay = app.control("POST", "/events/replay", Some(&to_late));
    assert_eq!(replay.ok().json()["replayed"], 2);
    assert_eq!(late.types::<2>(), told);
    let path = format!("/events/{user}/replay");
    let replay = app.control("POST", &path, None).ok().json();
    assert_eq!(replay["replayed"], 2);
    assert_eq!(first.types::<1>(), ["user.created"]);
    assert_eq!(late.types::<1>(), ["user.created"]);
    for body in [json!({"since": since}), json!({"type": "organization.*"})] {
        let replay = app.control("POST", "/events/replay", Some(&body));
        assert_eq!(replay.ok().json()["replayed"], 2);
        assert_eq!(first.types::<1>(), ["organization.created"]);
        assert_eq!(late.types::<1>(), ["organization.created"]);
    }
    let unknown = json!({"webhook_id": "ep_x"});
    let refused = app.control("POST", "/events/replay", Some(&unknown));
    assert_eq!(refused.errors(), "404 resource_not_found");
    assert!(first.rest().is_empty() && late.rest().is_empty());
}

#[test]
fn an_endpoint_that_does_not_answer_keeps_nobody_else_waiting() {
    let mut settings = quick(Database::Memory);
    settings.webhooks.timeout = Duration::from_secs(30);
    let mut app = App::with(settings);
    let silent = Receiver::start(&[Reply::Silence]);
    let good = Receiver::start(&[]);
    register(&mut app, &silent.url);
    register(&mut app, &good.url);
    for number in 0..40 {
        app.user(&format!("{number}@example.com"));
    }
    for number in 0..40 {
        let told = good.next().json()["data"]["email_addresses"][0]["email_address"].clone();
        assert_eq!(told, format!("{number}@example.com"));
    }
}

#[test]
fn of_two_processes_one_sends_each_event() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("local.db");
    let receiver = Receiver::start(&[]);
    let mut apps = [(); 2].map(|()| App::with(quick(Database::File(path.clone()))));
    register(&mut apps[0], &receiver.url);
    const EACH: usize = 30;
    std::thread::scope(|scope| {
        for (place, app) in apps.iter_mut().enumerate() {
            scope.spawn(move || {
                for number in 0..EACH {
                    app.user(&format!("{place}-{number}@example.com"));
                }
            });
        }
    });
    let mut times = BTreeMap::<String, usize>::new();
    for _ in 0..2 * EACH {
        let id = receiver.next().header("svix-id").to_owned();
        *times.entry(id).or_default() += 1;
    }
    assert_eq!(times.len(), 2 * EACH, "{times:?}");
    drop(apps);
    assert!(receiver.rest().is_empty());
}

#[test]
fn what_a_killed_process_was_sending_is_sent_by_the_next() {
    // reliability 11.6: at least once.
    if let Some(path) = crash::served() {
        crash::serve_until_killed(Path::new(&path), |config| {
            config.webhooks.timeout = Duration::from_millis(300);
        });
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("local.db");
    let receiver = Receiver::start(&[Reply::Silence]);
    let mut app = App::with(quick(Database::File(path.clone())));
    register(&mut app, &receiver.url);
    app.stop();
    let name = "server::deliveries::what_a_killed_process_was_sending_is_sent_by_the_next";
    let (mut server, host) = crash::start(name, &path);
    assert!(crash::create(&host, "jane@example.com").expect("acknowledged"));
    let first = receiver.next();
    server.kill().expect("dies");
    server.wait().expect("is dead");

    let mut app = App::with(quick(Database::File(path)));
    let again = receiver.next();
    assert_eq!(again.header("svix-id"), first.header("svix-id"));
    assert_eq!(again.body, first.body);
    let delivered = app.deliveries("status=delivered");
    assert_eq!(statuses(&delivered[0]), [Some(200)]);
}
