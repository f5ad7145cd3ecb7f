//! The types that an operation's arguments may have, and what each says about itself.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::endpoint::{Field, Kind};
use crate::id;

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
    /// What a setter takes.
    type Item;
    /// The value of an argument that was not given.
    fn absent() -> Self;
    /// Gives the argument a value, or one more.
    fn put(&mut self, item: Self::Item);
    /// Its JSON, or nothing where it is absent.
    fn json(&self) -> Option<Box<RawValue>>;
}

/// A single value: what `Option`, `Vec` and `Patch` are made of.
pub trait Scalar: Serialize {
    /// What values it takes.
    const KIND: Kind;
    /// Whether it carries a sign.
    const SIGNED: bool = false;
}

/// Strips the mark of a raw identifier: `r#type` is `type` on the wire.
#[must_use]
pub const fn wire_name(ident: &'static str) -> &'static str {
    match ident.as_bytes() {
        [b'r', b'#', ..] => ident.split_at(2).1,
        _ => ident,
    }
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

/// A filter value that includes or excludes. The sign is always sent, since a value that begins with `-` would invert the filter.
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

fn json(value: &impl Serialize) -> Option<Box<RawValue>> {
    to_raw_value(value).ok()
}

impl<T: Scalar> FieldType for Option<T> {
    const KIND: Kind = T::KIND;
    const SIGNED: bool = T::SIGNED;
    type Item = T;
    fn absent() -> Self {
        None
    }
    fn put(&mut self, item: T) {
        *self = Some(item);
    }
    fn json(&self) -> Option<Box<RawValue>> {
        self.as_ref().and_then(json)
    }
}

impl<T: Scalar> FieldType for Vec<T> {
    const KIND: Kind = T::KIND;
    const MANY: bool = true;
    const SIGNED: bool = T::SIGNED;
    type Item = T;
    fn absent() -> Self {
        Self::new()
    }
    fn put(&mut self, item: T) {
        self.push(item);
    }
    fn json(&self) -> Option<Box<RawValue>> {
        if self.is_empty() { None } else { json(self) }
    }
}

impl<T: Scalar> FieldType for Patch<T> {
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
    const SIGNED: bool = T::SIGNED;
    type Item = Self;
    fn absent() -> Self {
        Self::Keep
    }
    fn put(&mut self, item: Self) {
        *self = item;
    }
    fn json(&self) -> Option<Box<RawValue>> {
        match self {
            Self::Keep => None,
            Self::Clear => json(&()),
            Self::Set(value) => json(value),
        }
    }
}

/// Gives single values their kind, and lets them stand as required arguments.
macro_rules! scalar {
    ($($ty:ty = $kind:expr;)+) => {$(
        impl Scalar for $ty {
            const KIND: Kind = $kind;
        }
        $crate::field::required!($ty);
    )+};
}

/// Lets a single value stand as a required argument.
macro_rules! required {
    ($ty:ty) => {
        impl $crate::field::FieldType for $ty {
            const KIND: $crate::endpoint::Kind = <$ty as $crate::field::Scalar>::KIND;
            type Item = $ty;
            fn absent() -> Self {
                unreachable!("a required argument is given to new")
            }
            fn put(&mut self, item: $ty) {
                *self = item;
            }
            fn json(&self) -> Option<Box<serde_json::value::RawValue>> {
                serde_json::value::to_raw_value(self).ok()
            }
        }
    };
}
pub(crate) use required;

/// A JSON object kept as its exact text: metadata.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Object(Box<RawValue>);

impl Object {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// When the text is not JSON, or not an object.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<serde::de::IgnoredAny>(text)?;
        if !text.trim_start().starts_with('{') {
            return Err(serde::de::Error::custom(
                "expected a JSON object, such as {\"plan\":\"pro\"}",
            ));
        }
        Ok(Self(RawValue::from_string(text.trim().to_owned())?))
    }

    /// The JSON of a map or struct.
    ///
    /// # Errors
    /// When the value is not a JSON object.
    pub fn of(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        Self::parse(&serde_json::to_string(value)?)
    }

    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

/// Text that is never shown: passwords and codes on their way out, tokens and admission links on their way in.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<T: Into<String>> From<T> for SecretText {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// Rows per page, 1 to 500 (spec: `LimitParameter`).
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Limit(pub u32);

/// Rows to skip.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Offset(pub u64);

/// The id of the last row of the page before.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// A text that makes a write repeatable; one is made up where it is absent.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct IdempotencyKey(pub String);

macro_rules! wrap {
    ($($ty:ident($inner:ty);)+) => {$(
        impl From<$inner> for $ty {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    )+};
}
wrap! { Limit(u32); Offset(u64); Cursor(String); IdempotencyKey(String); }

/// A file to upload.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The file's name, without folders.
    pub file_name: String,
    /// Its bytes, at most 10 MB (spec: `UploadOrganizationLogo`).
    pub bytes: Vec<u8>,
}

impl Serialize for Upload {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::Engine as _;
        use serde::ser::SerializeStruct as _;
        let mut json = serializer.serialize_struct("Upload", 2)?;
        json.serialize_field("file_name", &self.file_name)?;
        json.serialize_field(
            "data",
            &base64::engine::general_purpose::STANDARD.encode(&self.bytes),
        )?;
        json.end()
    }
}

scalar! {
    String = Kind::Text;
    SecretText = Kind::Secret;
    bool = Kind::Boolean;
    i64 = Kind::Integer;
    u64 = Kind::Integer;
    Object = Kind::Object;
    Limit = Kind::Limit;
    Offset = Kind::Offset;
    Cursor = Kind::Cursor;
    IdempotencyKey = Kind::IdempotencyKey;
    Upload = Kind::Upload;
    crate::time::Timestamp = Kind::Millis;
    crate::time::Rfc3339 = Kind::Instant;
    id::UserId = Kind::Id { what: id::UserId::WHAT, check: id::check_id };
    id::OrganizationId = Kind::Id { what: id::OrganizationId::WHAT, check: id::check_id };
    id::OrganizationRef = Kind::Id { what: id::OrganizationRef::WHAT, check: id::check_id_or_slug };
    id::InvitationId = Kind::Id { what: id::InvitationId::WHAT, check: id::check_id };
    id::IdentificationId = Kind::Id { what: id::IdentificationId::WHAT, check: id::check_id };
    id::ExternalAccountId = Kind::Id { what: id::ExternalAccountId::WHAT, check: id::check_id };
    id::TrustedDeviceId = Kind::Id { what: id::TrustedDeviceId::WHAT, check: id::check_id };
    id::Provider = Kind::Id { what: id::Provider::WHAT, check: id::check_provider };
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

/// Declares a text that is one of some words; an unknown word survives as `Other`.
macro_rules! choice {
    ($(#[doc = $doc:literal])+ pub enum $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $vdoc])* #[doc = concat!("`", $word, "`")] $variant,)+
            /// A word that this version does not know.
            Other(String),
        }

        impl $name {
            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer).map(|word| Self::from(word.as_ref()))
            }
        }

        impl $crate::field::Choice for $name {
            const WORDS: &'static [&'static str] = &[$($word),+];
        }

        impl $crate::field::Scalar for $name {
            const KIND: $crate::endpoint::Kind = $crate::endpoint::Kind::Choice(<$name as $crate::field::Choice>::WORDS);
        }
        $crate::field::required!($name);
    };
}

/// Declares the objects of a body that is an array, with the same field form as `endpoint!`.
macro_rules! record {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident;
        needs { $($(#[doc = $ndoc:literal])+ $need:ident: $nty:ty,)+ }
        takes { $($(#[doc = $tdoc:literal])+ $take:ident: $tty:ty,)+ }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $ndoc])+ pub $need: $nty,)+
            $($(#[doc = $tdoc])+ pub $take: $tty,)+
        }

        impl $name {
            /// Makes one from what it needs.
            #[must_use]
            pub fn new($($need: impl Into<$nty>),+) -> Self {
                Self {
                    $($need: $need.into(),)+
                    $($take: <$tty as $crate::field::FieldType>::absent(),)+
                }
            }

            $(
                $(#[doc = $tdoc])+
                #[must_use]
                pub fn $take(mut self, value: impl Into<<$tty as $crate::field::FieldType>::Item>) -> Self {
                    $crate::field::FieldType::put(&mut self.$take, value.into());
                    self
                }
            )+
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut args = $crate::args::Args::new();
                $(args.put($crate::field::wire_name(stringify!($need)), &self.$need);)+
                $(args.put($crate::field::wire_name(stringify!($take)), &self.$take);)+
                serializer.collect_map(args.iter())
            }
        }

        impl $crate::field::Record for $name {
            const FIELDS: &'static [$crate::endpoint::Field] = &[
                $($crate::endpoint::Field {
                    name: $crate::field::wire_name(stringify!($need)), alias: None, place: $crate::endpoint::Place::Body,
                    kind: <$nty as $crate::field::FieldType>::KIND, doc: concat!($($ndoc, "\n"),+), required: true,
                    many: <$nty as $crate::field::FieldType>::MANY, nullable: <$nty as $crate::field::FieldType>::NULLABLE, signed: false,
                },)+
                $($crate::endpoint::Field {
                    name: $crate::field::wire_name(stringify!($take)), alias: None, place: $crate::endpoint::Place::Body,
                    kind: <$tty as $crate::field::FieldType>::KIND, doc: concat!($($tdoc, "\n"),+), required: false,
                    many: <$tty as $crate::field::FieldType>::MANY, nullable: <$tty as $crate::field::FieldType>::NULLABLE, signed: false,
                },)+
            ];
        }

        impl $crate::field::Scalar for $name {
            const KIND: $crate::endpoint::Kind = $crate::endpoint::Kind::Records(<$name as $crate::field::Record>::FIELDS);
        }
    };
}
pub(crate) use {choice, record};
