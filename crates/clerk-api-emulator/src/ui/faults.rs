//! Faults on demand, and counts of what was done.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Method;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shape;
use super::api::Listed;
use super::failed::Failed;
use super::form::Form;
use super::frame::{Section, page};
use super::input::FormOf;
use super::limits::number;
use super::list::count;
use super::part::{badge, card, top};
use super::text::Text;
use super::view::View;
use crate::http::area::escaped;
use crate::http::error::ApiError;
use crate::http::problem;
use crate::http::route::{Routes, get, post};

const PATH: &str = "/local/faults";
/// Counters on the page.
const COUNTERS: usize = 100;

/// What can go wrong, as the form offers it, with the fields of the fault.
const KINDS: [(&str, &str); 10] = [
    (
        r#"{"status":429}"#,
        "429 Too Many Requests, after a second again",
    ),
    (r#"{"status":500}"#, "500 Internal Server Error"),
    (r#"{"status":503}"#, "503 Service Unavailable"),
    (r#"{"status":502,"body":"html"}"#, "502, a page of a proxy"),
    (r#"{"delay_ms":2000}"#, "Two seconds of delay"),
    (
        r#"{"cut":"before"}"#,
        "Connection cut before anything is done",
    ),
    (r#"{"cut":"after"}"#, "Connection cut after all is done"),
    (r#"{"cut":"body"}"#, "Response cut in the middle"),
    (r#"{"hang":true}"#, "No response at all"),
    (
        r#"{"stale":true}"#,
        "Reads see the present state from now on",
    ),
];

/// What is shown of a fault.
#[derive(Debug, Deserialize)]
struct Fault {
    id: u64,
    enabled: bool,
    matched: u64,
    struck: u64,
    on: Text,
    status: Option<u16>,
    #[serde(default)]
    delay_ms: u64,
    cut: Option<String>,
    #[serde(default)]
    hang: bool,
    #[serde(default)]
    stale: bool,
    nth: Option<u64>,
    every: Option<u64>,
    times: Option<u64>,
    probability: Option<f64>,
}

impl Fault {
    /// What goes wrong, and when.
    fn words(&self) -> String {
        let mut words = Vec::new();
        if self.delay_ms > 0 {
            words.push(format!("{} ms of delay", self.delay_ms));
        }
        words.extend(self.status.map(|status| format!("answer {status}")));
        words.extend(self.cut.as_deref().map(|place| match place {
            "before" => "connection cut before anything is done".to_owned(),
            "after" => "connection cut after all is done".to_owned(),
            _ => "response cut in the middle".to_owned(),
        }));
        if self.hang {
            words.push("no response".to_owned());
        }
        if self.stale {
            words.push("reads see an old state".to_owned());
        }
        words.extend(self.nth.map(|nth| format!("from match number {nth} on")));
        words.extend(
            self.every
                .map(|every| format!("of these each number {every}")),
        );
        words.extend(self.times.map(|times| format!("{times} times at most")));
        words.extend(
            self.probability
                .map(|chance| format!("with probability {chance}")),
        );
        words.join(", ")
    }
}

#[derive(Debug, Deserialize)]
struct Effects {
    enabled: bool,
    data: Vec<Count>,
}

#[derive(Debug, Deserialize)]
struct Count {
    operation: Text,
    key: Text,
    count: u64,
}

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at(PATH, get(show).post(add))
        .at("/local/faults/{fault_id}/{change}", post(change))
        .at("/local/effects/{change}", post(count_effects))
}

async fn show(view: View) -> Result<Response, Failed> {
    let faults: Listed<Fault> = view.control.get("/faults").await?;
    let effects: Effects = view.control.get("/effects").await?;
    let below = html! { p.below { "Faults on purpose, to see how a program handles them." } };
    let main = html! {
        (top(&html! { "Faults" }, &below, &html! {}))
        div.columns {
            div {
                (card("Faults", &html! {}, &list(&view, &faults.data)))
                (counters(&view, &effects))
            }
            (card("Add a fault", &html! {}, &form(&view)))
        }
    };
    Ok(page(&view, Section::Faults, "Faults", &main))
}

fn list(view: &View, faults: &[Fault]) -> Markup {
    html! {
        @if faults.is_empty() { div.empty { p { "There are no faults." } } }
        ul.rows {
            @for fault in faults {
                li {
                    div.grow {
                        code { (fault.on) }
                        span.below { (fault.words()) }
                        span.below { "struck " (fault.struck) " of " (fault.matched) " that matched" }
                    }
                    @if fault.enabled { (badge("warn", "On")) } @else { (badge("", "Off")) }
                    (switch(view, fault))
                    (FormOf::new(view, format!("{PATH}/{}/remove", fault.id)).button("quiet danger", "Remove"))
                }
            }
        }
    }
}

fn switch(view: &View, fault: &Fault) -> Markup {
    let (change, label) = if fault.enabled {
        ("off", "Switch off")
    } else {
        ("on", "Switch on")
    };
    FormOf::new(view, format!("{PATH}/{}/{change}", fault.id)).button("quiet", label)
}

fn counters(view: &View, effects: &Effects) -> Markup {
    let (change, label) = if effects.enabled {
        ("off", "Stop counting")
    } else {
        ("on", "Count")
    };
    let switch = FormOf::new(view, format!("/local/effects/{change}")).button("quiet", label);
    let text = if effects.enabled {
        "Nothing was done since counting started."
    } else {
        "Not counted. Counting shows that nothing was done twice."
    };
    let inside = html! {
        @if effects.data.is_empty() { div.empty { p { (text) } } }
        @else {
            div.wide tabindex="0" role="region" aria-label="What was done" {
                table.keys {
                    caption.hidden { "Counts by action and object" }
                    thead { tr { th scope="col" { "Operation" } th scope="col" { "To" } th.number scope="col" { "Times" } } }
                    tbody {
                        @for one in effects.data.iter().take(COUNTERS) {
                            tr {
                                th scope="row" { code { (one.operation) } }
                                td { (one.key) }
                                td.number data-label="Times" { @if one.count > 1 { (badge("warn", &count(one.count))) } @else { (one.count) } }
                            }
                        }
                    }
                }
            }
            @if effects.data.len() > COUNTERS { p.small { "The first " (COUNTERS) " of " (effects.data.len()) " are shown." } }
        }
    };
    card("What was done", &switch, &inside)
}

fn form(view: &View) -> Markup {
    let form = FormOf::new(view, PATH);
    form.with(
        "fields",
        &html! {
            (form.field("on", "Requests").required().initial("* /**")
                .hint("A method and a path, such as PATCH /users/*; * stands for any one, ** for the rest."))
            (form.select("kind", &html! { "What goes wrong" }, &KINDS, KINDS[0].0))
            div.pair {
                (form.field("nth", "First match").kind("number"))
                (form.field("times", "Times").kind("number"))
            }
            div.buttons { button.primary { "Add fault" } }
            p.small { "The command " code { "clerk-api local faults add" } " knows more." }
        },
    )
}

async fn add(State(site): State<Shape>, form: Form) -> Response {
    let outcome = async {
        site.control
            .send(Method::POST, "/faults", &body(&form)?)
            .await
    };
    match outcome.await {
        Ok(_) => site.done(PATH, "The fault is on."),
        Err(error) => site.refused(PATH, &error, form),
    }
}

fn body(form: &Form) -> Result<Value, ApiError> {
    let kind = form.get("kind").unwrap_or_default();
    let known = KINDS.iter().find(|(fields, _)| *fields == kind);
    let (fields, _) = known.ok_or_else(|| problem::value_invalid("kind", kind))?;
    let mut fault: Value = serde_json::from_str(fields)?;
    fault["on"] = form.get("on").into();
    for name in ["nth", "times"] {
        if let Some(number) = number(form, name)? {
            fault[name] = number.into();
        }
    }
    Ok(fault)
}

async fn change(
    State(site): State<Shape>,
    Path((fault, change)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failed> {
    let path = format!("/faults/{}", escaped(&fault));
    let switch = |enabled: bool| json!({"enabled": enabled});
    let (outcome, done) = match change.as_str() {
        "on" => (
            site.control
                .send(Method::PATCH, &path, &switch(true))
                .await
                .map(drop),
            "The fault is on.",
        ),
        "off" => (
            site.control
                .send(Method::PATCH, &path, &switch(false))
                .await
                .map(drop),
            "The fault is off.",
        ),
        "remove" => (site.control.delete(&path).await, "The fault was removed."),
        _ => return Err(Failed::not_found("There is no such change.")),
    };
    Ok(match outcome {
        Ok(()) => site.done(PATH, done),
        Err(error) => site.refused(PATH, &error, form),
    })
}

async fn count_effects(
    State(site): State<Shape>,
    Path(change): Path<String>,
    form: Form,
) -> Response {
    let body = json!({"enabled": change == "on"});
    let done = if change == "on" {
        "Counting is on."
    } else {
        "Counting is off."
    };
    match site.control.send(Method::PUT, "/effects", &body).await {
        Ok(_) => site.done(PATH, done),
        Err(error) => site.refused(PATH, &error, form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_form_is_a_fault() {
        for (kind, _) in KINDS {
            let fields = [("kind", kind), ("on", "* /**"), ("times", "2")];
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let (form, _) = Form::new(PATH.to_owned(), fields.into());
            let fault: crate::lab::faults::Fault =
                serde_json::from_value(body(&form).expect("a body")).expect("a fault");
            assert_eq!(fault.check(), Ok(()), "{kind}");
        }
    }
}
