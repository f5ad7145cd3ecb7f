//! What became of a row (reliability.md 4.4), and how many rows became what.

use serde::Serialize;

/// The state of a row. Every row of the input is in exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// Nothing was sent for it yet.
    Pending,
    /// It was about to be sent when the process ended, or it is on its way.
    Sent,
    /// The API confirmed it.
    Done,
    /// No response came; looking showed that it was done.
    DoneReconciled,
    /// It was so already, so nothing was sent.
    SkippedExisting,
    /// The object is not there, which is what was asked for.
    SkippedAbsent,
    /// Somebody changed the object meanwhile, so nothing was sent.
    SkippedDrift,
    /// The API refused it.
    Rejected,
    /// Something else has the unique key.
    Conflict,
    /// The server or the network failed each time; it may work later.
    FailedRetryable,
    /// It may have been done or not.
    Unknown,
    /// The row itself is wrong; nothing was sent.
    Invalid,
}

/// What a state means for who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It is as it was asked for.
    Done,
    /// It is not.
    Failed,
    /// Nobody tried.
    NotAttempted,
}

impl State {
    /// All states, in the order of reports.
    pub const ALL: [Self; 12] = [
        Self::Pending,
        Self::Sent,
        Self::Done,
        Self::DoneReconciled,
        Self::SkippedExisting,
        Self::SkippedAbsent,
        Self::SkippedDrift,
        Self::Rejected,
        Self::Conflict,
        Self::FailedRetryable,
        Self::Unknown,
        Self::Invalid,
    ];

    /// The name, as reports have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Done => "done",
            Self::DoneReconciled => "done_reconciled",
            Self::SkippedExisting => "skipped_existing",
            Self::SkippedAbsent => "skipped_absent",
            Self::SkippedDrift => "skipped_drift",
            Self::Rejected => "rejected",
            Self::Conflict => "conflict",
            Self::FailedRetryable => "failed_retryable",
            Self::Unknown => "unknown",
            Self::Invalid => "invalid",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// What it means for who asked.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Pending => Outcome::NotAttempted,
            Self::Done | Self::DoneReconciled | Self::SkippedExisting | Self::SkippedAbsent => {
                Outcome::Done
            }
            Self::Sent
            | Self::SkippedDrift
            | Self::Rejected
            | Self::Conflict
            | Self::FailedRetryable
            | Self::Unknown
            | Self::Invalid => Outcome::Failed,
        }
    }

    /// The number that stands for it in a journal. Numbers never change their meaning.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// How many rows are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([u64; State::ALL.len()]);

impl Counts {
    /// How many rows are in this state.
    #[must_use]
    pub const fn of(&self, state: State) -> u64 {
        self.0[state as usize]
    }

    /// All rows.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// How many rows ended this way.
    #[must_use]
    pub fn with(&self, outcome: Outcome) -> u64 {
        let states = State::ALL
            .into_iter()
            .filter(|state| state.outcome() == outcome);
        states.map(|state| self.of(state)).sum()
    }

    /// The states that rows are in, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (State, u64)> + '_ {
        State::ALL
            .into_iter()
            .map(|state| (state, self.of(state)))
            .filter(|(_, count)| *count > 0)
    }

    pub(crate) fn set(&mut self, state: State, count: u64) {
        self.0[state as usize] = count;
    }

    pub(crate) fn moved(&mut self, from: State, to: State) {
        self.0[from as usize] = self.0[from as usize].saturating_sub(1);
        self.0[to as usize] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_4_4_names_and_numbers_of_states_lead_back_to_them() {
        for (code, state) in State::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(state.code()), code);
            assert_eq!(State::of_code(state.code()), Some(state));
            assert_eq!(State::named(state.name()), Some(state));
        }
        assert_eq!(State::of_code(200), None);
    }

    #[test]
    fn reliability_4_4_the_outcomes_sum_to_the_rows() {
        let mut counts = Counts::default();
        for (at, state) in State::ALL.into_iter().enumerate() {
            counts.set(state, at as u64 + 1);
        }
        let outcomes = [Outcome::Done, Outcome::Failed, Outcome::NotAttempted];
        let sum: u64 = outcomes
            .into_iter()
            .map(|outcome| counts.with(outcome))
            .sum();
        assert_eq!(sum, counts.total());
    }
}
