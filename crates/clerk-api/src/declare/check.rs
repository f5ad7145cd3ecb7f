//! What an argument's value must be: its kind and its range, checked before anything is sent. No I/O.

use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::field::{Field, Kind, Place};

/// What is wrong with a value, as the end of a sentence that begins with the argument's name.
type Complaint = String;

impl Field {
    /// Checks the JSON of a value.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that begins with the argument's name.
    pub fn check(&self, value: &RawValue) -> Result<(), Complaint> {
        if value.get() == "null" {
            return if self.nullable {
                Ok(())
            } else {
                Err("cannot be null".to_owned())
            };
        }
        let is_list = value.get().starts_with('[');
        if matches!(self.kind, Kind::Records(_)) && !is_list {
            return Err("must be a JSON array of objects".to_owned());
        }
        if !self.many || !is_list {
            self.check_count(1)?;
            return self.check_one(value);
        }
        let items: Vec<&RawValue> =
            serde_json::from_str(value.get()).map_err(|_| "is not a JSON list".to_owned())?;
        self.check_count(items.len())?;
        for (index, item) in items.iter().enumerate() {
            self.check_one(item).map_err(|reason| match self.kind {
                Kind::Records(_) => format!("is wrong in object {}: {reason}", index + 1),
                _ if items.len() > 1 => format!("is wrong in value {}: it {reason}", index + 1),
                _ => reason,
            })?;
        }
        Ok(())
    }

    /// Checks how many values are given.
    ///
    /// # Errors
    /// That there are too few or too many, as [`Field::check`] says it.
    pub fn check_count(&self, count: usize) -> Result<(), Complaint> {
        match self.range {
            Some((least, _)) if self.many && (count as u64) < least => {
                Err(format!("takes at least {least}, not {count}"))
            }
            Some((_, most)) if self.many && (count as u64) > most => {
                Err(format!("takes at most {most} at once, not {count}"))
            }
            _ => Ok(()),
        }
    }

    fn check_one(&self, value: &RawValue) -> Result<(), Complaint> {
        let json = value.get();
        match self.kind {
            Kind::Object if !json.starts_with('{') => {
                return Err("must be a JSON object".to_owned());
            }
            Kind::Object => return self.check_size(json),
            Kind::Records(fields) => return check_record(fields, value),
            Kind::Upload => return Ok(()),
            _ => {}
        }
        let in_json = matches!(self.place, Place::Body | Place::Whole);
        if in_json && self.kind.is_text() && !json.starts_with('"') {
            return Err(format!("must be text, not {json:.80}"));
        }
        if in_json && !self.kind.is_text() && json.starts_with('"') {
            return Err(format!("must not be in quotes, as in {json:.80}"));
        }
        let text = text(value)?;
        self.kind_complaint(&text).map_or(Ok(()), Err)?;
        self.range_complaint(&text).map_or(Ok(()), Err)
    }

    fn kind_complaint(&self, text: &str) -> Option<Complaint> {
        let unsigned = if self.signed {
            text.strip_prefix(['+', '-']).unwrap_or(text)
        } else {
            text
        };
        let whole = |low: u64, high: u64| {
            text.parse::<u64>()
                .is_ok_and(|number| (low..=high).contains(&number))
        };
        match self.kind {
            Kind::Id { check, .. } => check(unsigned)
                .err()
                .map(|error| format!("is malformed: {error}")),
            Kind::Cursor => crate::id::check_id(text)
                .err()
                .map(|error| format!("is malformed: {error}")),
            Kind::Form(form) if !(form.fits)(text) => Some(format!(
                "must be {} such as {}, not {}",
                form.what,
                form.example,
                shown(text)
            )),
            Kind::Limit if !whole(1, 500) => {
                Some(format!("must be a whole number from 1 to 500, not {text}"))
            }
            Kind::Offset if !whole(0, u64::MAX) => {
                Some(format!("must be a whole number of at least 0, not {text}"))
            }
            Kind::Integer | Kind::Millis if text.parse::<i64>().is_err() => {
                Some(format!("must be a whole number, not {text:?}"))
            }
            Kind::Boolean if !matches!(text, "true" | "false") => {
                Some(format!("must be true or false, not {text:?}"))
            }
            Kind::Order(keys) if !keys.contains(&text.strip_prefix(['+', '-']).unwrap_or(text)) => {
                Some(format!(
                    "must be one of {}, with - in front for descending, not {text:?}",
                    keys.join(", ")
                ))
            }
            _ => None,
        }
    }

    /// The range of a single value; that of a list counts its values.
    fn range_complaint(&self, text: &str) -> Option<Complaint> {
        let (least, most) = self.range.filter(|_| !self.many)?;
        let outside = |number: u64| !(least..=most).contains(&number);
        match self.kind {
            Kind::Integer => text
                .parse()
                .map_or(true, outside)
                .then(|| format!("must be from {least} to {most}, not {text}")),
            _ => {
                let length = text.chars().count() as u64;
                outside(length).then(|| format!("takes {least} to {most} characters, not {length}"))
            }
        }
    }

    /// The size of a JSON object, as the API would store it: without spaces, and without the keys that null removes.
    fn check_size(&self, json: &str) -> Result<(), Complaint> {
        let Some((_, most)) = self.range.filter(|(_, most)| json.len() as u64 > *most) else {
            return Ok(());
        };
        let mut value: Value = serde_json::from_str(json).map_err(|_| "is not JSON".to_owned())?;
        drop_nulls(&mut value);
        let size = value.to_string().len() as u64;
        if size > most {
            return Err(format!("takes at most {most} bytes, not {size}"));
        }
        Ok(())
    }
}

impl Kind {
    /// Whether its JSON is a text.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        !matches!(
            self,
            Self::Integer
                | Self::Boolean
                | Self::Object
                | Self::Records(_)
                | Self::Millis
                | Self::Limit
                | Self::Offset
                | Self::Upload
        )
    }

    /// Whether no value of this kind holds a comma, so that commas can stand between several.
    #[must_use]
    pub const fn is_without_commas(&self) -> bool {
        !matches!(
            self,
            Self::Text
                | Self::Secret
                | Self::IdempotencyKey
                | Self::Object
                | Self::Records(_)
                | Self::Upload
        )
    }
}

/// The text of a value as it stands in a path or query.
pub(crate) fn text(value: &RawValue) -> Result<String, Complaint> {
    let json = value.get();
    if json.starts_with('"') {
        return serde_json::from_str(json).map_err(|_| "is not JSON text".to_owned());
    }
    Ok(json.to_owned())
}

/// One object of a body that is a list. Where no fields are known, any will do.
fn check_record(fields: &[Field], value: &RawValue) -> Result<(), Complaint> {
    let members: Members<'_> =
        serde_json::from_str(value.get()).map_err(|_| "it is not a JSON object".to_owned())?;
    for (name, value) in members.0.iter().filter(|_| !fields.is_empty()) {
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
            return Err(format!(
                "{name:?} is unknown; the fields are {}",
                known.join(", ")
            ));
        };
        field
            .check(value)
            .map_err(|reason| format!("{name} {reason}"))?;
    }
    let missing =
        |field: &&Field| field.required && !members.0.iter().any(|(name, _)| name == field.name);
    match fields.iter().find(missing) {
        Some(field) => Err(format!("{} is missing", field.name)),
        None => Ok(()),
    }
}

/// The members of an object, each with its exact text.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

fn drop_nulls(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|_, value| !value.is_null());
        members.values_mut().for_each(drop_nulls);
    }
}

/// The beginning of a text, for messages.
fn shown(text: &str) -> String {
    let start: String = text.chars().take(80).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    format!("{start:?}{more}")
}

#[cfg(test)]
mod tests;
