//! One event: its payload, its deliveries and their results.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Method;
use maud::{Markup, html};
use serde_json::json;

use super::delivery::{self, Delivery};
use super::{Event, PATH, Webhook, path_of as webhook_path};
use crate::http::area::escaped;
use crate::http::route::{Routes, get, post};
use crate::ui::api::Listed;
use crate::ui::failed::Failed;
use crate::ui::form::Form;
use crate::ui::frame::{Section, page};
use crate::ui::input::FormOf;
use crate::ui::part::{card, facts, id, json as pretty, top};
use crate::ui::text::Text;
use crate::ui::view::View;
use crate::ui::{Shape, time};

/// The page of the event with this id.
pub(super) fn path_of(id: &Text) -> String {
    path(id.raw())
}

fn path(id: &str) -> String {
    format!("/local/events/{}", escaped(id))
}

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at("/local/events/{event_id}", get(show))
        .at("/local/events/{event_id}/replay", post(replay_to_all))
        .at(
            "/local/events/{event_id}/replay/{delivery_id}",
            post(replay),
        )
}

async fn show(view: View, Path(asked): Path<String>) -> Result<Response, Failed> {
    let event: Event = view
        .control
        .get(&format!("/events/{}", escaped(&asked)))
        .await?;
    let deliveries = delivery::of_event(&view, &event.id).await?;
    let webhooks: Listed<Webhook> = view.control.get("/webhooks").await?;
    let all = FormOf::new(&view, format!("{}/replay", path_of(&event.id)));
    let about = facts(&[
        ("Happened", time::exact(event.created_at)),
        ("Message", id(&event.id)),
    ]);
    let main = html! {
        p.back { a href=(PATH) { "Webhooks" } }
        (top(&html! { (event.kind) }, &html! {}, &all.button("", "Send to all endpoints again")))
        div.columns {
            div {
                @for one in &deliveries { (told(&view, one, &webhooks.data)) }
                @if deliveries.is_empty() {
                    (card("Deliveries", &html! {}, &html! { div.empty { p { "No endpoint was registered for it." } } }))
                }
                (card("Payload", &html! {}, &pretty(&event.payload)))
            }
            (card("Details", &html! {}, &about))
        }
    };
    Ok(page(&view, Section::Webhooks, &event.kind.plain(), &main))
}

/// A delivery with its attempts, the newest first.
fn told(view: &View, delivery: &Delivery, webhooks: &[Webhook]) -> Markup {
    let webhook = webhooks.iter().find(|one| one.id == delivery.webhook_id);
    let waits = webhook.is_some_and(|one| one.disabled) && delivery.is_pending();
    let again = format!(
        "{}/replay/{}",
        path_of(&delivery.event_id),
        escaped(delivery.id.raw())
    );
    html! {
        section.card id=(delivery.id.raw()) data-soon[delivery.is_due() && !waits] {
            header {
                h2 {
                    a href=(webhook_path(&delivery.webhook_id)) {
                        @if let Some(webhook) = webhook { (webhook.url) } @else { (delivery.webhook_id) }
                    }
                }
                (delivery.badge())
            }
            div.again {
                p.small { @if waits { "Waits until the endpoint is enabled." } @else { (delivery.next()) } }
                (FormOf::new(view, again).button("quiet", "Send again"))
            }
            @if delivery.attempts.is_empty() { div.empty { p { "It has not been sent yet." } } }
            ol.attempts reversed { @for one in delivery.attempts.iter().rev() { (one.whole()) } }
        }
    }
}

async fn replay_to_all(
    State(site): State<Shape>,
    Path(event): Path<String>,
    form: Form,
) -> Response {
    let endpoint = format!("/events/{}/replay", escaped(&event));
    match site.control.send(Method::POST, &endpoint, &json!({})).await {
        Ok(answer) if answer["replayed"] == 0 => {
            site.done(&path(&event), "No endpoint is registered for it.")
        }
        Ok(_) => site.done(&path(&event), "It is sent again."),
        Err(error) => site.refused(&path(&event), &error, form),
    }
}

async fn replay(
    State(site): State<Shape>,
    Path((event, delivery)): Path<(String, String)>,
    form: Form,
) -> Response {
    let endpoint = format!("/deliveries/{}/replay", escaped(&delivery));
    match site.control.send(Method::POST, &endpoint, &json!({})).await {
        Ok(_) => site.done(&path(&event), "It is sent again."),
        Err(error) => site.refused(&path(&event), &error, form),
    }
}
