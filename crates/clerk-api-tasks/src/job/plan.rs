//! What a job will do, before anything is sent (reliability.md 6.2, 6.5): every look that the run would take, and no write.

use std::collections::BTreeMap;
use std::time::Duration;

use clerk_api::declare::RateClass;
use clerk_api_admin::problem::Outcome;

use super::decide::Decider;
use super::journal::{Database, Report};
use super::state::{Counts, State};
use super::task::{Decision, Step, Task};
use super::work::Work;
use crate::governor::Governor;

/// So many rows are looked at together.
const CHUNK: usize = 100;
/// So many rows are shown as examples.
const SAMPLES: usize = 5;
/// So many changes are named.
const CHANGES: usize = 200;

/// What no undo brings back of a request, in words.
pub type NotBack = fn(&Step) -> Vec<String>;

/// What a job will do.
#[derive(Debug, Default, Clone)]
#[non_exhaustive]
pub struct Plan {
    /// How many rows each operation is sent for.
    pub operations: BTreeMap<&'static str, u64>,
    /// The rows that nothing is sent for, by state: those that are so already, and those that cannot be used.
    pub settled: Counts,
    /// The first rows that something is sent for.
    pub samples: Vec<PlanRow>,
    /// The first changes in words, where the work has words for them.
    pub changes: Vec<PlanRow>,
    /// The first rows that cannot be used, and why.
    pub trouble: Vec<PlanRow>,
    /// What cannot come back, with the numbers of the objects that lose it.
    pub lost: Vec<(String, u64)>,
    /// How many requests it takes, by the published limit that they fall under.
    pub requests: Vec<(RateClass, u64)>,
    /// How long it takes at least.
    pub takes: Duration,
    /// The limit that decides how long.
    pub binds: &'static str,
}

/// A row of a plan.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PlanRow {
    /// The number of the row.
    pub number: u64,
    /// The line of the input.
    pub line: u64,
    /// What is done, or why it cannot be.
    pub what: String,
}

impl Plan {
    /// How many rows something is sent for.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.operations.values().sum()
    }

    /// Looks at what is there for every row that is still to be done.
    pub(super) async fn make(
        work: &dyn Work,
        decider: &Decider,
        database: &Database,
        governor: Option<&Governor>,
        not_back: NotBack,
    ) -> Outcome<Self> {
        let mut plan = Self {
            binds: "no limit",
            ..Self::default()
        };
        plan.take_invalid(database)?;
        let mut after = 0;
        let mut requests: BTreeMap<RateClass, u64> = BTreeMap::new();
        let mut lost: BTreeMap<String, u64> = BTreeMap::new();
        loop {
            let rows = database.open_rows(State::Pending, after, CHUNK)?;
            let Some(last) = rows.last() else {
                break;
            };
            after = last.at.number;
            let lines: BTreeMap<u64, u64> = rows
                .iter()
                .map(|row| (row.at.number, row.at.line))
                .collect();
            let tasks = rows.iter().map(|row| {
                Ok(Task {
                    number: row.at.number,
                    call: work.reread(row.at)?,
                })
            });
            let tasks = tasks.collect::<Outcome<Vec<Task>>>()?;
            for (number, decision) in work.decide(decider, tasks).await? {
                let line = lines.get(&number).copied().unwrap_or(number);
                plan.name(work, number, line, &decision);
                if let Decision::Send(steps) = &decision {
                    for what in steps.iter().flat_map(not_back) {
                        *lost.entry(what).or_default() += 1;
                    }
                }
                plan.take(number, line, decision, &mut requests);
            }
        }
        let lost = || lost.into_iter().collect();
        plan.lost = work.lost().unwrap_or_else(lost);
        plan.requests = requests.into_iter().collect();
        if let Some(governor) = governor {
            let forecast = governor.forecast(&plan.requests);
            (plan.takes, plan.binds) = (forecast.takes, forecast.binds);
        }
        Ok(plan)
    }

    fn name(&mut self, work: &dyn Work, number: u64, line: u64, decision: &Decision) {
        let Decision::Send(steps) = decision else {
            return;
        };
        if self.changes.len() < CHANGES
            && let Some(step) = steps.first()
            && let Some(what) = work.says(number, &step.call)
        {
            self.changes.push(PlanRow { number, line, what });
        }
    }

    fn take_invalid(&mut self, database: &Database) -> Outcome<()> {
        let mut after = 0;
        loop {
            let entries = database.entries(after, 1000)?;
            let Some(last) = entries.last() else {
                return Ok(());
            };
            after = last.at.number;
            for entry in entries
                .into_iter()
                .filter(|entry| entry.state == State::Invalid)
            {
                self.settle(
                    entry.at.number,
                    entry.at.line,
                    State::Invalid,
                    entry.message,
                );
            }
        }
    }

    fn take(
        &mut self,
        number: u64,
        line: u64,
        decision: Decision,
        requests: &mut BTreeMap<RateClass, u64>,
    ) {
        match decision {
            Decision::Settled(state, Report { message, .. }) => {
                self.settle(number, line, state, message);
            }
            Decision::Send(steps) => {
                let Some(first) = steps.first() else {
                    return;
                };
                *self.operations.entry(first.call.meta.name).or_default() += 1;
                for step in &steps {
                    *requests.entry(step.call.meta.rate).or_default() += 1;
                }
                if self.samples.len() < SAMPLES {
                    let what = clerk_api_admin::preview::request(first.call.meta, &first.call.args);
                    let what = what.unwrap_or_else(|problem| problem.message);
                    self.samples.push(PlanRow { number, line, what });
                }
            }
        }
    }

    fn settle(&mut self, number: u64, line: u64, state: State, message: Option<String>) {
        self.settled.set(state, self.settled.of(state) + 1);
        let is_trouble = state.outcome() == super::state::Outcome::Failed;
        if is_trouble && self.trouble.len() < SAMPLES * 4 {
            self.trouble.push(PlanRow {
                number,
                line,
                what: message.unwrap_or_default(),
            });
        }
    }
}
