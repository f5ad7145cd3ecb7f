//! How deliveries are shown. Their times are those of the computer's clock, not of the instance's.

use maud::{Markup, html};
use serde::Deserialize;

use crate::http::area::escaped;
use crate::http::error::ApiError;
use crate::lab::clock::Clock;
use crate::ui::api::Listed;
use crate::ui::part::badge;
use crate::ui::text::{Text, block};
use crate::ui::view::View;
use crate::ui::{requests, time};

/// Most deliveries of one event that are shown.
const MOST: u64 = 100;
/// A page waits for what is to be sent within this time, in milliseconds.
const SOON: i64 = 30_000;

/// What is shown of a delivery.
#[derive(Debug, Deserialize)]
pub(super) struct Delivery {
    pub(super) id: Text,
    pub(super) event_id: Text,
    pub(super) event_type: Text,
    pub(super) webhook_id: Text,
    status: String,
    next_attempt_at: Option<i64>,
    pub(super) attempts: Vec<Attempt>,
}

/// The result of sending.
#[derive(Debug, Deserialize)]
pub(super) struct Attempt {
    at: i64,
    duration_ms: i64,
    status: Option<u16>,
    error: Option<Text>,
    response: String,
}

impl Delivery {
    pub(super) fn badge(&self) -> Markup {
        match self.status.as_str() {
            "delivered" => badge("good", "Delivered"),
            "failed" => badge("bad", "Failed"),
            _ if self.attempts.is_empty() => badge("", "Waiting"),
            _ => badge("warn", "To be repeated"),
        }
    }

    pub(super) fn is_pending(&self) -> bool {
        self.next_attempt_at.is_some()
    }

    /// Returns whether its state is about to change.
    pub(super) fn is_due(&self) -> bool {
        let now = Clock::system().peek();
        self.next_attempt_at
            .is_some_and(|next| next.saturating_sub(now) < SOON)
    }

    /// When it is sent next, if it is.
    pub(super) fn next(&self) -> Markup {
        let now = Clock::system().peek();
        html! {
            @if let Some(next) = self.next_attempt_at {
                "Next attempt " @if next > now { (time::ago(next, now)) } @else { "now" }
            }
        }
    }
}

impl Attempt {
    pub(super) fn when(&self) -> Markup {
        time::ago(self.at, Clock::system().peek())
    }

    /// What the endpoint answered.
    pub(super) fn outcome(&self) -> Markup {
        html! {
            @if let Some(status) = self.status { (requests::status(status)) } @else { (badge("bad", "no response")) }
        }
    }

    /// The attempt with its response.
    pub(super) fn whole(&self) -> Markup {
        html! {
            li {
                p.attempt {
                    (self.outcome())
                    span.when { (self.when()) ", took " (self.duration_ms) " ms" }
                }
                @if let Some(error) = &self.error { p.small { (error) } }
                @if !self.response.is_empty() { pre.json tabindex="0" { (block(&self.response)) } }
            }
        }
    }
}

/// The endpoints that got an event.
pub(super) async fn of_event(view: &View, event: &Text) -> Result<Vec<Delivery>, ApiError> {
    let path = format!("/deliveries?limit={MOST}&event_id={}", escaped(event.raw()));
    let found: Listed<Delivery> = view.control.get(&path).await?;
    Ok(found.data)
}
