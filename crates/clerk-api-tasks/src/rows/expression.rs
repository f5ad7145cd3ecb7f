//! Expressions over the cells of a row: what stands between `{{` and `}}`, and conditions. Nothing in them reads a file.

use std::sync::LazyLock;

use clerk_api_admin::problem::{Outcome, Problem};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};
use serde_json::Value as Json;

use super::columns::Columns;
use super::nearest::nearest;
use super::row::{Cell, Row};

/// The steps that one expression may take for one row.
const FUEL: u64 = 20_000;

/// For placeholders: what is not there is a mistake.
static STRICT: LazyLock<Environment<'static>> =
    LazyLock::new(|| environment(UndefinedBehavior::Strict));
/// For conditions: what is not there is unlike everything.
pub(super) static LENIENT: LazyLock<Environment<'static>> =
    LazyLock::new(|| environment(UndefinedBehavior::Chainable));

fn environment(undefined: UndefinedBehavior) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(undefined);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(50);
    environment.remove_global("debug");
    environment
}

/// A compiled expression and the columns that it uses.
#[derive(Debug)]
pub(super) struct Expression {
    pub(super) source: String,
    compiled: minijinja::Expression<'static, 'static>,
    /// Each with the name by which the expression calls it.
    pub(super) columns: Vec<(String, usize)>,
    /// Whether it asks for any column by `row["…"]`.
    uses_row: bool,
    /// Whether an empty cell is a value, as conditions want it.
    empty_is_text: bool,
}

impl Expression {
    /// Compiles what stands in a placeholder; `place` says where, for messages.
    pub(super) fn placeholder(place: &str, source: &str, columns: &Columns) -> Outcome<Self> {
        Self::compile(&STRICT, place, source, columns, false)
    }

    /// Compiles a condition.
    pub(super) fn condition(place: &str, source: &str, columns: &Columns) -> Outcome<Self> {
        let condition = Self::compile(&LENIENT, place, source, columns, true)?;
        if condition.columns.is_empty() && !condition.uses_row {
            return Err(
                Problem::usage(format!("{place}: the condition names no column"))
                    .hint("write it as --where 'department == \"Sales\"'"),
            );
        }
        Ok(condition)
    }

    fn compile(
        environment: &'static Environment<'static>,
        place: &str,
        source: &str,
        columns: &Columns,
        empty_is_text: bool,
    ) -> Outcome<Self> {
        let source = source.trim().to_owned();
        let compiled = environment.compile_expression_owned(source.clone());
        let compiled = compiled.map_err(|error| misspelled(place, &source, &error))?;
        let mut used = Vec::new();
        let mut uses_row = false;
        let mut names: Vec<String> = compiled.undeclared_variables(false).into_iter().collect();
        names.sort_unstable();
        for name in names {
            match columns.find(&name) {
                Some(column) => used.push((name, column)),
                None if name == "row" => uses_row = true,
                // A function is no column.
                None if environment.globals().any(|(global, _)| global == name) => {}
                None => return Err(columns.missing(place, &name)),
            }
        }
        let expression = Self {
            source,
            compiled,
            columns: used,
            uses_row,
            empty_is_text,
        };
        expression.try_out(place)?;
        Ok(expression)
    }

    /// Filters, tests and functions are looked up only when they are called: so they are called once.
    fn try_out(&self, place: &str) -> Outcome<()> {
        for sample in ["a", "1", ""] {
            let cells = self.columns.iter();
            let cells = cells.map(|(name, _)| (name.as_str(), Value::from(sample)));
            let Err(error) = self.compiled.eval(Value::from_pairs(cells)) else {
                continue;
            };
            let unknown = matches!(
                error.kind(),
                ErrorKind::UnknownFilter
                    | ErrorKind::UnknownTest
                    | ErrorKind::UnknownFunction
                    | ErrorKind::UnknownMethod
                    | ErrorKind::SyntaxError
            );
            if unknown {
                return Err(misspelled(place, &self.source, &error));
            }
        }
        Ok(())
    }

    /// What it gives for a row.
    pub(super) fn eval(&self, row: &Row, columns: &Columns) -> Result<Value, Error> {
        let value = |place: usize| value_of(row.cell(place), self.empty_is_text);
        let named = self.columns.iter();
        let named = named.map(|(name, place)| (name.as_str(), value(*place)));
        let context = if self.uses_row {
            let all = columns.names.iter().enumerate();
            let all = Value::from_pairs(all.map(|(place, name)| (name.as_ref(), value(place))));
            Value::from_pairs(named.chain([("row", all)]))
        } else {
            Value::from_pairs(named)
        };
        self.compiled.eval(context)
    }

    /// All columns that it may use: `row["…"]` may mean any of them.
    pub(super) fn used(&self, columns: &Columns) -> Vec<usize> {
        if self.uses_row {
            return (0..columns.names.len()).collect();
        }
        self.columns.iter().map(|(_, column)| *column).collect()
    }

    /// The first of its columns that is empty in a row.
    pub(super) fn empty_column(&self, row: &Row) -> Option<usize> {
        let mut columns = self.columns.iter().map(|(_, place)| *place);
        columns.find(|place| is_empty(row.cell(*place)))
    }
}

/// Whether a placeholder finds nothing in a cell: null is nothing, too.
pub(super) fn is_empty(cell: Cell<'_>) -> bool {
    cell.is_empty() || matches!(cell, Cell::Json(json) if json.get() == "null")
}

fn value_of(cell: Cell<'_>, empty_is_text: bool) -> Value {
    match cell {
        Cell::Missing => Value::UNDEFINED,
        Cell::Text("") if !empty_is_text => Value::UNDEFINED,
        Cell::Text(text) => Value::from(text),
        Cell::Json(json) => match serde_json::from_str(json.get()) {
            Ok(Json::Null) | Err(_) if !empty_is_text => Value::UNDEFINED,
            Ok(json) => value_of_json(&json),
            Err(_) => Value::UNDEFINED,
        },
    }
}

pub(super) fn value_of_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(value) => Value::from(*value),
        Json::String(text) => Value::from(text.as_str()),
        Json::Number(number) => {
            let text = number.to_string();
            let whole = text.parse::<i64>().map(Value::from).ok();
            let large = || text.parse::<i128>().map(Value::from).ok();
            let broken = || text.parse::<f64>().map(Value::from).ok();
            // More than a number can hold stays its own text.
            let number = whole.or_else(large).or_else(broken);
            number.unwrap_or_else(|| Value::from(text))
        }
        Json::Array(items) => items.iter().map(value_of_json).collect(),
        Json::Object(members) => {
            let members = members.iter();
            Value::from_pairs(members.map(|(name, value)| (name.as_str(), value_of_json(value))))
        }
    }
}

/// What is wrong with an expression, whatever the row.
pub(super) fn misspelled(place: &str, source: &str, error: &Error) -> Box<Problem> {
    let problem = Problem::usage(format!("{place}: {source}: {}", reason(error)));
    match error.kind() {
        ErrorKind::UnknownFilter => {
            const FILTERS: [&str; 16] = [
                "lower",
                "upper",
                "trim",
                "title",
                "capitalize",
                "default",
                "replace",
                "split",
                "join",
                "first",
                "last",
                "int",
                "float",
                "length",
                "round",
                "tojson",
            ];
            let filters = || FILTERS.into_iter();
            let unknown = error.detail().unwrap_or_default();
            let mut words = unknown.split_whitespace().skip(1);
            match words.next().and_then(|word| nearest(word, filters())) {
                Some(near) => problem.hint(format!("did you mean {near}?")),
                None => problem.hint(format!("filters are {} and more", FILTERS.join(", "))),
            }
        }
        ErrorKind::SyntaxError if has_single_equals(source) => {
            problem.hint("two values are compared by ==, a single = says nothing")
        }
        _ => problem,
    }
}

/// What an error says, with its kind where that alone says it.
pub(super) fn reason(error: &Error) -> String {
    match error.detail() {
        Some(detail) => detail.to_owned(),
        None => error.kind().to_string(),
    }
}

fn has_single_equals(source: &str) -> bool {
    let bytes = source.as_bytes();
    let alone = |place: &usize| {
        let beside = |place: Option<usize>| {
            place
                .and_then(|place| bytes.get(place))
                .is_some_and(|byte| matches!(byte, b'=' | b'!' | b'<' | b'>'))
        };
        bytes[*place] == b'=' && !beside(place.checked_sub(1)) && !beside(Some(place + 1))
    };
    (0..bytes.len()).any(|place| alone(&place))
}
