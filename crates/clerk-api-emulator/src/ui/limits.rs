//! Request limits: which are in force, and how much of them is in use.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use http::Method;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shape;
use super::failed::Failed;
use super::form::Form;
use super::frame::{Section, page};
use super::input::FormOf;
use super::part::{card, top};
use super::text::Text;
use super::view::View;
use crate::http::error::ApiError;
use crate::http::problem;
use crate::http::route::{Routes, get};

const PATH: &str = "/local/limits";

const PROFILES: [(&str, &str); 3] = [
    ("", "None"),
    ("development", "Those of a development instance"),
    ("production", "Those of a production instance"),
];
const WINDOWS: [(&str, &str); 2] = [
    ("fixed", "Windows that follow one another"),
    ("sliding", "A window that ends with each request"),
];

#[derive(Debug, Deserialize)]
struct Found {
    limits: Limits,
    usage: Vec<Usage>,
}

#[derive(Debug, Deserialize)]
struct Limits {
    profile: Option<String>,
    window: String,
    scale: u32,
    user_cap: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct Usage {
    limit: String,
    object: Option<Text>,
    used: u64,
    allowed: u64,
    frees_in_ms: i64,
}

pub(super) fn router() -> Router<Shape> {
    Router::new().at(PATH, get(show).post(replace))
}

async fn show(view: View) -> Result<Response, Failed> {
    let found: Found = view.control.get("/limits").await?;
    let below = html! { p.below { "Clerk refuses requests over its limits with 429. This server can do the same." } };
    let main = html! {
        (top(&html! { "Limits" }, &below, &html! {}))
        div.columns {
            (card("In use", &html! { a href=(PATH) { "Refresh" } }, &usage(&found)))
            (card("In force", &html! {}, &form(&view, &found.limits)))
        }
    };
    Ok(page(&view, Section::Limits, "Limits", &main))
}

fn usage(found: &Found) -> Markup {
    let text = match &found.limits.profile {
        None => "No limits are in force.",
        Some(_) => "Nothing counts against a limit now.",
    };
    html! {
        @if found.usage.is_empty() { div.empty { p { (text) } } }
        ul.rows {
            @for (number, one) in found.usage.iter().enumerate() {
                li {
                    span.grow id={ "limit-" (number) } {
                        strong { (name(&one.limit)) }
                        @if let Some(object) = &one.object { " " code.id { (object) } }
                    }
                    span.when { (one.used) " of " (one.allowed) ", free in " (seconds(one.frees_in_ms)) }
                    progress max=(one.allowed) value=(one.used) aria-labelledby={ "limit-" (number) } {}
                }
            }
        }
    }
}

/// What a limit is about.
fn name(limit: &str) -> String {
    match limit {
        "instance" => "All requests".to_owned(),
        "invitations" => "Invitations to the application".to_owned(),
        "invitations_bulk" => "Invitations to the application, many at once".to_owned(),
        "organization_invitations" => "Invitations to organizations".to_owned(),
        "organization_invitations_bulk" => "Invitations to organizations, many at once".to_owned(),
        other => format!("Changes of one {}", other.replace('_', " ")),
    }
}

fn seconds(millis: i64) -> String {
    match u64::try_from(millis).unwrap_or(0).div_ceil(1_000) {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}

fn form(view: &View, limits: &Limits) -> Markup {
    let form = FormOf::new(view, PATH);
    let cap = limits.user_cap.map(|cap| cap.to_string());
    form.with(
        "fields",
        &html! {
            (form.select("profile", &html! { "Limits" }, &PROFILES, limits.profile.as_deref().unwrap_or_default()))
            (form.select("window", &html! { "Counted over" }, &WINDOWS, &limits.window))
            (form.field("scale", "Time passes faster by").kind("number").initial(limits.scale.to_string())
                .hint("With 3600, an hourly limit is free again after one second."))
            (form.field("user_cap", "Users at most").kind("number").initial(cap.unwrap_or_default())
                .hint("A development instance of Clerk has room for 100."))
            div.buttons { button.primary { "Put in force" } }
            p.small { "Counting starts from zero." }
        },
    )
}

async fn replace(State(site): State<Shape>, form: Form) -> Response {
    let outcome = async {
        let limits = body(&form)?;
        site.control.send(Method::PUT, "/limits", &limits).await
    };
    match outcome.await {
        Ok(_) => site.done(PATH, "The limits are in force."),
        Err(error) => site.refused(PATH, &error, form),
    }
}

fn body(form: &Form) -> Result<Value, ApiError> {
    Ok(json!({
        "profile": form.get("profile"),
        "window": form.get("window").unwrap_or("fixed"),
        "scale": number(form, "scale")?.unwrap_or(1),
        "user_cap": number(form, "user_cap")?,
    }))
}

/// A whole number that may be absent.
pub(super) fn number(form: &Form, name: &str) -> Result<Option<u32>, ApiError> {
    let Some(text) = form.get(name) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(problem::value_invalid(name, text).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_seconds_then_in_minutes() {
        assert_eq!(seconds(1), "1 s");
        assert_eq!(seconds(9_999), "10 s");
        assert_eq!(seconds(3_600_000), "60 min");
    }
}
