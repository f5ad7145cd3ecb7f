//! Emails that would have been sent. The API does not have them; the server's own does.

pub(crate) mod rows;
pub(crate) mod wire;
