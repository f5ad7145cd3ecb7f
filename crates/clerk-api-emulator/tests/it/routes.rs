//! By URL.

mod users;
