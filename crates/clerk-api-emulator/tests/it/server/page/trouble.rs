//! The log of requests, limits, faults and counters of what was done, as pages.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use serde_json::json;

use super::Browser;

#[test]
fn requests_of_programs_are_listed_and_those_of_pages_are_not() {
    let mut browser = Browser::new();
    assert!(
        browser
            .get("/requests")
            .ok()
            .text
            .contains("There are no requests yet.")
    );
    browser.get("/users").ok();
    browser.app.get("/users/count?query=%3Cb%3E").ok();
    assert_eq!(browser.app.get("/users/user_absent").status, 404);
    let page = browser.get("/requests").ok().text;
    let (absent, count) = (
        page.find("/users/user_absent"),
        page.find("/users/count?query=%3Cb%3E"),
    );
    assert!(absent.is_some() && absent < count, "{page}");
    assert!(
        page.contains(">404</span>") && page.contains(">200</span>"),
        "{page}"
    );
    assert!(!page.contains("limit=25"), "{page}");
    assert!(
        page.contains("data-stream=\"/local/requests/stream?after=2\""),
        "{page}"
    );
}

#[test]
fn the_log_goes_on_as_rows() {
    let mut browser = Browser::new();
    browser.app.get("/users/count").ok();
    let stream = |cookie: &str, more: &str| {
        let mut stream = TcpStream::connect(browser.app.host()).expect("listens");
        let host = browser.app.host();
        let request = format!(
            "GET /local/requests/stream?after=0 HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n{more}\r\n"
        );
        stream.write_all(request.as_bytes()).expect("sends");
        BufReader::new(stream)
    };
    let mut line = String::new();
    stream("x=y", "").read_line(&mut line).expect("an answer");
    assert!(line.starts_with("HTTP/1.1 401"), "{line}");
    let data = |stream: BufReader<TcpStream>| {
        let lines = stream.lines().map(|line| line.expect("a line"));
        let mut lines = lines.filter(|line| line.starts_with("data: "));
        lines.next().expect("a row")
    };
    let row = data(stream(&browser.cookie, ""));
    assert!(
        row.starts_with("data: <tr><td>") && row.contains("/users/count"),
        "{row}"
    );
    // A browser that comes back gets nothing twice.
    let back = stream(&browser.cookie, "last-event-id: 1\r\n");
    browser.app.get("/users/user_absent");
    assert!(data(back).contains("/users/user_absent"));
}

#[test]
fn limits_are_put_in_force_and_their_use_is_shown() {
    let mut browser = Browser::new();
    assert!(
        browser
            .get("/limits")
            .ok()
            .text
            .contains("No limits are in force.")
    );
    let fields = [
        ("profile", "development"),
        ("window", "sliding"),
        ("scale", "2"),
        ("user_cap", "1"),
    ];
    let page = browser.submit("/limits", &fields).text;
    assert!(
        page.contains("The limits are in force.")
            && page.contains("Nothing counts against a limit now.")
    );
    let id = browser.app.user("ada@example.com");
    assert_eq!(
        browser
            .app
            .post("/users", &json!({"username": "second"}))
            .status,
        403
    );
    for _ in 0..12 {
        let path = format!("/users/{id}/metadata");
        browser.app.patch(&path, &json!({"public_metadata": {}}));
    }
    let page = browser.get("/limits").ok().text;
    assert!(
        page.contains("All requests") && page.contains("Changes of one user"),
        "{page}"
    );
    assert!(page.contains("10 of 10") && page.contains(&id), "{page}");
    // A page does not use up what it shows.
    for _ in 0..120 {
        browser.get("/limits").ok();
    }
    browser.app.get("/users/count").ok();
    assert!(browser.get("/requests").ok().text.contains("limit: user"));
    let page = browser
        .submit("/limits", &[("profile", ""), ("scale", "many")])
        .text;
    assert!(
        page.contains("many does not match") && page.contains("value=\"many\""),
        "{page}"
    );
    let page = browser
        .submit(
            "/limits",
            &[("profile", ""), ("scale", ""), ("user_cap", "")],
        )
        .text;
    assert!(page.contains("No limits are in force."));
}

#[test]
fn faults_are_added_switched_and_removed() {
    let mut browser = Browser::new();
    assert!(
        browser
            .get("/faults")
            .ok()
            .text
            .contains("There are no faults.")
    );
    let fields = [
        ("on", "GET /users/count"),
        ("kind", r#"{"status":503}"#),
        ("times", "2"),
        ("nth", ""),
    ];
    let page = browser.submit("/faults", &fields).text;
    for text in [
        "GET /users/count",
        "answer 503, 2 times at most",
        "struck 0 of 0",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert_eq!(browser.app.get("/users/count").status, 503);
    // Pages are not struck.
    browser.get("/users").ok();
    let page = browser.submit("/faults/1/off", &[]).text;
    assert!(
        page.contains("struck 1 of 1") && page.contains("Switch on"),
        "{page}"
    );
    browser.app.get("/users/count").ok();
    browser.submit("/faults/1/on", &[]);
    assert_eq!(browser.app.get("/users/count").status, 503);
    let page = browser.submit("/faults/1/remove", &[]).text;
    assert!(page.contains("There are no faults."));
    for fields in [
        [("on", "nonsense"), ("kind", r#"{"status":503}"#)],
        [("on", "* /**"), ("kind", r#"{"status":200}"#)],
    ] {
        let page = browser.submit("/faults", &fields).text;
        assert!(
            page.contains("note bad") && page.contains("There are no faults."),
            "{page}"
        );
    }
    assert!(
        browser
            .submit("/faults/9/on", &[])
            .text
            .contains("There is no fault 9.")
    );
    assert_eq!(browser.form("/faults/9/burn", &[]).status, 404);
}

#[test]
fn what_is_done_is_counted_on_request() {
    let mut browser = Browser::new();
    assert!(browser.get("/faults").ok().text.contains("Not counted."));
    browser.submit("/effects/on", &[]);
    browser.app.user("ada@example.com");
    let page = browser.get("/faults").ok().text;
    assert!(
        page.contains("POST /users") && page.contains("email_address=ada@example.com"),
        "{page}"
    );
    assert!(
        browser
            .submit("/effects/off", &[])
            .text
            .contains("Counting is off")
    );
}
