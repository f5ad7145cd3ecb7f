//! The parsers of what people type, for the fuzz targets.

/// Milliseconds since 1970 of a date, an instant or a number.
#[must_use]
pub fn millis(text: &str) -> Option<i64> {
    clerk_api_admin::input::instant::millis(text)
}

/// The text of a JSON object.
#[must_use]
pub fn object(text: &str) -> Option<String> {
    let object = crate::json_input::object("--flag", text).ok()?;
    Some(object.get().to_owned())
}

/// The text of a JSON array of objects.
#[must_use]
pub fn records(text: &str) -> Option<String> {
    let (records, _) = crate::json_input::records("--flag", text).ok()?;
    Some(records.get().to_owned())
}
