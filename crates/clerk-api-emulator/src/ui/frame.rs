//! The frame of every page: head, navigation, the note of the last form; and error pages.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use super::Site;
use super::assets::Assets;
use super::failed::Failed;
use super::icon::{self, Icon};
use super::note::Note;
use super::text::{Text, plain};
use super::view::View;

pub(super) const REQUESTS: &str = "/local/requests";

/// The parts of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Users,
    Organizations,
    Inbox,
    Webhooks,
    Requests,
    Limits,
    Faults,
}

const SECTIONS: [(Section, &str, &str, Icon); 8] = [
    (Section::Overview, "Overview", "/local", icon::OVERVIEW),
    (Section::Users, "Users", "/local/users", icon::USERS),
    (
        Section::Organizations,
        "Organizations",
        "/local/organizations",
        icon::ORGANIZATIONS,
    ),
    (Section::Inbox, "Inbox", "/local/inbox", icon::INBOX),
    (
        Section::Webhooks,
        "Webhooks",
        "/local/webhooks",
        icon::WEBHOOKS,
    ),
    (Section::Requests, "Requests", REQUESTS, icon::REQUESTS),
    (Section::Limits, "Limits", "/local/limits", icon::LIMITS),
    (Section::Faults, "Faults", "/local/faults", icon::FAULTS),
];

/// Drawn by the browser itself, so that it asks for no file.
const MARK: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect \
    width='32' height='32' rx='8' fill='%235b5bd6'/%3E%3Cpath d='M21 11.5a6.5 6.5 0 1 0 0 9' fill='none' \
    stroke='%23fff' stroke-width='3' stroke-linecap='round'/%3E%3C/svg%3E";

/// A page of a section. The title is text of anybody's.
pub(super) fn page(view: &View, section: Section, title: &str, main: &Markup) -> Response {
    Html(whole(view, Some(section), title, main).into_string()).into_response()
}

fn whole(view: &View, section: Option<Section>, title: &str, main: &Markup) -> Markup {
    let inside = html! {
        a.skip href="#main" { "Skip to content" }
        div.site {
            header.side {
                a.brand href="/local" { (icon::mark()) span { "Clerk" span.where { "local" } } }
                nav aria-label="Sections" {
                    ul {
                        @for (one, label, href, icon) in SECTIONS {
                            li {
                                a href=(href) aria-current=[(Some(one) == section).then_some("page")] {
                                    (icon) span { (label) }
                                }
                            }
                        }
                    }
                }
                p.small { "For development, not for data of real people." }
            }
            main #main tabindex="-1" {
                @if let Some(note) = &view.note { (said(note)) }
                (main)
            }
        }
    };
    document(&view.assets, title, Some(view.csrf()), &inside)
}

/// An HTML document.
fn document(assets: &Assets, title: &str, csrf: Option<&str>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                @if let Some(csrf) = csrf { meta name="csrf-token" content=(csrf); }
                title { (plain(title)) " · Clerk local" }
                link rel="icon" href=(MARK);
                link rel="stylesheet" href=(assets.style());
                script src=(assets.script()) defer {}
            }
            body { (body) }
        }
    }
}

fn said(note: &Note) -> Markup {
    match note {
        Note::Done(text) => {
            html! { div.note.good role="status" { p { (Text::from(text.as_str())) } } }
        }
        Note::Refused { problems, .. } => html! {
            div.note.bad role="alert" {
                @for (_, text) in problems { p { (Text::from(text.as_str())) } }
            }
        },
    }
}

/// A page by itself, for whom there is no site.
pub(super) fn alone(assets: &Assets, title: &str, inside: &Markup) -> Markup {
    let body = html! { main.alone #main { (icon::mark()) h1 { (title) } (inside) } };
    document(assets, title, None, &body)
}

/// An error page. It links to the site but shows nothing of it.
pub(super) fn of_failure(site: &Site, failed: &Failed) -> Markup {
    if failed.status == StatusCode::UNAUTHORIZED {
        return alone(
            &site.assets,
            "This page is locked",
            &html! {
                p { "It opens with the address that the server printed when it started, or with" }
                pre.command { "clerk-api local open" }
                p.small { "Every start of the server has a new key to its pages." }
            },
        );
    }
    let title = match failed.status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::FORBIDDEN => "Refused",
        _ => "Something is wrong",
    };
    alone(
        &site.assets,
        title,
        &html! {
            p { (Text::from(failed.text.as_str())) }
            p { a href="/local" { "Go to the overview" } }
        },
    )
}
