//! What every request and response has, whatever it is about: the gate, who asks, parameters and bodies, errors.

pub(crate) mod area;
pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod check;
pub(crate) mod context;
pub(crate) mod error;
pub(crate) mod gate;
pub(crate) mod list;
pub(crate) mod metadata;
pub(crate) mod params;
pub(crate) mod problem;
pub(crate) mod readable;
pub(crate) mod reply;
pub(crate) mod route;
pub(crate) mod unread;
pub(crate) mod upload;
pub(crate) mod version;
