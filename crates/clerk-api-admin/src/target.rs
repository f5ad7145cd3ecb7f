//! What a call is for: the objects that people name, and the ids behind their names.

pub mod reference;
pub mod resolve;

use clerk_api::declare::{Field, Meta, Paging, Place};

/// The field that names what an operation is for: the first of the path.
#[must_use]
pub fn field_of(meta: &Meta) -> Option<&'static Field> {
    meta.fields.iter().find(|field| field.place == Place::Path)
}

/// The field that names the object itself, and not what it belongs to: the last of the path.
#[must_use]
pub fn object_of(meta: &Meta) -> Option<&'static Field> {
    meta.fields.iter().rfind(|field| field.place == Place::Path)
}

/// Whether an operation can be done for several objects one by one.
#[must_use]
pub const fn takes_many(meta: &Meta) -> bool {
    matches!(meta.paging, Paging::None)
}
