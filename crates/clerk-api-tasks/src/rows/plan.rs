//! Which texts and columns make which argument, found out once for all rows.

use std::collections::BTreeMap;

use clerk_api::declare::{Field, Kind, Meta};
use clerk_api_admin::input::draft::{Draft, Labels};
use clerk_api_admin::input::spelling::Spelling;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target;

use super::aim::{self, Aim};
use super::columns::{Columns, is_secret};
use super::members::Members;
use super::row::Cell;
use super::text::Text;

/// One argument and where it comes from.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) field: &'static Field,
    pub(super) origin: Origin,
    pub(super) is_secret: bool,
}

#[derive(Debug)]
pub(super) enum Origin {
    /// Texts that were given for it.
    Given(Vec<Text>),
    /// A cell.
    Column(usize),
    /// Cells that are members of an object.
    Members(Vec<(usize, Vec<String>)>),
}

/// What a plan comes to.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) arguments: Vec<Argument>,
    pub(super) labels: Labels,
    pub(super) columns: Columns,
    /// The columns whose values are never shown.
    pub(super) secret: Vec<bool>,
    /// The columns that arguments use.
    pub(super) used: Vec<bool>,
}

/// A template in the making.
pub(super) struct Plan {
    meta: &'static Meta,
    pub(super) columns: Columns,
    origins: BTreeMap<&'static str, (&'static Field, Origin)>,
    aims: BTreeMap<usize, Aim>,
}

impl Plan {
    pub(super) fn new(meta: &'static Meta, columns: Columns) -> Self {
        Self {
            meta,
            columns,
            origins: BTreeMap::new(),
            aims: BTreeMap::new(),
        }
    }

    /// Takes the texts that were given. Those that are the same for all rows are checked here, once.
    pub(super) fn give(&mut self, given: &[(String, Vec<String>)], literal: bool) -> Outcome<()> {
        for (name, given) in given {
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
            let texts = given.iter().map(|text| match literal {
                true => Ok(Text::plain(text, is_json)),
                false => Text::read(label.as_str(), text, is_json, &self.columns),
            });
            let texts = texts.collect::<Outcome<Vec<Text>>>()?;
            if texts.iter().all(Text::is_plain) {
                let same: Vec<&str> = given.iter().map(String::as_str).collect();
                Draft::new(self.meta, Spelling::Flags).set_all(field, &same)?;
            }
            self.origins
                .insert(field.name, (field, Origin::Given(texts)));
        }
        Ok(())
    }

    pub(super) fn clear(&self, cleared: &[String]) -> Outcome<()> {
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
    pub(super) fn map(&mut self, maps: &[String]) -> Outcome<()> {
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
    pub(super) fn bind(&mut self) -> Outcome<()> {
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

    /// What the template is made of.
    ///
    /// # Errors
    /// Two columns set the same, something required is missing, or no argument comes from the rows.
    pub(super) fn finish(mut self, cleared: &[String]) -> Outcome<Made> {
        self.origins(cleared)?;
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
        Ok(Made {
            arguments,
            labels,
            columns: self.columns,
            secret,
            used,
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
