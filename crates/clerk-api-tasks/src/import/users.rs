//! Users from a file: created where they are new, and left alone, changed or refused where they are there already.

use std::path::Path;
use std::sync::Arc;

use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;

use super::change::{Change, change};
use super::existing::{Existing, values};
use super::firebase_hash::HashParameters;
use super::note::{Survey, Told};
use super::options::UserOptions;
use super::passwords::Passwords;
use super::person::CREATE;
use super::policy::{Exists, Key};
use super::record::Record;
use super::source::{self, Aids, Reading, Source};
use super::taken::Taken;
use crate::governor::{SystemWall, WallClock as _};
use crate::job::{
    Decider, Deciding, Decision, Scanned, Shown, State, Step, Task, Work, refused, scan, settled,
};
use crate::rows::{Columns, Input, Position, Row, aim, shown};

/// The import of users.
#[derive(Debug)]
pub struct UserImport {
    input: Input,
    columns: Columns,
    options: UserOptions,
    passwords: Option<Passwords>,
    hash: Option<HashParameters>,
    now: i64,
}

impl UserImport {
    /// Opens a file and all that was asked for with it.
    ///
    /// # Errors
    /// A file cannot be read, an option does not fit the source, or no column means anything.
    pub fn open(path: &Path, options: UserOptions) -> Outcome<Self> {
        options.check()?;
        let input = match options.source.and_then(Source::names) {
            Some(names) => Input::open_named(path, names)?,
            None => Input::open(path)?,
        };
        let columns = Columns::new(input.columns());
        let passwords = options
            .passwords
            .as_deref()
            .map(Passwords::open)
            .transpose()?;
        let hash = options.firebase_hash.as_deref();
        let hash = hash.map(HashParameters::read).transpose()?;
        let import = Self {
            input,
            columns,
            options,
            passwords,
            hash,
            now: SystemWall.micros() / 1000,
        };
        if import.options.source.is_none() && import.unused().len() == import.columns.names.len() {
            return Err(import.means_nothing());
        }
        Ok(import)
    }

    /// The input.
    #[must_use]
    pub const fn input(&self) -> &Input {
        &self.input
    }

    /// The columns that mean nothing, where no source is named.
    #[must_use]
    pub fn unused(&self) -> Vec<Arc<str>> {
        let meta = operation(CREATE)
            .ok()
            .filter(|_| self.options.source.is_none());
        let names = self.columns.names.iter();
        let unused = names.filter(|name| meta.is_some_and(|meta| aim(meta, name).is_none()));
        unused.cloned().collect()
    }

    /// Goes through all rows, and says what should be known of them before anything is sent.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn survey(&self) -> Outcome<Survey> {
        let mut survey = Survey::default();
        for row in self.input.rows()? {
            let Ok(row) = row? else {
                continue;
            };
            match self.read(&row) {
                Ok(Read::Call(_, told)) => survey.take(row.at.line, &told),
                Ok(Read::Left(why)) => {
                    let mut told = Told::default();
                    told.notes.push(why.to_owned());
                    survey.take(row.at.line, &told);
                }
                // Rows that are wrong are named by the job.
                Err(_) => {}
            }
        }
        let mut told = Told::default();
        let trouble = self
            .passwords
            .iter()
            .flat_map(|passwords| &passwords.trouble);
        told.notes.extend(trouble.cloned());
        survey.take(1, &told);
        Ok(survey)
    }

    fn means_nothing(&self) -> Box<Problem> {
        let names: Vec<&str> = self
            .columns
            .names
            .iter()
            .map(AsRef::as_ref)
            .take(30)
            .collect();
        Problem::usage("no column has the name of an argument of users create").hint(format!(
            "name the source with --from, or rename the columns; they are: {}",
            names.join(", ")
        ))
    }

    /// The call of a row, or why it has none.
    fn read(&self, row: &Row) -> Outcome<Read> {
        let record = Record {
            row,
            columns: &self.columns,
            nulls: self.options.source.is_some(),
            country: self.options.phone_country.as_deref(),
        };
        let aids = Aids {
            passwords: self.passwords.as_ref(),
            hash: self.hash.as_ref(),
            now: self.now,
        };
        let person = match source::read(self.options.source, &record, &aids)? {
            Reading::Person(person) => person,
            Reading::Left(why) => return Ok(Read::Left(why)),
        };
        let (call, told) = person.call(&record)?;
        if let Some(key) = self.options.by.filter(|key| values(&call, *key).is_empty()) {
            let what = format!(
                "the row has no {}, by which users are matched",
                key.called()
            );
            return Err(record.bad(None, &what));
        }
        Ok(Read::Call(call, told))
    }

    fn keys(&self) -> &[Key] {
        match &self.options.by {
            Some(key) => std::slice::from_ref(key),
            None => &Key::ALL,
        }
    }

    /// What is done with a row whose user is there already.
    async fn meets(
        &self,
        decider: &Decider,
        call: &Call,
        user: &Shown,
        key: Key,
    ) -> Outcome<Decision> {
        let id = user
            .value
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let there = Some(id.to_owned());
        let what = format!("{id} has this {} already", key.called());
        match self.options.exists {
            Exists::Skip => Ok(settled(State::SkippedExisting, there, "already", what)),
            Exists::Fail => Ok(settled(State::Conflict, there, "conflict", what)),
            Exists::Update => match change(call, user, id)? {
                Change::Other(other) => {
                    let what = format!("{what}, and another external id: {}", shown(&other));
                    Ok(settled(State::Conflict, there, "conflict", what))
                }
                Change::Steps(steps) if steps.is_empty() => {
                    let what = "nothing has to change".to_owned();
                    Ok(settled(State::SkippedExisting, there, "already", what))
                }
                Change::Steps(steps) => guarded(decider, steps).await,
            },
        }
    }
}

/// What a row came to.
enum Read {
    Call(Call, Told),
    Left(&'static str),
}

/// Lets steps be sent, unless they touch what the configuration protects.
async fn guarded(decider: &Decider, steps: Vec<Step>) -> Outcome<Decision> {
    for step in &steps {
        match decider.guarded(&step.call, "").await {
            Ok(()) => {}
            Err(problem) => return Ok(refused(State::Rejected, "protected", &problem)),
        }
    }
    Ok(Decision::Send(steps))
}

impl Work for UserImport {
    fn scan(&self, each: &mut dyn FnMut(Scanned) -> Outcome<()>) -> Outcome<u64> {
        let mut taken = Taken::default();
        scan(&self.input, each, |row| match self.read(row)? {
            Read::Call(call, _) => taken.check(row.at, &call).map(|()| Some(call)),
            Read::Left(_) => Ok(None),
        })
    }

    fn reread(&self, at: Position) -> Outcome<Call> {
        match self.read(&self.input.read_at(at)?)? {
            Read::Call(call, _) => Ok(call),
            Read::Left(why) => Err(Problem::usage(format!("line {}: {why}", at.line))),
        }
    }

    fn decide<'a>(&'a self, decider: &'a Decider, tasks: Vec<Task>) -> Deciding<'a> {
        Box::pin(async move {
            let calls = tasks.iter().map(|task| &task.call);
            let existing = Existing::find(decider.client(), calls, self.keys()).await?;
            let mut decided = Vec::with_capacity(tasks.len());
            for Task { number, call } in tasks {
                let found = existing.of(&call, self.keys());
                let decision = match found.as_slice() {
                    [] => guarded(decider, vec![Step { call, before: None }]).await?,
                    [(user, key)] => self.meets(decider, &call, user, *key).await?,
                    several => {
                        let said = several.iter().map(|(user, key)| {
                            let id = user.value.get("id").and_then(Value::as_str);
                            format!("{} by {}", id.unwrap_or_default(), key.called())
                        });
                        let said: Vec<String> = said.collect();
                        let what = format!("several users match the row: {}", said.join(", "));
                        settled(State::Conflict, None, "conflict", what)
                    }
                };
                decided.push((number, decision));
            }
            Ok(decided)
        })
    }
}
