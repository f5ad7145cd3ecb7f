//! What is left to do for rows, by looking at what is there, many objects a request: names become ids, and what is so already is left
//! alone and spends no write (reliability.md 4.5, 6.2).

mod already;
mod names;

use std::collections::BTreeMap;

use clerk_api::declare::{Class, Effect, Meta, Place};
use clerk_api::{Args, Client};
use clerk_api_admin::already::is_absent;
use clerk_api_admin::call::Call;
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::object_of;

use already::Seen;
use names::Names;
pub(crate) use names::{Meaning, Name, folded, look_up};

use super::current::Current;
use super::journal::Report;
use super::state::State;
use super::task::{Decision, Step, Task};

/// Looks at what is there for the rows of one job.
pub struct Decider {
    pub(super) client: Client,
    protected: Option<Protected>,
    names: Names,
    seen: Seen,
}

/// A row whose call names every object by its id.
struct Ready {
    number: u64,
    call: Call,
    shown: String,
}

impl Decider {
    /// Looks through this client; what is protected is never touched.
    #[must_use]
    pub fn new(client: Client, protected: Option<Protected>) -> Self {
        Self {
            client,
            protected,
            names: Names::default(),
            seen: Seen::default(),
        }
    }

    /// The client that looks at what is there, for works that do so in their own way.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Says what is left to do for these rows, at most 100.
    ///
    /// # Errors
    /// What is there could not be looked at.
    pub async fn decide(&self, tasks: Vec<Task>) -> Outcome<Vec<(u64, Decision)>> {
        let (ready, mut decided) = self.named(tasks).await?;
        let mut groups: BTreeMap<(&'static str, String), Vec<Ready>> = BTreeMap::new();
        let mut lists: BTreeMap<&'static str, Option<Current>> = BTreeMap::new();
        for row in ready {
            let meta = row.call.meta;
            let list = lists.entry(meta.name).or_insert_with(|| Current::of(meta));
            let scope = scope(meta, list.as_ref(), &row.call.args);
            groups
                .entry((row.call.meta.name, scope))
                .or_default()
                .push(row);
        }
        for ((_, scope), rows) in groups {
            let numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
            match self.group(rows, &mut decided).await {
                // What these rows belong to is not there. Others name something else.
                Err(problem) if !scope.is_empty() && is_absent(&problem) => {
                    let refused =
                        |number| (number, refused(State::Rejected, "not_found", &problem));
                    decided.extend(numbers.into_iter().map(refused));
                }
                looked => looked?,
            }
        }
        decided.sort_by_key(|(number, _)| *number);
        Ok(decided)
    }

    /// Puts ids in place of names, without looking at anything else.
    ///
    /// # Errors
    /// The names could not be looked up, or mean nothing.
    pub async fn resolved(&self, task: Task) -> Outcome<Result<Call, Report>> {
        let (ready, decided) = self.named(vec![task]).await?;
        let report = |(_, decision)| match decision {
            Decision::Settled(_, report) => report,
            Decision::Send(_) => Report::default(),
        };
        match ready.into_iter().next() {
            Some(row) => Ok(Ok(row.call)),
            None => Ok(Err(decided
                .into_iter()
                .next()
                .map(report)
                .unwrap_or_default())),
        }
    }

    /// Rows whose names mean something, and the others with what follows from that.
    async fn named(&self, tasks: Vec<Task>) -> Outcome<(Vec<Ready>, Vec<(u64, Decision)>)> {
        self.names.learn(&self.client, &tasks).await?;
        let (mut ready, mut decided) = (Vec::new(), Vec::new());
        for mut task in tasks {
            let shown = task.call.targets.iter().flat_map(|targets| &targets.items);
            let shown = shown
                .map(|target| target.reference.shown().to_owned())
                .next();
            let shown = shown.unwrap_or_default();
            let meta = task.call.meta;
            match self.names.resolve(&self.client, &mut task.call).await {
                Ok(()) => match self.guarded(&task.call, &shown).await {
                    Ok(()) => ready.push(Ready {
                        number: task.number,
                        call: task.call,
                        shown,
                    }),
                    Err(problem) => {
                        decided
                            .push((task.number, refused(State::Rejected, "protected", &problem)));
                    }
                },
                // What it would be removed from has to be there: its name may be misspelled.
                Err((field, problem))
                    if problem.kind == ProblemKind::Absent
                        && meta.effect == Effect::Destroy
                        && object_of(meta).is_some_and(|object| object.name == field) =>
                {
                    decided.push((
                        task.number,
                        refused(State::SkippedAbsent, "not_found", &problem),
                    ));
                }
                Err((_, problem))
                    if matches!(problem.kind, ProblemKind::Absent | ProblemKind::Usage) =>
                {
                    decided.push((
                        task.number,
                        refused(State::Rejected, problem.code, &problem),
                    ));
                }
                Err((_, problem)) => return Err(problem),
            }
        }
        Ok((ready, decided))
    }

    /// Refuses what the configuration protects.
    ///
    /// # Errors
    /// The call names something protected, or it cannot be found out whether it does.
    pub(crate) async fn guarded(&self, call: &Call, shown: &str) -> Outcome<()> {
        match &self.protected {
            Some(protected) => protected.check(call, Some(shown)).await,
            None => Ok(()),
        }
    }

    /// Rows of one operation that share the path around their objects.
    async fn group(&self, rows: Vec<Ready>, decided: &mut Vec<(u64, Decision)>) -> Outcome<()> {
        let Some(first) = rows.first() else {
            return Ok(());
        };
        let meta = first.call.meta;
        match Current::of(meta) {
            Some(current) => self.changes(current, rows, decided).await,
            None if matches!(meta.effect, Effect::Create | Effect::Mail) => {
                self.creates(rows, decided).await
            }
            None => {
                decided.extend(rows.into_iter().map(|row| (row.number, send(row, None))));
                Ok(())
            }
        }
    }

    /// Changes and deletions: what is so already is left alone, and what is there now is kept for undoing.
    async fn changes(
        &self,
        current: Current,
        rows: Vec<Ready>,
        decided: &mut Vec<(u64, Decision)>,
    ) -> Outcome<()> {
        let Some(first) = rows.first() else {
            return Ok(());
        };
        let id_of = |row: &Ready| row.call.args.text(current.id.name).unwrap_or_default();
        let ids: Vec<String> = rows.iter().map(id_of).collect();
        let mut found = current.look(&self.client, &first.call.args, &ids).await?;
        for (row, id) in rows.into_iter().zip(ids) {
            let (number, meta) = (row.number, row.call.meta);
            let decision = match found.remove(&id) {
                None => {
                    let state = match meta.effect {
                        Effect::Destroy => State::SkippedAbsent,
                        _ => State::Rejected,
                    };
                    let name = if row.shown.is_empty() {
                        &id
                    } else {
                        &row.shown
                    };
                    settled(
                        state,
                        Some(id.clone()),
                        "not_found",
                        format!("{name} is not there"),
                    )
                }
                Some(object) if meta.is_so_already(&row.call.args, &object.value) => {
                    already(Some(id), "nothing has to change".to_owned())
                }
                Some(object) => send(row, Some(object.text)),
            };
            decided.push((number, decision));
        }
        Ok(())
    }

    /// Creates and invitations: what is there already is left alone, and what has the key with other values is a conflict.
    async fn creates(&self, rows: Vec<Ready>, decided: &mut Vec<(u64, Decision)>) -> Outcome<()> {
        let calls: Vec<&Call> = rows.iter().map(|row| &row.call).collect();
        let found = self.seen.find(&self.client, &calls).await?;
        for (row, found) in rows.into_iter().zip(found) {
            let number = row.number;
            let decision = match found {
                None => send(row, None),
                Some(found) if found.equal => already(found.id, found.what),
                Some(found) => settled(State::Conflict, found.id, "conflict", found.what),
            };
            decided.push((number, decision));
        }
        Ok(())
    }
}

/// The arguments of the path that rows must share to be looked at together: all but the object's own.
fn scope(meta: &'static Meta, list: Option<&Current>, args: &Args) -> String {
    let own = list.map(|list| list.id.name);
    let path = meta
        .fields
        .iter()
        .filter(|field| field.place == Place::Path && Some(field.name) != own);
    path.filter_map(|field| args.get(field.name))
        .map(|value| value.get())
        .collect()
}

fn send(row: Ready, before: Option<String>) -> Decision {
    Decision::Send(vec![Step {
        call: row.call,
        before,
    }])
}

pub(crate) fn settled(state: State, id: Option<String>, code: &str, message: String) -> Decision {
    let report = Report {
        id,
        code: Some(code.to_owned()),
        message: Some(message),
        ..Report::default()
    };
    Decision::Settled(state, report)
}

fn already(id: Option<String>, message: String) -> Decision {
    settled(State::SkippedExisting, id, "already", message)
}

pub(crate) fn refused(state: State, code: &str, problem: &Problem) -> Decision {
    let mut message = problem.message.clone();
    for cause in &problem.causes {
        message.push_str(": ");
        message.push_str(cause);
    }
    settled(state, None, code, message)
}

/// Whether the same call could be done twice without the API refusing the second one.
pub(super) fn is_repeatable(meta: &'static Meta, args: &Args) -> bool {
    matches!(meta.class(args), Class::Read | Class::Idempotent)
}
