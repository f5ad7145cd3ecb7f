//! The audit over small databases that the maker of exports makes.

mod changes;
mod engine;
mod forms;
mod growth;
mod limits;
mod rules;
pub(crate) mod world;
