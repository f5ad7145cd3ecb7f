//! What each step of `cargo xtask ci` does.

pub(crate) mod build;
pub(crate) mod crates;
pub(crate) mod local;
pub(crate) mod scripts;
