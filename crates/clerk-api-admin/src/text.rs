//! What is done to text before it is shown: secrets and terminal control characters are removed.

pub mod redact;
pub mod sanitize;
pub mod secrets;
pub mod shell;
