//! Rows that were on their way when a process ended, and rows whose outcome is unknown (reliability.md 2.3, 4.7, 4.8).

use clerk_api::declare::Class;
use clerk_api::time::Timestamp;
use clerk_api::{Client, Lost};
use clerk_api_admin::call::Call;
use clerk_api_admin::problem::{Outcome, Problem};

use super::decide::is_repeatable;
use super::journal::Report;
use super::state::State;

/// What looking for a row's create came to.
#[derive(Debug)]
pub(super) enum Settled {
    /// It is in its last state.
    Ended(State, Report),
    /// It may be sent again.
    Again,
    /// It was not found; sending it again could do it twice.
    NotFound,
}

/// Settles a row that was sent at this time by the server's clock, and whose response nobody saw.
pub(super) async fn settle(client: &Client, call: &Call, sent_at: i64) -> Outcome<Settled> {
    let (meta, args) = (call.meta, &call.args);
    if is_repeatable(meta, args) {
        return Ok(Settled::Again);
    }
    let lost = client
        .find_lost(meta, args, Timestamp::from_millis(sent_at))
        .await;
    let lost = lost.map_err(|error| Problem::of_call("cannot look for what was sent", error))?;
    Ok(match lost {
        Lost::Made(reply) => {
            let report = Report {
                id: id_of(&reply.raw),
                http: Some(reply.status),
                message: Some("found by looking".to_owned()),
                trace_id: reply.trace_id,
                ..Report::default()
            };
            Settled::Ended(State::DoneReconciled, report)
        }
        Lost::Absent {
            refuses_a_second: true,
        } if !client.policy().at_most_once || meta.class(args) == Class::Keyed => Settled::Again,
        Lost::Absent { .. } => Settled::NotFound,
        Lost::Conflict => {
            Settled::Ended(State::Conflict, said("something else has the unique key"))
        }
        Lost::Unknown(reason) => Settled::Ended(State::Unknown, said(&reason)),
        _ => Settled::Ended(State::Unknown, said("looking did not settle it")),
    })
}

/// What is written down of a row that was not found, and that is not sent again by itself.
pub(super) fn not_found() -> Report {
    said("it was not found, and sending it once more could do it twice")
}

fn said(message: &str) -> Report {
    Report {
        message: Some(message.to_owned()),
        ..Report::default()
    }
}

/// The id of the object in a response.
pub(super) fn id_of(raw: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Object {
        id: String,
    }
    serde_json::from_slice::<Object>(raw)
        .ok()
        .map(|object| object.id)
}
