"""Speaks to `clerk-backend-api` for the conformance run: one JSON request a line in, one outcome a line out."""

import importlib.metadata
import json
import os
import pathlib
import sys

import httpx
import pydantic
from clerk_backend_api import Clerk, models
from clerk_backend_api.security import TokenVerificationError, VerifyTokenOptions, verify_token
from clerk_backend_api.utils import BackoffStrategy, RetryConfig

CLIENTS = {}

# Operation: the method, and how it wants its arguments.
#   flat: keywords; request: one dictionary; items: a list under the given keyword; file: an upload among keywords;
#   one status: the filter takes one value, not several; renamed: `type` and `format` end with `_`
METHODS = {
    "GetUserList": ("users.list", "request"),
    "CreateUser": ("users.create", "flat"),
    "GetUsersCount": ("users.count", "request"),
    "GetUser": ("users.get", "flat"),
    "UpdateUser": ("users.update", "flat"),
    "DeleteUser": ("users.delete", "flat"),
    "UpdateUserMetadata": ("users.update_metadata", "flat"),
    "ReplaceUserMetadata": ("users.replace_metadata", "flat"),
    "BanUser": ("users.ban", "flat"),
    "UnbanUser": ("users.unban", "flat"),
    "UsersBan": ("users.bulk_ban", "flat"),
    "UsersUnban": ("users.bulk_unban", "flat"),
    "LockUser": ("users.lock", "flat"),
    "UnlockUser": ("users.unlock", "flat"),
    "SetUserProfileImage": ("users.set_profile_image", "file"),
    "DeleteUserProfileImage": ("users.delete_profile_image", "flat"),
    "UsersGetOrganizationMemberships": ("users.get_organization_memberships", "flat"),
    "UsersGetOrganizationInvitations": ("users.get_organization_invitations", "flat"),
    "GetOAuthAccessToken": ("users.get_o_auth_access_token", "flat"),
    "RemoveUserPassword": ("users.remove_password", "flat"),
    "SetUserPasswordCompromised": ("users.set_password_compromised", "flat"),
    "UnsetUserPasswordCompromised": ("users.unset_password_compromised", "flat"),
    "VerifyPassword": ("users.verify_password", "flat"),
    "VerifyTOTP": ("users.verify_totp", "flat"),
    "DisableMFA": ("users.disable_mfa", "flat"),
    "DeleteBackupCode": ("users.delete_backup_codes", "flat"),
    "DeleteTOTP": ("users.delete_totp", "flat"),
    "UserPasskeyDelete": ("users.delete_passkey", "flat"),
    "UserWeb3WalletDelete": ("users.delete_web3_wallet", "flat"),
    "DeleteExternalAccount": ("users.delete_external_account", "flat"),
    "ListUserTrustedDevices": ("users.list_trusted_devices", "flat"),
    "RevokeUserTrustedDevice": ("users.revoke_trusted_device", "flat"),
    "GetUserBillingSubscription": ("users.get_billing_subscription", "flat"),
    "GetUserBillingCreditBalance": ("users.get_billing_credit_balance", "flat"),
    "AdjustUserBillingCreditBalance": ("users.adjust_billing_credit_balance", "flat"),
    "ListOrganizations": ("organizations.list", "flat"),
    "CreateOrganization": ("organizations.create", "request"),
    "GetOrganization": ("organizations.get", "flat"),
    "UpdateOrganization": ("organizations.update", "flat"),
    "DeleteOrganization": ("organizations.delete", "flat"),
    "MergeOrganizationMetadata": ("organizations.merge_metadata", "flat"),
    "ReplaceOrganizationMetadata": ("organizations.replace_metadata", "flat"),
    "UploadOrganizationLogo": ("organizations.upload_logo", "file"),
    "DeleteOrganizationLogo": ("organizations.delete_logo", "flat"),
    "GetOrganizationBillingSubscription": ("organizations.get_billing_subscription", "flat"),
    "GetOrganizationBillingCreditBalance": ("organizations.get_billing_credit_balance", "flat"),
    "AdjustOrganizationBillingCreditBalance": ("organizations.adjust_billing_credit_balance", "flat"),
    "ListOrganizationMemberships": ("organization_memberships.list", "flat"),
    "CreateOrganizationMembership": ("organization_memberships.create", "flat"),
    "UpdateOrganizationMembership": ("organization_memberships.update", "flat"),
    "DeleteOrganizationMembership": ("organization_memberships.delete", "flat"),
    "UpdateOrganizationMembershipMetadata": ("organization_memberships.update_metadata", "flat"),
    "InstanceGetOrganizationMemberships": ("users.get_instance_organization_memberships", "flat"),
    "ListOrganizationInvitations": ("organization_invitations.list", "one status"),
    "CreateOrganizationInvitation": ("organization_invitations.create", "flat"),
    "CreateOrganizationInvitationBulk": ("organization_invitations.bulk_create", "items:request_body"),
    "GetOrganizationInvitation": ("organization_invitations.get", "flat"),
    "RevokeOrganizationInvitation": ("organization_invitations.revoke", "flat"),
    "ListPendingOrganizationInvitations": ("organization_invitations.list_pending", "flat"),
    "ListInstanceOrganizationInvitations": ("organization_invitations.get_all", "flat"),
    "ListInvitations": ("invitations.list", "flat"),
    "CreateInvitation": ("invitations.create", "request"),
    "CreateBulkInvitations": ("invitations.bulk_create", "items:request"),
    "RevokeInvitation": ("invitations.revoke", "flat"),
    "CreateEmailAddress": ("email_addresses.create", "request"),
    "GetEmailAddress": ("email_addresses.get", "flat"),
    "UpdateEmailAddress": ("email_addresses.update", "flat"),
    "DeleteEmailAddress": ("email_addresses.delete", "flat"),
    "PrepareEmailAddressVerification": ("email_addresses.prepare_verification", "flat"),
    "AttemptEmailAddressVerification": ("email_addresses.attempt_verification", "flat"),
    "ReplaceUserEmailAddress": ("email_addresses.replace_for_user", "flat"),
    "CreatePhoneNumber": ("phone_numbers.create", "request"),
    "GetPhoneNumber": ("phone_numbers.get", "flat"),
    "UpdatePhoneNumber": ("phone_numbers.update", "flat"),
    "DeletePhoneNumber": ("phone_numbers.delete", "flat"),
    "PreparePhoneNumberVerification": ("phone_numbers.prepare_verification", "flat"),
    "AttemptPhoneNumberVerification": ("phone_numbers.attempt_verification", "flat"),
    "ReplaceUserPhoneNumber": ("phone_numbers.replace_for_user", "flat"),
    "ListOrganizationRoles": ("organization_roles.list", "flat"),
    "CreateOrganizationRole": ("organization_roles.create", "flat"),
    "GetOrganizationRole": ("organization_roles.get", "flat"),
    "UpdateOrganizationRole": ("organization_roles.update", "flat"),
    "DeleteOrganizationRole": ("organization_roles.delete", "flat"),
    "AssignPermissionToOrganizationRole": ("organization_roles.assign_permission", "flat"),
    "RemovePermissionFromOrganizationRole": ("organization_roles.remove_permission", "flat"),
    "ListOrganizationPermissions": ("organization_permissions.list", "flat"),
    "CreateOrganizationPermission": ("organization_permissions.create", "flat"),
    "GetOrganizationPermission": ("organization_permissions.get", "flat"),
    "UpdateOrganizationPermission": ("organization_permissions.update", "flat"),
    "DeleteOrganizationPermission": ("organization_permissions.delete", "flat"),
    "ListRoleSets": ("role_sets.list", "flat"),
    "CreateRoleSet": ("role_sets.create", "renamed"),
    "GetRoleSet": ("role_sets.get", "flat"),
    "UpdateRoleSet": ("role_sets.update", "renamed"),
    "AddRolesToRoleSet": ("role_sets.add_roles", "flat"),
    "ReplaceRoleInRoleSet": ("role_sets.replace_role", "flat"),
    "ReplaceRoleSet": ("role_sets.replace", "flat"),
    "ListAllOrganizationDomains": ("organization_domains.list_all", "flat"),
    "ListOrganizationDomains": ("organization_domains.list", "flat"),
    "CreateOrganizationDomain": ("organization_domains.create", "flat"),
    "UpdateOrganizationDomain": ("organization_domains.update", "flat"),
    "DeleteOrganizationDomain": ("organization_domains.delete", "flat"),
    "VerifyOrganizationDomainOwnership": ("organization_domains.verify_ownership", "flat"),
    "ListWaitlistEntries": ("waitlist_entries.list", "flat"),
    "CreateWaitlistEntry": ("waitlist_entries.create", "request"),
    "CreateBulkWaitlistEntries": ("waitlist_entries.bulk_create", "items:request"),
    "DeleteWaitlistEntry": ("waitlist_entries.delete", "flat"),
    "InviteWaitlistEntry": ("waitlist_entries.invite", "flat"),
    "RejectWaitlistEntry": ("waitlist_entries.reject", "flat"),
    "ListAllowlistIdentifiers": ("allowlist_identifiers.list", "flat"),
    "CreateAllowlistIdentifier": ("allowlist_identifiers.create", "request"),
    "DeleteAllowlistIdentifier": ("allowlist_identifiers.delete", "flat"),
    "ListBlocklistIdentifiers": ("blocklist_identifiers.list", "flat"),
    "CreateBlocklistIdentifier": ("blocklist_identifiers.create", "request"),
    "DeleteBlocklistIdentifier": ("blocklist_identifiers.delete", "flat"),
    "GetInstance": ("instance_settings.get", "flat"),
    "UpdateInstance": ("instance_settings.update", "request"),
    "UpdateInstanceRestrictions": ("instance_settings.update_restrictions", "request"),
    "GetInstanceOrganizationSettings": ("instance_settings.get_organization_settings", "flat"),
    "UpdateInstanceOrganizationSettings": ("instance_settings.update_organization_settings", "request"),
    "GetInstanceProtect": ("instance_settings.get_instance_protect", "flat"),
    "UpdateInstanceProtect": ("instance_settings.update_instance_protect", "request"),
    "GetInstanceCommunication": ("instance_settings.get_communication", "flat"),
    "UpdateInstanceCommunication": ("instance_settings.update_communication", "request"),
    "GetInstanceOAuthApplicationSettings": ("instance_settings.get_o_auth_application_settings", "flat"),
    "UpdateInstanceOAuthApplicationSettings": ("instance_settings.update_o_auth_application_settings", "request"),
    "GetSessionList": ("sessions.list", "flat"),
    "createSession": ("sessions.create", "request"),
    "GetSession": ("sessions.get", "flat"),
    "RefreshSession": ("sessions.refresh", "renamed"),
    "RevokeSession": ("sessions.revoke", "flat"),
    "CreateSessionToken": ("sessions.create_token", "flat"),
    "CreateSessionTokenFromTemplate": ("sessions.create_token_from_template", "flat"),
    "CreateSignInToken": ("sign_in_tokens.create", "request"),
    "RevokeSignInToken": ("sign_in_tokens.revoke", "flat"),
    "CreateActorToken": ("actor_tokens.create", "request"),
    "RevokeActorToken": ("actor_tokens.revoke", "flat"),
    "CreateTestingToken": ("testing_tokens.create", "flat"),
    "GetJWKS": ("jwks.get_jwks", "flat"),
    "ListJWTTemplates": ("jwt_templates.list", "flat"),
    "CreateJWTTemplate": ("jwt_templates.create", "request"),
    "GetJWTTemplate": ("jwt_templates.get", "flat"),
    "UpdateJWTTemplate": ("jwt_templates.update", "flat"),
    "DeleteJWTTemplate": ("jwt_templates.delete", "flat"),
    "ListRedirectURLs": ("redirect_urls.list", "flat"),
    "CreateRedirectURL": ("redirect_urls.create", "request"),
    "GetRedirectURL": ("redirect_urls.get", "flat"),
    "DeleteRedirectURL": ("redirect_urls.delete", "flat"),
}

# Parameters that the method signatures do not have; the client drops unknown ones without a word.
LACKS = {
    "GetUserList": ["starting_after"],
    "CreateUser": ["unknown_field"],
    "UpdateUser": ["public_metadata"],
    "UpdateOrganization": ["public_metadata"],
    "UpdateInstance": ["unknown_field"],
    # With its clock ahead it turns down every token as not active yet.
    "lib:verify a session token": ["skew"],
}


def client(key):
    """A client of this key; without its hour of retries, which would only hide a failing server."""
    if key not in CLIENTS:
        once = RetryConfig("none", BackoffStrategy(1, 1, 1, 1), False)
        CLIENTS[key] = Clerk(bearer_auth=key, server_url=os.environ["CONFORMANCE_URL"] + "/v1", retry_config=once)
    return CLIENTS[key]


def shaped(shape, args):
    """The keywords for a method that wants its arguments in this shape."""
    if shape == "request":
        return {"request": args}
    if shape.startswith("items:"):
        return {shape.removeprefix("items:"): args.pop("items"), **args}
    if shape == "one status":
        return {**args, "status": args["status"][0]} if "status" in args else args
    if shape == "renamed":
        return {name + "_" if name in ("type", "format") else name: value for name, value in args.items()}
    if shape == "file":
        path = pathlib.Path(args["file"])
        picture = {"file_name": path.name, "content": path.read_bytes(), "content_type": "image/png"}
        return {**args, "file": picture}
    return args


def plain(value):
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.model_dump(mode="json", by_alias=True) if isinstance(value, pydantic.BaseModel) else value


def verify(token, jwt_key=None):
    """The function beside the client: it reads the key of the instance by itself and answers the claims."""
    if jwt_key:
        options = VerifyTokenOptions(jwt_key=jwt_key)
    else:
        options = VerifyTokenOptions(secret_key=os.environ["CLERK_SECRET_KEY"], api_url=os.environ["CONFORMANCE_URL"])
    try:
        return {"value": verify_token(token, options)}
    except TokenVerificationError as error:
        return {"value": {"rejected": error.reason.value[0]}}


def run(name, args):
    if name == "lib:verify a session token":
        return verify(**args)
    path, shape = METHODS[name]
    method = client(args.pop("secret_key", os.environ["CLERK_SECRET_KEY"]))
    for step in path.split("."):
        method = getattr(method, step)
    try:
        return {"value": plain(method(**shaped(shape, args)))}
    except models.ResponseValidationError as error:
        return {"broken": f"ResponseValidationError: {error.cause}"}
    except (models.ClerkErrors, models.SDKError) as error:
        if error.status_code < 400:
            return {"broken": str(error)}
        try:
            body = json.loads(error.body)
        except ValueError:
            body = {}
        return {"status": error.status_code, "errors": body.get("errors"), "trace": body.get("clerk_trace_id")}
    except (httpx.HTTPError, pydantic.ValidationError, TypeError, ValueError) as error:
        return {"broken": f"{type(error).__name__}: {error}"}


def main():
    print(json.dumps({
        "client": "clerk-backend-api",
        "version": importlib.metadata.version("clerk-backend-api"),
        "lacks": LACKS,
    }), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(run(request["op"], request["args"])), flush=True)


main()
