//! Macros that declare the words and objects of arguments.

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
        needs { $($(#[doc = $ndoc:literal])+ $need:ident $(in $nleast:literal..=$nmost:literal)?: $nty:ty,)+ }
        takes { $($(#[doc = $tdoc:literal])+ $take:ident $(in $tleast:literal..=$tmost:literal)?: $tty:ty,)+ }
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
                    many: <$nty as $crate::field::FieldType>::MANY, nullable: <$nty as $crate::field::FieldType>::NULLABLE, signed: false, joined: false,
                    range: $crate::endpoint::range!($($nleast $nmost)?),
                },)+
                $($crate::endpoint::Field {
                    name: $crate::field::wire_name(stringify!($take)), alias: None, place: $crate::endpoint::Place::Body,
                    kind: <$tty as $crate::field::FieldType>::KIND, doc: concat!($($tdoc, "\n"),+), required: false,
                    many: <$tty as $crate::field::FieldType>::MANY, nullable: <$tty as $crate::field::FieldType>::NULLABLE, signed: false, joined: false,
                    range: $crate::endpoint::range!($($tleast $tmost)?),
                },)+
            ];
        }

        impl $crate::field::Scalar for $name {
            const KIND: $crate::endpoint::Kind = $crate::endpoint::Kind::Records(<$name as $crate::field::Record>::FIELDS);
        }
    };
}
pub(crate) use {choice, record, required};
