//! The first page: what the instance is and what is in it.

use axum::Router;
use axum::response::{Redirect, Response};
use maud::html;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::api::Listed;
use super::failed::Failed;
use super::frame::{Section, page};
use super::list::count;
use super::part::{card, facts, top};
use super::text::Text;
use super::users::{self, User};
use super::view::View;
use super::{Shape, requests, time};
use crate::http::route::{Routes, get};
use crate::http::version::ApiVersion;

pub(super) fn router() -> Router<Shape> {
    Router::new().at("/local", get(show)).at(
        "/local/",
        get(|| std::future::ready(Redirect::permanent("/local"))),
    )
}

async fn show(view: View) -> Result<Response, Failed> {
    let instance = Text::from(view.app.store.instance_id());
    let newest: Vec<User> = view.api.get("/users?limit=5&order_by=-created_at").await?;
    let users: Value = view.api.get("/users/count").await?;
    let mut totals = vec![(
        "Users",
        "/local/users",
        users["total_count"].as_u64().unwrap_or(0),
    )];
    for (label, page, path) in [
        (
            "Organizations",
            "/local/organizations",
            "/organizations?limit=1",
        ),
        ("Memberships", "", "/organization_memberships?limit=1"),
        (
            "Pending invitations",
            "",
            "/organization_invitations?limit=1&status=pending",
        ),
    ] {
        let listed: Listed<IgnoredAny> = view.api.get(path).await?;
        totals.push((label, page, listed.total_count));
    }
    let url = format!("http://127.0.0.1:{}", view.app.port);
    let main = html! {
        (top(&html! { "Overview" }, &html! {}, &html! {}))
        ul.totals {
            @for (label, page, total) in totals {
                li {
                    @if page.is_empty() { span.label { (label) } }
                    @else { a.label href=(page) { (label) } }
                    strong { (count(total)) }
                }
            }
        }
        div.columns.even {
            (card("This instance", &html! {}, &facts(&[
                ("Address", html! { code { (url) "/v1" } }),
                ("Instance", html! { code { (instance) } }),
                ("API version", html! { (ApiVersion::LATEST.as_str()) }),
                ("Its time", time::exact(view.now())),
                ("Secret key", html! { span { "shown by " code { "clerk-api local status" } } }),
            ])))
            (card("Newest users", &html! { a href="/local/users" { "All users" } }, &users::short(&newest, view.now())))
        }
        (requests::latest(&view))
    };
    Ok(page(&view, Section::Overview, "Overview", &main))
}
