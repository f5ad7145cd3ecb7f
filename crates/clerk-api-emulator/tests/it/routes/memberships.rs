//! `/organizations/{organization_id}/memberships`, `/organization_memberships` and `/users/{user_id}/organization_memberships`.

mod add;
mod change;
mod list;
mod members;
