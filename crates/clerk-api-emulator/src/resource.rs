//! All resources, in one list.

use std::sync::LazyLock;

use crate::store::{
    Content, beginning, invitations, organization_invitations, organizations, users,
};

/// What the engine is told of all resources.
pub(crate) fn content() -> &'static Content {
    static CONTENT: LazyLock<Content> = LazyLock::new(|| Content {
        searched: vec![
            &users::search::SEARCHED,
            &organizations::search::SEARCHED,
            &organization_invitations::search::SEARCHED,
            &invitations::search::SEARCHED,
        ],
        expiring: vec![&invitations::EXPIRING, &organization_invitations::EXPIRING],
        seeded: vec![beginning::fill],
    });
    &CONTENT
}
