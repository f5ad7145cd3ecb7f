//! `/local`: the pages, for a browser that came with the start-up address.

mod guard;
mod inbox;
mod organizations;
mod trouble;
mod users;
mod webhooks;

use std::fmt::Write as _;

use clerk_api_emulator::{Config, Database};

use crate::client::{Answer, App, config};

const TOKEN: &str = "lct_test";

/// A browser that is in.
pub(super) struct Browser {
    pub(super) app: App,
    cookie: String,
    csrf: String,
}

impl Browser {
    fn new() -> Self {
        Self::of(app())
    }

    pub(super) fn with(mut config: Config) -> Self {
        config.control_token = Some(TOKEN.to_owned());
        Self::of(App::with(config))
    }

    fn of(mut app: App) -> Self {
        let cookie = enter(&mut app);
        let page = app.local(
            "GET",
            "",
            &[("authorization", ""), ("cookie", &cookie)],
            None,
        );
        let csrf = between(&page.text, r#"<meta name="csrf-token" content=""#, "\"").to_owned();
        Self { app, cookie, csrf }
    }

    pub(super) fn get(&mut self, path: &str) -> Answer {
        let headers = [("authorization", ""), ("cookie", self.cookie.as_str())];
        self.app.local("GET", path, &headers, None)
    }

    /// Sends a form as a browser does.
    fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.form_with(path, &all, &[])
    }

    fn form_with(&mut self, path: &str, fields: &[(&str, &str)], more: &[(&str, &str)]) -> Answer {
        let mut headers = vec![
            ("authorization", ""),
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", "null"),
            ("sec-fetch-site", "same-origin"),
        ];
        headers.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        headers.extend(more);
        let body = encoded(fields);
        self.app
            .local("POST", path, &headers, Some(body.as_bytes()))
    }

    /// Sends a form and returns the page that it leads to.
    fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.form(path, fields);
        assert_eq!(answer.status, 303, "{}", answer.text);
        let to = answer.header("location").expect("an address").to_owned();
        self.get(to.strip_prefix("/local").expect("a page")).ok()
    }
}

fn app() -> App {
    let mut with_token = config(Database::Memory);
    with_token.control_token = Some(TOKEN.to_owned());
    App::with(with_token)
}

/// Opens the start-up address and returns the cookie.
fn enter(app: &mut App) -> String {
    let answer = app.local(
        "GET",
        &format!("?token={TOKEN}"),
        &[("authorization", "")],
        None,
    );
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/local"))
    );
    let cookie = answer.header("set-cookie").expect("a cookie");
    let pair = cookie.split(';').next().expect("a pair");
    pair.to_owned()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        let separator = if text.is_empty() { "" } else { "&" };
        write!(text, "{separator}{name}=").expect("memory");
        for byte in value.bytes() {
            write!(text, "%{byte:02X}").expect("memory");
        }
    }
    text
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before}: {text}"));
    rest.split_once(after).expect("an end").0
}
