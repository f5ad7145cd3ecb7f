//! From the words of a command line to what they mean, and back to help.

pub(crate) mod examples;
pub(crate) mod from_meta;
pub(crate) mod input_json;
pub(crate) mod job_flags;
pub(crate) mod meaning;
pub(crate) mod read;
pub(crate) mod root;
pub(crate) mod suggested;
pub(crate) mod tree;
pub(crate) mod usage;
