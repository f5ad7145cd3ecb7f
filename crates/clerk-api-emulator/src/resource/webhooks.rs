//! Webhooks: events, who is sent them, and how. The API does not have them; the server's own does.

pub(crate) mod deliver;
pub(crate) mod deliveries;
pub(crate) mod endpoint;
pub(crate) mod event;
pub(crate) mod events;
pub(crate) mod outbox;
pub(crate) mod rows;
