//! The redirect URL: where native applications may be sent back to.

use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct RedirectUrl {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}
