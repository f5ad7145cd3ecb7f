//! One endpoint: its events, its secret, and the results of the last deliveries.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Method;
use maud::{Markup, html};
use serde_json::json;

use super::delivery::Delivery;
use super::{PATH, Webhook, event};
use crate::http::area::escaped;
use crate::http::route::{Routes, get, post};
use crate::ui::Shape;
use crate::ui::api::Listed;
use crate::ui::failed::Failed;
use crate::ui::form::Form;
use crate::ui::frame::{Section, page};
use crate::ui::input::FormOf;
use crate::ui::list::Part;
use crate::ui::part::{card, facts, id, moment, top};
use crate::ui::view::View;

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at("/local/webhooks/{webhook_id}", get(show))
        .at("/local/webhooks/{webhook_id}/{change}", post(change))
}

fn path(id: &str) -> String {
    format!("{PATH}/{}", escaped(id))
}

async fn show(view: View, Path(asked): Path<String>) -> Result<Response, Failed> {
    let endpoint = format!("/webhooks/{}", escaped(&asked));
    let webhook: Webhook = view.control.get(&endpoint).await?;
    let part = Part::of(&view, webhook.path());
    let list = format!(
        "/deliveries?{}&webhook_id={}",
        part.place(),
        escaped(&asked)
    );
    let told: Listed<Delivery> = view.control.get(&list).await?;
    let about = facts(&[
        ("Told of", webhook.wants()),
        ("Endpoint", id(&webhook.id)),
        ("Created", moment(Some(webhook.created_at))),
        ("Updated", moment(Some(webhook.updated_at))),
    ]);
    let secret = html! {
        details.more {
            summary { "Show the secret" }
            pre.json tabindex="0" { (webhook.secret) }
            p.small { "The receiver verifies with it that a request comes from here: " code { "CLERK_WEBHOOK_SIGNING_SECRET" } "." }
        }
    };
    let below = html! { p.below { (webhook.state()) } };
    let main = html! {
        p.back { a href=(PATH) { "Webhooks" } }
        (top(&html! { (webhook.url) }, &below, &actions(&view, &webhook)))
        div.columns {
            div {
                (card("Deliveries", &html! {}, &deliveries(&told.data)))
                @if told.total_count > 0 { (part.pager(told.data.len(), told.total_count)) }
            }
            div {
                (card("Signing secret", &html! {}, &secret))
                (card("Details", &html! {}, &about))
            }
        }
    };
    Ok(page(&view, Section::Webhooks, &webhook.url.plain(), &main))
}

fn actions(view: &View, webhook: &Webhook) -> Markup {
    let form = |what: &str| FormOf::new(view, format!("{}/{what}", webhook.path()));
    let question = html! { "Remove the endpoint? Its deliveries are deleted too." };
    html! {
        @if webhook.disabled { (form("enable").button("quiet", "Enable")) }
        @else { (form("disable").button("quiet", "Disable")) }
        (form("remove").confirm("Remove", &question, "Remove endpoint"))
    }
}

fn deliveries(deliveries: &[Delivery]) -> Markup {
    html! {
        @if deliveries.is_empty() { div.empty { p { "No events were sent to it yet." } } }
        @else {
            div.wide tabindex="0" role="region" aria-label="Deliveries" {
                table {
                    caption.hidden { "Deliveries, those of the newest events first" }
                    thead {
                        tr {
                            th scope="col" { "Event" }
                            th scope="col" { "Delivery" }
                            th scope="col" { "Answer" }
                            th scope="col" { "Sent" }
                        }
                    }
                    tbody { @for one in deliveries { (row(one)) } }
                }
            }
        }
    }
}

fn row(delivery: &Delivery) -> Markup {
    let last = delivery.attempts.last();
    html! {
        tr id=(delivery.id.raw()) data-soon[delivery.is_due()] {
            th scope="row" { a.name href=(event::path_of(&delivery.event_id)) { (delivery.event_type) } }
            td { (delivery.badge()) }
            td data-label="Answer" { @if let Some(last) = last { (last.outcome()) } @else { span.none { "none" } } }
            td { @if let Some(last) = last { (last.when()) } @else { span.none { "not yet" } } }
        }
    }
}

async fn change(
    State(site): State<Shape>,
    Path((webhook, change)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failed> {
    let endpoint = format!("/webhooks/{}", escaped(&webhook));
    let disable = async |disabled: bool| {
        let wanted = json!({"disabled": disabled});
        let sent = site.control.send(Method::PATCH, &endpoint, &wanted).await;
        sent.map(drop)
    };
    let (to, done, outcome) = match change.as_str() {
        "enable" => (
            path(&webhook),
            "The endpoint gets events again.",
            disable(false).await,
        ),
        "disable" => (
            path(&webhook),
            "The endpoint gets no events.",
            disable(true).await,
        ),
        "remove" => (
            PATH.to_owned(),
            "The endpoint was removed.",
            site.control.delete(&endpoint).await,
        ),
        _ => return Err(Failed::not_found("There is no such change.")),
    };
    Ok(match outcome {
        Ok(()) => site.done(&to, done),
        Err(error) => site.refused(&path(&webhook), &error, form),
    })
}
