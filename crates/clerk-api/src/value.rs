//! The types that an operation's arguments may have, and what each says about itself.

mod macros;
mod scalar;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

pub use scalar::{
    Country, Cursor, Email, IdempotencyKey, Limit, METADATA_LIMIT, Object, Offset, PermissionKey,
    Phone, RoleKey, RoleSetKey, SecretText, Slug, Upload, Word,
};

pub(crate) use macros::{choice, required};

use crate::args::Args;
use crate::declare::{Field, Kind};

/// A type that an argument can have.
pub trait FieldType {
    /// What values it takes.
    const KIND: Kind;
    /// Whether it holds several values.
    const MANY: bool = false;
    /// Whether it can be null.
    const NULLABLE: bool = false;
    /// Whether its values carry a sign.
    const SIGNED: bool = false;
    /// Whether several values go into one query parameter, with commas between them.
    const JOINED: bool = false;
    /// Its JSON, or nothing where it is absent.
    fn json(&self) -> Option<Box<RawValue>>;
}

/// The type of an argument that may be left out.
pub trait Optional: FieldType {
    /// What a setter takes.
    type Item;
    /// The value of an argument that was not given.
    fn absent() -> Self;
    /// Gives the argument a value, or one more.
    fn put(&mut self, item: Self::Item);
}

/// A single value: what `Option`, `Vec` and `Patch` are made of.
pub trait Scalar: Serialize {
    /// What values it takes.
    const KIND: Kind;
    /// Whether it carries a sign.
    const SIGNED: bool = false;
}

/// A field of a PATCH body: leave it, clear it (null), or set it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The field is not sent.
    #[default]
    Keep,
    /// The field is sent as null.
    Clear,
    /// The field is sent with this value.
    Set(T),
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl From<&str> for Patch<String> {
    fn from(value: &str) -> Self {
        Self::Set(value.to_owned())
    }
}

impl From<&str> for Patch<SecretText> {
    fn from(value: &str) -> Self {
        Self::Set(value.into())
    }
}

/// A filter value that includes or excludes.
///
/// The sign is always sent, since a value that begins with `-` would invert the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed<T> {
    /// Rows that have the value.
    Include(T),
    /// Rows that do not have it.
    Exclude(T),
}

impl<T: std::fmt::Display> Serialize for Signed<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Include(value) => serializer.collect_str(&format_args!("+{value}")),
            Self::Exclude(value) => serializer.collect_str(&format_args!("-{value}")),
        }
    }
}

impl<T> From<T> for Signed<T> {
    fn from(value: T) -> Self {
        Self::Include(value)
    }
}

impl From<&str> for Signed<String> {
    fn from(value: &str) -> Self {
        Self::Include(value.to_owned())
    }
}

impl<T: Scalar + std::fmt::Display> Scalar for Signed<T> {
    const KIND: Kind = T::KIND;
    const SIGNED: bool = true;
}

/// Sets an argument to a value, unless it is absent.
pub(crate) fn put<T: FieldType>(args: &mut Args, name: &str, value: &T) {
    if let Some(json) = value.json() {
        args.set_raw(name, json);
    }
}

fn json(value: &impl Serialize) -> Option<Box<RawValue>> {
    to_raw_value(value).ok()
}

impl<T: Scalar> FieldType for Option<T> {
    const KIND: Kind = T::KIND;
    const SIGNED: bool = T::SIGNED;
    fn json(&self) -> Option<Box<RawValue>> {
        self.as_ref().and_then(json)
    }
}

impl<T: Scalar> Optional for Option<T> {
    type Item = T;
    fn absent() -> Self {
        None
    }
    fn put(&mut self, item: T) {
        *self = Some(item);
    }
}

impl<T: Scalar> FieldType for Vec<T> {
    const KIND: Kind = T::KIND;
    const MANY: bool = true;
    const SIGNED: bool = T::SIGNED;
    fn json(&self) -> Option<Box<RawValue>> {
        if self.is_empty() { None } else { json(self) }
    }
}

impl<T: Scalar> Optional for Vec<T> {
    type Item = T;
    fn absent() -> Self {
        Self::new()
    }
    fn put(&mut self, item: T) {
        self.push(item);
    }
}

/// Several values that go into one query parameter, with commas between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Joined<T>(pub Vec<T>);

impl<T: Scalar> FieldType for Joined<T> {
    const KIND: Kind = T::KIND;
    const MANY: bool = true;
    const JOINED: bool = true;
    fn json(&self) -> Option<Box<RawValue>> {
        self.0.json()
    }
}

impl<T: Scalar> Optional for Joined<T> {
    type Item = T;
    fn absent() -> Self {
        Self(Vec::new())
    }
    fn put(&mut self, item: T) {
        self.0.push(item);
    }
}

impl<T: Serialize> Patch<T> {
    /// The JSON that is sent; nothing where the field stays as it is.
    fn sent(&self) -> Option<Box<RawValue>> {
        match self {
            Self::Keep => None,
            Self::Clear => json(&()),
            Self::Set(value) => json(value),
        }
    }
}

impl<T: Scalar> FieldType for Patch<T> {
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
    const SIGNED: bool = T::SIGNED;
    fn json(&self) -> Option<Box<RawValue>> {
        self.sent()
    }
}

impl<T: Scalar> Optional for Patch<T> {
    type Item = Self;
    fn absent() -> Self {
        Self::Keep
    }
    fn put(&mut self, item: Self) {
        *self = item;
    }
}

/// A list that is replaced as a whole: an empty one is sent too, unlike with a plain `Vec`.
impl<T: Scalar> FieldType for Option<Vec<T>> {
    const KIND: Kind = T::KIND;
    const MANY: bool = true;
    fn json(&self) -> Option<Box<RawValue>> {
        self.as_ref().and_then(json)
    }
}

impl<T: Scalar> Optional for Option<Vec<T>> {
    type Item = Vec<T>;
    fn absent() -> Self {
        None
    }
    fn put(&mut self, items: Vec<T>) {
        *self = Some(items);
    }
}

/// A list that is replaced as a whole and can be null.
impl<T: Scalar> FieldType for Patch<Vec<T>> {
    const KIND: Kind = T::KIND;
    const MANY: bool = true;
    const NULLABLE: bool = true;
    fn json(&self) -> Option<Box<RawValue>> {
        self.sent()
    }
}

impl<T: Scalar> Optional for Patch<Vec<T>> {
    type Item = Self;
    fn absent() -> Self {
        Self::Keep
    }
    fn put(&mut self, item: Self) {
        *self = item;
    }
}

/// Objects of a body that is an array; implemented by `record!`.
pub trait Record: Serialize {
    /// The fields of one object.
    const FIELDS: &'static [Field];
}

/// A sort key with its direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order<T> {
    key: T,
    descending: bool,
}

impl<T> Order<T> {
    /// Smallest first.
    pub const fn ascending(key: T) -> Self {
        Self {
            key,
            descending: false,
        }
    }

    /// Largest first.
    pub const fn descending(key: T) -> Self {
        Self {
            key,
            descending: true,
        }
    }
}

/// A text that is one of some words; implemented by `choice!`.
pub trait Choice: Serialize + std::fmt::Display {
    /// The words that are known.
    const WORDS: &'static [&'static str];
}

impl<T: Choice> Serialize for Order<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sign = if self.descending { "-" } else { "" };
        serializer.collect_str(&format_args!("{sign}{}", self.key))
    }
}

impl<T: Choice> Scalar for Order<T> {
    const KIND: Kind = Kind::Order(T::WORDS);
}
