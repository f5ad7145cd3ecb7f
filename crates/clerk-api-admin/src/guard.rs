//! What has to hold before a write goes out. Decisions only: how a yes is got is for the face.

pub mod protected;
pub mod requirement;
