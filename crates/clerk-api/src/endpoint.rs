//! How an operation is declared: `Meta` and `Field` are its facts, `endpoint!` turns one declaration into them and into a request struct.

use serde::de::DeserializeOwned;

use crate::args::Args;
use crate::reconcile::Lookup;

/// The HTTP method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Verb {
    /// The method as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What a call does to the instance; retries and confirmation follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Reads only.
    Read,
    /// Changes an object; repeating it gives the same end state.
    Update,
    /// Replaces something whole or takes something away that cannot be put back as it was; repeatable.
    Replace,
    /// Destroys an object for good; repeatable.
    Destroy,
    /// Creates an object; guarded where the server keeps one of its keys unique.
    Create,
    /// Creates an object and sends mail to a person.
    Mail,
    /// Uses something up, such as a backup code: never repeated while in doubt.
    Once,
}

/// The request class of reliability.md section 1, which decides what may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Class R: a read.
    Read,
    /// Class I: repeating it gives the same end state.
    Idempotent,
    /// Class K: a create guarded by a key that the server keeps unique.
    Keyed,
    /// Class N: a create without such a key, or one that mails a person.
    Unkeyed,
}

/// How a list is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// The answer is one object, or a list that comes whole.
    None,
    /// By `limit` and `offset`.
    Offset,
    /// By `limit` and `starting_after`; only users have it (spec: `GetUserList`).
    Cursor,
}

/// Where an argument goes in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// The id of the named thing, checked by its grammar.
    Id {
        /// What it names, such as "user".
        what: &'static str,
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

/// All facts of one operation.
#[derive(Debug)]
pub struct Meta {
    /// The name, `group.verb`.
    pub name: &'static str,
    /// The operation id in the official specification.
    pub spec_id: &'static str,
    /// The HTTP method.
    pub verb: Verb,
    /// The path template below `/v1`.
    pub path: &'static str,
    /// What it does to the instance.
    pub effect: Effect,
    /// How its list is walked.
    pub paging: Paging,
    /// The form of its answer.
    pub form: Form,
    /// The name of the type that its answer is read as, such as `List<User>`.
    pub answer: &'static str,
    /// What it does, for help texts: the first line is a summary.
    pub doc: &'static str,
    /// Its arguments in order.
    pub fields: &'static [Field],
    /// How to find out whether an uncertain create happened.
    pub lookup: Option<&'static Lookup>,
    /// Arguments that are sent unless the caller says otherwise.
    pub preset: &'static [(&'static str, &'static str)],
}

impl Meta {
    /// The group of the name, such as "users".
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.name
            .split_once('.')
            .map_or(self.name, |(group, _)| group)
    }

    /// The verb of the name, such as `update_metadata`.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.name
            .split_once('.')
            .map_or(self.name, |(_, action)| action)
    }

    /// The field of this name or alias.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| field.name == name || field.alias == Some(name))
    }

    /// The request class of a call with these arguments (reliability.md section 1).
    #[must_use]
    pub fn class(&self, args: &Args) -> Class {
        match self.effect {
            Effect::Read => Class::Read,
            Effect::Update | Effect::Replace | Effect::Destroy => Class::Idempotent,
            Effect::Mail | Effect::Once => Class::Unkeyed,
            Effect::Create => match self.lookup {
                Some(lookup) if lookup.unique.iter().any(|key| args.has(key)) => Class::Keyed,
                _ => Class::Unkeyed,
            },
        }
    }
}

/// What a success looks like from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JSON object.
    Object,
    /// A bare array, or an object with the array under `data`.
    List,
    /// Nothing that anybody reads (204).
    Nothing,
}

/// A type that an answer is read as.
pub trait Model: DeserializeOwned {
    /// The form that the answer must have.
    const FORM: Form;
}

impl Model for () {
    const FORM: Form = Form::Nothing;
}

/// An operation with its types: a request struct that knows its `Meta` and its answer.
pub trait Endpoint {
    /// What the answer is read as.
    type Output: Model;
    /// The operation's facts.
    const META: &'static Meta;
    /// The arguments that were set, as JSON.
    fn args(&self) -> Args;
}

/// An operation without its types, for callers that hold names and JSON.
#[derive(Clone, Copy)]
pub struct Op {
    /// The operation's facts.
    pub meta: &'static Meta,
    /// Reads an answer as the operation's type, to check that it fits.
    pub check: fn(&[u8]) -> Result<(), serde_json::Error>,
}

impl Op {
    /// The operation of a typed endpoint.
    #[must_use]
    pub const fn of<E: Endpoint>() -> Self {
        Self {
            meta: E::META,
            check: check::<E>,
        }
    }
}

fn check<E: Endpoint>(bytes: &[u8]) -> Result<(), serde_json::Error> {
    serde_json::from_slice::<E::Output>(bytes).map(|_| ())
}

/// Gives the place of a declaration's keyword.
macro_rules! place {
    (path) => {
        $crate::endpoint::Place::Path
    };
    (query) => {
        $crate::endpoint::Place::Query
    };
    (body) => {
        $crate::endpoint::Place::Body
    };
    (whole) => {
        $crate::endpoint::Place::Whole
    };
    (part) => {
        $crate::endpoint::Place::Part
    };
}

macro_rules! alias {
    () => {
        None
    };
    ($alias:literal) => {
        Some($alias)
    };
}

macro_rules! lookup {
    () => {
        None
    };
    ($lookup:expr) => {
        Some($lookup)
    };
}

macro_rules! range {
    () => {
        None
    };
    ($least:literal $most:literal) => {
        Some(($least, $most))
    };
}

/// Declares one operation: see `ops/users.rs` for examples of every part.
///
/// `endpoint! { /// doc \n pub struct Type = "group.verb", SpecId: Verb "/path", Effect, Paging => Answer;
///   [lookup EXPR;] [preset { name = "json" }] needs { /// doc \n place name [as "alias"] [in 1..=50]: Type, } takes { … } }`
macro_rules! endpoint {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident = $id:literal, $spec:ident: $verb:ident $path:literal, $effect:ident, $paging:ident => $out:ty;
        $(lookup $lookup:expr;)?
        $(preset { $($preset:ident = $value:literal),+ $(,)? })?
        $(needs { $($(#[doc = $ndoc:literal])+ $nplace:ident $need:ident $(as $nalias:literal)? $(in $nleast:literal..=$nmost:literal)?: $nty:ty,)+ })?
        $(takes { $($(#[doc = $tdoc:literal])+ $tplace:ident $take:ident $(as $talias:literal)? $(in $tleast:literal..=$tmost:literal)?: $tty:ty,)+ })?
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct $name {
            $($($(#[doc = $ndoc])+ pub $need: $nty,)+)?
            $($($(#[doc = $tdoc])+ pub $take: $tty,)+)?
        }

        impl $name {
            #[doc = concat!("Makes the request `", $id, "` from what it needs.")]
            #[allow(clippy::new_without_default, reason = "the same form for every operation; expect would fail for those with needs")]
            #[must_use]
            pub fn new($($($need: impl Into<$nty>),+)?) -> Self {
                Self {
                    $($($need: $need.into(),)+)?
                    $($($take: <$tty as $crate::field::FieldType>::absent(),)+)?
                }
            }

            $($(
                $(#[doc = $tdoc])+
                #[must_use]
                pub fn $take(mut self, value: impl Into<<$tty as $crate::field::FieldType>::Item>) -> Self {
                    $crate::field::FieldType::put(&mut self.$take, value.into());
                    self
                }
            )+)?
        }

        impl $crate::endpoint::Endpoint for $name {
            type Output = $out;
            const META: &'static $crate::endpoint::Meta = &$crate::endpoint::Meta {
                name: $id,
                spec_id: stringify!($spec),
                verb: $crate::endpoint::Verb::$verb,
                path: $path,
                effect: $crate::endpoint::Effect::$effect,
                paging: $crate::endpoint::Paging::$paging,
                form: <$out as $crate::endpoint::Model>::FORM,
                answer: stringify!($out),
                doc: concat!($($doc, "\n"),+),
                lookup: $crate::endpoint::lookup!($($lookup)?),
                preset: &[$($((stringify!($preset), $value)),+)?],
                fields: &[
                    $($($crate::endpoint::Field {
                        name: $crate::field::wire_name(stringify!($need)),
                        alias: $crate::endpoint::alias!($($nalias)?),
                        place: $crate::endpoint::place!($nplace),
                        kind: <$nty as $crate::field::FieldType>::KIND,
                        doc: concat!($($ndoc, "\n"),+),
                        required: true,
                        many: <$nty as $crate::field::FieldType>::MANY,
                        nullable: <$nty as $crate::field::FieldType>::NULLABLE,
                        signed: <$nty as $crate::field::FieldType>::SIGNED,
                        joined: <$nty as $crate::field::FieldType>::JOINED,
                        range: $crate::endpoint::range!($($nleast $nmost)?),
                    },)+)?
                    $($($crate::endpoint::Field {
                        name: $crate::field::wire_name(stringify!($take)),
                        alias: $crate::endpoint::alias!($($talias)?),
                        place: $crate::endpoint::place!($tplace),
                        kind: <$tty as $crate::field::FieldType>::KIND,
                        doc: concat!($($tdoc, "\n"),+),
                        required: false,
                        many: <$tty as $crate::field::FieldType>::MANY,
                        nullable: <$tty as $crate::field::FieldType>::NULLABLE,
                        signed: <$tty as $crate::field::FieldType>::SIGNED,
                        joined: <$tty as $crate::field::FieldType>::JOINED,
                        range: $crate::endpoint::range!($($tleast $tmost)?),
                    },)+)?
                ],
            };

            fn args(&self) -> $crate::args::Args {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut args = $crate::args::Args::new();
                $($(args.put($crate::field::wire_name(stringify!($need)), &self.$need);)+)?
                $($(args.put($crate::field::wire_name(stringify!($take)), &self.$take);)+)?
                args
            }
        }
    };
}

pub(crate) use {alias, endpoint, lookup, place, range};
