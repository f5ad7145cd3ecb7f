//! What tokens that act as a user and tokens that sign one in have in common.

pub(crate) mod rows;
pub(crate) mod term;
pub(crate) mod wire;
