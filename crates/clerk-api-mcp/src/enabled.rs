//! Which tools are missing, why, and what opens them.

use serde_json::{Value, json};

use crate::settings::{Level, Settings};

/// What is open, and how a person opens the rest.
pub(crate) fn how(settings: &Settings, can_ask: bool) -> Value {
    let words = ["writes", "messages to people", "deletions and replacements"];
    let levels = Level::CLOSED.iter().zip(words).map(|(level, what)| {
        let is_open = settings.opens(*level);
        let hidden = is_open && level.asks() && !can_ask;
        let why = match (&settings.read_only, is_open, hidden) {
            (Some(source), _, _) => Some(format!("only reading is allowed here ({source}), which wins over all flags")),
            (None, false, _) => Some(format!("a person starts the server with {}", level.flag())),
            (None, true, true) => Some("this client declares no way to ask a person (elicitation with forms), and these need a person's typed answer; use a client that has one, or a terminal".to_owned()),
            (None, true, false) => None,
        };
        json!({"what": what, "open": is_open && !hidden, "why": why})
    });
    let levels: Vec<Value> = levels.collect();
    json!({
        "levels": levels,
        "live_keys": if settings.live { "allowed" } else { "refused: a person starts the server with --live" },
        "asks_a_person": can_ask,
        "toolsets": settings.toolsets.iter().map(|set| set.word()).collect::<Vec<_>>(),
        "message_domains": settings.domains,
        "redirect_urls": settings.redirects,
        "per_day": {"destroyed": settings.most_destroyed, "messages": settings.most_invited},
        "note": "no argument of a tool opens anything; do not look for other ways to the same end",
    })
}
