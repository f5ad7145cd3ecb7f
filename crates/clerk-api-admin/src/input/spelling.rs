//! How a face names arguments, and what their texts may be there.

use std::fmt;

use clerk_api::declare::{Field, Meta};

use crate::target;

/// Where the arguments of a call come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Flags and a positional argument, typed by a person: `--email`, `<USER_ID>`.
    Flags,
    /// Columns of a file, named like flags: `column email`.
    Columns,
    /// Members of a JSON object, named like the API's parameters: `email_address`.
    Members,
}

impl Spelling {
    /// How an argument is called in messages.
    #[must_use]
    pub fn label(self, meta: &Meta, field: &Field) -> Label {
        let is_target = target::field_of(meta).is_some_and(|target| target.name == field.name);
        let name = match self {
            Self::Flags if is_target => format!("<{}>", field.name.to_uppercase()),
            Self::Flags => format!("--{}", long(field)),
            Self::Columns => format!("column {}", long(field)),
            Self::Members => field.name.to_owned(),
        };
        Label {
            name,
            spelling: self,
        }
    }

    /// The label of an argument that has another name where it comes from.
    pub(crate) fn called(self, name: &str) -> Label {
        Label {
            name: name.to_owned(),
            spelling: self,
        }
    }

    /// The name of an argument, as it is written where it is set.
    #[must_use]
    pub fn name(self, field: &Field) -> String {
        match self {
            Self::Flags | Self::Columns => long(field),
            Self::Members => field.name.to_owned(),
        }
    }

    /// The argument of this name. A flag's name, its longer form and the API's name all count.
    #[must_use]
    pub fn find(self, meta: &Meta, name: &str) -> Option<&'static Field> {
        match self {
            Self::Members => meta.fields.iter().find(|field| field.name == name),
            Self::Flags | Self::Columns => {
                meta.field(&name.trim_start_matches("--").replace('-', "_"))
            }
        }
    }

    /// How an argument is emptied, for messages.
    pub(crate) const fn clearing(self) -> &'static str {
        match self {
            Self::Flags => "--clear",
            Self::Columns => "an empty cell",
            Self::Members => "null",
        }
    }

    /// Whether one text can hold several values with commas between them.
    pub(crate) const fn has_commas(self) -> bool {
        !matches!(self, Self::Members)
    }
}

/// The name of a field as a flag or column: the shorter one where there is one, in kebab case.
#[must_use]
pub fn long(field: &Field) -> String {
    field.alias.unwrap_or(field.name).replace('_', "-")
}

/// The name of an argument in messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    name: String,
    spelling: Spelling,
}

impl Label {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether a person types the argument, and so can name a file instead.
    pub(crate) const fn is_typed(&self) -> bool {
        matches!(self.spelling, Spelling::Flags)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use clerk_api::ops::find;

    use super::*;

    #[test]
    fn each_face_names_arguments_in_its_own_way() {
        let meta = find("users.update_metadata").unwrap().meta;
        let labels = |spelling: Spelling| {
            let labels = meta.fields.iter().map(|field| spelling.label(meta, field));
            let labels: Vec<String> = labels.take(2).map(|label| label.to_string()).collect();
            labels.join(", ")
        };
        assert_eq!(labels(Spelling::Flags), "<USER_ID>, --public");
        assert_eq!(labels(Spelling::Columns), "column user-id, column public");
        assert_eq!(labels(Spelling::Members), "user_id, public_metadata");
    }

    #[test]
    fn a_column_is_named_like_a_flag_and_a_member_like_a_parameter() {
        let meta = find("users.update_metadata").unwrap().meta;
        let found = |spelling: Spelling, name| spelling.find(meta, name).map(|field| field.name);
        for name in ["public", "public-metadata", "public_metadata"] {
            let field = found(Spelling::Columns, name);
            assert_eq!(field, Some("public_metadata"), "{name}");
        }
        assert_eq!(
            found(Spelling::Members, "public_metadata"),
            Some("public_metadata")
        );
        assert_eq!(found(Spelling::Members, "public"), None);
    }
}
