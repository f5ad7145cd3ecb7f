//! A call in the making: the one way from the texts of flags, cells and JSON members to arguments.

use std::collections::BTreeMap;

use clerk_api::declare::{Effect, Field, Kind, Meta, Place, Verb};
use serde_json::value::RawValue;

use super::source::Inputs;
use super::spelling::{Label, Spelling};
use super::value::{self, Value};
use crate::call::{Call, Pending, Target, Targets};
use crate::problem::{Outcome, Problem};
use crate::target;
use crate::target::reference::Reference;

/// A call in the making.
#[derive(Debug)]
pub struct Draft<'i> {
    call: Call,
    spelling: Spelling,
    inputs: Option<&'i mut Inputs>,
    labels: Option<&'i Labels>,
}

/// What messages call arguments instead, by the API's names of these: a column has a name of its own.
pub type Labels = BTreeMap<&'static str, String>;

impl<'i> Draft<'i> {
    /// Begins a call; messages name its arguments as the face spells them. No text of it names a file.
    #[must_use]
    pub fn new(meta: &'static Meta, spelling: Spelling) -> Self {
        Self {
            call: Call::new(meta),
            spelling,
            inputs: None,
            labels: None,
        }
    }

    /// Lets messages call some arguments by the names that they have where they come from.
    #[must_use]
    pub fn calling(mut self, labels: &'i Labels) -> Self {
        self.labels = Some(labels);
        self
    }

    /// Lets texts name files and standard input, `@file` and `-`. They are inputs of a person at a terminal.
    #[must_use]
    pub fn reading(mut self, inputs: &'i mut Inputs) -> Self {
        self.inputs = Some(inputs);
        self
    }

    /// Sets an argument from one text, which is read by the argument's kind.
    ///
    /// # Errors
    /// The text is no value of the argument.
    pub fn set(&mut self, field: &'static Field, text: &str) -> Outcome<()> {
        self.set_all(field, &[text])
    }

    /// Sets an argument from all texts that are given for it. What takes one value takes the last.
    ///
    /// # Errors
    /// A text is no value of the argument, or there are too many. A target of a write that is named twice would be written
    /// to twice (reliability.md 8.5).
    pub fn set_all(&mut self, field: &'static Field, given: &[&str]) -> Outcome<()> {
        let label = self.label(field);
        if target::field_of(self.call.meta).is_some_and(|target| target.name == field.name) {
            self.call.targets = Some(self.targets(field, &label, given)?);
            return Ok(());
        }
        if matches!(field.kind, Kind::Id { .. }) || field.signed {
            return self.set_signed(field, given, &[]);
        }
        let value = if self.is_empty_list(field, given) {
            value::empty_list(&label)?
        } else if field.many && !matches!(field.kind, Kind::Records(_)) {
            value::list(field, &label, given, self.spelling.has_commas())?
        } else {
            let last = given.last().copied().unwrap_or_default();
            Value {
                field,
                label: &label,
            }
            .json(last, self.inputs.as_deref_mut())?
        };
        // A limit above one page is walked.
        if !matches!(field.kind, Kind::Limit) {
            field
                .check(&value)
                .map_err(|reason| wrong(&label, &reason))?;
        }
        self.call.args.set_raw(field.name, value);
        Ok(())
    }

    /// Sets an argument from a JSON value: null empties it, a list gives it several values. A text in it names no file: nobody typed it.
    ///
    /// # Errors
    /// As those of `set_all` and `clear`.
    pub fn set_json(&mut self, field: &'static Field, json: &RawValue) -> Outcome<()> {
        let inputs = self.inputs.take();
        let set = self.set_value(field, json);
        self.inputs = inputs;
        set
    }

    fn set_value(&mut self, field: &'static Field, json: &RawValue) -> Outcome<()> {
        let label = self.label(field);
        let bad = |error: serde_json::Error| Problem::usage(format!("{label}: {error}"));
        let text = json.get().trim();
        if text == "null" {
            return self.clear(field.name);
        }
        let is_list =
            field.many && text.starts_with('[') && !matches!(field.kind, Kind::Records(_));
        if !is_list {
            return self.set(field, &text_of(text).map_err(bad)?);
        }
        let items: Vec<&RawValue> = serde_json::from_str(text).map_err(bad)?;
        let texts = items.iter().map(|item| text_of(item.get()));
        let texts: Vec<String> = texts.collect::<Result<_, _>>().map_err(bad)?;
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        self.set_all(field, &texts)
    }

    /// Sets ids, or a filter with a sign: a plain value always means "include" and says so.
    ///
    /// # Errors
    /// A text names no object of the argument's kind, or there are too many.
    pub fn set_signed(
        &mut self,
        field: &'static Field,
        given: &[&str],
        excluded: &[&str],
    ) -> Outcome<()> {
        let label = self.label(field);
        let mut items = Vec::new();
        let include = if field.signed { "+" } else { "" };
        for (sign, values) in [(include, given), ("-", excluded)] {
            for value in values {
                for name in self.names(field, &label, value, field.many)? {
                    items.push((sign, self.reference(field, &name)?));
                }
            }
        }
        let checked = field.check_count(items.len());
        checked.map_err(|reason| wrong(&label, &reason))?;
        if items
            .iter()
            .all(|(_, item)| matches!(item, Reference::Ready(_)))
        {
            let ready: Vec<String> = items
                .iter()
                .map(|(sign, item)| format!("{sign}{}", item.shown()))
                .collect();
            return self.call.set_ids(field, &ready);
        }
        self.call.pending.push(Pending { field, items });
        Ok(())
    }

    /// Empties the argument of this name by sending null.
    ///
    /// # Errors
    /// There is no such argument, it cannot be null, or it was set.
    pub fn clear(&mut self, name: &str) -> Outcome<()> {
        let meta = self.call.meta;
        let how = self.spelling.clearing();
        let field = self.spelling.find(meta, name);
        let Some(field) = field.filter(|field| field.nullable) else {
            let nullable = meta.fields.iter().filter(|field| field.nullable);
            let names: Vec<String> = nullable.map(|field| self.spelling.name(field)).collect();
            return Err(Problem::usage(format!(
                "{how}: {name:?} is not a field that can be cleared"
            ))
            .hint(format!("these fields can: {}", names.join(", "))));
        };
        if self.call.args.get(field.name).is_some() {
            let label = self.label(field);
            return Err(Problem::usage(format!(
                "{label} and {how} {name} contradict each other"
            )));
        }
        self.call
            .args
            .set_raw(field.name, RawValue::NULL.to_owned());
        Ok(())
    }

    /// Ends the draft.
    ///
    /// # Errors
    /// An argument is missing, or an update changes nothing.
    pub fn finish(self) -> Outcome<Call> {
        self.check_required()?;
        self.check_change()?;
        Ok(self.call)
    }

    /// What messages call an argument.
    fn label(&self, field: &Field) -> Label {
        match self.labels.and_then(|labels| labels.get(field.name)) {
            Some(name) => self.spelling.called(name),
            None => self.spelling.label(self.call.meta, field),
        }
    }

    fn has(&self, field: &Field) -> bool {
        let Call {
            meta,
            args,
            pending,
            targets,
        } = &self.call;
        args.get(field.name).is_some()
            || pending
                .iter()
                .any(|pending| pending.field.name == field.name)
            || meta.preset.iter().any(|(name, _)| *name == field.name)
            || targets.is_some()
                && target::field_of(meta).is_some_and(|target| target.name == field.name)
    }

    fn check_required(&self) -> Outcome<()> {
        let meta = self.call.meta;
        let missing = meta.fields.iter().filter(|field| field.required);
        let missing = missing.filter(|field| !self.has(field));
        let labels: Vec<String> = missing.map(|field| self.label(field).to_string()).collect();
        match labels.as_slice() {
            [] => Ok(()),
            [one] => Err(Problem::usage(format!("{one} is missing"))),
            many => Err(Problem::usage(format!("{} are missing", many.join(", ")))),
        }
    }

    /// Refuses an update that changes nothing, which is a mistake of the caller.
    ///
    /// # Errors
    /// It is one, and nothing of its body is set.
    pub fn check_change(&self) -> Outcome<()> {
        let meta = self.call.meta;
        let body: Vec<&Field> = meta
            .fields
            .iter()
            .filter(|field| field.place == Place::Body)
            .collect();
        let all_optional = !body.is_empty() && body.iter().all(|field| !field.required);
        let args = &self.call.args;
        let nothing = body.iter().all(|field| args.get(field.name).is_none());
        let mut pending = self.call.pending.iter();
        let is_named = pending.any(|pending| pending.field.place == Place::Body);
        let updates = meta.effect == Effect::Update && meta.verb == Verb::Patch;
        if !updates || !all_optional || !nothing || is_named {
            return Ok(());
        }
        let some = body.iter().take(4);
        let some: Vec<String> = some.map(|field| self.label(field).to_string()).collect();
        let more = match self.spelling {
            Spelling::Flags => "; --help names them all",
            Spelling::Columns | Spelling::Members => "",
        };
        let problem = Problem::usage("nothing to change: give at least one field");
        Err(problem.hint(format!("such as {}{more}", some.join(", "))))
    }

    /// In a change, one empty text is the empty list, which has no other spelling: `--allowed-origins ''`. JSON has one.
    fn is_empty_list(&self, field: &Field, given: &[&str]) -> bool {
        let meta = self.call.meta;
        let changes = matches!(meta.verb, Verb::Patch | Verb::Put);
        changes
            && field.many
            && field.place == Place::Body
            && self.spelling.has_commas()
            && matches!(given, [only] if only.is_empty())
    }

    /// The names in one value. Where several are taken: with commas between them, or, for ids, one a line of what it reads.
    fn names(
        &mut self,
        field: &Field,
        label: &Label,
        given: &str,
        several: bool,
    ) -> Outcome<Vec<Name>> {
        let reads = several && matches!(field.kind, Kind::Id { .. });
        if reads
            && let Some(inputs) = self.inputs.as_deref_mut()
            && let Some(lines) = inputs.lines(label.as_str(), given)?
        {
            let name = |(line, text)| Name {
                line: Some(line),
                place: format!("{label} (line {line})"),
                text,
            };
            return Ok(lines.into_iter().map(name).collect());
        }
        let parts = if several && self.spelling.has_commas() {
            split(field, label, given)?
        } else {
            vec![given]
        };
        let name = |text: &str| Name {
            line: None,
            place: label.to_string(),
            text: text.to_owned(),
        };
        Ok(parts.into_iter().map(name).collect())
    }

    /// What a name means. Only a person writes names that have no form.
    fn reference(&self, field: &Field, name: &Name) -> Outcome<Reference> {
        let is_typed = self.spelling == Spelling::Flags && name.line.is_none();
        let read = if is_typed {
            Reference::typed
        } else {
            Reference::read
        };
        read(field, &name.place, &name.text)
    }

    fn targets(
        &mut self,
        field: &'static Field,
        label: &Label,
        given: &[&str],
    ) -> Outcome<Targets> {
        let meta = self.call.meta;
        let many = target::takes_many(meta);
        let mut items = Vec::new();
        let mut rows = false;
        for value in given {
            rows |= many && self.inputs.is_some() && Inputs::is_elsewhere(value);
            for name in self.names(field, label, value, many)? {
                let reference = self.reference(field, &name)?;
                items.push(Target {
                    number: name.line.unwrap_or(items.len() + 1),
                    reference,
                });
            }
        }
        rows |= items.len() > 1;
        if !many && items.len() != 1 {
            return Err(Problem::usage(format!(
                "{label} takes one value here, {} were given",
                items.len()
            )));
        }
        check_repeats(meta, label, &items)?;
        Ok(Targets { items, rows })
    }
}

fn wrong(label: &Label, reason: &str) -> Box<Problem> {
    Problem::usage(format!("{label} {reason}"))
}

/// The names in one text: commas separate them, unless a name of this kind can hold one.
///
/// # Errors
/// There is nothing next to a comma.
pub fn split<'t>(field: &Field, label: &Label, given: &'t str) -> Outcome<Vec<&'t str>> {
    if Reference::is_free_text(given) {
        return Ok(vec![given]);
    }
    value::parts(field.kind, label, given)
}

/// The text of a JSON value: the content of a string, any other value as it is written.
fn text_of(json: &str) -> Result<String, serde_json::Error> {
    let json = json.trim();
    if json.starts_with('"') {
        return serde_json::from_str(json);
    }
    Ok(json.to_owned())
}

/// One name of an object, and where it stands, for messages.
struct Name {
    line: Option<usize>,
    place: String,
    text: String,
}

/// A target that is named twice would be written to twice (reliability.md 8.5).
fn check_repeats(meta: &Meta, label: &Label, items: &[Target]) -> Outcome<()> {
    if meta.effect == Effect::Read {
        return Ok(());
    }
    let mut seen = BTreeMap::new();
    for item in items {
        if let Some(first) = seen.insert(item.reference.shown(), item.number) {
            let shown = item.reference.shown();
            return Err(Problem::usage(format!(
                "{label}: {shown} is given twice (rows {first} and {})",
                item.number
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
