//! Calls of the crate's users module.

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::users_api as api;

use crate::args::{Args, Outcome, done};

/// Runs an operation on users; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    if let Some(outcome) = on_one_user(config, op, args).await? {
        return Ok(Some(outcome));
    }
    Ok(Some(match op {
        "GetUserList" => list(config, args).await,
        "GetUsersCount" => count(config, args).await,
        "CreateUser" => done(api::create_user(config, args.body()?).await),
        "UsersBan" => done(api::users_ban(config, args.body()?).await),
        "UsersUnban" => done(api::users_unban(config, args.body()?).await),
        _ => return Ok(None),
    }))
}

async fn list(config: &ClerkConfiguration, args: &Args) -> Outcome {
    done(
        api::get_user_list(
            config,
            args.texts("email_address"),
            args.texts("phone_number"),
            args.texts("external_id"),
            args.texts("username"),
            args.texts("web3_wallet"),
            args.texts("user_id"),
            args.texts("organization_id"),
            args.maybe_text("query"),
            args.maybe_text("email_address_query"),
            args.maybe_text("phone_number_query"),
            args.maybe_text("username_query"),
            args.maybe_text("name_query"),
            args.flag("banned"),
            args.moment("last_active_at_before"),
            args.moment("last_active_at_after"),
            args.moment("last_active_at_since"),
            args.moment("created_at_before"),
            args.moment("created_at_after"),
            args.moment("last_sign_in_at_before"),
            args.moment("last_sign_in_at_after"),
            args.maybe_text("provider"),
            args.texts("provider_user_id"),
            args.count("limit"),
            args.count("offset"),
            args.maybe_text("starting_after"),
            args.maybe_text("order_by"),
        )
        .await,
    )
}

async fn count(config: &ClerkConfiguration, args: &Args) -> Outcome {
    done(
        api::get_users_count(
            config,
            args.texts("email_address"),
            args.texts("phone_number"),
            args.texts("external_id"),
            args.texts("username"),
            args.texts("web3_wallet"),
            args.texts("user_id"),
            args.texts("organization_id"),
            args.maybe_text("query"),
            args.maybe_text("email_address_query"),
            args.maybe_text("phone_number_query"),
            args.maybe_text("username_query"),
            args.maybe_text("name_query"),
            args.flag("banned"),
            args.moment("last_active_at_before"),
            args.moment("last_active_at_after"),
            args.moment("last_active_at_since"),
            args.moment("created_at_before"),
            args.moment("created_at_after"),
            args.moment("last_sign_in_at_before"),
            args.moment("last_sign_in_at_after"),
            args.maybe_text("provider"),
            args.texts("provider_user_id"),
        )
        .await,
    )
}

async fn on_one_user(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let user = args.text("user_id");
    let (limit, offset) = (args.count("limit"), args.count("offset"));
    Ok(Some(match op {
        "GetUser" => done(api::get_user(config, user).await),
        "UpdateUser" => done(api::update_user(config, user, args.body()?).await),
        "DeleteUser" => done(api::delete_user(config, user).await),
        "UpdateUserMetadata" => {
            done(api::update_user_metadata(config, user, Some(args.body()?)).await)
        }
        "ReplaceUserMetadata" => {
            done(api::replace_user_metadata(config, user, Some(args.body()?)).await)
        }
        "BanUser" => done(api::ban_user(config, user).await),
        "UnbanUser" => done(api::unban_user(config, user).await),
        "LockUser" => done(api::lock_user(config, user).await),
        "UnlockUser" => done(api::unlock_user(config, user).await),
        "SetUserProfileImage" => {
            done(api::set_user_profile_image(config, user, Some(args.file())).await)
        }
        "DeleteUserProfileImage" => done(api::delete_user_profile_image(config, user).await),
        "UsersGetOrganizationMemberships" => {
            done(api::users_get_organization_memberships(config, user, limit, offset).await)
        }
        "UsersGetOrganizationInvitations" => {
            let status = args.first_text("status");
            done(api::users_get_organization_invitations(config, user, limit, offset, status).await)
        }
        "ListUserTrustedDevices" => done(api::list_user_trusted_devices(config, user).await),
        "RevokeUserTrustedDevice" => done(
            api::revoke_user_trusted_device(config, user, args.text("trusted_device_id")).await,
        ),
        "GetUserBillingSubscription" => {
            done(api::get_user_billing_subscription(config, user).await)
        }
        "GetUserBillingCreditBalance" => {
            done(api::get_user_billing_credit_balance(config, user).await)
        }
        "AdjustUserBillingCreditBalance" => {
            done(api::adjust_user_billing_credit_balance(config, user, args.body()?).await)
        }
        _ => return credentials(config, op, args).await,
    }))
}

async fn credentials(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let user = args.text("user_id");
    // Without options the crate is to send no body at all.
    let bare = args.0.len() == 1;
    Ok(Some(match op {
        "GetOAuthAccessToken" => {
            let (limit, offset) = (args.count("limit"), args.count("offset"));
            let provider = args.text("provider");
            done(
                api::get_o_auth_access_token(
                    config,
                    user,
                    provider,
                    args.flag("paginated"),
                    limit,
                    offset,
                )
                .await,
            )
        }
        "RemoveUserPassword" => {
            let options = if bare { None } else { Some(args.body()?) };
            done(api::remove_user_password(config, user, options).await)
        }
        "SetUserPasswordCompromised" => {
            let options = if bare { None } else { Some(args.body()?) };
            done(api::set_user_password_compromised(config, user, options).await)
        }
        "UnsetUserPasswordCompromised" => {
            done(api::unset_user_password_compromised(config, user).await)
        }
        "VerifyPassword" => done(api::verify_password(config, user, Some(args.body()?)).await),
        "VerifyTOTP" => done(api::verify_totp(config, user, Some(args.body()?)).await),
        "DisableMFA" => done(api::disable_mfa(config, user).await),
        "DeleteBackupCode" => done(api::delete_backup_code(config, user).await),
        "DeleteTOTP" => done(api::delete_totp(config, user).await),
        "UserPasskeyDelete" => done(
            api::user_passkey_delete(config, user, args.text("passkey_identification_id")).await,
        ),
        "UserWeb3WalletDelete" => done(
            api::user_web3_wallet_delete(config, user, args.text("web3_wallet_identification_id"))
                .await,
        ),
        "DeleteExternalAccount" => {
            done(api::delete_external_account(config, user, args.text("external_account_id")).await)
        }
        _ => return Ok(None),
    }))
}
