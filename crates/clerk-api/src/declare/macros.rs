//! `endpoint!` turns one declaration into a request struct and its facts; `record!` does so for the objects of a body that is an array.

/// Gives the place of a declaration's keyword.
macro_rules! place {
    (path) => {
        $crate::declare::Place::Path
    };
    (query) => {
        $crate::declare::Place::Query
    };
    (body) => {
        $crate::declare::Place::Body
    };
    (whole) => {
        $crate::declare::Place::Whole
    };
    (part) => {
        $crate::declare::Place::Part
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

macro_rules! makes {
    () => {
        None
    };
    ($member:ident $value:literal) => {
        Some((stringify!($member), $value))
    };
}

macro_rules! rate {
    () => {
        $crate::declare::RateClass::Instance
    };
    ($rate:ident) => {
        $crate::declare::RateClass::$rate
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

/// The facts of one argument: `(place name as "alias" in 1..=50: Type)`, its doc lines, and whether it is required.
macro_rules! field {
    ($place:ident $name:ident ($($alias:literal)?) ($($least:literal $most:literal)?) $ty:ty, $required:literal, $($doc:literal)+) => {
        $crate::declare::Field {
            name: $crate::declare::wire_name(stringify!($name)),
            alias: $crate::declare::alias!($($alias)?),
            place: $crate::declare::place!($place),
            kind: <$ty as $crate::value::FieldType>::KIND,
            doc: concat!($($doc, "\n"),+),
            required: $required,
            many: <$ty as $crate::value::FieldType>::MANY,
            nullable: <$ty as $crate::value::FieldType>::NULLABLE,
            signed: <$ty as $crate::value::FieldType>::SIGNED,
            joined: <$ty as $crate::value::FieldType>::JOINED,
            range: $crate::declare::range!($($least $most)?),
        }
    };
}

/// Declares one operation: see `ops/users.rs` for examples of every part.
///
/// `endpoint! { /// doc \n pub struct Type = "group.verb", SpecId: Verb "/path", Effect, Paging => Answer;
///   [lookup EXPR;] [rate CLASS;] [makes member = "json";] [preset { name = "json" }] needs { /// doc \n place name [as "alias"] [in 1..=50]: Type, } takes { … } }`
macro_rules! endpoint {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident = $id:literal, $spec:ident: $verb:ident $path:literal, $effect:ident, $paging:ident => $out:ty;
        $(lookup $lookup:expr;)?
        $(rate $rate:ident;)?
        $(makes $makes:ident = $made:literal;)?
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
                    $($($take: <$tty as $crate::value::Optional>::absent(),)+)?
                }
            }

            $($(
                $(#[doc = $tdoc])+
                #[must_use]
                pub fn $take(mut self, value: impl Into<<$tty as $crate::value::Optional>::Item>) -> Self {
                    $crate::value::Optional::put(&mut self.$take, value.into());
                    self
                }
            )+)?
        }

        impl $crate::declare::Endpoint for $name {
            type Output = $out;
            const META: &'static $crate::declare::Meta = &$crate::declare::Meta {
                name: $id,
                spec_id: stringify!($spec),
                verb: $crate::declare::Verb::$verb,
                path: $path,
                effect: $crate::declare::Effect::$effect,
                paging: $crate::declare::Paging::$paging,
                form: <$out as $crate::declare::Model>::FORM,
                answer: stringify!($out),
                members: <$out as $crate::declare::Model>::MEMBERS,
                rate: $crate::declare::rate!($($rate)?),
                doc: concat!($($doc, "\n"),+),
                lookup: $crate::declare::lookup!($($lookup)?),
                preset: &[$($((stringify!($preset), $value)),+)?],
                makes: $crate::declare::makes!($($makes $made)?),
                fields: &[
                    $($($crate::declare::field!($nplace $need ($($nalias)?) ($($nleast $nmost)?) $nty, true, $($ndoc)+),)+)?
                    $($($crate::declare::field!($tplace $take ($($talias)?) ($($tleast $tmost)?) $tty, false, $($tdoc)+),)+)?
                ],
            };

            fn args(&self) -> $crate::args::Args {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut args = $crate::args::Args::new();
                $($($crate::value::put(&mut args, $crate::declare::wire_name(stringify!($need)), &self.$need);)+)?
                $($($crate::value::put(&mut args, $crate::declare::wire_name(stringify!($take)), &self.$take);)+)?
                args
            }
        }
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
                    $($take: <$tty as $crate::value::Optional>::absent(),)+
                }
            }

            $(
                $(#[doc = $tdoc])+
                #[must_use]
                pub fn $take(mut self, value: impl Into<<$tty as $crate::value::Optional>::Item>) -> Self {
                    $crate::value::Optional::put(&mut self.$take, value.into());
                    self
                }
            )+
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut args = $crate::args::Args::new();
                $($crate::value::put(&mut args, $crate::declare::wire_name(stringify!($need)), &self.$need);)+
                $($crate::value::put(&mut args, $crate::declare::wire_name(stringify!($take)), &self.$take);)+
                serializer.collect_map(args.iter())
            }
        }

        impl $crate::value::Record for $name {
            const FIELDS: &'static [$crate::declare::Field] = &[
                $($crate::declare::field!(body $need () ($($nleast $nmost)?) $nty, true, $($ndoc)+),)+
                $($crate::declare::field!(body $take () ($($tleast $tmost)?) $tty, false, $($tdoc)+),)+
            ];
        }

        impl $crate::value::Scalar for $name {
            const KIND: $crate::declare::Kind = $crate::declare::Kind::Records(<$name as $crate::value::Record>::FIELDS);
        }
    };
}

pub(crate) use {alias, endpoint, field, lookup, makes, place, range, rate, record};
