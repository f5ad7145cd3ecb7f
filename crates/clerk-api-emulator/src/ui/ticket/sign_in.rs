//! The page behind the link of a sign-in token.

use maud::{Markup, html};
use serde::Deserialize;

use crate::http::area::ticket_page;
use crate::ui::organizations::status;
use crate::ui::part::facts;
use crate::ui::text::Text;
use crate::ui::time;

/// What is shown of a token.
#[derive(Debug, Deserialize)]
pub(super) struct Opened {
    status: String,
    user_id: Text,
    user: Option<Text>,
    actor: Option<Actor>,
    expires_at: i64,
}

#[derive(Debug, Deserialize)]
struct Actor {
    sub: Text,
}

/// The title and what is below it.
pub(super) fn content(ticket: &str, opened: &Opened) -> (String, Markup) {
    let who = opened.user.as_ref().unwrap_or(&opened.user_id);
    let title = match opened.status.as_str() {
        "pending" => format!("Sign in as {}", who.plain()),
        "accepted" => format!("Signed in as {}", who.plain()),
        "revoked" => "No longer open".to_owned(),
        _ => "Too late".to_owned(),
    };
    let about = facts(&[
        ("User", html! { (opened.user_id) }),
        (
            "Acting",
            html! { @if let Some(actor) = &opened.actor { (actor.sub) } @else { "nobody" } },
        ),
        ("State", status(&opened.status)),
        ("Expires", time::exact(opened.expires_at)),
    ]);
    let content = html! {
        section.card { (about) }
        @if opened.status == "pending" {
            form method="post" action=(format!("{}/accept", ticket_page(ticket))) { button.primary { "Sign in" } }
            p.small { "A session of this user begins. The link works once." }
        }
    };
    (title, content)
}
