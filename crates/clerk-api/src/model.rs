//! Answers, read leniently: unknown fields are kept, optional ones may be missing or null.

/// Declares an answer's object. Fields that this version does not know are kept in `extra` and survive a round trip.
macro_rules! model {
    ($(#[doc = $doc:literal])+ pub struct $name:ident { $($(#[doc = $fdoc:literal])+ $field:ident: $ty:ty,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[doc = $fdoc])+
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$ty>,
            )+
            /// Fields that this version does not know, in the server's order.
            #[serde(flatten)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }
    };
}

mod common;
mod user;

pub use common::{DeletedObject, TotalCount};
pub use user::User;
