//! The organizations, invitations and OAuth tokens of a user.

use crate::declare::{Op, endpoint};
use crate::id::{Provider, UserId};
use crate::list::List;
use crate::model::{InvitationStatus, Membership, OauthAccessToken, OrganizationInvitation};
use crate::value::{Limit, Offset};

endpoint! {
    /// Lists the organizations that a user is a member of.
    pub struct ListUserMemberships = "users.memberships", UsersGetOrganizationMemberships: Get "/users/{user_id}/organization_memberships", Read, Offset => List<Membership>;
    needs {
        /// The user.
        path user_id: UserId,
    }
    takes {
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Lists the organization invitations that a user received.
    pub struct ListUserInvitations = "users.invitations", UsersGetOrganizationInvitations: Get "/users/{user_id}/organization_invitations", Read, Offset => List<OrganizationInvitation>;
    needs {
        /// The user.
        path user_id: UserId,
    }
    takes {
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
        /// Only invitations in this state.
        query status: Option<InvitationStatus>,
    }
}

endpoint! {
    /// Lists the OAuth access tokens that a user has at a provider.
    /// The tokens act as the user: treat them as passwords.
    pub struct ListUserOauthAccessTokens = "users.oauth_access_tokens", GetOAuthAccessToken: Get "/users/{user_id}/oauth_access_tokens/{provider}", Read, Offset => List<OauthAccessToken>;
    needs {
        /// The user.
        path user_id: UserId,
        /// The provider, such as `oauth_google`.
        path provider: Provider,
    }
    takes {
        /// Return the total beside the rows.
        query paginated: Option<bool>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListUserMemberships>(),
    Op::of::<ListUserInvitations>(),
    Op::of::<ListUserOauthAccessTokens>(),
];
