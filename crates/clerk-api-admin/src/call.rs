//! A call as it was asked for: arguments, names that still need a look-up, targets. No network.

use clerk_api::declare::{Field, Kind, Meta, Place};
use clerk_api::{Args, ops};
use serde_json::value::RawValue;

use crate::problem::{Outcome, Problem};
use crate::target;
use crate::target::reference::{Reference, is_id};

/// One object that a call is for.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its number, from 1, or its line where it came from a file.
    pub number: usize,
    /// How it was named.
    pub reference: Reference,
}

/// What a call is for.
#[derive(Debug, Clone)]
pub struct Targets {
    /// Each object.
    pub items: Vec<Target>,
    /// Whether the results are rows, also where there is one target only.
    pub rows: bool,
}

/// References of one argument.
#[derive(Debug, Clone)]
pub struct Pending {
    /// The argument.
    pub field: &'static Field,
    /// Each with the sign that goes in front: nothing, `+` or `-`.
    pub items: Vec<(&'static str, Reference)>,
}

/// A call, without the facts that only the API knows.
#[derive(Debug, Clone)]
pub struct Call {
    /// The operation.
    pub meta: &'static Meta,
    /// The arguments that are known.
    pub args: Args,
    /// The arguments that name objects by something else than their ids.
    pub pending: Vec<Pending>,
    /// The targets of the call, if the operation has any.
    pub targets: Option<Targets>,
}

impl Call {
    /// A call without arguments.
    #[must_use]
    pub fn new(meta: &'static Meta) -> Self {
        Self {
            meta,
            args: Args::new(),
            pending: Vec::new(),
            targets: None,
        }
    }

    /// Whether every object is named by its full id, which is the yes of product.md section 4.
    #[must_use]
    pub fn is_by_id(&self) -> bool {
        let targets = self.targets.iter().flat_map(|targets| &targets.items);
        let ids =
            self.meta.fields.iter().filter(|field| {
                matches!(field.kind, Kind::Id { .. }) && field.place == Place::Path
            });
        let mut ids = ids.filter_map(|field| self.args.text(field.name));
        self.pending.is_empty()
            && targets
                .map(|target| &target.reference)
                .all(Reference::is_id)
            && ids.all(|id| is_id(&id))
    }

    /// Whether the call needs a look-up before it can be sent.
    #[must_use]
    pub fn has_names(&self) -> bool {
        let mut targets = self.targets.iter().flat_map(|targets| &targets.items);
        !self.pending.is_empty()
            || targets.any(|target| !matches!(target.reference, Reference::Ready(_)))
    }

    /// How many objects one request touches: the rows of its body, or the ids in it.
    #[must_use]
    pub fn objects(&self) -> usize {
        let fields = self.meta.fields.iter();
        let bodies = fields.filter(|field| matches!(field.place, Place::Body | Place::Whole));
        let lists = bodies.filter(|field| {
            field.many && matches!(field.kind, Kind::Id { .. })
                || matches!(field.kind, Kind::Records(_))
        });
        let counts = lists.filter_map(|field| {
            let value = self.args.get(field.name)?;
            Some(serde_json::from_str::<Vec<&RawValue>>(value.get()).map_or(1, |rows| rows.len()))
        });
        counts.max().unwrap_or(1)
    }

    /// Sets an argument to ids that are known now.
    ///
    /// # Errors
    /// An id that is no JSON text, which does not happen.
    pub fn set_ids(&mut self, field: &Field, ids: &[String]) -> Outcome<()> {
        let set = match ids {
            [id] if !field.many => self.args.set(field.name, id),
            [.., last] if !field.many => self.args.set(field.name, last),
            _ => self.args.set(field.name, &ids),
        };
        set.map_err(|error| Problem::usage(error.to_string()))
    }

    /// Puts a target's id where the path wants it.
    ///
    /// # Errors
    /// As those of `set_ids`.
    pub fn set_target(&mut self, id: &str) -> Outcome<()> {
        match target::field_of(self.meta) {
            Some(field) => self.set_ids(field, &[id.to_owned()]),
            None => Ok(()),
        }
    }
}

/// The operation of this name.
///
/// # Errors
/// There is none.
pub fn operation(name: &str) -> Outcome<&'static Meta> {
    ops::find(name)
        .map(|op| op.meta)
        .ok_or_else(|| Problem::usage(format!("there is no operation {name}")))
}
