//! Flags of several `local` commands.

use clap::Arg;
use clerk_api_admin::input::instant;

/// A flag that takes a value.
pub(super) fn flag(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

/// Reads an instant as milliseconds since 1970.
pub(super) fn moment(text: &str) -> Result<i64, String> {
    instant::millis(text).ok_or_else(|| "not an instant such as 2026-01-01T00:00:00Z".to_owned())
}
