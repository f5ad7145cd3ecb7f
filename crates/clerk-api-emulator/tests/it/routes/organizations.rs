//! `/organizations`.

mod billing;
mod create;
mod list;
mod logo;
mod metadata;
mod one;
