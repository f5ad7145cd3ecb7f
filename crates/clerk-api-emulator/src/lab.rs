//! What makes this server a laboratory: its clock, faults and limits on demand, a log and a recording of requests,
//! and states of the instance to return to.

pub(crate) mod archive;
pub(crate) mod clock;
pub(crate) mod effects;
pub(crate) mod faults;
pub(crate) mod limits;
pub(crate) mod mask;
pub(crate) mod record;
pub(crate) mod requests;
pub(crate) mod snapshot;
