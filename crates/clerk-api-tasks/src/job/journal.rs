//! The journal of a job: what becomes of each row is on the disk before anything else follows from it (reliability.md 4.1 to 4.5).
//!
//! One thread writes. What waits for it together shares one transaction, and so one wait for the disk.

mod database;
mod meta;
mod writer;

pub(crate) use database::{Database, INCOMPLETE, OpenRow, Scan};
pub use meta::{Meta, Phase};
pub(crate) use writer::{Claim, Ended, Writer};

use serde::Serialize;

use super::state::State;
use crate::rows::Position;

/// A row as the journal knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where the row stands in the input; nothing for a row that the job added by itself.
    pub at: Position,
    /// What became of it.
    pub state: State,
    /// How often requests were sent for it.
    pub attempts: u32,
    /// The operation that was sent, where it is not the job's own.
    pub op: Option<String>,
    /// The id of the object.
    pub id: Option<String>,
    /// The HTTP status of the last response.
    pub http: Option<u16>,
    /// The API's error code, or ours.
    pub code: Option<String>,
    /// What happened, in a sentence.
    pub message: Option<String>,
    /// Clerk's trace id.
    pub trace_id: Option<String>,
    /// When it was first sent, by the server's clock, in milliseconds since 1970.
    pub sent_at: Option<i64>,
}

/// What became of a row, to be written down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The id of the object.
    pub id: Option<String>,
    /// The HTTP status of the last response.
    pub http: Option<u16>,
    /// The API's error code, or ours.
    pub code: Option<String>,
    /// What happened, in a sentence.
    pub message: Option<String>,
    /// Clerk's trace id.
    pub trace_id: Option<String>,
    /// How often requests were sent for it this time.
    pub attempts: u32,
}
