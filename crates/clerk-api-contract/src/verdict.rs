//! What the judge says about one exchange.

use std::collections::BTreeSet;

use crate::deviations::Deviation;

/// Which half of an exchange is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// What was sent.
    Request,
    /// What came back.
    Answer,
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Violation {
    /// The half that is wrong.
    pub side: Side,
    /// Where: `body`, `query limit`, `header content-type`, `path user_id`, `status`…
    pub place: String,
    /// JSON pointer inside a body or a value; empty for the whole.
    pub pointer: String,
    /// The rule that was broken: a location in the specification, or a name of the judge's own.
    pub rule: String,
    /// The sentence for people, with the value at hand.
    pub reason: String,
}

/// The judgment of one exchange.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Verdict {
    /// The operation the path belongs to, where there is one.
    pub operation: Option<String>,
    /// Whether the request was held against the specification.
    pub request_judged: bool,
    /// Whether the response was; it is not where a proxy answered with something that is no JSON.
    pub answer_judged: bool,
    /// What is wrong; empty means the exchange is as specified.
    pub violations: Vec<Violation>,
    /// The documented deviations that excused something.
    pub used: BTreeSet<Deviation>,
}

impl Verdict {
    /// Returns whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    pub(crate) fn add(&mut self, side: Side, place: &str, rule: &str, reason: String) {
        self.violations.push(Violation {
            side,
            place: place.to_owned(),
            pointer: String::new(),
            rule: rule.to_owned(),
            reason,
        });
    }
}
