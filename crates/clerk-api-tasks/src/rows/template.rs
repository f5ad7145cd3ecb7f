//! The arguments of one operation over rows: which texts and columns make them, checked once before any row.

use std::sync::Arc;

use clerk_api::declare::{Field, Kind, Meta, Place};
use clerk_api_admin::call::Call;
use clerk_api_admin::input::draft::{Draft, Labels};
use clerk_api_admin::input::spelling::Spelling;
use clerk_api_admin::problem::{Outcome, Problem};
use serde::{Deserialize, Serialize};

use super::aim;
use super::columns::Columns;
use super::expression::{self, Expression};
use super::input::Input;
use super::members::Members;
use super::plan::{Argument, Made, Origin, Plan};
use super::row::{Cell, Row};
use super::text::{Unmade, shown};

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
    /// Texts are what they say: `{{` begins no placeholder.
    pub literal: bool,
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

impl Template {
    /// Checks what was asked for against the operation and the columns of an input.
    ///
    /// # Errors
    /// A text, a `--map` or the condition names a column that is not there or is misspelled; a map names no flag; two columns set
    /// the same argument; a required argument has neither a text nor a column; or no argument comes from the rows at all.
    pub fn new(meta: &'static Meta, asked: &Asked, input: &Input) -> Outcome<Self> {
        let columns = Columns::new(input.columns());
        let mut plan = Plan::new(meta, columns);
        plan.give(&asked.given, asked.literal)?;
        plan.clear(&asked.cleared)?;
        plan.map(&asked.maps)?;
        plan.bind()?;
        let condition = asked.condition.as_deref();
        let condition = condition.map(|text| Expression::condition("--where", text, &plan.columns));
        let condition = condition.transpose()?;
        let Made {
            arguments,
            labels,
            columns,
            secret,
            mut used,
        } = plan.finish(&asked.cleared)?;
        let changes = |argument: &Argument| argument.field.place == Place::Body;
        if asked.cleared.is_empty() && !arguments.iter().any(changes) {
            Draft::new(meta, Spelling::Flags).check_change()?;
        }
        let conditions = condition.iter();
        let conditions = conditions.flat_map(|condition| condition.used(&columns));
        conditions.for_each(|column| used[column] = true);
        let names = columns.names.iter().zip(&used);
        let unused = names.filter(|(_, used)| !**used);
        Ok(Self {
            meta,
            unused: unused.map(|(name, _)| Arc::clone(name)).collect(),
            columns,
            arguments,
            cleared: asked.cleared.clone(),
            condition,
            labels,
            secret,
        })
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
            let used = condition.used(&self.columns);
            let why = match used.iter().any(|column| self.secret[*column]) {
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
