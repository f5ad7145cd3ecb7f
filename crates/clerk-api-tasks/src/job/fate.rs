//! What follows from the failure of a row's request (reliability.md section 2): for the row, and for the job.

use clerk_api::declare::{Effect, Meta};
use clerk_api::{Args, Error, ErrorKind};
use clerk_api_admin::problem::Problem;
use clerk_api_admin::text::redact::redact;
use clerk_api_admin::text::secrets::Secrets;

use super::decide::is_repeatable;
use super::journal::Report;
use super::state::State;

/// What becomes of a row.
#[derive(Debug)]
pub(super) enum Fate {
    /// This is its last state.
    Ended(State),
    /// The server or the network failed: it gets one more chance at the end.
    Later,
    /// It was not done, and no other row would fare better now: the job parks.
    Park(Box<Problem>),
}

impl Fate {
    /// Whether the server or the network is to blame (reliability.md 2.7), also where it is not known what became of the row.
    pub(super) const fn is_trouble(&self) -> bool {
        matches!(self, Self::Later | Self::Ended(State::Unknown))
    }
}

/// Judges a failure.
pub(super) fn of(meta: &'static Meta, args: &Args, error: Error) -> (Fate, Report) {
    let report = report(&error);
    let repeatable = is_repeatable(meta, args);
    let fate = match (error.kind, error.status) {
        (_, Some(401)) => Fate::Park(Problem::of_call("the key was refused", error)),
        (ErrorKind::RateLimited, _) => Fate::Park(Problem::of_call(
            "the rate limit asks for a long wait",
            error,
        )),
        (ErrorKind::OutcomeUnknown, _) if repeatable => Fate::Later,
        (ErrorKind::OutcomeUnknown, _) => Fate::Ended(State::Unknown),
        (ErrorKind::Conflict, _) => Fate::Ended(State::Conflict),
        (ErrorKind::Argument, _) => Fate::Ended(State::Invalid),
        (ErrorKind::Host | ErrorKind::CertificateUntrusted | ErrorKind::ProxyAuth, _) => {
            Fate::Park(Problem::of_call("cannot connect", error))
        }
        // Done, but the response could not be read.
        (ErrorKind::BadAnswer | ErrorKind::ResponseTooLarge, Some(200..=299)) => {
            Fate::Ended(State::Done)
        }
        (_, Some(404)) if meta.effect == Effect::Destroy => Fate::Ended(State::SkippedAbsent),
        (ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport, _)
        | (_, Some(408 | 500..)) => Fate::Later,
        _ => Fate::Ended(State::Rejected),
    };
    (fate, report)
}

/// What is written down of a failure. Texts of the API pass the redactor.
pub(super) fn report(error: &Error) -> Report {
    Report {
        id: None,
        http: error.status,
        code: Some(error.code().map_or_else(|| kind(error.kind), str::to_owned)),
        message: Some(redact(&error.to_string(), &Secrets::default())),
        trace_id: error.trace_id.clone(),
        attempts: error.attempts,
    }
}

/// The word for a kind of failure.
fn kind(kind: ErrorKind) -> String {
    let word = serde_json::to_value(kind).ok();
    word.and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_else(|| "failed".to_owned())
}

/// The refusals that the rest of the rows would meet too, when they come again and again (R7).
pub(super) const fn repeats(http: Option<u16>) -> bool {
    matches!(http, Some(402 | 403))
}
