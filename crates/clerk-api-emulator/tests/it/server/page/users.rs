//! Users, seen and changed on pages.

use serde_json::json;

use super::Browser;

#[test]
fn a_user_is_created_and_shown() {
    let mut browser = Browser::new();
    let fields = [
        ("email_address", " ada@example.com "),
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("username", "ada_l"),
        ("phone_number", "+12015550100"),
        ("password", ""),
    ];
    let page = browser.submit("/users", &fields).text;
    for text in [
        "The user was created.",
        "Ada Lovelace",
        "ada@example.com",
        "+12015550100",
        "ada_l",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let user = browser.app.get("/users").ok().json()[0].clone();
    assert_eq!(user["password_enabled"], false);
    assert_eq!(user["username"], "ada_l");
    assert!(browser.get("/users").ok().text.contains("ada@example.com"));
}

#[test]
fn what_is_wrong_with_a_form_stands_at_its_field_and_nothing_is_lost() {
    let mut browser = Browser::new();
    browser.app.user("ada@example.com");
    let fields = [
        ("email_address", "ada@example.com"),
        ("first_name", "Ada"),
        ("password", "correct horse battery"),
    ];
    let page = browser.submit("/users", &fields).text;
    assert!(
        page.contains(r#"<div class="note bad" role="alert">"#),
        "{page}"
    );
    assert!(page.contains("That email address is taken"), "{page}");
    assert!(
        page.contains(r#"name="first_name" autocomplete="off" value="Ada""#),
        "{page}"
    );
    assert!(page.contains(r#"aria-invalid="true""#), "{page}");
    // Secrets do not come back.
    assert!(!page.contains("correct horse battery"));
}

#[test]
fn a_user_is_banned_locked_and_deleted() {
    let mut browser = Browser::new();
    let id = browser.app.user("ada@example.com");
    let mut change = |what: &str| {
        let page = browser.submit(&format!("/users/{id}/{what}"), &[]).text;
        let user = browser.app.get(&format!("/users/{id}")).ok().json();
        (page, user["banned"] == true, user["locked"] == true)
    };
    let (page, banned, locked) = change("ban");
    assert!(
        (banned, locked) == (true, false) && page.contains("Banned") && page.contains("/unban")
    );
    assert!(change("lock").1);
    assert!(!change("unban").1);
    let (page, _, locked) = change("unlock");
    assert!(!locked && page.contains("Active"));
    assert_eq!(
        browser.form(&format!("/users/{id}/promote"), &[]).status,
        404
    );
    let page = browser.submit(&format!("/users/{id}/delete"), &[]).text;
    assert!(page.contains("The user was deleted."));
    assert_eq!(browser.app.get(&format!("/users/{id}")).status, 404);
    assert_eq!(browser.form("/users/user_absent/ban", &[]).status, 303);
}

#[test]
fn hostile_texts_are_shown_and_do_nothing() {
    // reliability 11.3
    let mut browser = Browser::new();
    let hostile = "<script>alert(1)</script>\" onload=\"x";
    let bidi = "Ada\u{202e}\u{200b}\u{7}";
    let body = json!({
        "email_address": ["ada@example.com"],
        "first_name": hostile,
        "last_name": bidi,
        "public_metadata": {"note": "</pre><script>alert(2)</script>\u{2066}"},
    });
    let id = browser.app.post("/users", &body).ok().id();
    for path in [
        "",
        "/users",
        "/users?search=%3Cscript%3E%E2%80%AE",
        &format!("/users/{id}"),
    ] {
        let page = browser.get(path).ok().text;
        assert_eq!(page.matches("<script").count(), 1, "{path}: {page}");
        for hidden in ['\u{202e}', '\u{200b}', '\u{7}', '\u{2066}'] {
            // A field to write in holds what was written.
            let page = page.replace("value=\"&lt;script&gt;\u{202e}\"", "");
            assert!(!page.contains(hidden), "{path}: {hidden:?}");
        }
        assert!(page.contains("&lt;script&gt;"), "{path}");
    }
    let page = browser.get(&format!("/users/{id}")).ok().text;
    assert!(page.contains(r"\u{202e}") && page.contains(r"\u{2066}") && page.contains(r"\u{7}"));
}

#[test]
fn lists_are_searched_and_go_on() {
    let mut browser = Browser::new();
    for number in 0..30 {
        browser.app.user(&format!("person{number:02}@example.com"));
    }
    let first = browser.get("/users").ok().text;
    assert!(
        first.contains("1–25 of 30") && first.contains("person29@") && !first.contains("person04@")
    );
    assert!(
        first.contains(r#"href="/local/users?offset=25" rel="next""#)
            || first.contains(r#"rel="next" href="/local/users?offset=25""#)
    );
    let second = browser.get("/users?offset=25").ok().text;
    assert!(second.contains("26–30 of 30") && second.contains("person00@"));
    let found = browser.get("/users?search=person1").ok().text;
    assert!(
        found.contains("1–10 of 10") && found.contains("person17@") && !found.contains("person20@")
    );
    let none = browser.get("/users?search=nobody%40x").ok().text;
    assert!(none.contains("Nothing matches") && none.contains("nobody@x"));
    assert!(
        browser
            .get("/users?offset=-1&search=")
            .ok()
            .text
            .contains("1–25 of 30")
    );
}
