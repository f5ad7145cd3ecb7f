//! Who gets in, what a form needs, and the headers of every page.

use super::{Browser, TOKEN, app, enter};
use crate::client::{App, KEY};

const PATHS: [&str; 6] = [
    "",
    "/users",
    "/organizations",
    "/users/new",
    "/webhooks",
    "/no/such/page",
];

fn look(app: &mut App, path: &str, headers: &[(&str, &str)]) -> crate::client::Answer {
    let mut all = vec![("authorization", "")];
    all.extend(headers);
    app.local("GET", path, &all, None)
}

#[test]
fn nothing_is_shown_without_the_cookie() {
    // reliability 11.3
    let mut app = app();
    app.user("ada@example.com");
    let key = format!("Bearer {KEY}");
    let token = format!("Bearer {TOKEN}");
    for path in PATHS {
        for headers in [
            [("cookie", "")],
            [("cookie", "clerk_api_local=x; clerk_api_local_1=lct_test")],
            [("authorization", key.as_str())],
            [("authorization", token.as_str())],
        ] {
            let answer = app.local("GET", path, &headers, None);
            assert_eq!(answer.status, 401, "{path} {headers:?}");
            assert!(!answer.text.contains("ada@example.com"));
            assert!(!answer.text.contains("csrf-token"), "{path}");
        }
    }
    for path in ["?token=lct_tesx", "?token=", "/users?token=lct_test"] {
        let answer = look(&mut app, path, &[]);
        assert_eq!(
            (answer.status, answer.header("set-cookie")),
            (401, None),
            "{path}"
        );
    }
}

#[test]
fn the_start_up_address_sets_a_cookie_that_is_not_the_token() {
    // reliability 11.3
    let mut app = app();
    let answer = look(&mut app, &format!("?token={TOKEN}"), &[]);
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), Some("/local"));
    let cookie = answer.header("set-cookie").expect("a cookie");
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/local"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(TOKEN));
    let cookie = enter(&mut app);
    for path in ["", "/users", "/organizations"] {
        look(&mut app, path, &[("cookie", &cookie)]).ok();
    }
    // The cookie opens pages only.
    let headers = [("authorization", ""), ("cookie", cookie.as_str())];
    assert_eq!(app.local("GET", "/api/status", &headers, None).status, 401);
    assert_eq!(app.local("GET", "/api/nothing", &headers, None).status, 401);
    assert_eq!(app.send("GET", "/users", &headers, None).status, 401);
}

#[test]
fn neither_key_nor_token_is_on_a_page() {
    let mut browser = Browser::new();
    let id = browser.app.user("ada@example.com");
    for path in ["", "/users", "/organizations", &format!("/users/{id}")] {
        let page = browser.get(path).ok().text;
        assert!(!page.contains(KEY) && !page.contains(TOKEN), "{path}");
    }
}

#[test]
fn every_answer_forbids_what_it_does_not_need() {
    // reliability 11.3
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
        connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    let mut browser = Browser::new();
    let mut app = app();
    let mut answers: Vec<_> = PATHS.into_iter().map(|path| browser.get(path)).collect();
    answers.extend(PATHS.into_iter().map(|path| look(&mut app, path, &[])));
    answers.push(browser.form("/users", &[]));
    answers.push(browser.form_with("/users", &[], &[]));
    for answer in answers {
        for (name, value) in [
            ("content-security-policy", policy),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{}", answer.status);
        }
        assert_eq!(answer.header("access-control-allow-origin"), None);
        for inline in ["<style", " style=", "javascript:", " onclick="] {
            assert!(!answer.text.contains(inline), "{inline}");
        }
    }
}

#[test]
fn files_have_names_of_their_content_and_need_no_cookie() {
    let mut browser = Browser::new();
    let page = browser.get("").ok().text;
    let style = super::between(&page, "<link rel=\"stylesheet\" href=\"/local", "\"").to_owned();
    let script = super::between(&page, "<script src=\"/local", "\"").to_owned();
    for (path, kind) in [(style, "text/css"), (script, "text/javascript")] {
        let file = look(&mut browser.app, &path, &[]).ok();
        assert!(
            file.header("content-type")
                .expect("a type")
                .starts_with(kind)
        );
        assert!(
            file.header("cache-control")
                .expect("a rule")
                .contains("immutable")
        );
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    }
    assert_eq!(look(&mut browser.app, "/assets/page.css", &[]).status, 404);
}

#[test]
fn a_form_needs_its_token_and_our_page() {
    // reliability 11.2, 11.3
    let mut browser = Browser::new();
    let csrf = browser.csrf.clone();
    let good = [
        ("csrf", csrf.as_str()),
        ("first_name", "Ada"),
        ("username", "lovelace"),
    ];
    let wrong = [("csrf", "x"), ("username", "lovelace")];
    let without = [("username", "lovelace")];
    let cookie = [(
        "csrf",
        browser
            .cookie
            .split('=')
            .nth(1)
            .expect("a value")
            .to_owned(),
    )];
    let cookie = [("csrf", cookie[0].1.as_str()), ("username", "lovelace")];
    assert_eq!(browser.form_with("/users", &wrong, &[]).status, 403);
    assert_eq!(browser.form_with("/users", &without, &[]).status, 403);
    assert_eq!(browser.form_with("/users", &cookie, &[]).status, 403);
    for (header, status) in [
        (("cookie", ""), 401),
        (("origin", "http://evil.test"), 403),
        (("sec-fetch-site", "cross-site"), 403),
        (("sec-fetch-site", "same-site"), 403),
        (("sec-fetch-site", ""), 403),
        (("host", "evil.test"), 421),
        (("content-type", "text/plain"), 415),
        (("content-type", "application/json"), 415),
    ] {
        let answer = browser.form_with("/users", &good, &[header]);
        assert_eq!(answer.status, status, "{header:?}");
    }
    assert_eq!(
        browser.app.get("/users/count").ok().json()["total_count"],
        0
    );
    // The script sends the token as a header.
    let header = [("x-csrf-token", csrf.as_str())];
    assert_eq!(browser.form_with("/users", &without, &header).status, 303);
    let origin = format!("http://{}", browser.app.host());
    let again = [good[0], ("username", "grace")];
    let answer = browser.form_with("/users", &again, &[("origin", &origin)]);
    assert_eq!(answer.status, 303);
    assert_eq!(
        browser.app.get("/users/count").ok().json()["total_count"],
        2
    );
}

#[test]
fn other_sites_and_other_hosts_see_nothing() {
    // reliability 11.2
    let mut browser = Browser::new();
    let cookie = browser.cookie.clone();
    for (header, status) in [
        (("host", "evil.test"), 421),
        (("origin", "http://evil.test"), 403),
        (("sec-fetch-site", "cross-site"), 403),
    ] {
        let answer = look(&mut browser.app, "/users", &[("cookie", &cookie), header]);
        assert_eq!(answer.status, status, "{header:?}");
    }
    let answer = browser
        .app
        .local("DELETE", "/users", &[("cookie", &cookie)], None);
    assert_eq!(answer.status, 404);
}

#[test]
fn what_cannot_be_read_is_a_page_that_says_so() {
    let mut browser = Browser::new();
    for path in [
        "/nothing",
        "/users/user_absent",
        "/organizations/org_absent",
    ] {
        let answer = browser.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(
            answer
                .header("content-type")
                .expect("a type")
                .starts_with("text/html")
        );
        assert!(
            answer.text.contains("<h1>Not found</h1>"),
            "{}",
            answer.text
        );
    }
}
