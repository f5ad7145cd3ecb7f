//! From what people and programs write to the arguments of a call.

pub mod instant;
