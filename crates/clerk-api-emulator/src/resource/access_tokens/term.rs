//! How long a token may be used.

use crate::http::body::{Body, Given};
use crate::http::problem;

/// Returns when a token expires, of either kind.
pub(crate) fn expiry(seconds: i64, now: i64) -> i64 {
    now.saturating_add(seconds.saturating_mul(1_000))
}

/// Reads a duration, which is at least a second.
pub(crate) fn seconds(body: &mut Body<'_>, name: &str) -> Given<i64> {
    let given = body.whole(name);
    if let Given::Value(seconds) = given
        && seconds < 1
    {
        body.problem(problem::value_invalid(name, &seconds.to_string()));
    }
    given
}
