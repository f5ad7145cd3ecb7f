//! What text passes before anybody sees it: secrets are taken out, and characters that would move a terminal.

pub mod redact;
pub mod sanitize;
pub mod secrets;
