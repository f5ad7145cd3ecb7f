//! Organizations, seen and changed on pages.

use serde_json::json;

use super::Browser;

/// A browser, an organization and its only member.
fn engines() -> (Browser, String, String) {
    let mut browser = Browser::new();
    let user = browser.app.user("ada@example.com");
    let body = json!({"name": "Engines", "created_by": user});
    let organization = browser.app.post("/organizations", &body).ok().id();
    (browser, organization, user)
}

#[test]
fn an_organization_is_created_with_its_creator() {
    let mut browser = Browser::new();
    browser.app.user("ada@example.com");
    let fields = [
        ("name", "Engines"),
        ("slug", "engines"),
        ("created_by", "ada@example.com"),
    ];
    let page = browser.submit("/organizations", &fields).text;
    for text in [
        "The organization was created.",
        "Engines",
        "engines",
        "ada@example.com",
        "Admin",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let page = browser.submit("/organizations", &fields).text;
    assert!(
        page.contains("note bad") && page.contains(r#"value="engines""#),
        "{page}"
    );
    let fields = [("name", "Other"), ("created_by", "nobody@example.com")];
    let page = browser.submit("/organizations", &fields).text;
    assert!(
        page.contains("There is no user nobody@example.com."),
        "{page}"
    );
}

#[test]
fn members_come_change_and_go() {
    let (mut browser, organization, ada) = engines();
    let grace = browser.app.user("grace@example.com");
    let base = format!("/organizations/{organization}");
    let fields = [("user_id", "grace@example.com"), ("role", "org:member")];
    let page = browser.submit(&format!("{base}/members"), &fields).text;
    assert!(page.contains("The user is a member now."), "{page}");
    let page = browser.submit(&format!("{base}/members"), &fields).text;
    assert!(page.contains("note bad"), "{page}");
    let role = [("role", "org:admin")];
    browser.submit(&format!("{base}/members/{grace}/role"), &role);
    browser.submit(&format!("{base}/members/{ada}/remove"), &[]);
    let members = browser.app.get(&format!("{base}/memberships")).ok().json();
    assert_eq!(members["total_count"], 1);
    assert_eq!(members["data"][0]["role"], "org:admin");
    assert_eq!(
        members["data"][0]["public_user_data"]["user_id"],
        grace.as_str()
    );
    // What the API refuses, the page says.
    let page = browser.submit(
        &format!("{base}/members/{grace}/role"),
        &[("role", "org:none")],
    );
    assert!(page.text.contains("note bad"), "{}", page.text);
}

#[test]
fn invitations_are_sent_and_revoked() {
    let (mut browser, organization, _) = engines();
    let base = format!("/organizations/{organization}");
    let fields = [
        ("email_address", "grace@example.com"),
        ("role", "org:member"),
        ("redirect_url", ""),
    ];
    let page = browser.submit(&format!("{base}/invitations"), &fields).text;
    assert!(page.contains("grace@example.com was invited."), "{page}");
    let list = browser.app.get(&format!("{base}/invitations")).ok();
    let id = list.ids()[0].clone();
    assert!(page.contains(&format!("{id}/revoke")));
    // The link of the email is a secret of its recipient.
    assert!(!page.contains("ticket="));
    let page = browser
        .submit(&format!("{base}/invitations/{id}/revoke"), &[])
        .text;
    assert!(
        page.contains("The invitation was revoked.") && !page.contains(&format!("{id}/revoke"))
    );
    let fields = [("email_address", "not an address"), ("role", "org:member")];
    let page = browser.submit(&format!("{base}/invitations"), &fields).text;
    assert!(
        page.contains("note bad") && page.contains(r#"value="not an address""#),
        "{page}"
    );
}

#[test]
fn an_organization_is_deleted_after_a_question() {
    let (mut browser, organization, _) = engines();
    let base = format!("/organizations/{organization}");
    let page = browser.get(&base).ok().text;
    assert!(page.contains(r#"<details class="confirm">"#) && page.contains("Delete organization"));
    let page = browser.submit(&format!("{base}/delete"), &[]).text;
    assert!(page.contains("The organization was deleted."));
    assert_eq!(browser.app.get(&base).status, 404);
}
