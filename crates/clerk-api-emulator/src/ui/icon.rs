//! Drawings, as outlines on a square of 24.

use maud::{Markup, Render, html};

/// The path of a drawing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Icon(&'static str);

pub(super) const OVERVIEW: Icon = Icon("M4 4h6v7H4zM14 4h6v4h-6zM14 12h6v8h-6zM4 15h6v5H4z");
pub(super) const USERS: Icon =
    Icon("M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.6-6.5 8-6.5s8 2.5 8 6.5");
pub(super) const ORGANIZATIONS: Icon =
    Icon("M4 21V4h10v17M14 9h6v12M2.5 21h19M7.5 8h3M7.5 12h3M7.5 16h3M17 13v0M17 17v0");

pub(super) const INBOX: Icon = Icon("M3 13 6 5h12l3 8v6H3zM3 13h5l1.5 3h5L16 13h5");

pub(super) const WEBHOOKS: Icon =
    Icon("M6 15a6 6 0 0 1 12 0v3l2 2H4l2-2zM12 9V5M9.5 4.5h5M10 22h4");

pub(super) const REQUESTS: Icon = Icon("M3 12h4l3-8 4 16 3-8h4");

pub(super) const LIMITS: Icon = Icon("M4.5 18a9 9 0 1 1 15 0M12 14l4-5M12 14v0");

pub(super) const FAULTS: Icon = Icon("M13 2 5 13.5h6L10 22l9-12h-6.5z");

impl Render for Icon {
    fn render(&self) -> Markup {
        html! {
            svg.icon viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
                path d=(self.0) {}
            }
        }
    }
}

/// The mark of the site.
pub(super) fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
            rect width="32" height="32" rx="8" {}
            path d="M21 11.5a6.5 6.5 0 1 0 0 9" {}
        }
    }
}
