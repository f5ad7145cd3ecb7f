"""The operations under test, in the order of the matrix."""

import re
from typing import NamedTuple


class Operation(NamedTuple):
    """One operation of the Backend API."""

    id: str
    method: str
    path: str

    @property
    def path_params(self):
        return re.findall(r"{(\w+)}", self.path)


_TABLE = """
GetUserList GET /users
CreateUser POST /users
GetUsersCount GET /users/count
GetUser GET /users/{user_id}
UpdateUser PATCH /users/{user_id}
DeleteUser DELETE /users/{user_id}
UpdateUserMetadata PATCH /users/{user_id}/metadata
ReplaceUserMetadata PUT /users/{user_id}/metadata
BanUser POST /users/{user_id}/ban
UnbanUser POST /users/{user_id}/unban
UsersBan POST /users/ban
UsersUnban POST /users/unban
LockUser POST /users/{user_id}/lock
UnlockUser POST /users/{user_id}/unlock
SetUserProfileImage POST /users/{user_id}/profile_image
DeleteUserProfileImage DELETE /users/{user_id}/profile_image
UsersGetOrganizationMemberships GET /users/{user_id}/organization_memberships
UsersGetOrganizationInvitations GET /users/{user_id}/organization_invitations
GetOAuthAccessToken GET /users/{user_id}/oauth_access_tokens/{provider}
RemoveUserPassword POST /users/{user_id}/remove_password
SetUserPasswordCompromised POST /users/{user_id}/password/set_compromised
UnsetUserPasswordCompromised POST /users/{user_id}/password/unset_compromised
VerifyPassword POST /users/{user_id}/verify_password
VerifyTOTP POST /users/{user_id}/verify_totp
DisableMFA DELETE /users/{user_id}/mfa
DeleteBackupCode DELETE /users/{user_id}/backup_code
DeleteTOTP DELETE /users/{user_id}/totp
UserPasskeyDelete DELETE /users/{user_id}/passkeys/{passkey_identification_id}
UserWeb3WalletDelete DELETE /users/{user_id}/web3_wallets/{web3_wallet_identification_id}
DeleteExternalAccount DELETE /users/{user_id}/external_accounts/{external_account_id}
ListUserTrustedDevices GET /users/{user_id}/trusted_devices
RevokeUserTrustedDevice DELETE /users/{user_id}/trusted_devices/{trusted_device_id}
GetUserBillingSubscription GET /users/{user_id}/billing/subscription
GetUserBillingCreditBalance GET /users/{user_id}/billing/credits
AdjustUserBillingCreditBalance POST /users/{user_id}/billing/credits
ListOrganizations GET /organizations
CreateOrganization POST /organizations
GetOrganization GET /organizations/{organization_id}
UpdateOrganization PATCH /organizations/{organization_id}
DeleteOrganization DELETE /organizations/{organization_id}
MergeOrganizationMetadata PATCH /organizations/{organization_id}/metadata
ReplaceOrganizationMetadata PUT /organizations/{organization_id}/metadata
UploadOrganizationLogo PUT /organizations/{organization_id}/logo
DeleteOrganizationLogo DELETE /organizations/{organization_id}/logo
GetOrganizationBillingSubscription GET /organizations/{organization_id}/billing/subscription
GetOrganizationBillingCreditBalance GET /organizations/{organization_id}/billing/credits
AdjustOrganizationBillingCreditBalance POST /organizations/{organization_id}/billing/credits
ListOrganizationMemberships GET /organizations/{organization_id}/memberships
CreateOrganizationMembership POST /organizations/{organization_id}/memberships
UpdateOrganizationMembership PATCH /organizations/{organization_id}/memberships/{user_id}
DeleteOrganizationMembership DELETE /organizations/{organization_id}/memberships/{user_id}
UpdateOrganizationMembershipMetadata PATCH /organizations/{organization_id}/memberships/{user_id}/metadata
InstanceGetOrganizationMemberships GET /organization_memberships
ListOrganizationInvitations GET /organizations/{organization_id}/invitations
CreateOrganizationInvitation POST /organizations/{organization_id}/invitations
CreateOrganizationInvitationBulk POST /organizations/{organization_id}/invitations/bulk
GetOrganizationInvitation GET /organizations/{organization_id}/invitations/{invitation_id}
RevokeOrganizationInvitation POST /organizations/{organization_id}/invitations/{invitation_id}/revoke
ListPendingOrganizationInvitations GET /organizations/{organization_id}/invitations/pending
ListInstanceOrganizationInvitations GET /organization_invitations
ListInvitations GET /invitations
CreateInvitation POST /invitations
CreateBulkInvitations POST /invitations/bulk
RevokeInvitation POST /invitations/{invitation_id}/revoke
CreateEmailAddress POST /email_addresses
GetEmailAddress GET /email_addresses/{email_address_id}
UpdateEmailAddress PATCH /email_addresses/{email_address_id}
DeleteEmailAddress DELETE /email_addresses/{email_address_id}
PrepareEmailAddressVerification POST /email_addresses/{email_address_id}/prepare_verification
AttemptEmailAddressVerification POST /email_addresses/{email_address_id}/attempt_verification
ReplaceUserEmailAddress PUT /users/{user_id}/email_address
CreatePhoneNumber POST /phone_numbers
GetPhoneNumber GET /phone_numbers/{phone_number_id}
UpdatePhoneNumber PATCH /phone_numbers/{phone_number_id}
DeletePhoneNumber DELETE /phone_numbers/{phone_number_id}
PreparePhoneNumberVerification POST /phone_numbers/{phone_number_id}/prepare_verification
AttemptPhoneNumberVerification POST /phone_numbers/{phone_number_id}/attempt_verification
ReplaceUserPhoneNumber PUT /users/{user_id}/phone_number
ListOrganizationRoles GET /organization_roles
CreateOrganizationRole POST /organization_roles
GetOrganizationRole GET /organization_roles/{organization_role_id}
UpdateOrganizationRole PATCH /organization_roles/{organization_role_id}
DeleteOrganizationRole DELETE /organization_roles/{organization_role_id}
AssignPermissionToOrganizationRole POST /organization_roles/{organization_role_id}/permissions/{permission_id}
RemovePermissionFromOrganizationRole DELETE /organization_roles/{organization_role_id}/permissions/{permission_id}
ListOrganizationPermissions GET /organization_permissions
CreateOrganizationPermission POST /organization_permissions
GetOrganizationPermission GET /organization_permissions/{permission_id}
UpdateOrganizationPermission PATCH /organization_permissions/{permission_id}
DeleteOrganizationPermission DELETE /organization_permissions/{permission_id}
ListRoleSets GET /role_sets
CreateRoleSet POST /role_sets
GetRoleSet GET /role_sets/{role_set_key_or_id}
UpdateRoleSet PATCH /role_sets/{role_set_key_or_id}
AddRolesToRoleSet POST /role_sets/{role_set_key_or_id}/roles
ReplaceRoleInRoleSet POST /role_sets/{role_set_key_or_id}/roles/replace
ReplaceRoleSet POST /role_sets/{role_set_key_or_id}/replace
ListAllOrganizationDomains GET /organization_domains
ListOrganizationDomains GET /organizations/{organization_id}/domains
CreateOrganizationDomain POST /organizations/{organization_id}/domains
UpdateOrganizationDomain PATCH /organizations/{organization_id}/domains/{domain_id}
DeleteOrganizationDomain DELETE /organizations/{organization_id}/domains/{domain_id}
VerifyOrganizationDomainOwnership POST /organizations/{organization_id}/domains/{domain_id}/verify_ownership
ListWaitlistEntries GET /waitlist_entries
CreateWaitlistEntry POST /waitlist_entries
CreateBulkWaitlistEntries POST /waitlist_entries/bulk
DeleteWaitlistEntry DELETE /waitlist_entries/{waitlist_entry_id}
InviteWaitlistEntry POST /waitlist_entries/{waitlist_entry_id}/invite
RejectWaitlistEntry POST /waitlist_entries/{waitlist_entry_id}/reject
ListAllowlistIdentifiers GET /allowlist_identifiers
CreateAllowlistIdentifier POST /allowlist_identifiers
DeleteAllowlistIdentifier DELETE /allowlist_identifiers/{identifier_id}
ListBlocklistIdentifiers GET /blocklist_identifiers
CreateBlocklistIdentifier POST /blocklist_identifiers
DeleteBlocklistIdentifier DELETE /blocklist_identifiers/{identifier_id}
GetInstance GET /instance
UpdateInstance PATCH /instance
UpdateInstanceRestrictions PATCH /instance/restrictions
GetInstanceOrganizationSettings GET /instance/organization_settings
UpdateInstanceOrganizationSettings PATCH /instance/organization_settings
GetInstanceProtect GET /instance/protect
UpdateInstanceProtect PATCH /instance/protect
GetInstanceCommunication GET /instance/communication
UpdateInstanceCommunication PATCH /instance/communication
GetInstanceOAuthApplicationSettings GET /instance/oauth_application_settings
UpdateInstanceOAuthApplicationSettings PATCH /instance/oauth_application_settings
GetSessionList GET /sessions
createSession POST /sessions
GetSession GET /sessions/{session_id}
RefreshSession POST /sessions/{session_id}/refresh
RevokeSession POST /sessions/{session_id}/revoke
CreateSessionToken POST /sessions/{session_id}/tokens
CreateSessionTokenFromTemplate POST /sessions/{session_id}/tokens/{template_name}
CreateSignInToken POST /sign_in_tokens
RevokeSignInToken POST /sign_in_tokens/{sign_in_token_id}/revoke
CreateActorToken POST /actor_tokens
RevokeActorToken POST /actor_tokens/{actor_token_id}/revoke
CreateTestingToken POST /testing_tokens
GetJWKS GET /jwks
ListJWTTemplates GET /jwt_templates
CreateJWTTemplate POST /jwt_templates
GetJWTTemplate GET /jwt_templates/{template_id}
UpdateJWTTemplate PATCH /jwt_templates/{template_id}
DeleteJWTTemplate DELETE /jwt_templates/{template_id}
ListRedirectURLs GET /redirect_urls
CreateRedirectURL POST /redirect_urls
GetRedirectURL GET /redirect_urls/{id}
DeleteRedirectURL DELETE /redirect_urls/{id}
"""

OPERATIONS = [Operation(*line.split()) for line in _TABLE.strip().splitlines()]
BY_ID = {operation.id: operation for operation in OPERATIONS}

# What the clients have beside operations, in rows of their own: commands of the official CLI that are more than
# `clerk api`, and what the libraries do with a session token by themselves.
EXTRAS = [
    Operation("cli:users list", "GET", "/users"),
    Operation("cli:users create", "POST", "/users"),
    Operation("lib:verify a session token", "GET", "/jwks"),
]


def is_for(operation, client):
    """Whether a row says anything about a client; commands are the CLI's only, and it has no library."""
    kind, colon, _ = operation.id.partition(":")
    return not colon or (kind == "cli") == (client == "cli")
