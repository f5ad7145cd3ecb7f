//! Small pieces of pages.

use maud::{Markup, html};
use serde_json::Value;
use serde_json::value::RawValue;

use super::text::{Text, block};
use super::time;

/// How many colors there are to tell objects apart.
const TINTS: usize = 6;

/// Initials on a color that is always the same for one id.
pub(super) fn avatar(id: &Text, name: &str) -> Markup {
    let sum: usize = id.raw().bytes().map(usize::from).sum();
    let initials: String = name
        .split([' ', '.', '-', '_', '@', '+'])
        .filter_map(|word| word.chars().next())
        .filter(|c| c.is_alphanumeric())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    html! { span class={ "avatar tint-" (sum % TINTS) } aria-hidden="true" { (initials) } }
}

/// A short word about a state.
pub(super) fn badge(kind: &str, word: &str) -> Markup {
    html! { span class={ "badge " (kind) } { (word) } }
}

/// An id, small and whole.
pub(super) fn id(id: &Text) -> Markup {
    html! { code.id { (id) } }
}

/// The top of a page: what it is, and what can be done with all of it.
pub(super) fn top(title: &Markup, below: &Markup, actions: &Markup) -> Markup {
    html! {
        div.top {
            div.title { h1 { (title) } (below) }
            div.actions { (actions) }
        }
    }
}

/// A part of a page with a heading.
pub(super) fn card(title: &str, beside: &Markup, inside: &Markup) -> Markup {
    html! {
        section.card {
            header { h2 { (title) } (beside) }
            (inside)
        }
    }
}

/// Names and values.
pub(super) fn facts(facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts {
            @for (name, value) in facts { div { dt { (name) } dd { (value) } } }
        }
    }
}

/// What a fact says that there is not.
pub(super) fn none() -> Markup {
    html! { span.none { "none" } }
}

/// A text that may be absent.
pub(super) fn maybe(text: Option<&Text>) -> Markup {
    text.filter(|text| !text.is_empty())
        .map_or_else(none, |text| html! { (text) })
}

/// A moment that may not have been yet.
pub(super) fn moment(millis: Option<i64>) -> Markup {
    millis.map_or_else(|| html! { span.none { "never" } }, time::exact)
}

/// JSON over several lines; its numbers and its order stay as they are. What an older file may hold and cannot be read
/// is shown as it is.
pub(super) fn json(raw: &RawValue) -> Markup {
    let value: Option<Value> = serde_json::from_str(raw.get()).ok();
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    html! { pre.json tabindex="0" { (block(pretty.as_deref().unwrap_or(raw.get()))) } }
}
