//! `/users`.

mod accounts;
mod billing;
mod contacts;
mod create;
mod factors;
mod image;
mod list;
mod metadata;
mod one;
mod passwords;
mod search;
mod states;
