//! Emails, and invitations as their recipients see them.

use serde_json::json;

use super::{Browser, between};
use crate::client::Answer;

/// Invites somebody and returns the browser, the organization's path and the page of the ticket.
fn invited(redirect_url: Option<&str>) -> (Browser, String, String) {
    let mut browser = Browser::new();

    let organization = browser
        .app
        .post("/organizations", &json!({"name": "Engines & Co"}))
        .ok()
        .id();
    let base = format!("/organizations/{organization}");
    let body = json!({
        "email_address": "ada@example.com", "role": "org:member", "redirect_url": redirect_url,
    });
    browser.app.post(&format!("{base}/invitations"), &body).ok();
    let inbox = browser.get("/inbox").ok().text;
    let mail = between(&inbox, "class=\"subject\" href=\"/local", "\"").to_owned();
    let mail = browser.get(&mail).ok().text;
    let ticket = between(&mail, "class=\"button primary\" href=\"/local", "\"").to_owned();
    assert!(ticket.starts_with("/tickets/"), "{ticket}");
    (browser, base, ticket)
}

/// Somebody who has the ticket and nothing else.
fn recipient(browser: &mut Browser, method: &str, path: &str) -> Answer {
    let form = [
        ("authorization", ""),
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "null"),
        ("sec-fetch-site", "same-origin"),
    ];
    let (headers, body) = if method == "POST" {
        (&form[..], Some(&b""[..]))
    } else {
        (&form[..1], None)
    };
    browser.app.local(method, path, headers, body)
}

#[test]
fn an_invitation_is_opened_from_its_mail_and_accepted() {
    let (mut browser, base, ticket) = invited(None);
    let page = recipient(&mut browser, "GET", &ticket).ok().text;
    for text in [
        "Join Engines &amp; Co",
        "ada@example.com",
        "No user has this address yet",
        "Accept",
        "Decline",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("csrf"));
    let answer = recipient(&mut browser, "POST", &format!("{ticket}/accept"));
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(
        answer.header("location"),
        Some(format!("/local{ticket}").as_str())
    );
    let page = recipient(&mut browser, "GET", &ticket).ok().text;
    assert!(
        page.contains("You are in Engines &amp; Co") && !page.contains("<form"),
        "{page}"
    );
    let members = browser.get(&base).ok().text;
    assert!(
        members.contains("ada@example.com") && members.contains("There are no pending invitations")
    );
    let again = recipient(&mut browser, "POST", &format!("{ticket}/accept"));
    assert_eq!(again.status, 400);
    assert!(again.text.contains("note bad"), "{}", again.text);
}

#[test]
fn an_invitation_is_declined() {
    let (mut browser, base, ticket) = invited(None);
    assert_eq!(
        recipient(&mut browser, "POST", &format!("{ticket}/decline")).status,
        303
    );
    let page = recipient(&mut browser, "GET", &ticket).ok().text;
    assert!(page.contains("was revoked or declined"), "{page}");
    assert_eq!(
        browser.app.get(&format!("{base}/memberships")).ok().json()["total_count"],
        0
    );
    assert_eq!(
        recipient(&mut browser, "POST", &format!("{ticket}/burn")).status,
        404
    );
}

#[test]
fn only_the_ticket_and_our_own_page_accept() {
    // reliability 11.2
    let (mut browser, base, ticket) = invited(None);
    assert_eq!(recipient(&mut browser, "GET", "/tickets/0123").status, 404);
    assert_eq!(
        recipient(&mut browser, "POST", "/tickets/0123/accept").status,
        404
    );
    let headers = [
        ("authorization", ""),
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "http://evil.test"),
    ];
    let answer = browser
        .app
        .local("POST", &format!("{ticket}/accept"), &headers, Some(b""));
    assert_eq!(answer.status, 403);
    assert_eq!(
        browser.app.get(&format!("{base}/memberships")).ok().json()["total_count"],
        0
    );
}

#[test]
fn the_link_of_the_mail_leads_a_browser_to_the_page_and_on_to_the_application() {
    let (mut browser, _, ticket) = invited(None);
    let link = format!(
        "/tickets/accept?ticket={}",
        ticket.strip_prefix("/tickets/").expect("a ticket")
    );
    let html = [
        ("authorization", ""),
        ("accept", "text/html,application/xhtml+xml"),
    ];
    let answer = browser.app.send("GET", &link, &html, None);
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.header("location"),
        Some(format!("/local{ticket}").as_str())
    );
    let answer = browser
        .app
        .send("GET", &link, &[("authorization", "")], None);
    assert_eq!(answer.ok().json()["email_address"], "ada@example.com");

    let (mut browser, _, ticket) = invited(Some("https://app.test/join"));
    let page = recipient(&mut browser, "GET", &ticket).ok().text;
    assert!(
        page.contains("href=\"https://app.test/join?__clerk_ticket="),
        "{page}"
    );
    // A link that somebody else wrote is a link only if it leads to a website.
    let (mut browser, _, ticket) = invited(Some("my-app://app.test/%0aalert(1)"));
    let page = recipient(&mut browser, "GET", &ticket).ok().text;
    assert!(!page.contains("href=\"my-app:"), "{page}");
}

#[test]
fn mails_are_found_by_their_recipient_and_forgotten() {
    let mut browser = Browser::new();
    assert!(browser.get("/inbox").ok().text.contains("No emails yet."));
    for name in ["ada", "grace"] {
        let body = json!({"email_address": format!("{name}@example.com")});
        browser.app.post("/invitations", &body).ok();
    }
    let page = browser.get("/inbox?search=ada%40example.com").ok().text;
    assert!(page.contains("ada@example.com") && !page.contains("grace@example.com"));
    let mail = between(&page, "class=\"subject\" href=\"/local", "\"").to_owned();
    let page = browser.submit(&format!("{mail}/delete"), &[]).text;
    assert!(page.contains("The email was deleted.") && !page.contains("ada@example.com"));
    assert_eq!(browser.get(&mail).status, 404);
    let page = browser.submit("/inbox/clear", &[]).text;
    assert!(page.contains("All emails were deleted.") && page.contains("No emails yet."));
}

#[test]
fn the_link_of_a_token_leads_to_a_page_that_signs_in() {
    let mut browser = Browser::new();
    let body = json!({"first_name": "<Ada>", "username": "ada_l"});
    let user = browser.app.post("/users", &body).ok().id();
    let body = json!({"user_id": user, "actor": {"sub": "user_support"}});
    let token = browser.app.post("/actor_tokens", &body).ok().json();
    let token = token["token"].as_str().expect("a token");
    let link = format!("/tickets/accept?ticket={token}");
    let headers = [("authorization", ""), ("accept", "text/html")];
    let answer = browser.app.send("GET", &link, &headers, None);
    let ticket = format!("/tickets/{token}");
    assert_eq!(
        answer.header("location"),
        Some(format!("/local{ticket}").as_str())
    );
    let page = recipient(&mut browser, "GET", &ticket).ok().text;
    for text in ["Sign in as &lt;Ada&gt;", "user_support", "Pending"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let answer = recipient(&mut browser, "POST", &format!("{ticket}/accept"));
    assert_eq!(answer.status, 303, "{}", answer.text);
    let page = recipient(&mut browser, "GET", &ticket).ok().text;
    assert!(page.contains("Signed in as") && !page.contains("<form"));
    let sessions = format!("/sessions?user_id={user}");
    let sessions = browser.app.get(&sessions).ok().json();
    assert_eq!(sessions[0]["actor"]["sub"], "user_support");
    let again = recipient(&mut browser, "POST", &format!("{ticket}/accept"));
    assert_eq!(again.status, 400);
    assert!(again.text.contains("note bad"), "{}", again.text);
}
