//! `/users`.

mod accounts;
mod billing;
mod create;
mod factors;
mod image;
mod list;
mod metadata;
mod one;
mod passwords;
mod search;
mod states;
