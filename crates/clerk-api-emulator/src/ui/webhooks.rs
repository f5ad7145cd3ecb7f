//! Webhooks: the endpoints, and the events so far. One endpoint, one event, and what deliveries look
//! like are in files of their own.

mod delivery;
mod event;
mod one;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use http::Method;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::api::Listed;
use super::failed::Failed;
use super::form::Form;
use super::frame::{Section, page};
use super::input::FormOf;
use super::list::{Part, count};
use super::part::{badge, card, top};
use super::text::Text;
use super::view::View;
use super::{Shape, time};
use crate::http::area::escaped;
use crate::http::route::{Routes, get};
use crate::resource::webhooks::event::TYPES;
use delivery::Delivery;

const PATH: &str = "/local/webhooks";

/// What is shown of an endpoint.
#[derive(Debug, Deserialize)]
struct Webhook {
    id: Text,
    url: Text,
    secret: Text,
    events: Vec<Text>,
    disabled: bool,
    created_at: i64,
    updated_at: i64,
}

impl Webhook {
    fn path(&self) -> String {
        path_of(&self.id)
    }

    fn state(&self) -> Markup {
        if self.disabled {
            badge("", "Disabled")
        } else {
            badge("good", "Enabled")
        }
    }

    /// The events that it gets.
    fn wants(&self) -> Markup {
        html! {
            @if self.events.is_empty() { "Everything" }
            @for (at, one) in self.events.iter().enumerate() { @if at > 0 { ", " } (one) }
        }
    }
}

/// What is shown of an event.
#[derive(Debug, Deserialize)]
struct Event {
    id: Text,
    #[serde(rename = "type")]
    kind: Text,
    created_at: i64,
    payload: Box<RawValue>,
}

/// The page of the endpoint with this id.
fn path_of(id: &Text) -> String {
    format!("{PATH}/{}", escaped(id.raw()))
}

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at(PATH, get(list).post(add))
        .merge(event::router())
        .merge(one::router())
}

async fn list(view: View) -> Result<Response, Failed> {
    let webhooks: Listed<Webhook> = view.control.get("/webhooks").await?;
    let below = html! { p.below { "Events are sent to programs on this machine, as Clerk sends its webhooks." } };
    let number = html! { span.count { (count(webhooks.total_count)) } };
    let main = html! {
        (top(&html! { "Webhooks" }, &below, &html! {}))
        div.columns {
            div {
                (card("Endpoints", &number, &endpoints(&webhooks.data)))
                (events(&view, webhooks.data.is_empty()).await?)
            }
            (card("Add an endpoint", &html! {}, &form(&view)))
        }
    };
    Ok(page(&view, Section::Webhooks, "Webhooks", &main))
}

fn endpoints(webhooks: &[Webhook]) -> Markup {
    html! {
        @if webhooks.is_empty() {
            div.empty {
                p { "No endpoint gets events yet." }
                p.small { "While there is no endpoint, events are not kept either." }
            }
        }
        ul.rows {
            @for one in webhooks {
                li {
                    div.grow {
                        a.name href=(one.path()) { (one.url) }
                        span.below { (one.wants()) }
                    }
                    (one.state())
                }
            }
        }
    }
}

fn form(view: &View) -> Markup {
    let form = FormOf::new(view, PATH);
    form.with(
        "fields",
        &html! {
            (form.field("url", "URL").kind("url").required().hint("On this machine, such as http://localhost:3000/api/webhooks."))
            (form.field("events", "Events").hint("For example user.* organizationMembership.created; empty for all."))
            (form.field("secret", "Signing secret").hint("whsec_…; empty to generate one."))
            div.buttons { button.primary { "Add endpoint" } }
        },
    )
}

async fn add(State(site): State<Shape>, form: Form) -> Response {
    let mut body = form.body(&["url", "secret"]);
    let events = form.get("events").unwrap_or_default();
    let events = events.split([' ', ',', '\t']).filter(|one| !one.is_empty());
    body.insert("events".to_owned(), events.collect::<Vec<_>>().into());
    // Without a URL the request would not be understood; with an empty one it is refused for what it is.
    body.entry("url").or_insert_with(|| json!(""));
    let body = body.into();
    match site.control.send(Method::POST, "/webhooks", &body).await {
        Ok(webhook) => {
            let id = Text::from(webhook["id"].as_str().unwrap_or_default());
            site.done(&path_of(&id), "The endpoint gets events from now on.")
        }
        Err(error) => site.refused(PATH, &error, form),
    }
}

/// What has happened, the newest first.
async fn events(view: &View, nobody: bool) -> Result<Markup, Failed> {
    let part = Part::of(view, PATH);
    let kind = part.search.as_deref();
    let kind = kind.map_or_else(String::new, |kind| format!("&type={}", escaped(kind)));
    let path = format!("/events?{}{kind}", part.place());
    let found: Listed<Event> = view.control.get(&path).await?;
    if nobody && found.total_count == 0 && part.search.is_none() {
        return Ok(html! {});
    }
    let mut rows = Vec::with_capacity(found.data.len());
    for one in &found.data {
        let deliveries = delivery::of_event(view, &one.id).await?;
        rows.push(row(one, &deliveries, view.now()));
    }
    let empty = html! { p { "Nothing has happened since an endpoint was added." } };
    Ok(html! {
        section.card {
            header { h2 { "Events" } (filter(&part)) }
            @if rows.is_empty() { (part.nothing(&empty)) } @else { (table(&rows)) }
        }
        (part.pager(found.data.len(), found.total_count))
    })
}

/// The choice of a type.
fn filter(part: &Part) -> Markup {
    let chosen = part.search.as_deref();
    html! {
        form.line method="get" action=(PATH) {
            label.hidden for="type" { "Type" }
            select #type name="search" {
                option value="" { "All types" }
                @for kind in TYPES { option value=(kind) selected[chosen == Some(kind)] { (kind) } }
            }
            button { "Show" }
        }
    }
}

fn table(rows: &[Markup]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Events" {
            table {
                caption.hidden { "Events, the newest first" }
                thead {
                    tr {
                        th scope="col" { "Event" }
                        th scope="col" { "Told" }
                        th scope="col" { "When" }
                    }
                }
                tbody { @for row in rows { (row) } }
            }
        }
    }
}

fn row(event: &Event, deliveries: &[Delivery], now: i64) -> Markup {
    let soon = deliveries.iter().any(Delivery::is_due);
    html! {
        tr id=(event.id.raw()) data-soon[soon] {
            th scope="row" { a.name href=(event::path_of(&event.id)) { (event.kind) } }
            td {
                span.badges {
                    @for one in deliveries { (one.badge()) }
                    @if deliveries.is_empty() { span.none { "nobody" } }
                }
            }
            td { (time::ago(event.created_at, now)) }
        }
    }
}
