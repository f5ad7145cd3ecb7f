//! What a person or a program gets to see: output, problems with their exit codes and hints, progress, the reference.

pub(crate) mod exit;
pub(crate) mod failure;
pub(crate) mod hints;
pub(crate) mod markdown;
pub(crate) mod picker;
pub(crate) mod signals;
pub(crate) mod ui;
pub(crate) mod walk;
