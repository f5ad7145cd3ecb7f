//! Macros that declare values: the words of a choice, and values that can be required arguments.

/// Lets a single value be a required argument.
macro_rules! required {
    ($ty:ty) => {
        impl $crate::value::FieldType for $ty {
            const KIND: $crate::declare::Kind = <$ty as $crate::value::Scalar>::KIND;
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

        impl $crate::value::Choice for $name {
            const WORDS: &'static [&'static str] = &[$($word),+];
        }

        impl $crate::value::Scalar for $name {
            const KIND: $crate::declare::Kind = $crate::declare::Kind::Choice(<$name as $crate::value::Choice>::WORDS);
        }
        $crate::value::required!($name);
    };
}

pub(crate) use {choice, required};
