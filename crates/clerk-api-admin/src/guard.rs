//! What a write needs before it is sent. Only decisions: the caller asks the user.

pub mod protected;
pub mod requirement;
