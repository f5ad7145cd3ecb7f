//! The page of a ticket, for an invitation or a sign-in. The ticket is enough; no cookie is needed.

mod sign_in;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::Method;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::failed::Failed;
use super::form::Form;
use super::frame::alone;
use super::organizations::status;
use super::part::facts;
use super::text::Text;
use super::view::View;
use super::{Shape, time};
use crate::http::area::{escaped, ticket_page};
use crate::http::error::ApiError;
use crate::http::route::{Routes, get, post};

/// What a ticket can be for.
#[derive(Debug, Deserialize)]
#[serde(tag = "object")]
enum Ticket {
    #[serde(rename = "invitation", alias = "organization_invitation")]
    Invitation(Opened),
    #[serde(rename = "sign_in_token", alias = "actor_token")]
    SignIn(sign_in::Opened),
}

/// What is shown of an invitation.
#[derive(Debug, Deserialize)]
struct Opened {
    status: String,
    email_address: Text,
    expires_at: i64,
    organization: Option<Place>,
    user_id: Option<Text>,
    redirect_to: Option<Text>,
}

#[derive(Debug, Deserialize)]
struct Place {
    name: Text,
    role_name: Text,
    inviter: Option<Text>,
}

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at("/local/tickets/{ticket}", get(show))
        .at("/local/tickets/{ticket}/{answer}", post(settle))
}

async fn show(view: View, Path(ticket): Path<String>) -> Result<Response, Failed> {
    draw(&view, &ticket, None).await
}

async fn draw(view: &View, ticket: &str, wrong: Option<&ApiError>) -> Result<Response, Failed> {
    let path = format!("/tickets/{}", escaped(ticket));
    let (title, content) = match view.control.get(&path).await? {
        Ticket::Invitation(opened) => invitation(ticket, &opened),
        Ticket::SignIn(opened) => sign_in::content(ticket, &opened),
    };
    let body = html! {
        @if let Some(error) = wrong {
            div.note.bad role="alert" { @for one in error.problems() { p { (Text::from(one.long())) } } }
        }
        (content)
        p.small { a href="/local/inbox" { "Back to the inbox" } }
    };
    let status = wrong.map_or(http::StatusCode::OK, ApiError::status);
    let page = alone(&view.assets, &title, &body).into_string();
    Ok((status, Html(page)).into_response())
}

fn invitation(ticket: &str, opened: &Opened) -> (String, Markup) {
    let (title, below) = headline(opened);
    let about = facts(&[
        ("For", html! { (opened.email_address) }),
        (
            "Role",
            html! { @if let Some(place) = &opened.organization { (place.role_name) } @else { "user" } },
        ),
        ("State", status(&opened.status)),
        ("Expires", time::exact(opened.expires_at)),
    ]);
    let content = html! {
        (below)
        section.card { (about) }
        @if opened.status == "pending" { (buttons(ticket, opened)) }
        (onward(opened))
    };
    (title, content)
}

/// What has become of the invitation, or what it is.
fn headline(opened: &Opened) -> (String, Markup) {
    let what = match &opened.organization {
        Some(place) => place.name.plain().into_owned(),
        None => "the application".to_owned(),
    };
    let inviter = opened
        .organization
        .as_ref()
        .and_then(|place| place.inviter.as_ref());
    match opened.status.as_str() {
        "pending" => (
            format!("Join {what}"),
            html! {
                p { @if let Some(inviter) = inviter { (inviter) " invites you." } @else { "You are invited." } }
            },
        ),
        "accepted" => (
            format!("You are in {what}"),
            html! { p { "The invitation was accepted." } },
        ),
        "revoked" => (
            "No longer open".to_owned(),
            html! { p { "The invitation to " (Text::from(what)) " was revoked or declined." } },
        ),
        _ => (
            "Too late".to_owned(),
            html! { p { "The invitation to " (Text::from(what)) " has expired." } },
        ),
    }
}

fn buttons(ticket: &str, opened: &Opened) -> Markup {
    let action = |answer: &str| format!("{}/{answer}", ticket_page(ticket));
    html! {
        div.buttons {
            form method="post" action=(action("accept")) { button.primary { "Accept" } }
            form method="post" action=(action("decline")) { button { "Decline" } }
        }
        @if opened.user_id.is_none() {
            p.small { "No user has this address yet: accepting creates one." }
        }
    }
}

/// The way to the application, where the invitation names it.
fn onward(opened: &Opened) -> Markup {
    let Some(to) = &opened.redirect_to else {
        return html! {};
    };
    // Other schemes than these do not belong into a link that somebody else wrote.
    let is_web = ["https://", "http://"]
        .iter()
        .any(|scheme| to.raw().starts_with(scheme));
    html! {
        @if is_web { p { a href=(to.raw()) rel="noreferrer" { "Continue to the application" } } }
        @else { p.small { "The application continues at " (to) } }
    }
}

async fn settle(
    State(site): State<Shape>,
    Path((ticket, answer)): Path<(String, String)>,
    _: Form,
) -> Result<Response, Failed> {
    if !matches!(answer.as_str(), "accept" | "decline") {
        return Err(Failed::not_found("There is no such answer."));
    }
    let path = format!("/tickets/{}/{answer}", escaped(&ticket));
    match site.control.send(Method::POST, &path, &json!({})).await {
        Ok(_) => Ok(Redirect::to(&ticket_page(&ticket)).into_response()),
        Err(error) => draw(&View::plain(site), &ticket, Some(&error)).await,
    }
}
