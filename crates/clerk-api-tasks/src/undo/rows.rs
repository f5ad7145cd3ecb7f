//! What is left to do for each row of an undo.

use std::collections::{BTreeMap, BTreeSet};

use clerk_api::Client;
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::problem::Outcome;

use super::UndoWork;
use super::backup::{Spot, changed};
use super::judge::{Verdict, judge};
use super::look::Found;
use super::part::{Part, part};
use super::table::Inverse;
use crate::job::current::Current;
use crate::job::{Decider, Decision, Report, State, Step, Task};
use crate::rows::Position;

/// A row with what undoes each of its requests, the last one first, or why it cannot be undone.
type Row = (u64, Result<Vec<Part>, String>);

impl UndoWork {
    /// What undoes each request of a row, the last one first, or why the row cannot be undone.
    pub(super) fn parts(&self, number: u64) -> Outcome<Result<Vec<Part>, String>> {
        let number = self.old(number);
        let Some(spot) = self.backup.spot(number) else {
            return Ok(Err("what was there before was not kept".to_owned()));
        };
        let id = match self.backup.made.get(&number) {
            Some(made) => Some(made.clone()),
            None => {
                let entry = self.job.rows(number.saturating_sub(1), 1)?;
                entry.into_iter().next().and_then(|entry| entry.id)
            }
        };
        let mut lines = self.backup.lines(spot)?;
        // With what the row made, all that it did to it goes.
        let makes = |op: &str| matches!(super::inverse(op), Ok(Inverse::Take(_)));
        if lines.first().is_some_and(|line| makes(&line.op)) {
            lines.truncate(1);
        }
        let parts = lines.into_iter().rev();
        Ok(parts.map(|line| part(line, id.as_deref())).collect())
    }

    /// The first request that undoes a row, after a check that what was kept is the same.
    pub(super) fn first_call(&self, at: Position) -> Outcome<Call> {
        if at.length > 0 {
            let spot = Spot {
                offset: at.offset,
                length: at.length,
            };
            let kept = self.backup.spot(self.old(at.number));
            if kept != Some(spot) || self.backup.bytes(spot)?.1 != at.hash {
                return Err(changed());
            }
        }
        let parts = self.parts(at.number)?.unwrap_or_default();
        match parts.into_iter().next() {
            Some(part) => Ok(part.call),
            // It cannot be undone, which is said when it is decided.
            None => Ok(Call::new(operation(&self.job.meta().operation)?)),
        }
    }

    pub(super) async fn decided(
        &self,
        decider: &Decider,
        tasks: &[Task],
    ) -> Outcome<Vec<(u64, Decision)>> {
        let mut rows: Vec<Row> = Vec::with_capacity(tasks.len());
        for task in tasks {
            rows.push((task.number, self.parts(task.number)?));
        }
        without_creators(decider.client(), &mut rows).await?;
        let parts: Vec<&Part> = rows
            .iter()
            .flat_map(|(_, parts)| parts.iter().flatten())
            .collect();
        let found = Found::look(decider.client(), &parts).await?;
        let mut decided = Vec::with_capacity(rows.len());
        let mut open: Vec<(u64, Vec<Part>)> = Vec::new();
        for (number, parts) in rows {
            match parts {
                Err(reason) => decided.push((
                    number,
                    settled(State::Rejected, &format!("cannot be undone: {reason}")),
                )),
                Ok(parts) => match self.judged(decider.client(), &found, number, parts).await? {
                    Ok(parts) => open.push((number, parts)),
                    Err(decision) => decided.push((number, decision)),
                },
            }
        }
        decided.extend(self.sent(decider, open).await?);
        decided.sort_by_key(|(number, _)| *number);
        Ok(decided)
    }

    /// The parts of a row that something is to be sent for, or what settles the row.
    async fn judged(
        &self,
        client: &Client,
        found: &Found,
        number: u64,
        parts: Vec<Part>,
    ) -> Outcome<Result<Vec<Part>, Decision>> {
        let alone = self.backup.ops.len() == 1;
        let (mut open, mut already) = (Vec::new(), None);
        for part in parts {
            let state = self.invitations.state(client, &part).await?;
            let verdict = match state.as_deref() {
                Some(state) => invitation(state),
                None if Found::shows(&part) => judge(&part, found.of(&part), alone),
                None => Verdict::Send,
            };
            let verdict = match (verdict, self.backup.made.get(&self.old(number))) {
                (Verdict::Send, Some(organization)) => {
                    let now = found.of(&part);
                    self.newcomers(client, &part, organization, now).await?
                }
                (verdict, _) => verdict,
            };
            match verdict {
                Verdict::Send => open.push(part),
                Verdict::Settled(
                    state @ (State::SkippedExisting | State::SkippedAbsent),
                    message,
                ) => {
                    already = Some(settled(state, &message));
                }
                Verdict::Settled(state, message) => return Ok(Err(settled(state, &message))),
            }
        }
        match already {
            Some(decision) if open.is_empty() => Ok(Err(decision)),
            _ => Ok(Ok(open)),
        }
    }

    /// Looks at what undoes the rows like at any other call: names, what is protected, what has unique keys already.
    async fn sent(
        &self,
        decider: &Decider,
        open: Vec<(u64, Vec<Part>)>,
    ) -> Outcome<Vec<(u64, Decision)>> {
        let calls = open.iter().flat_map(|(_, parts)| parts);
        let tasks = (0..).zip(calls).map(|(number, part)| Task {
            number,
            call: part.call.clone(),
        });
        let decisions = decider.decide(tasks.collect()).await?;
        let mut decisions: BTreeMap<u64, Decision> = decisions.into_iter().collect();
        let mut next = 0;
        let mut decided = Vec::with_capacity(open.len());
        for (number, parts) in open {
            let of_parts = parts.iter().zip(next..);
            let of_parts = of_parts.filter_map(|(part, at)| Some((part, decisions.remove(&at)?)));
            let decision = together(of_parts);
            next += parts.len() as u64;
            if matches!(decision, Decision::Send(_)) {
                let mut lost = self.lost.borrow_mut();
                parts.iter().for_each(|part| lost.add_all(&part.lost));
            }
            decided.push((number, decision));
        }
        Ok(decided)
    }
}

/// What follows for a row from what was decided for its parts: whatever is in the way of one is in the way of all.
fn together<'p>(parts: impl Iterator<Item = (&'p Part, Decision)>) -> Decision {
    let mut steps: Vec<Step> = Vec::new();
    let mut already = None;
    for (part, decision) in parts {
        match decision {
            Decision::Send(more) => steps.extend(more),
            Decision::Settled(State::SkippedExisting, report) if is_other(part) => {
                return Decision::Settled(State::Conflict, report);
            }
            Decision::Settled(state @ (State::SkippedExisting | State::SkippedAbsent), report) => {
                already = Some(Decision::Settled(state, report));
            }
            settled => return settled,
        }
    }
    match already {
        Some(already) if steps.is_empty() => already,
        _ => Decision::Send(steps),
    }
}

/// Names of organizations are not unique: one that has the name is not the one that was deleted.
fn is_other(part: &Part) -> bool {
    part.call.meta.name == "organizations.create" && !part.call.args.has("slug")
}

fn invitation(state: &str) -> Verdict {
    match state {
        "pending" => Verdict::Send,
        "revoked" | "expired" => Verdict::Settled(
            State::SkippedExisting,
            format!("the invitation is {state} already"),
        ),
        state => Verdict::Settled(State::SkippedDrift, format!("the invitation is {state}")),
    }
}

/// Takes creators out of organizations where these users are not there any more.
async fn without_creators(client: &Client, rows: &mut [Row]) -> Outcome<()> {
    let creator = |part: &Part| part.call.args.text("created_by");
    let parts = rows.iter().flat_map(|(_, parts)| parts.iter().flatten());
    let ids: BTreeSet<String> = parts.filter_map(creator).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let Some(current) = Current::of(operation("users.delete")?) else {
        return Ok(());
    };
    let ids: Vec<String> = ids.into_iter().collect();
    let mut there = BTreeSet::new();
    for ids in ids.chunks(crate::job::current::AT_ONCE) {
        there.extend(
            current
                .look(client, &clerk_api::Args::new(), ids)
                .await?
                .into_keys(),
        );
    }
    for (_, parts) in rows {
        for part in parts.iter_mut().flatten() {
            if creator(part).is_some_and(|id| !there.contains(&id)) {
                part.call.args.remove("created_by");
                part.lost.add("creators");
            }
        }
    }
    Ok(())
}

fn settled(state: State, message: &str) -> Decision {
    let code = match state {
        State::SkippedExisting | State::SkippedAbsent => "already",
        State::SkippedDrift => "changed_since",
        _ => "not_undoable",
    };
    Decision::Settled(
        state,
        Report {
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
            ..Report::default()
        },
    )
}
