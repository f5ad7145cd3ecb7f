//! The JWT template, without its signing key, which is never sent.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::http::metadata;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct JwtTemplate {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) claims: Box<RawValue>,
    pub(crate) lifetime: i64,
    pub(crate) allowed_clock_skew: i64,
    pub(crate) custom_signing_key: bool,
    pub(crate) signing_algorithm: Cow<'static, str>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl JwtTemplate {
    /// Seconds that tokens live, and by which they are valid before they are issued, where nothing else is said.
    pub(crate) const LIFETIME: i64 = 60;
    pub(crate) const SKEW: i64 = 5;
    /// What the instance's own key signs with.
    pub(crate) const ALGORITHM: &'static str = "RS256";

    /// A template with the defaults only.
    pub(crate) fn new(id: String, now: i64) -> Self {
        Self {
            object: Cow::Borrowed("jwt_template"),
            id,
            name: String::new(),
            claims: metadata::empty(),
            lifetime: Self::LIFETIME,
            allowed_clock_skew: Self::SKEW,
            custom_signing_key: false,
            signing_algorithm: Cow::Borrowed(Self::ALGORITHM),
            created_at: now,
            updated_at: now,
        }
    }
}
