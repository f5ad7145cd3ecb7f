//! `/users`.

mod create;
mod list;
mod metadata;
mod one;
mod search;
