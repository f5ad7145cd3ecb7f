//! From what people and programs write to the arguments of a call.

pub mod draft;
pub mod instant;
pub mod json;
pub mod source;
pub mod spelling;
pub mod value;
