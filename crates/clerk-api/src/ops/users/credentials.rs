//! How a user proves who they are: passwords, second factors, passkeys, wallets, external accounts, trusted devices.

use crate::declare::{Op, endpoint};
use crate::id::{ExternalAccountId, IdentificationId, TrustedDeviceId, UserId};
use crate::list::List;
use crate::model::{DeletedObject, TrustedDevice, User, UserRef, Verified};
use crate::value::{Patch, SecretText};

endpoint! {
    /// Removes the password of a user.
    /// It works even if the user has no other way to sign in (spec: `RemoveUserPassword`).
    pub struct RemoveUserPassword = "users.remove_password", RemoveUserPassword: Post "/users/{user_id}/remove_password", Replace, None => User;
    needs {
        /// The user.
        path user_id: UserId,
    }
    takes {
        /// Also end all sessions of the user.
        body sign_out_of_other_sessions: Option<bool>,
    }
}

endpoint! {
    /// Marks a password as leaked: the user must set a new one.
    pub struct SetUserPasswordCompromised = "users.set_password_compromised", SetUserPasswordCompromised: Post "/users/{user_id}/password/set_compromised", Update, None => User;
    needs {
        /// The user.
        path user_id: UserId,
    }
    takes {
        /// Also end all sessions of the user.
        body revoke_all_sessions: Patch<bool>,
    }
}

endpoint! {
    /// Removes the mark that a password is leaked.
    pub struct UnsetUserPasswordCompromised = "users.unset_password_compromised", UnsetUserPasswordCompromised: Post "/users/{user_id}/password/unset_compromised", Update, None => User;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

// It changes nothing that is documented. It is still not a read: otherwise read-only mode would allow guessing passwords.
endpoint! {
    /// Checks a password; a wrong one is the error 422 `incorrect_password`.
    pub struct VerifyUserPassword = "users.verify_password", VerifyPassword: Post "/users/{user_id}/verify_password", Update, None => Verified;
    needs {
        /// The user.
        path user_id: UserId,
        /// The password to check.
        body password: SecretText,
    }
}

endpoint! {
    /// Checks a code from an authenticator app, or a backup code.
    /// This uses up a backup code (spec: `VerifyTOTP`).
    pub struct VerifyUserTotp = "users.verify_totp", VerifyTOTP: Post "/users/{user_id}/verify_totp", Once, None => Verified;
    needs {
        /// The user.
        path user_id: UserId,
        /// The code to check.
        body code: SecretText,
    }
}

endpoint! {
    /// Removes all second factors of a user.
    pub struct DisableUserMfa = "users.disable_mfa", DisableMFA: Delete "/users/{user_id}/mfa", Replace, None => UserRef;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Removes all backup codes of a user.
    pub struct DeleteUserBackupCodes = "users.delete_backup_codes", DeleteBackupCode: Delete "/users/{user_id}/backup_code", Replace, None => UserRef;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Removes the authenticator app of a user.
    pub struct DeleteUserTotp = "users.delete_totp", DeleteTOTP: Delete "/users/{user_id}/totp", Replace, None => UserRef;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Deletes a passkey of a user, who gets an email about it.
    pub struct DeleteUserPasskey = "users.delete_passkey", UserPasskeyDelete: Delete "/users/{user_id}/passkeys/{passkey_identification_id}", Destroy, None => DeletedObject;
    needs {
        /// The user.
        path user_id: UserId,
        /// The passkey, `idn_…`.
        path passkey_identification_id as "passkey": IdentificationId,
    }
}

endpoint! {
    /// Deletes a web3 wallet of a user.
    pub struct DeleteUserWeb3Wallet = "users.delete_web3_wallet", UserWeb3WalletDelete: Delete "/users/{user_id}/web3_wallets/{web3_wallet_identification_id}", Destroy, None => DeletedObject;
    needs {
        /// The user.
        path user_id: UserId,
        /// The wallet, `idn_…`.
        path web3_wallet_identification_id as "wallet": IdentificationId,
    }
}

endpoint! {
    /// Disconnects an external account from a user.
    pub struct DeleteUserExternalAccount = "users.delete_external_account", DeleteExternalAccount: Delete "/users/{user_id}/external_accounts/{external_account_id}", Destroy, None => DeletedObject;
    needs {
        /// The user.
        path user_id: UserId,
        /// The external account, `eac_…`.
        path external_account_id: ExternalAccountId,
    }
}

endpoint! {
    /// Lists the trusted devices of a user.
    pub struct ListUserTrustedDevices = "users.trusted_devices", ListUserTrustedDevices: Get "/users/{user_id}/trusted_devices", Read, None => List<TrustedDevice>;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

// Like a passkey: the user has to enroll the device again, so this is final although the API still shows the device.
endpoint! {
    /// Permanently revokes a trusted device of a user.
    pub struct RevokeUserTrustedDevice = "users.revoke_trusted_device", RevokeUserTrustedDevice: Delete "/users/{user_id}/trusted_devices/{trusted_device_id}", Destroy, None => TrustedDevice;
    needs {
        /// The user.
        path user_id: UserId,
        /// The device.
        path trusted_device_id: TrustedDeviceId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<RemoveUserPassword>(),
    Op::of::<SetUserPasswordCompromised>(),
    Op::of::<UnsetUserPasswordCompromised>(),
    Op::of::<VerifyUserPassword>(),
    Op::of::<VerifyUserTotp>(),
    Op::of::<DisableUserMfa>(),
    Op::of::<DeleteUserBackupCodes>(),
    Op::of::<DeleteUserTotp>(),
    Op::of::<DeleteUserPasskey>(),
    Op::of::<DeleteUserWeb3Wallet>(),
    Op::of::<DeleteUserExternalAccount>(),
    Op::of::<ListUserTrustedDevices>(),
    Op::of::<RevokeUserTrustedDevice>(),
];
