//! The arguments of one operation over rows: which texts and columns make them, checked once before any row.

use std::collections::BTreeMap;
use std::sync::Arc;

use clerk_api::declare::{Field, Kind, Meta};
use clerk_api_admin::call::Call;
use clerk_api_admin::input::draft::{Draft, Labels};
use clerk_api_admin::input::spelling::Spelling;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target;
use serde::{Deserialize, Serialize};

use super::aim::{self, Aim};
use super::columns::{Columns, is_secret};
use super::expression::{self, Expression};
use super::input::Input;
use super::members::Members;
use super::row::{Cell, Row};
use super::text::{Text, Unmade, shown};

/// What was asked for besides the file: texts of arguments, and what columns are for.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// Arguments by the API's names, each with the texts that were given for it. A text may hold `{{column}}`. It never names a
    /// file: `@file` and `-` are what they say.
    pub given: Vec<(String, Vec<String>)>,
    /// Arguments that are emptied, as `--clear` names them.
    pub cleared: Vec<String>,
    /// Entries `COLUMN=FLAG`.
    pub maps: Vec<String>,
    /// A condition over the columns; rows that it does not hold for are left alone.
    pub condition: Option<String>,
}

/// The arguments of one operation over rows.
#[derive(Debug)]
pub struct Template {
    meta: &'static Meta,
    columns: Columns,
    arguments: Vec<Argument>,
    cleared: Vec<String>,
    condition: Option<Expression>,
    labels: Labels,
    /// The columns whose values are never shown.
    secret: Vec<bool>,
    unused: Vec<Arc<str>>,
}

/// One argument and where it comes from.
#[derive(Debug)]
struct Argument {
    field: &'static Field,
    origin: Origin,
    is_secret: bool,
}

#[derive(Debug)]
enum Origin {
    /// Texts that were given for it.
    Given(Vec<Text>),
    /// A cell.
    Column(usize),
    /// Cells that are members of an object.
    Members(Vec<(usize, Vec<String>)>),
}

impl Template {
    /// Checks what was asked for against the operation and the columns of an input.
    ///
    /// # Errors
    /// A text, a `--map` or the condition names a column that is not there or is misspelled; a map names no flag; two columns set
    /// the same argument; a required argument has neither a text nor a column; or no argument comes from the rows at all.
    pub fn new(meta: &'static Meta, asked: &Asked, input: &Input) -> Outcome<Self> {
        let columns = Columns::new(input.columns());
        let mut plan = Plan::new(meta, columns);
        plan.give(&asked.given)?;
        plan.clear(&asked.cleared)?;
        plan.map(&asked.maps)?;
        plan.bind()?;
        let condition = asked.condition.as_deref();
        let condition = condition.map(|text| Expression::condition("--where", text, &plan.columns));
        plan.finish(condition.transpose()?, asked.cleared.clone())
    }

    /// The operation.
    #[must_use]
    pub fn meta(&self) -> &'static Meta {
        self.meta
    }

    /// The columns that set nothing and that no text or condition uses.
    #[must_use]
    pub fn unused(&self) -> &[Arc<str>] {
        &self.unused
    }

    /// Whether the condition holds for a row; without one it does for each.
    ///
    /// # Errors
    /// The condition cannot be computed for this row.
    pub fn selects(&self, row: &Row) -> Outcome<bool> {
        let Some(condition) = &self.condition else {
            return Ok(true);
        };
        let value = condition.eval(row, &self.columns).map_err(|error| {
            let mut used = condition.columns.iter();
            let why = match used.any(|(_, column)| self.secret[*column]) {
                true => "a value does not fit, and is not shown".to_owned(),
                false => expression::reason(&error),
            };
            let source = &condition.source;
            let line = row.at.line;
            Problem::usage(format!(
                "line {line}, --where: {source} cannot be computed: {why}"
            ))
        })?;
        Ok(value.is_true())
    }

    /// The call for a row.
    ///
    /// # Errors
    /// A cell is empty that is needed, or holds no value of its argument: the problem names line, column and value, and never a
    /// secret.
    pub fn call(&self, row: &Row) -> Outcome<Call> {
        self.check_more(row)?;
        let mut draft = Draft::new(self.meta, Spelling::Columns).calling(&self.labels);
        for argument in &self.arguments {
            self.set(&mut draft, argument, row)?;
        }
        let whole = |problem: Box<Problem>| in_line(row, problem, ": ");
        for name in &self.cleared {
            draft.clear(name).map_err(whole)?;
        }
        let mut call = draft.finish().map_err(whole)?;
        if let Some(targets) = &mut call.targets {
            if targets.items.len() != 1 {
                let (line, count) = (row.at.line, targets.items.len());
                let what = format!("line {line}: the row names {count} objects to change");
                return Err(Problem::usage(what).hint("each row is for one object"));
            }
            for target in &mut targets.items {
                target.number = usize::try_from(row.at.line).unwrap_or(usize::MAX);
            }
        }
        Ok(call)
    }

    fn set(&self, draft: &mut Draft<'_>, argument: &Argument, row: &Row) -> Outcome<()> {
        let field = argument.field;
        let refused = |problem, value: &str| self.refused(row, argument, problem, value);
        match &argument.origin {
            Origin::Given(texts) => {
                let texts = texts.iter().map(|text| text.render(row, &self.columns));
                let texts: Result<Vec<String>, Unmade> = texts.collect();
                let texts = texts.map_err(|unmade| self.unmade(row, argument, unmade))?;
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                let set = draft.set_all(field, &texts);
                set.map_err(|problem| refused(problem, &texts.join(", ")))
            }
            Origin::Column(column) => match row.cell(*column) {
                cell if expression::is_empty(cell) && field.required => {
                    let (line, label) = (row.at.line, self.label(argument));
                    let flag = Spelling::Flags.label(self.meta, field);
                    let what =
                        format!("line {line}, {label}: the cell is empty, and {flag} is required");
                    Err(Problem::usage(what))
                }
                Cell::Missing | Cell::Text("") => Ok(()),
                Cell::Json(json) if json.get() == "null" && !field.nullable => Ok(()),
                Cell::Json(json) => {
                    let set = draft.set_json(field, json);
                    set.map_err(|problem| refused(problem, &row.cell(*column).text()))
                }
                Cell::Text(text) => {
                    let set = draft.set(field, &boolean(field, text));
                    set.map_err(|problem| refused(problem, text))
                }
            },
            Origin::Members(members) => {
                let mut object = Members::default();
                for (column, path) in members {
                    let cell = row.cell(*column);
                    if !cell.is_empty() {
                        object.set(path, cell);
                    }
                }
                match object.json() {
                    Some(json) => {
                        let set = draft.set(field, &json);
                        set.map_err(|problem| refused(problem, &json))
                    }
                    None => Ok(()),
                }
            }
        }
    }

    /// A member that sets something must not get lost because the first rows do not have it.
    fn check_more(&self, row: &Row) -> Outcome<()> {
        for (name, _) in row.more() {
            let Some(aim) = aim::find(self.meta, name) else {
                continue;
            };
            let mut others = self.arguments.iter();
            let given = others.any(|other| {
                other.field.name == aim.field.name && matches!(other.origin, Origin::Given(_))
            });
            if !given {
                let flag = Spelling::Flags.label(self.meta, aim.field);
                let line = row.at.line;
                return Err(Problem::usage(format!(
                    "line {line}: the member {name:?} would set {flag}, but none of the first 1,000 rows has it"
                ))
                .hint("give it to the first row too, as null"));
            }
        }
        Ok(())
    }

    fn label(&self, argument: &Argument) -> &str {
        let label = self.labels.get(argument.field.name);
        label.map_or(argument.field.name, String::as_str)
    }

    /// The problem of a value that its argument does not take.
    fn refused(
        &self,
        row: &Row,
        argument: &Argument,
        mut problem: Box<Problem>,
        value: &str,
    ) -> Box<Problem> {
        let kind = argument.field.kind;
        let label = self.label(argument);
        // What is said of a secret names lengths only; of anything else that holds one it could name the value.
        if argument.is_secret && !matches!(kind, Kind::Secret) {
            problem.message =
                format!("{label} is refused; the value is not shown, since it may hold a secret");
            return in_line(row, problem, ", ");
        }
        let shown = shown(value);
        let is_text = !matches!(kind, Kind::Secret | Kind::Object | Kind::Records(_));
        let said = problem.message.contains(&shown) || problem.message.contains(value);
        if is_text && !said {
            problem.message = format!("{}: {shown}", problem.message);
        }
        let separator = if problem.message.starts_with(label) {
            ", "
        } else {
            ": "
        };
        in_line(row, problem, separator)
    }

    /// The problem of a text that a row does not fill.
    fn unmade(&self, row: &Row, argument: &Argument, unmade: Unmade) -> Box<Problem> {
        let flag = Spelling::Flags.label(self.meta, argument.field);
        let place = match unmade.column {
            Some(column) => format!("column {}: ", self.columns.names[column]),
            None => String::new(),
        };
        let value = unmade.value.filter(|_| !argument.is_secret);
        let value = value.map_or_else(String::new, |value| format!(": {value}"));
        let line = row.at.line;
        let message = format!("line {line}, {place}{}{value} (in {flag})", unmade.what);
        let problem = Problem::usage(message);
        // What is required cannot be left out.
        match unmade.hint.filter(|_| !argument.field.required) {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}

fn in_line(row: &Row, mut problem: Box<Problem>, separator: &str) -> Box<Problem> {
    problem.message = format!("line {}{separator}{}", row.at.line, problem.message);
    problem
}

/// Spreadsheets write TRUE and FALSE.
fn boolean(field: &Field, text: &str) -> String {
    let is_word = text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    if is_word && matches!(field.kind, Kind::Boolean) {
        return text.to_ascii_lowercase();
    }
    text.to_owned()
}

/// A template in the making.
struct Plan {
    meta: &'static Meta,
    columns: Columns,
    origins: BTreeMap<&'static str, (&'static Field, Origin)>,
    aims: BTreeMap<usize, Aim>,
}

impl Plan {
    fn new(meta: &'static Meta, columns: Columns) -> Self {
        Self {
            meta,
            columns,
            origins: BTreeMap::new(),
            aims: BTreeMap::new(),
        }
    }

    /// Takes the texts that were given.
    fn give(&mut self, given: &[(String, Vec<String>)]) -> Outcome<()> {
        for (name, texts) in given {
            let field = self.meta.field(name).ok_or_else(|| {
                Problem::usage(format!("{} has no argument {name:?}", self.meta.name))
            })?;
            let label = Spelling::Flags.label(self.meta, field);
            if matches!(field.kind, Kind::Upload) {
                return Err(Problem::usage(format!(
                    "{label} takes a file, which rows cannot give"
                )));
            }
            let is_json = matches!(field.kind, Kind::Object | Kind::Records(_));
            let texts = texts.iter();
            let texts = texts.map(|text| Text::read(label.as_str(), text, is_json, &self.columns));
            let texts = texts.collect::<Outcome<_>>()?;
            self.origins
                .insert(field.name, (field, Origin::Given(texts)));
        }
        Ok(())
    }

    fn clear(&self, cleared: &[String]) -> Outcome<()> {
        for name in cleared {
            Draft::new(self.meta, Spelling::Flags).clear(name)?;
            if self.is_settled(name) {
                return Err(Problem::usage(format!(
                    "--clear {name} and a value for it contradict each other"
                )));
            }
        }
        Ok(())
    }

    /// Whether an argument was given, so that no column sets it.
    fn is_settled(&self, name: &str) -> bool {
        let field = Spelling::Flags.find(self.meta, name);
        let given = field.and_then(|field| self.origins.get(field.name));
        given.is_some_and(|(_, origin)| matches!(origin, Origin::Given(_)))
    }

    /// Takes what was said about columns.
    fn map(&mut self, maps: &[String]) -> Outcome<()> {
        for entry in maps {
            let Some((column, flag)) = entry.rsplit_once('=') else {
                return Err(Problem::usage(format!("--map {entry} has no ="))
                    .hint("write it as --map COLUMN=FLAG, such as --map EMAIL=email-address"));
            };
            let place = format!("--map {entry}");
            let found = self.columns.find(column.trim());
            let column = found.ok_or_else(|| self.columns.missing(&place, column.trim()))?;
            let aim = aim::find(self.meta, flag);
            let aim = aim.ok_or_else(|| aim::missing(self.meta, entry, flag.trim()))?;
            if self.is_settled(aim.field.name) {
                let label = Spelling::Flags.label(self.meta, aim.field);
                return Err(Problem::usage(format!(
                    "{place}: {label} is given already, and a column cannot set it too"
                )));
            }
            if self.aims.insert(column, aim).is_some() {
                return Err(
                    Problem::usage(format!("{place}: the column is mapped twice"))
                        .hint("use a placeholder for the second: --flag '{{column}}'"),
                );
            }
        }
        Ok(())
    }

    /// Lets columns set the arguments that they are named for.
    fn bind(&mut self) -> Outcome<()> {
        for column in 0..self.columns.names.len() {
            if !self.aims.contains_key(&column)
                && let Some(aim) = aim::find(self.meta, &self.columns.names[column])
                && !self.is_settled(aim.field.name)
            {
                self.aims.insert(column, aim);
            }
        }
        Ok(())
    }

    /// Makes origins of what columns set.
    fn origins(&mut self, cleared: &[String]) -> Outcome<()> {
        let is_cleared = |field: &Field| {
            let mut cleared = cleared.iter();
            cleared.any(|name| {
                Spelling::Flags
                    .find(self.meta, name)
                    .is_some_and(|found| found.name == field.name)
            })
        };
        self.aims.retain(|_, aim| !is_cleared(aim.field));
        let mut objects: BTreeMap<&str, Members> = BTreeMap::new();
        for (column, aim) in &self.aims {
            let field = aim.field;
            let twice = || {
                let label = Spelling::Flags.label(self.meta, field);
                let name = &self.columns.names[*column];
                let mut others = self.aims.iter();
                let other = others.find(|(_, other)| other.field.name == field.name);
                let other = other.map_or(name, |(other, _)| &self.columns.names[*other]);
                Problem::usage(format!("columns {other} and {name} both set {label}"))
                    .hint("rename or delete one of them, or give the flag itself a text")
            };
            let probe = objects.entry(field.name).or_default();
            match self.origins.get_mut(field.name) {
                None if aim.path.is_empty() => {
                    self.origins
                        .insert(field.name, (field, Origin::Column(*column)));
                }
                None => {
                    probe.set(&aim.path, Cell::Missing);
                    let members = vec![(*column, aim.path.clone())];
                    self.origins
                        .insert(field.name, (field, Origin::Members(members)));
                }
                Some((_, Origin::Members(members))) if !aim.path.is_empty() => {
                    if !probe.set(&aim.path, Cell::Missing) {
                        return Err(twice());
                    }
                    members.push((*column, aim.path.clone()));
                }
                Some(_) => return Err(twice()),
            }
        }
        Ok(())
    }

    fn finish(mut self, condition: Option<Expression>, cleared: Vec<String>) -> Outcome<Template> {
        self.origins(&cleared)?;
        self.check_required()?;
        let secret = self.secret_columns();
        let mut used: Vec<bool> = vec![false; self.columns.names.len()];
        let mut arguments = Vec::new();
        let mut labels = Labels::new();
        // In the order of the operation, so that the same mistake is found first.
        for field in self.meta.fields {
            let Some((field, origin)) = self.origins.remove(field.name) else {
                continue;
            };
            let columns = columns_of(&origin);
            columns.iter().for_each(|column| used[*column] = true);
            labels.insert(field.name, self.label(field, &origin));
            let is_secret = matches!(field.kind, Kind::Secret)
                || columns.iter().any(|column| secret[*column])
                || holds_secrets(field.kind);
            arguments.push(Argument {
                field,
                origin,
                is_secret,
            });
        }
        self.check_use(&used)?;
        let conditions = condition.iter().flat_map(|condition| &condition.columns);
        conditions.for_each(|(_, column)| used[*column] = true);
        let names = self.columns.names.iter().zip(&used);
        let unused = names.filter(|(_, used)| !**used);
        Ok(Template {
            meta: self.meta,
            unused: unused.map(|(name, _)| Arc::clone(name)).collect(),
            columns: self.columns,
            arguments,
            cleared,
            condition,
            labels,
            secret,
        })
    }

    fn label(&self, field: &Field, origin: &Origin) -> String {
        let name = |column: &usize| &*self.columns.names[*column];
        match origin {
            Origin::Given(texts) => match texts.as_slice() {
                [text] if text.sole_column().is_some() => {
                    let column = text.sole_column().as_ref().map_or("", name);
                    format!("column {column}")
                }
                _ => Spelling::Flags.label(self.meta, field).to_string(),
            },
            Origin::Column(column) => format!("column {}", name(column)),
            Origin::Members(members) => {
                let names: Vec<&str> = members.iter().map(|(column, _)| name(column)).collect();
                let s = if names.len() == 1 { "" } else { "s" };
                format!("column{s} {}", names.join(", "))
            }
        }
    }

    fn secret_columns(&self) -> Vec<bool> {
        let names = self.columns.names.iter().enumerate();
        let secret = names.map(|(column, name)| {
            let aim = self.aims.get(&column);
            is_secret(name)
                || aim.is_some_and(|aim| {
                    matches!(aim.field.kind, Kind::Secret)
                        || aim.path.iter().any(|member| is_secret(member))
                })
        });
        let mut secret: Vec<bool> = secret.collect();
        for (field, origin) in self.origins.values() {
            if matches!(field.kind, Kind::Secret) {
                columns_of(origin)
                    .into_iter()
                    .for_each(|column| secret[column] = true);
            }
        }
        secret
    }

    /// What every row needs must come from somewhere.
    fn check_required(&self) -> Outcome<()> {
        let meta = self.meta;
        let mut required = meta.fields.iter().filter(|field| field.required);
        let missing = required.find(|field| {
            !self.origins.contains_key(field.name)
                && !meta.preset.iter().any(|(name, _)| *name == field.name)
        });
        let Some(field) = missing.filter(|_| !self.columns.names.is_empty()) else {
            return Ok(());
        };
        let label = Spelling::Flags.label(meta, field);
        let name = Spelling::Columns.name(field);
        let is_target = target::field_of(meta).is_some_and(|target| target.name == field.name);
        let write = if is_target {
            "'{{COLUMN}}'".to_owned()
        } else {
            format!("{label} '{{{{COLUMN}}}}'")
        };
        let all: Vec<&str> = self
            .columns
            .names
            .iter()
            .map(AsRef::as_ref)
            .take(30)
            .collect();
        Err(Problem::usage(format!(
            "{label} is missing, and no column is called {name}"
        ))
        .hint(format!(
            "write {write} or --map COLUMN={name}; the columns are: {}",
            all.join(", ")
        )))
    }

    /// Rows that change nothing in the call would all do the same.
    fn check_use(&self, used: &[bool]) -> Outcome<()> {
        if used.is_empty() || used.iter().any(|used| *used) {
            return Ok(());
        }
        let all: Vec<&str> = self
            .columns
            .names
            .iter()
            .map(AsRef::as_ref)
            .take(30)
            .collect();
        Err(
            Problem::usage("no argument comes from the rows, so each row would do the same").hint(
                format!(
                    "write {{{{COLUMN}}}} into an argument; the columns are: {}",
                    all.join(", ")
                ),
            ),
        )
    }
}

fn columns_of(origin: &Origin) -> Vec<usize> {
    match origin {
        Origin::Given(texts) => texts.iter().flat_map(|text| text.columns.clone()).collect(),
        Origin::Column(column) => vec![*column],
        Origin::Members(members) => members.iter().map(|(column, _)| *column).collect(),
    }
}

/// Whether the objects of a list have members that are never shown.
fn holds_secrets(kind: Kind) -> bool {
    match kind {
        Kind::Records(fields) => fields
            .iter()
            .any(|field| matches!(field.kind, Kind::Secret)),
        _ => false,
    }
}
