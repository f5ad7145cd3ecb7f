//! One request and its response, with secrets masked.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::value::RawValue;

use super::{duration, status};
use crate::lab::requests::{Entry, Shown};
use crate::ui::failed::Failed;
use crate::ui::frame::{REQUESTS, Section, page};
use crate::ui::part::{badge, card, facts, json as pretty, none, top};
use crate::ui::text::{Text, block};
use crate::ui::time;
use crate::ui::view::View;

/// The page of the request with this number.
pub(super) fn path_of(id: u64) -> String {
    format!("{REQUESTS}/{id}")
}

pub(super) async fn show(view: View, Path(asked): Path<String>) -> Result<Response, Failed> {
    let found = asked.parse().ok().and_then(|id| view.app.requests.find(id));
    let Some(entry) = found else {
        return Err(Failed::not_found(
            "This request is not in the log, or not any more.",
        ));
    };
    let title = format!("{} {}", entry.method, entry.path);
    let main = html! {
        p.back { a href=(REQUESTS) { "Requests" } }
        (top(&html! { code.request { (Text::from(title.as_str())) } }, &html! {}, &html! {}))
        div.columns {
            div { (bodies(&entry)) }
            (card("Details", &html! {}, &details(&entry)))
        }
    };
    Ok(page(&view, Section::Requests, &title, &main))
}

fn bodies(entry: &Entry) -> Markup {
    let Some(exchange) = &entry.exchange else {
        let inside =
            html! { div.empty { p { "Only the latest 200 requests have their bodies." } } };
        return card("Bodies", &html! {}, &inside);
    };
    html! {
        (sent("Request", &exchange.request()))
        @if let Some(answer) = exchange.answer() { (sent("Answer", &answer)) }
    }
}

/// One body, or why there is none.
fn sent(title: &str, shown: &Shown) -> Markup {
    let size = match shown.bytes {
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    };
    let text: Option<String> = serde_json::from_str(shown.body.get()).ok();
    let inside = html! {
        @if shown.bytes == 0 { div.empty { p { "No body." } } }
        @else if is_none(&shown.body) { div.empty { p { (size) " that are not shown." } } }
        @else if shown.cut {
            pre.json tabindex="0" { (block(text.as_deref().unwrap_or(shown.body.get()))) }
            p.small.cut { "Cut here: the whole body has " (size) "." }
        }
        @else { (pretty(&shown.body)) }
    };
    let beside = html! { span.small { (Text::from(shown.content_type.as_str())) } };
    card(title, &beside, &inside)
}

fn is_none(body: &RawValue) -> bool {
    body.get() == RawValue::NULL.get()
}

fn details(entry: &Entry) -> Markup {
    let number = |n: Option<u64>| n.map_or_else(none, |n| html! { (n) });
    let unread = html! {
        @if entry.unread.is_empty() { (none()) }
        @for name in &entry.unread { p { code { (Text::from(name.as_str())) } } }
    };
    let limit = entry
        .limit
        .map_or_else(none, |limit| badge("warn", &limit.replace('_', " ")));
    facts(&[
        ("Status", status(entry.status)),
        ("Ignored", unread),
        ("Answered", time::exact(entry.at)),
        ("Duration", html! { (duration(entry.duration_us)) }),
        ("Limit", limit),
        ("Fault", number(entry.fault)),
        (
            "Trace id",
            html! { code.id { (Text::from(entry.trace_id.as_str())) } },
        ),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;

    use super::*;

    #[test]
    fn bodies_cannot_write_html() {
        // reliability 11.3
        for cut in [false, true] {
            let shown = Shown {
                content_type: "<b>".to_owned(),
                bytes: 99,
                cut,
                body: to_raw_value("<script>\u{202e}").expect("JSON"),
            };
            let page = sent("Request", &shown).into_string();
            assert!(page.contains("&lt;script&gt;") && page.contains("&lt;b&gt;"));
            assert!(!page.contains('\u{202e}') && page.contains("whole body") == cut);
        }
    }
}
