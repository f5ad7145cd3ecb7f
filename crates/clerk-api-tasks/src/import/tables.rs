//! Organizations and memberships from a file, whose columns have the names of arguments. What is there already is found as by any job of
//! rows; the policy says what follows.

use std::collections::BTreeMap;
use std::path::Path;

use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::problem::{Outcome, Problem};

use super::policy::Exists;
use crate::job::{Decider, Deciding, Decision, Report, RowsWork, Scanned, State, Task, Work};
use crate::rows::{Asked, Columns, Input, Position, Template};

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Organizations, found by their slugs.
    Organizations,
    /// Memberships, found by organization and user.
    Memberships,
}

impl Table {
    /// The operation that makes one.
    #[must_use]
    pub const fn creates(self) -> &'static str {
        match self {
            Self::Organizations => "organizations.create",
            Self::Memberships => "organizations.add_member",
        }
    }

    /// The operation that changes one.
    #[must_use]
    pub const fn updates(self) -> &'static str {
        match self {
            Self::Organizations => "organizations.update",
            Self::Memberships => "organizations.update_member",
        }
    }

    /// Texts for arguments whose columns have other names than the arguments.
    fn given(self, columns: &Columns) -> Outcome<Vec<(String, Vec<String>)>> {
        let names: [(&str, &[&str]); 3] = [
            (
                "organization_id",
                &[
                    "organization",
                    "organization_id",
                    "organization_slug",
                    "org",
                    "slug",
                ],
            ),
            ("user_id", &["user", "user_id", "email_address", "email"]),
            ("role", &["role"]),
        ];
        if self == Self::Organizations {
            return Ok(Vec::new());
        }
        let mut given = Vec::new();
        for (argument, names) in names {
            let column = names.iter().find_map(|name| columns.find(name));
            let column = column.ok_or_else(|| columns.missing("memberships import", names[0]))?;
            let text = format!("{{{{{}}}}}", columns.names[column]);
            given.push((argument.to_owned(), vec![text]));
        }
        Ok(given)
    }
}

/// The import of organizations or memberships.
#[derive(Debug)]
pub struct TableImport {
    rows: RowsWork,
    table: Table,
    exists: Exists,
}

impl TableImport {
    /// Opens a file.
    ///
    /// # Errors
    /// It cannot be read, or a column that every row needs is missing.
    pub fn open(path: &Path, table: Table, exists: Exists) -> Outcome<Self> {
        let input = Input::open(path)?;
        let columns = Columns::new(input.columns());
        if table == Table::Organizations && columns.find("slug").is_none() {
            let problem = columns.missing("organizations import", "slug");
            return Err(
                problem.hint("organizations are found by their slugs, so that none is made twice")
            );
        }
        let asked = Asked {
            given: table.given(&columns)?,
            ..Asked::default()
        };
        let template = Template::new(operation(table.creates())?, &asked, &input)?;
        let rows = RowsWork::new(input, template);
        Ok(Self {
            rows,
            table,
            exists,
        })
    }

    /// The input.
    #[must_use]
    pub const fn input(&self) -> &Input {
        self.rows.input()
    }

    /// The columns that mean nothing.
    #[must_use]
    pub fn unused(&self) -> Vec<std::sync::Arc<str>> {
        self.rows.template().unused().to_vec()
    }

    /// Organizations without a slug could not be found again.
    fn check(&self, line: u64, call: Call) -> Outcome<Call> {
        if self.table == Table::Organizations && !call.args.has("slug") {
            let what = format!(
                "line {line}, column slug: the cell is empty, and organizations are found by it"
            );
            return Err(Problem::usage(what));
        }
        Ok(call)
    }

    /// The changes of what is there already: one call for each operation that changes something of it.
    async fn changes(
        &self,
        decider: &Decider,
        task: Task,
        id: Option<String>,
    ) -> Outcome<Vec<Call>> {
        match self.table {
            Table::Organizations => organization(&task.call, &id.unwrap_or_default()),
            Table::Memberships => match decider.resolved(task).await? {
                Ok(call) => {
                    let names = ["organization_id", "user_id", "role"];
                    Ok(vec![copied(
                        operation(self.table.updates())?,
                        &call,
                        &names,
                    )])
                }
                Err(_) => Ok(Vec::new()),
            },
        }
    }

    /// Decides over rows whose objects are there already, by looking at what would change.
    async fn update(
        &self,
        decider: &Decider,
        there: Vec<(Task, Option<String>)>,
    ) -> Outcome<BTreeMap<u64, Decision>> {
        let mut rounds: Vec<Vec<Task>> = Vec::new();
        for (task, id) in there {
            let number = task.number;
            for (round, call) in self
                .changes(decider, task, id)
                .await?
                .into_iter()
                .enumerate()
            {
                if rounds.len() <= round {
                    rounds.push(Vec::new());
                }
                rounds[round].push(Task { number, call });
            }
        }
        let mut decided: BTreeMap<u64, Decision> = BTreeMap::new();
        for tasks in rounds {
            for (number, decision) in decider.decide(tasks).await? {
                let joined = match decided.remove(&number) {
                    Some(before) => joined(before, decision),
                    None => decision,
                };
                decided.insert(number, joined);
            }
        }
        Ok(decided)
    }
}

/// Two decisions over one row: what cannot be done goes before what is sent, and that before what is so already.
fn joined(first: Decision, second: Decision) -> Decision {
    match (first, second) {
        (Decision::Send(mut steps), Decision::Send(more)) => {
            steps.extend(more);
            Decision::Send(steps)
        }
        (Decision::Settled(State::SkippedExisting, _), other)
        | (other, Decision::Settled(State::SkippedExisting, _)) => other,
        (settled @ Decision::Settled(..), _) | (_, settled) => settled,
    }
}

/// The changes of an organization: name and limit by one operation, metadata by another.
fn organization(create: &Call, id: &str) -> Outcome<Vec<Call>> {
    let mut calls = Vec::new();
    for (name, arguments) in [
        (
            "organizations.update",
            &["name", "max_allowed_memberships"][..],
        ),
        (
            "organizations.update_metadata",
            &["public_metadata", "private_metadata"][..],
        ),
    ] {
        let mut call = copied(operation(name)?, create, arguments);
        if call.args.iter().next().is_some() {
            let set = call.args.set("organization_id", &id);
            set.map_err(|error| Problem::usage(error.to_string()))?;
            calls.push(call);
        }
    }
    Ok(calls)
}

/// A call with some arguments of another.
fn copied(meta: &'static clerk_api::declare::Meta, from: &Call, names: &[&str]) -> Call {
    let mut call = Call::new(meta);
    for name in names {
        if let Some(raw) = from.args.get(name) {
            call.args.set_raw(name, raw.to_owned());
        }
    }
    call
}

impl Work for TableImport {
    fn scan(&self, each: &mut dyn FnMut(Scanned) -> Outcome<()>) -> Outcome<u64> {
        self.rows.scan(&mut |mut scanned| {
            let line = scanned.at.line;
            scanned.call = scanned.call.and_then(|call| self.check(line, call));
            each(scanned)
        })
    }

    fn reread(&self, at: Position) -> Outcome<Call> {
        self.rows.reread(at)
    }

    fn decide<'a>(&'a self, decider: &'a Decider, tasks: Vec<Task>) -> Deciding<'a> {
        Box::pin(async move {
            let mut calls: BTreeMap<u64, Call> = tasks
                .iter()
                .map(|task| (task.number, task.call.clone()))
                .collect();
            let mut there = Vec::new();
            let mut decided = Vec::with_capacity(tasks.len());
            for (number, decision) in decider.decide(tasks).await? {
                match decision {
                    Decision::Settled(State::SkippedExisting | State::Conflict, report)
                        if self.exists == Exists::Update =>
                    {
                        if let Some(call) = calls.remove(&number) {
                            there.push((Task { number, call }, report.id));
                        }
                    }
                    Decision::Settled(State::SkippedExisting | State::Conflict, report) => {
                        decided.push((number, met(self.exists, report)));
                    }
                    other => decided.push((number, other)),
                }
            }
            decided.extend(self.update(decider, there).await?);
            decided.sort_by_key(|(number, _)| *number);
            Ok(decided)
        })
    }
}

/// What follows for a row whose object is there already and stays as it is.
fn met(exists: Exists, mut report: Report) -> Decision {
    let (state, code) = match exists {
        Exists::Fail => (State::Conflict, "conflict"),
        Exists::Skip | Exists::Update => (State::SkippedExisting, "already"),
    };
    report.code = Some(code.to_owned());
    Decision::Settled(state, report)
}
