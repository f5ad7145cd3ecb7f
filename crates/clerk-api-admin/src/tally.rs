//! The results of the rows of a piece of work so far, and whether to try the rest. No I/O.

use clerk_api::declare::{Meta, Verb};

use crate::problem::{Counts, Interruption, Problem, ProblemKind};

/// After this many consecutive rows with the same refusal, the rest would be refused too (reliability.md R7).
const SAME_REFUSALS: u32 = 20;

/// The results of the rows so far.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Counts,
    worst: Option<ProblemKind>,
    last: Option<(Option<u16>, &'static str)>,
    same: u32,
}

/// What a row's failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The object is gone, which is what was asked for.
    Absent,
    /// The row failed; the next may succeed.
    Failed,
    /// The row failed, and the rest would fail the same way.
    Futile,
}

impl Tally {
    /// Begins with this many rows that are not tried yet.
    #[must_use]
    pub fn new(total: usize) -> Self {
        let counts = Counts {
            total,
            not_tried: total,
            ..Counts::default()
        };
        Self {
            counts,
            ..Self::default()
        }
    }

    /// What became of the rows so far.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Counts a row that was done.
    pub fn done(&mut self) {
        self.counts.not_tried -= 1;
        self.counts.done += 1;
        self.same = 0;
    }

    /// Counts a row that was sent but not waited for.
    pub fn abandoned(&mut self) {
        self.counts.not_tried -= 1;
        self.counts.unknown += 1;
    }

    /// Counts a row that failed. `by_id` says whether the row names its object by the id that was sent.
    pub fn failed(&mut self, meta: &Meta, by_id: bool, problem: &Problem) -> Verdict {
        self.counts.not_tried -= 1;
        if meta.verb == Verb::Delete && problem.http == Some(404) && by_id {
            // Gone is what was asked for (reliability.md 2.4).
            self.counts.absent += 1;
            return Verdict::Absent;
        }
        if problem.kind == ProblemKind::Unknown {
            self.counts.unknown += 1;
        } else {
            self.counts.failed += 1;
        }
        let now = (problem.http, problem.code);
        self.same = if self.last == Some(now) {
            self.same + 1
        } else {
            1
        };
        self.last = Some(now);
        let kind = match problem.kind {
            kind @ (ProblemKind::Unknown | ProblemKind::Io | ProblemKind::Key) => kind,
            ProblemKind::Later if problem.code == "rate_limited" => ProblemKind::Later,
            _ => ProblemKind::Partly,
        };
        self.worst = Some(self.worst.map_or(kind, |worst| worst.worse(kind)));
        let repeats = matches!(problem.http, Some(402 | 403)) || problem.kind == ProblemKind::Later;
        let futile = matches!(kind, ProblemKind::Key | ProblemKind::Later)
            || (repeats && self.same >= SAME_REFUSALS);
        if futile {
            Verdict::Futile
        } else {
            Verdict::Failed
        }
    }

    /// The report at the end: nothing if no row failed.
    #[must_use]
    pub fn problem(&self) -> Option<Box<Problem>> {
        let worst = self.worst?;
        Some(self.counted(Problem::new(worst, "rows_failed", self.sentence())))
    }

    /// The report after a request to stop.
    #[must_use]
    pub fn interrupted(&self, interruption: Interruption) -> Box<Problem> {
        let message = format!("interrupted: {}", self.sentence());
        self.counted(Problem::new(
            ProblemKind::Interrupted(interruption),
            "interrupted",
            message,
        ))
    }

    /// The report if the results could not be written.
    #[must_use]
    pub fn unwritten(&self, mut problem: Box<Problem>) -> Box<Problem> {
        // Who reads needs no word when the reader has enough; who writes does (reliability.md 4.11).
        if problem.kind != ProblemKind::Closed {
            problem.kind = self
                .worst
                .map_or(ProblemKind::Io, |worst| ProblemKind::Io.worse(worst));
        }
        problem.message = format!("{}: {}", problem.message, self.sentence());
        self.counted(problem)
    }

    fn counted(&self, mut problem: Box<Problem>) -> Box<Problem> {
        problem.rows = Some(self.counts);
        problem
    }

    /// The results of the rows in one sentence: zero counts are left out, except for the rows that were done.
    fn sentence(&self) -> String {
        let counts = self.counts;
        let failed = match counts.failed {
            0 => format!("{} of {} rows done", counts.done, counts.total),
            failed => format!(
                "{failed} of {} rows failed, {} done",
                counts.total, counts.done
            ),
        };
        let others = [
            (counts.absent, "were not there"),
            (counts.unknown, "may be done or not"),
            (counts.not_tried, "not tried"),
        ];
        let others = others.iter().filter(|(count, _)| *count > 0);
        others.fold(failed, |text, (count, what)| {
            format!("{text}, {count} {what}")
        })
    }
}

#[cfg(test)]
mod tests {
    use clerk_api::ops::find;

    use super::*;

    fn refusal(kind: ProblemKind, code: &'static str, http: u16) -> Box<Problem> {
        let mut problem = Problem::new(kind, code, "no");
        problem.http = Some(http);
        problem
    }

    fn delete() -> &'static Meta {
        find("users.delete").unwrap().meta
    }

    #[test]
    fn reliability_2_4_what_is_gone_already_is_no_failure_of_a_deletion_by_id() {
        let mut tally = Tally::new(3);
        tally.done();
        let gone = refusal(ProblemKind::Absent, "not_found", 404);
        assert_eq!(tally.failed(delete(), true, &gone), Verdict::Absent);
        assert!(tally.problem().is_none());
        assert_eq!(tally.failed(delete(), false, &gone), Verdict::Failed);
        let problem = tally.problem().unwrap();
        assert_eq!(problem.kind, ProblemKind::Partly);
        assert_eq!(
            problem.message,
            "1 of 3 rows failed, 1 done, 1 were not there"
        );
    }

    #[test]
    fn reliability_r7_twenty_equal_refusals_make_the_rest_futile() {
        let mut tally = Tally::new(40);
        let forbidden = refusal(ProblemKind::Rejected, "rejected", 403);
        for _ in 1..SAME_REFUSALS {
            assert_eq!(tally.failed(delete(), true, &forbidden), Verdict::Failed);
        }
        assert_eq!(tally.failed(delete(), true, &forbidden), Verdict::Futile);
        let mut tally = Tally::new(40);
        let invalid = refusal(ProblemKind::Rejected, "rejected", 422);
        for _ in 0..=SAME_REFUSALS {
            assert_eq!(tally.failed(delete(), true, &invalid), Verdict::Failed);
        }
    }

    #[test]
    fn a_refused_key_and_a_rate_limit_end_the_work_at_once() {
        for (problem, kind) in [
            (
                refusal(ProblemKind::Key, "unauthorized", 401),
                ProblemKind::Key,
            ),
            (
                refusal(ProblemKind::Later, "rate_limited", 429),
                ProblemKind::Later,
            ),
        ] {
            let mut tally = Tally::new(2);
            assert_eq!(tally.failed(delete(), true, &problem), Verdict::Futile);
            assert_eq!(tally.problem().unwrap().kind, kind);
        }
    }

    #[test]
    fn the_counts_sum_to_the_total_and_the_worst_kind_wins() {
        let mut tally = Tally::new(5);
        tally.done();
        tally.failed(
            delete(),
            true,
            &refusal(ProblemKind::Rejected, "rejected", 422),
        );
        tally.failed(
            delete(),
            true,
            &refusal(ProblemKind::Unknown, "outcome_unknown", 500),
        );
        tally.abandoned();
        let problem = tally.unwritten(Problem::new(ProblemKind::Io, "io", "cannot write"));
        assert_eq!(problem.kind, ProblemKind::Unknown);
        assert_eq!(
            problem.message,
            "cannot write: 1 of 5 rows failed, 1 done, 2 may be done or not, 1 not tried"
        );
        let closed = tally.unwritten(Problem::new(ProblemKind::Closed, "pipe", "gone"));
        assert_eq!(closed.kind, ProblemKind::Closed);
    }
}
