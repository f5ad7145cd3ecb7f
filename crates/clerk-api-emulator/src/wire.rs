//! What goes out: one struct per object, with the keys in the order of the wire. They are also what is stored.

pub(crate) mod access_token;
pub(crate) mod domain;
pub(crate) mod identification;
pub(crate) mod image;
pub(crate) mod invitation;
pub(crate) mod jwt_template;
pub(crate) mod listed;
pub(crate) mod mail;
pub(crate) mod membership;
pub(crate) mod organization;
pub(crate) mod organization_invitation;
pub(crate) mod redirect_url;
pub(crate) mod role;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod user;
pub(crate) mod verification;
pub(crate) mod waitlist;
