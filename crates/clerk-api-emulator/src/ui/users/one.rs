//! One user: what is known, and what can be done.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Method;
use maud::{Markup, html};
use serde_json::json;

use super::{PATH, Shape, User, endpoint, identifications, state};
use crate::http::area::escaped;
use crate::http::route::{Routes, get, post};
use crate::ui::api::Listed;
use crate::ui::failed::Failed;
use crate::ui::form::Form;
use crate::ui::frame::{Section, page};
use crate::ui::input::FormOf;
use crate::ui::organizations::{Invitation, Membership, path_of as organization_path, status};
use crate::ui::part::{avatar, badge, card, facts, id, json as pretty, maybe, moment, none, top};
use crate::ui::view::View;

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at("/local/users/{user_id}", get(show))
        .at("/local/users/{user_id}/delete", post(delete))
        .at("/local/users/{user_id}/{change}", post(change))
}

async fn show(view: View, Path(asked): Path<String>) -> Result<Response, Failed> {
    let user: User = view.api.get(&endpoint(&asked, "")).await?;
    let memberships: Listed<Membership> = view
        .api
        .get(&endpoint(&asked, "/organization_memberships?limit=100"))
        .await?;
    let invitations: Listed<Invitation> = view
        .api
        .get(&endpoint(&asked, "/organization_invitations?limit=100"))
        .await?;
    let name = user.name();
    let title = html! { (avatar(&user.id, name.raw())) (name) };
    let below = html! { p.below { (id(&user.id)) (state(&user)) } };
    let main = html! {
        p.back { a href=(PATH) { "Users" } }
        (top(&title, &below, &actions(&view, &user)))
        div.columns {
            div {
                (identifications(&user))
                (member_of(&memberships))
                @if !invitations.data.is_empty() { (invited_to(&invitations)) }
                (metadata(&user))
            }
            (card("Details", &html! {}, &details(&user)))
        }
    };
    Ok(page(&view, Section::Users, &name.plain(), &main))
}

fn details(user: &User) -> Markup {
    let yes = |on: bool, word: &str| if on { badge("good", word) } else { none() };
    facts(&[
        ("First name", maybe(user.first_name.as_ref())),
        ("Last name", maybe(user.last_name.as_ref())),
        ("Username", maybe(user.username.as_ref())),
        ("External id", maybe(user.external_id.as_ref())),
        ("Password", yes(user.password_enabled, "Set")),
        ("Second factor", yes(user.two_factor_enabled, "On")),
        ("Last sign-in", moment(user.last_sign_in_at)),
        ("Created", moment(Some(user.created_at))),
        ("Updated", moment(Some(user.updated_at))),
    ])
}

fn actions(view: &View, user: &User) -> Markup {
    let form = |what: &str| FormOf::new(view, format!("{}/{what}", user.path()));
    let switch = |on: bool, undo: (&str, &str), make: (&str, &str)| {
        let (what, label) = if on { undo } else { make };
        form(what).button("quiet", label)
    };
    let question = html! { "Delete " strong { (user.name()) } "? Memberships go too." };
    html! {
        (switch(user.banned, ("unban", "Unban"), ("ban", "Ban")))
        (switch(user.locked, ("unlock", "Unlock"), ("lock", "Lock")))
        (form("delete").confirm("Delete", &question, "Delete user"))
    }
}

fn member_of(memberships: &Listed<Membership>) -> Markup {
    let inside = html! {
        @if memberships.data.is_empty() { div.empty { p { "Member of no organization." } } }
        ul.rows {
            @for one in &memberships.data {
                @if let Some(organization) = &one.organization {
                    li {
                        div.who {
                            (avatar(&organization.id, organization.name.raw()))
                            a href=(organization_path(&organization.id)) { (organization.name) }
                        }
                        (badge("", &one.role_name.plain()))
                    }
                }
            }
        }
    };
    card("Memberships", &html! {}, &inside)
}

fn invited_to(invitations: &Listed<Invitation>) -> Markup {
    let inside = html! {
        ul.rows {
            @for one in &invitations.data {
                li {
                    a.grow href=(organization_path(&one.organization_id)) {
                        @if let Some(organization) = &one.public_organization_data { (organization.name) }
                        @else { (one.organization_id) }
                    }
                    (status(one.status.raw()))
                }
            }
        }
    };
    card("Invitations", &html! {}, &inside)
}

fn metadata(user: &User) -> Markup {
    let parts = [
        ("Public", &user.public_metadata),
        ("Private", &user.private_metadata),
        ("Unsafe", &user.unsafe_metadata),
    ];
    let inside = html! {
        @for (name, raw) in parts { h3 { (name) } (pretty(raw)) }
    };
    card("Metadata", &html! {}, &inside)
}

/// Bans and locks, and undoes both.
async fn change(
    State(site): State<Shape>,
    Path((user, change)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failed> {
    let done = match change.as_str() {
        "ban" => "The user is banned.",
        "unban" => "The user is no longer banned.",
        "lock" => "The user is locked.",
        "unlock" => "The user is no longer locked.",
        _ => return Err(Failed::not_found("There is no such change.")),
    };
    let back = format!("{PATH}/{}", escaped(&user));
    let path = endpoint(&user, &format!("/{change}"));
    Ok(match site.api.send(Method::POST, &path, &json!({})).await {
        Ok(_) => site.done(&back, done),
        Err(error) => site.refused(&back, &error, form),
    })
}

async fn delete(State(site): State<Shape>, Path(user): Path<String>, form: Form) -> Response {
    match site.api.delete(&endpoint(&user, "")).await {
        Ok(()) => site.done(PATH, "The user was deleted."),
        Err(error) => site.refused(&format!("{PATH}/{}", escaped(&user)), &error, form),
    }
}
