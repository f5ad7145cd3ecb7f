//! Users: the accounts of the people who sign in. This file has the account itself, the folder the rest by purpose.

mod bans;
mod billing;
mod contact;
mod credentials;
mod profile;
mod relations;

pub use bans::{BanUser, BulkBanUsers, BulkUnbanUsers, LockUser, UnbanUser, UnlockUser};
pub use billing::{AdjustUserCredits, GetUserCredits, GetUserSubscription};
pub use contact::{ReplaceUserEmailAddress, ReplaceUserPhoneNumber, ReplacementStatus};
pub use credentials::{
    DeleteUserBackupCodes, DeleteUserExternalAccount, DeleteUserPasskey, DeleteUserTotp,
    DeleteUserWeb3Wallet, DisableUserMfa, ListUserTrustedDevices, RemoveUserPassword,
    RevokeUserTrustedDevice, SetUserPasswordCompromised, UnsetUserPasswordCompromised,
    VerifyUserPassword, VerifyUserTotp,
};
pub use profile::{
    DeleteUserProfileImage, ReplaceUserMetadata, SetUserProfileImage, UpdateUserMetadata,
};
pub use relations::{ListUserInvitations, ListUserMemberships, ListUserOauthAccessTokens};

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::{IdentificationId, OrganizationId, UserId};
use crate::list::List;
use crate::model::{DeletedObject, TotalCount, User};
use crate::time::{Rfc3339, Timestamp};
use crate::value::{
    Cursor, Email, Limit, Object, Offset, Order, Patch, Phone, SecretText, Signed, Word, choice,
};

choice! {
    /// What a list of users can be ordered by.
    pub enum UserOrder {
        CreatedAt = "created_at",
        UpdatedAt = "updated_at",
        EmailAddress = "email_address",
        Web3Wallet = "web3wallet",
        FirstName = "first_name",
        LastName = "last_name",
        PhoneNumber = "phone_number",
        Username = "username",
        LastActiveAt = "last_active_at",
        LastSignInAt = "last_sign_in_at",
    }
}

choice! {
    /// Whether an address or number of a new user counts as verified.
    pub enum IdentificationStatus {
        /// The user can use it immediately.
        Verified = "verified",
        /// Nobody else can claim it; the user verifies it at the first sign-in.
        Reserved = "reserved",
    }
}

endpoint! {
    /// Lists users, newest first.
    pub struct ListUsers = "users.list", GetUserList: Get "/users", Read, Cursor => List<User>;
    takes {
        /// Only users with exactly this email address. Up to 100.
        query email_address as "email" in 1..=100: Vec<Email>,
        /// Only users with exactly this E.164 phone number. Up to 100.
        query phone_number as "phone" in 1..=100: Vec<Phone>,
        /// Only users with this external id. Up to 100.
        query external_id in 1..=100: Vec<Signed<String>>,
        /// Only users with exactly this username. Up to 100.
        query username in 1..=100: Vec<Word>,
        /// Only users with this web3 wallet address. Up to 100.
        query web3_wallet in 1..=100: Vec<Word>,
        /// Only these users. Up to 100.
        query user_id in 1..=100: Vec<Signed<UserId>>,
        /// Only members of this organization. Up to 100.
        query organization_id in 1..=100: Vec<Signed<OrganizationId>>,
        /// Text within names, addresses, numbers, usernames, ids.
        query query: Option<String>,
        /// Text within an email address, in any case.
        query email_address_query: Option<String>,
        /// Digits within a phone number.
        query phone_number_query: Option<String>,
        /// Text within a username, in any case.
        query username_query: Option<String>,
        /// Text within a name, in any case.
        query name_query: Option<String>,
        /// Only banned users (true), or only the others (false).
        query banned: Option<bool>,
        /// Only users last active before this.
        query last_active_at_before: Option<Timestamp>,
        /// Only users last active after this.
        query last_active_at_after: Option<Timestamp>,
        /// Former name of `last_active_at_after`. Deprecated.
        query last_active_at_since: Option<Timestamp>,
        /// Only users created before this.
        query created_at_before: Option<Timestamp>,
        /// Only users created after this.
        query created_at_after: Option<Timestamp>,
        /// Only users last signed in before this.
        query last_sign_in_at_before: Option<Timestamp>,
        /// Only users last signed in after this.
        query last_sign_in_at_after: Option<Timestamp>,
        /// OAuth provider of `provider_user_id`, such as `oauth_google`.
        query provider: Option<String>,
        /// Only users with this id at `provider`. Up to 100.
        query provider_user_id in 1..=100: Vec<String>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
        /// Start after the user with this id. Only when ordered by `created_at`, and without an offset (spec: `GetUserList`).
        query starting_after: Option<Cursor>,
        /// The order; `-` in front is descending. Default: `-created_at`.
        query order_by: Option<Order<UserOrder>>,
    }
}

endpoint! {
    /// Counts users.
    /// A count with date filters can take minutes on a large instance.
    pub struct CountUsers = "users.count", GetUsersCount: Get "/users/count", Read, None => TotalCount;
    takes {
        /// Only users with exactly this email address. Up to 100.
        query email_address as "email" in 1..=100: Vec<Email>,
        /// Only users with exactly this E.164 phone number. Up to 100.
        query phone_number as "phone" in 1..=100: Vec<Phone>,
        /// Only users with this external id. Up to 100; unlike the list, this takes no exclusions (spec: `GetUsersCount`).
        query external_id in 1..=100: Vec<String>,
        /// Only users with exactly this username. Up to 100.
        query username in 1..=100: Vec<Word>,
        /// Only users with this web3 wallet address. Up to 100.
        query web3_wallet in 1..=100: Vec<Word>,
        /// Only these users. Up to 100; unlike the list, this takes no exclusions (spec: `GetUsersCount`).
        query user_id in 1..=100: Vec<UserId>,
        /// Only members of this organization. Up to 100.
        query organization_id in 1..=100: Vec<Signed<OrganizationId>>,
        /// Text within names, addresses, numbers, usernames, ids.
        query query: Option<String>,
        /// Text within an email address, in any case.
        query email_address_query: Option<String>,
        /// Digits within a phone number.
        query phone_number_query: Option<String>,
        /// Text within a username, in any case.
        query username_query: Option<String>,
        /// Text within a name, in any case.
        query name_query: Option<String>,
        /// Only banned users (true), or only the others (false).
        query banned: Option<bool>,
        /// Only users last active before this.
        query last_active_at_before: Option<Timestamp>,
        /// Only users last active after this.
        query last_active_at_after: Option<Timestamp>,
        /// Former name of `last_active_at_after`. Deprecated.
        query last_active_at_since: Option<Timestamp>,
        /// Only users created before this.
        query created_at_before: Option<Timestamp>,
        /// Only users created after this.
        query created_at_after: Option<Timestamp>,
        /// Only users last signed in before this.
        query last_sign_in_at_before: Option<Timestamp>,
        /// Only users last signed in after this.
        query last_sign_in_at_after: Option<Timestamp>,
        /// OAuth provider of `provider_user_id`, such as `oauth_google`.
        query provider: Option<String>,
        /// Only users with this id at `provider`. Up to 100.
        query provider_user_id in 1..=100: Vec<String>,
    }
}

endpoint! {
    /// Shows a user.
    pub struct GetUser = "users.get", GetUser: Get "/users/{user_id}", Read, None => User;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Creates a user.
    /// The instance's settings decide what is required. Addresses and numbers are verified unless you give another status.
    pub struct CreateUser = "users.create", CreateUser: Post "/users", Create, None => User;
    lookup &USER_LOOKUP;
    takes {
        /// Your own id for the user, unique in the instance.
        body external_id: Patch<String>,
        /// The given name.
        body first_name: Patch<String>,
        /// The family name.
        body last_name: Patch<String>,
        /// The language, as a BCP 47 tag such as `en-US`.
        body locale: Patch<String>,
        /// An email address; the first becomes the primary one.
        body email_address as "email": Vec<Email>,
        /// Status of the address at the same position. Give one for each address (spec: `CreateUser`).
        body email_address_identification_status: Vec<IdentificationStatus>,
        /// A phone number in E.164 form; the first is the primary.
        body phone_number as "phone": Vec<Phone>,
        /// Status of the number at the same position. Give one for each number (spec: `CreateUser`).
        body phone_number_identification_status: Vec<IdentificationStatus>,
        /// A web3 wallet address; the first is the primary.
        body web3_wallet: Vec<Word>,
        /// The username, unique in the instance.
        body username: Patch<String>,
        /// The password, at least 8 characters. Clerk checks it against known leaks.
        body password: Patch<SecretText>,
        /// A password's hash from another system. It needs `password_hasher`.
        body password_digest: Patch<SecretText>,
        /// The hash algorithm of the digest, such as `bcrypt`.
        /// Others: `argon2i`, `argon2id`, `bcrypt_sha256_django`, `ldap_ssha`, `md5`, `md5_phpass`, `pbkdf2_sha1`, `pbkdf2_sha256`,
        /// `pbkdf2_sha256_django`, `pbkdf2_sha512`, `pbkdf2_sha512_hex`, `phpass`, `scrypt_firebase`, `scrypt_werkzeug`, `sha256`,
        /// `sha512_symfony` (spec: `PasswordHasher`).
        body password_hasher: Option<String>,
        /// Accept the password without the usual checks. For migrations.
        body skip_password_checks: Patch<bool>,
        /// Allow no password even if the instance requires one. Not if a password is the only way to sign in.
        body skip_password_requirement: Patch<bool>,
        /// The secret of an authenticator app, in base32. 30 seconds, 6 digits, SHA-1 (spec: `CreateUser`).
        body totp_secret: Patch<SecretText>,
        /// A backup code, plain or as a bcrypt hash.
        body backup_codes: Vec<SecretText>,
        /// Metadata that the user can read. At most 8 KB.
        body public_metadata as "public" in 0..=8192: Option<Object>,
        /// Metadata for the backend only.
        body private_metadata as "private" in 0..=8192: Option<Object>,
        /// Metadata that the user can write: never trust it.
        body unsafe_metadata as "unsafe" in 0..=8192: Option<Object>,
        /// Whether users may delete themselves.
        body delete_self_enabled: Patch<bool>,
        /// When the user agreed to the legal terms.
        body legal_accepted_at: Patch<Rfc3339>,
        /// Skip the legal checks. For migrations.
        body skip_legal_checks: Patch<bool>,
        /// Do not require the usual kinds of identifier. The user still needs at least one identifier (spec: `CreateUser`).
        body skip_user_requirement: Patch<bool>,
        /// Whether the user may create organizations.
        body create_organization_enabled: Patch<bool>,
        /// How many organizations the user may create; 0: any.
        body create_organizations_limit: Patch<u64>,
        /// When the user was created, to back-date it.
        body created_at: Patch<Rfc3339>,
        /// Skip the device checks at sign-in.
        body bypass_client_trust: Patch<bool>,
        /// Create the user banned. The Clerk plan must include bans.
        body banned: Patch<bool>,
        /// Create the user locked. The instance must have lockout enabled.
        body locked: Patch<bool>,
    }
}

/// How to find a user that may have been created.
/// A wallet finds the user too, but reliability.md section 1 does not count it among the guards.
static USER_LOOKUP: Lookup = Lookup {
    list: <ListUsers as Endpoint>::META,
    within: "",
    unique: &["external_id", "email_address", "phone_number", "username"],
    by: &[
        ("external_id", "external_id"),
        ("email_address", "email_address"),
        ("phone_number", "phone_number"),
        ("username", "username"),
        ("web3_wallet", "web3_wallet"),
    ],
    scope: &[],
    same: &[
        ("external_id", "external_id"),
        ("email_address", "email_addresses.email_address"),
        ("phone_number", "phone_numbers.phone_number"),
        ("username", "username"),
        ("web3_wallet", "web3_wallets.web3_wallet"),
        ("first_name", "first_name"),
        ("last_name", "last_name"),
    ],
    second: Second::Made,
};

endpoint! {
    /// Changes a user; what you do not give stays as it is.
    /// At most 10 changes in 10 seconds for one user. Metadata and addresses have their own operations.
    pub struct UpdateUser = "users.update", UpdateUser: Patch "/users/{user_id}", Update, None => User;
    rate Object;
    needs {
        /// The user.
        path user_id: UserId,
    }
    takes {
        /// Your own id for the user, unique in the instance.
        body external_id: Patch<String>,
        /// The given name.
        body first_name: Patch<String>,
        /// The family name.
        body last_name: Patch<String>,
        /// The language, as a BCP 47 tag such as `en-US`.
        body locale: Patch<String>,
        /// The email address to make primary; must be verified.
        body primary_email_address_id: Patch<IdentificationId>,
        /// Notify the former primary address by email.
        body notify_primary_email_address_changed: Patch<bool>,
        /// The phone number to make primary; must be verified.
        body primary_phone_number_id: Patch<IdentificationId>,
        /// The web3 wallet to make primary; must be verified.
        body primary_web3_wallet_id: Patch<IdentificationId>,
        /// The username; null or an empty text removes it.
        body username: Patch<String>,
        /// The id of an uploaded image.
        body profile_image_id: Patch<String>,
        /// A new password, at least 8 characters. Clerk checks it against known leaks.
        body password: Patch<SecretText>,
        /// A password's hash from another system. It needs `password_hasher`.
        body password_digest: Option<SecretText>,
        /// The hash algorithm of the digest, such as `bcrypt`. `users.create` names them all.
        body password_hasher: Option<String>,
        /// Skip the password checks; only with a new password.
        body skip_password_checks: Patch<bool>,
        /// End the user's other sessions; only with a new password.
        body sign_out_of_other_sessions: Patch<bool>,
        /// The secret of an authenticator app, in base32. 30 seconds, 6 digits, SHA-1 (spec: `UpdateUser`).
        body totp_secret: Patch<SecretText>,
        /// A backup code, plain or as a bcrypt hash.
        body backup_codes: Vec<SecretText>,
        /// Whether users may delete themselves.
        body delete_self_enabled: Patch<bool>,
        /// Whether the user may create organizations.
        body create_organization_enabled: Patch<bool>,
        /// When the user agreed to the legal terms.
        body legal_accepted_at: Patch<Rfc3339>,
        /// Skip the legal checks. For migrations.
        body skip_legal_checks: Patch<bool>,
        /// How many organizations the user may create; 0: any.
        body create_organizations_limit: Patch<u64>,
        /// When the user was created, to back-date it.
        body created_at: Patch<Rfc3339>,
        /// Skip the device checks at sign-in.
        body bypass_client_trust: Patch<bool>,
    }
}

endpoint! {
    /// Permanently deletes a user.
    /// This also deletes the user's sessions and memberships; organizations that the user created stay.
    pub struct DeleteUser = "users.delete", DeleteUser: Delete "/users/{user_id}", Destroy, None => DeletedObject;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

static OPS: &[Op] = &[
    Op::of::<ListUsers>(),
    Op::of::<GetUser>(),
    Op::of::<CountUsers>(),
    Op::of::<CreateUser>(),
    Op::of::<UpdateUser>(),
    Op::of::<DeleteUser>(),
];

/// All of the group, by purpose.
pub(super) static GROUP: &[&[Op]] = &[
    OPS,
    profile::OPS,
    contact::OPS,
    relations::OPS,
    bans::OPS,
    credentials::OPS,
    billing::OPS,
];
