//! One argument of an operation: its name, its place and the values that it takes.

use super::resource::Resource;

/// Where an argument goes in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A path segment.
    Path,
    /// The query string, repeated for many values.
    Query,
    /// A member of the JSON body.
    Body,
    /// The whole JSON body.
    Whole,
    /// A part of a multipart body.
    Part,
}

/// What values an argument takes.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Kind {
    /// Any text.
    Text,
    /// Text that is never shown: passwords, digests, codes.
    Secret,
    /// Text of a form, such as an e-mail address.
    Form(&'static crate::form::Form),
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A JSON object, kept as its exact text.
    Object,
    /// An array of objects with these fields.
    Records(&'static [Field]),
    /// An instant as milliseconds since 1970.
    Millis,
    /// An instant as RFC 3339 text.
    Instant,
    /// One of these words; others are passed on, since the API may learn new ones.
    Choice(&'static [&'static str]),
    /// One of these keys, with `-` in front for descending.
    Order(&'static [&'static str]),
    /// The id of an object, checked by its grammar.
    Id {
        /// What it names.
        of: &'static Resource,
        /// The grammar's check.
        check: fn(&str) -> Result<(), crate::id::IdError>,
    },
    /// Rows per page, 1 to 500.
    Limit,
    /// Rows to skip.
    Offset,
    /// The last id of the page before.
    Cursor,
    /// A file's name and bytes.
    Upload,
    /// A key that makes the write repeatable; made up where absent.
    IdempotencyKey,
}

/// One argument of an operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Field {
    /// The API's own name.
    pub name: &'static str,
    /// A shorter name that users know, where there is one.
    pub alias: Option<&'static str>,
    /// Where it goes.
    pub place: Place,
    /// What it takes.
    pub kind: Kind,
    /// One sentence for help texts.
    pub doc: &'static str,
    /// Whether the call fails without it.
    pub required: bool,
    /// Whether it takes several values.
    pub many: bool,
    /// Whether null is a value (it clears the field).
    pub nullable: bool,
    /// Whether values carry `+` (include) or `-` (exclude) in front.
    pub signed: bool,
    /// Whether several values go into one query parameter, with commas between them.
    pub joined: bool,
    /// The least and the most it takes: values of a list, bytes of a JSON object, characters of a text, or the number itself.
    pub range: Option<(u64, u64)>,
}

impl Field {
    /// An optional argument with no further facts.
    #[must_use]
    pub const fn new(name: &'static str, place: Place, kind: Kind) -> Self {
        Self {
            name,
            alias: None,
            place,
            kind,
            doc: "",
            required: false,
            many: false,
            nullable: false,
            signed: false,
            joined: false,
            range: None,
        }
    }

    /// Returns what the argument's id names; nothing for an argument that takes no id.
    #[must_use]
    pub const fn resource(&self) -> Option<&'static Resource> {
        match self.kind {
            Kind::Id { of, .. } => Some(of),
            _ => None,
        }
    }
}

/// Strips the mark of a raw identifier: `r#type` is `type` on the wire.
#[must_use]
pub(crate) const fn wire_name(ident: &'static str) -> &'static str {
    match ident.as_bytes() {
        [b'r', b'#', ..] => ident.split_at(2).1,
        _ => ident,
    }
}
