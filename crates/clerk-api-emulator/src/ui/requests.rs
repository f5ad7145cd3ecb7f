//! The log of requests to the API, with live updates. One request is in a file of its own.

mod one;

use std::convert::Infallible;

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use http::HeaderMap;
use jiff::Timestamp;
use maud::{Markup, html};

use super::Shape;
use super::frame::{REQUESTS, Section, page};
use super::part::{badge, card, top};
use super::text::{Text, plain};
use super::view::View;
use crate::control::requests::entries;
use crate::http::route::{Routes, get};
use crate::lab::requests::Entry;

const STREAM: &str = "/local/requests/stream";
/// Rows of the page.
const ROWS: usize = 200;

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at(REQUESTS, get(list))
        .at(STREAM, get(follow))
        .at("/local/requests/{request_id}", get(one::show))
}

async fn list(view: View) -> Response {
    let entries = view.app.requests.after(0);
    let newest = entries.last().map_or(0, |entry| entry.id);
    let live = html! {
        p.live hidden { span.dot {} "Live" }
        button #pause type="button" hidden aria-pressed="false" { "Pause" }
        a.button.quiet href=(REQUESTS) { "Refresh" }
    };
    let below = html! { p.below { "The requests of programs to the API. These pages are not in the log." } };
    let main = html! {
        (top(&html! { "Requests" }, &below, &live))
        div.empty hidden[!entries.is_empty()] {
            p { "There are no requests yet." }
            p.small { "Its address is " code { (view.app.url()) "/v1" } "." }
        }
        div.wide tabindex="0" role="region" aria-label="Requests" hidden[entries.is_empty()] {
            table.log {
                caption.hidden { "Requests, the newest first" }
                thead {
                    tr {
                        th scope="col" { "Time" }
                        th scope="col" { "Request" }
                        th scope="col" { "Status" }
                        th.number scope="col" { "Duration" }
                    }
                }
                tbody data-stream={ (STREAM) "?after=" (newest) } data-rows=(ROWS) {
                    @for entry in entries.iter().rev().take(ROWS) { (row(entry)) }
                }
            }
        }
    };
    page(&view, Section::Requests, "Requests", &main)
}

/// The rows of requests as they come.
async fn follow(State(site): State<Shape>, view: View, headers: HeaderMap) -> impl IntoResponse {
    // A browser that comes back says how far it was.
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let after = last
        .or(view.param("after"))
        .and_then(|text| text.parse().ok());
    let rows = entries(site.app.clone(), after.unwrap_or(0)).map(|entry| {
        let row = row(&entry).into_string();
        Ok::<_, Infallible>(Event::default().id(entry.id.to_string()).data(row))
    });
    Sse::new(rows).keep_alive(KeepAlive::default())
}

fn row(entry: &Entry) -> Markup {
    let time = Timestamp::from_millisecond(entry.at).unwrap_or_default();
    let path = entry.path.strip_prefix("/v1").unwrap_or(&entry.path);
    html! {
        tr {
            td { time datetime=(time.to_string()) { (time.strftime("%H:%M:%S").to_string()) } }
            th scope="row" {
                a.request href=(one::path_of(entry.id)) {
                    code.request { span class={ "method " (entry.method.to_lowercase()) } { (Text::from(entry.method.as_str())) } " " (Text::from(path)) }
                }
                @if !entry.unread.is_empty() {
                    span.ignored { "ignored: " (plain(&entry.unread.join(", "))) }
                }
            }
            td {
                (status(entry.status))
                @if let Some(limit) = entry.limit { " " (badge("warn", &format!("limit: {}", limit.replace('_', " ")))) }
                @if let Some(fault) = entry.fault { " " (badge("warn", &format!("fault {fault}"))) }
            }
            td.number { (duration(entry.duration_us)) }
        }
    }
}

/// What was answered.
pub(super) fn status(code: u16) -> Markup {
    let kind = match code {
        200..=299 => "good",
        300..=399 => "",
        400..=499 => "warn",
        _ => "bad",
    };
    if code == 0 {
        badge(kind, "cut")
    } else {
        badge(kind, &code.to_string())
    }
}

fn duration(micros: u64) -> String {
    let (whole, part) = (micros / 1_000, micros % 1_000 / 10);
    if whole < 10 {
        format!("{whole}.{part:02} ms")
    } else {
        format!("{whole} ms")
    }
}

/// The latest ones, for other pages.
pub(super) fn latest(view: &View) -> Markup {
    let entries = view.app.requests.after(0);
    let inside = html! {
        @if entries.is_empty() { div.empty { p { "There are no requests yet." } } }
        @else {
            div.wide tabindex="0" role="region" aria-label="Latest requests" {
                table.log { tbody { @for entry in entries.iter().rev().take(6) { (row(entry)) } } }
            }
        }
    };
    card(
        "Latest requests",
        &html! { a href=(REQUESTS) { "Watch them" } },
        &inside,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        assert_eq!(duration(0), "0.00 ms");
        assert_eq!(duration(1_239), "1.23 ms");
        assert_eq!(duration(15_900), "15 ms");
    }

    #[test]
    fn what_a_program_asks_cannot_write_html() {
        // reliability 11.3
        let entry = Entry {
            id: 1,
            at: 0,
            method: "<B>".to_owned(),
            path: "/v1/users?query=<script>\u{202e}".to_owned(),
            status: 0,
            duration_us: 1,
            bytes: 0,
            trace_id: String::new(),
            limit: None,
            fault: None,
            unread: vec!["<i>\u{202e}".to_owned()],
            exchange: None,
        };
        let row = row(&entry).into_string();
        assert!(row.contains("&lt;script&gt;") && row.contains("&lt;B&gt;") && row.contains("cut"));
        assert!(row.contains("ignored: &lt;i&gt;"));
        assert!(!row.contains('\u{202e}') && !row.contains('\n'));
    }
}
